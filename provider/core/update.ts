// Changes one key in place, for venues that can. What the venue then shows must be what is declared.

import { refOf } from "./destroy";
import { grantDelta } from "./permission";
import type { ChangePart, DesiredKey, ObservedKey } from "./driver";
import { during, KeyError, known } from "./errors";
import { ipDelta } from "./ip";
import { look, lookUntil } from "./look";
import { outlast } from "./lost";
import { assertNotManaging, keyError, missing, Unfinished, type Declared, type Means } from "./means";
import { desiredOf } from "./desired";
import type { Generation, Recorded } from "./record";
import { fits, mismatch, renewed, type Mismatch } from "./seen";

/**
 * Answers the record of the changed key. Throws Unfinished where nobody knows what it can do now: the journal knew of the change before it
 * was sent, and the state learns of it here, so that the next run settles it whatever is declared then.
 */
export async function update(recorded: Recorded, declared: Declared, means: Means): Promise<Recorded> {
  const operation = `update ${means.subject}`;
  const { current } = recorded;
  assertNotManaging(current.fingerprint, operation, means);
  const desired = desiredOf(declared, current, means);
  // The request of a change that nobody saw the end of may still be on its way, and would undo this one.
  if (recorded.unsettled !== undefined) await outlast(recorded.unsettled.since, means);
  const observed = await alive(current, declared, means, operation);
  const changes = (current.changes ?? 0) + 1;
  const since = await means.ledger.changing(current, changes);
  const failed = await change(current, observed, declared, desired, means, operation).then(() => undefined, known);
  // What is refused as a whole changed nothing; an earlier change, or an earlier part of this one, may have.
  if (failed !== undefined && failed.code !== "unknown-outcome" && means.kind.updates !== "in-parts") {
    if (recorded.unsettled === undefined) await means.ledger.unchanged(current.mark);
    throw failed;
  }
  const key = await shown(current, declared, desired, means, operation).catch((error: unknown) => {
    const because = failed ?? known(error);
    const { said } = because;
    throw new Unfinished(
      { ...recorded, unsettled: { since, cause: said.cause } },
      new KeyError(because.code, { ...said, wayOut: `${said.wayOut}; ${SETTLE}` }),
    );
  });
  const { unsettled: _, ...settled } = recorded;
  return { ...settled, ...renewed({ ...recorded, current: { ...current, changes } }, key, declared.key.allowedIps, means) };
}

/** A change that was begun, as the journal knows it: how manieth of its key, and when. */
export interface Begun {
  readonly change: number;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** Says of a change that the state never heard the end of that nobody recorded it. */
export function withUnsettled(recorded: Recorded, begun: Begun | undefined): Recorded {
  const { changes = 0 } = recorded.current;
  if (begun === undefined || begun.change <= changes) return recorded;
  return { unsettled: { since: begun.at, cause: `a change was begun at ${begun.at}, and nobody recorded what became of it` }, ...recorded };
}

const SETTLE = "the next `pulumi up` sets the key to what is declared then";

/** The key, once it is shown as it was asked for. */
async function shown(key: Generation, declared: Declared, desired: DesiredKey, means: Means, operation: string): Promise<ObservedKey> {
  const seen = await lookUntil(
    (verdict) => verdict.is === "alive" && fits(mismatch(verdict.key, declared, desired, means)),
    means.venueNow(),
    () => look(key, declared.key, means, operation),
    means,
  );
  const there = living(seen, means, operation);
  const found = mismatch(there, declared, desired, means);
  if (!fits(found)) throw keyError("venue-refused", operation, means, `the venue still shows a difference in ${named(found).join(", ")}`);
  return there;
}

/** Sends the change: as one, or in the parts that the venue takes, those first that leave the key less. */
export async function change(
  key: Generation,
  observed: ObservedKey,
  declared: Declared,
  desired: DesiredKey,
  means: Means,
  operation: string,
): Promise<void> {
  const { driver, kind } = means;
  const { update: send } = driver;
  if (send === undefined) throw missing("update", operation, means);
  const ref = refOf({ ...key, ...(observed.keyId === undefined ? {} : { keyId: observed.keyId }) }, "account", false, means);
  const steps = kind.updates === "in-parts" ? parts(observed, declared, desired).map((part) => ({ part })) : [{}];
  for (const step of steps) {
    await send({ ref, desired, observed, ...step }).catch((error: unknown) => {
      throw during(operation, error);
    });
  }
}

/** Permissions that shrink go before the addresses, those that only grow after them; addresses are added before others go. */
function parts(observed: ObservedKey, declared: Declared, desired: DesiredKey): readonly ChangePart[] {
  const grants = grantDelta(observed.grants, declared.grants);
  const ips = ipDelta(desired.allowedIps, observed.allowedIps ?? desired.allowedIps);
  const toList = observed.allowedIps === "anywhere" && desired.allowedIps !== "anywhere";
  const addresses: ChangePart[] = [
    ...(ips.added.length > 0 || toList ? (["add-ips"] as const) : []),
    ...(ips.removed.length > 0 && !toList ? (["remove-ips"] as const) : []),
  ];
  if (grants.removed.length > 0) return ["permissions", ...addresses];
  return grants.added.length > 0 ? [...addresses, "permissions"] : addresses;
}

function named({ wider, narrower, letsIn, bars, label }: Mismatch): readonly string[] {
  return [...wider, ...narrower, ...letsIn, ...bars, ...(label === undefined ? [] : ["its label"])];
}

/** The key as it is before a change. */
export async function alive(key: Generation, declared: Declared, means: Means, operation: string): Promise<ObservedKey> {
  return living(await look(key, declared.key, means, operation), means, operation);
}

function living(seen: Awaited<ReturnType<typeof look>>, means: Means, operation: string): ObservedKey {
  if (seen.is === "alive") return seen.key;
  if (seen.is === "unknown") throw during(operation, seen.error);
  const wayOut = "run `pulumi refresh`, then `pulumi up`: another is made";
  throw new KeyError("unusable", { venue: means.venue, operation, cause: "the venue has it no more, and nobody here revoked it", wayOut });
}
