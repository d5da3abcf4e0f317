// Keys whose secret was in a lost answer: found by their mark in the account's list, revoked by the account, and seen to be gone.

import { during, KeyError } from "./errors";
import { markIn } from "./label";
import { quote } from "./quote";
import { listed, type ListedKey } from "./listed";
import { seeUntil } from "./look";
import { assertNotManaging, shownBy, type LostKey, type Means } from "./means";
import { fingerprint } from "./secret";

/** How long after the request a lost key may have been born: the deadline of one call, rounded up. */
export const MARGIN_MS = 60_000;

/**
 * Waits until a request of then (ISO 8601) can have no effect any more, or `shown`, until a list shows what effect it had. A clock that was
 * set back makes nobody wait longer.
 */
export async function outlast(begunAt: string, means: Means, shown = false): Promise<void> {
  const ms = shown ? shownBy(MARGIN_MS, means) : MARGIN_MS;
  const young = Date.parse(begunAt) + ms - means.venueNow();
  if (young > 0) await means.pause(Math.min(young, ms));
}

/** True where a lost key of this kind can be told by its mark, and revoked without its secret. */
export function findable({ driver, kind }: Pick<Means, "driver" | "kind">): boolean {
  return driver.list !== undefined && kind.label !== undefined && driver.revoke !== undefined && kind.revokedBy.includes("account");
}

/**
 * Makes the key of a lost answer dead and closes its entry; answers `unseen`, with the entry still open, where the list has no key with the
 * mark. Throws where one may live. `undo`: the request was this operation's own.
 */
export async function settleLost(
  { mark, passphrase, unopened }: Omit<LostKey, "begunAt">,
  operation: string,
  means: Means,
  undo: boolean,
): Promise<"revoked" | "unseen"> {
  const [key, ...others] = await marked(mark, operation, means);
  if (key === undefined) return "unseen";
  if (others.length > 0) throw unsettled(operation, means, mark, "more than one key carries it");
  const is = "the credential that manages the account carries the mark of a lost key";
  assertNotManaging(fingerprint(means.venueId, key.publicPart), operation, means, is);
  const { publicPart, keyId } = key;
  if (means.kind.passphrase?.revokes === true && passphrase === undefined) throw onlyTheWeb(operation, means, key, unopened);
  const named = { publicPart, ...(keyId === undefined ? {} : { keyId }), ...(passphrase === undefined ? {} : { passphrase }) };
  const refusal = await means.driver.revoke?.({ ...named, scope: means.scope, by: "account", undo }).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof KeyError && (error.branch === "refused" || error.code === "unknown-outcome")) return error;
      throw during(operation, error);
    },
  );
  const left = await seeUntil(
    (keys) => keys.length === 0,
    means.venueNow(),
    () => marked(mark, operation, means),
    means,
  );
  if (left.length > 0) {
    throw unsettled(operation, means, mark, refusal?.said.cause ?? "it is still listed");
  }
  await means.ledger.close(mark);
  return "revoked";
}

/** It has a label, since it was found by its mark. */
function onlyTheWeb(operation: string, { venue }: Means, { label = "" }: ListedKey, unopened: string | undefined): KeyError {
  const byHand = "revoke the key of that label on the venue's web page";
  return new KeyError("not-revoked", {
    venue,
    operation,
    cause: `the key ${quote(label)}, whose secret was in a lost answer, lives, and the venue revokes it only with its passphrase, which ${
      unopened === undefined ? "nobody has any more" : `the journal has sealed: ${unopened}`
    }`,
    wayOut:
      unopened === undefined
        ? `${byHand}, then run it again; with a recipient in exchange-keys:recovery (docs/configuration.md) it can be done here the next time`
        : `give exchange-keys:recovery the identityFile of its recipient (docs/configuration.md) and run it again, or ${byHand}`,
  });
}

/**
 * Settles what earlier runs lost of this identity, before another key is made. What a complete list lacks once it must show it was never
 * made. Throws where a lost key can't be made dead: no other is made meanwhile, or each try would leave one more.
 */
export async function settleEarlier(operation: string, means: Means): Promise<void> {
  if (!findable(means)) return;
  // Its process may also be about to record it.
  for (const { begunAt } of await means.ledger.open()) await outlast(begunAt, means);
  for (const lost of await means.ledger.open()) {
    if ((await settleLost(lost, operation, means, false)) === "revoked") continue;
    await outlast(lost.begunAt, means, true);
    means.lists.forget();
    if ((await settleLost(lost, operation, means, false)) === "unseen") await means.ledger.close(lost.mark);
  }
}

async function marked(mark: string, operation: string, means: Means): Promise<readonly ListedKey[]> {
  const { label: limits } = means.kind;
  if (limits === undefined) return [];
  const carries = ({ label }: ListedKey): boolean => label !== undefined && markIn(label, limits) === mark;
  return (await listed(means, operation, (keys) => keys.some(carries))).filter(carries);
}

function unsettled(operation: string, { venue }: Means, mark: string, cause: string): KeyError {
  return new KeyError("not-revoked", {
    venue,
    operation,
    cause: `a key whose secret was in a lost answer (mark ${mark}) couldn't be revoked: ${cause}`,
    wayOut: "run it again, or revoke at the venue the key whose label has that mark",
  });
}
