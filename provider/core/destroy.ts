// Makes one key dead and proves it. A revocation that failed is an error: the key stays recorded and is tried again.

import type { Hand } from "./capability";
import { expired, provedVantage } from "./audit";
import type { KeyRef } from "./driver";
import { during, KeyError } from "./errors";
import { look, lookUntil } from "./look";
import { assertNotManaging, iso, keyError, missing, type Means } from "./means";
import { bury } from "./person";
import { publicPartOf, type Generation } from "./record";

export interface DestroyOptions {
  /** Undoes what this operation itself began: allowed, and needed, for an engine that has ended. */
  readonly undo?: boolean;
  /** Of a key that a person makes: it was found gone, and nobody is known to have revoked it. */
  readonly lost?: boolean;
}

/** The venue said that it revoked the key, and nobody could look since: to be recorded, so that a refusal is enough the next time. */
export class Unseen extends KeyError {
  constructor(
    readonly revokedAt: string,
    { code, said, transient }: KeyError,
  ) {
    super(code, said, { transient });
  }
}

/** By the key's own hand first, then by the account's; then it is looked at. Throws where it may still live. */
export async function destroy(key: Generation, operation: string, means: Means, options: DestroyOptions = {}): Promise<void> {
  assertNotManaging(key.fingerprint, operation, means);
  if (means.hands !== undefined) await bury(key, options.lost === true, operation, means);
  // Where keys are listed, an end that was told once proves nothing: it may have been moved.
  else if (means.driver.list !== undefined || !expired(key, means.venueNow())) await kill(key, operation, means, options);
  await means.ledger.close(key.mark);
}

async function kill(key: Generation, operation: string, means: Means, options: DestroyOptions): Promise<void> {
  const there = await numbered(key, operation, means, options);
  if (there === undefined) return;
  const refusal = await revoke(there, operation, means, options);
  // Numbered as greatly as the revocation was; nobody counts on with this key.
  const see = (): ReturnType<typeof look> => look(key, { allowedIps: "anywhere" }, { ...means, nonceUnit: "us" }, operation, options.undo);
  const said = refusal === undefined || refusal.code === "unknown-outcome" || mayMeanGone(refusal) || key.revokedAt !== undefined;
  // Revocations that run at once are looked at together.
  if (means.driver.list !== undefined) await means.lists.quiet();
  // One that the venue says to have revoked may be shown for a while.
  const verdict = await lookUntil((seen) => !said || seen.is !== "alive", means.venueNow(), see, means);
  if (verdict.is === "dead") return;
  if (verdict.is === "alive") {
    throw keyError("not-revoked", operation, means, refusal === undefined ? "it still answers" : `it still answers; ${refusal.said.cause}`);
  }
  // The venue's own "done" stands for absence only where this address never saw the key answer, so that a refusal can't prove it.
  const unprovable = verdict.is === "barred" || verdict.error.code === "absence-unproved";
  const provable = means.accountAnswered && provedVantage({ key, vantage: means.vantage });
  if (unprovable && refusal === undefined && !provable) return;
  if (refusal === undefined && verdict.is === "unknown" && !unprovable) {
    throw new Unseen(iso(means.venueNow()), during(operation, verdict.error, "not-revoked", AGAIN));
  }
  const because = refusal ?? (verdict.is === "unknown" ? verdict.error : undefined);
  throw because === undefined
    ? keyError("not-revoked", operation, means, "nothing proves that it is dead")
    : during(operation, because, "not-revoked", AGAIN);
}

/**
 * A venue's own number of a key may come to name somebody else's once the key is gone: only a key that is seen is revoked by it. Undefined: it is
 * gone. One that was made a moment ago and isn't shown yet is still the one that has the number.
 */
async function numbered(key: Generation, operation: string, means: Means, { undo }: DestroyOptions): Promise<Generation | undefined> {
  if (key.keyId === undefined || means.driver.list === undefined) return key;
  const seen = await look(key, { allowedIps: "anywhere" }, means, operation, undo);
  if (seen.is === "dead") return undefined;
  if (seen.is === "alive") return { ...key, ...(seen.key.keyId === undefined ? {} : { keyId: seen.key.keyId }) };
  if (undo === true || seen.is !== "unknown") return key;
  throw during(operation, seen.error, "not-revoked", AGAIN);
}

/** Venues answer so, too, where the key that is meant is gone, or on its way: by a deletion of an earlier run that doesn't show yet. */
function mayMeanGone({ code }: KeyError): boolean {
  return code === "credential-refused" || code === "parameter-refused";
}

const AGAIN = "run it again: the key stays in the state until it is dead; revoke it at the venue if that is urgent";

/** How a driver is told which key is meant. */
export function refOf(key: Generation, by: Hand, undo: boolean, { scope }: Pick<Means, "scope">): KeyRef {
  const publicPart = publicPartOf(key.credential);
  const named = { ...(publicPart === undefined ? {} : { publicPart }), ...(key.keyId === undefined ? {} : { keyId: key.keyId }) };
  return { credential: key.credential, ...named, scope, by, undo };
}

/** Asks for the revocation; answers the refusal where each hand was refused. */
async function revoke(key: Generation, operation: string, means: Means, options: DestroyOptions): Promise<KeyError | undefined> {
  const { driver } = means;
  if (driver.revoke === undefined) throw missing("revoke", operation, means);
  let refusal: KeyError | undefined;
  for (const by of means.kind.revokedBy) {
    try {
      await driver.revoke(refOf(key, by, options.undo ?? false, means));
      return undefined;
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      if (error.branch !== "refused" && error.code !== "unknown-outcome") throw during(operation, error);
      refusal = error;
    }
  }
  return refusal;
}
