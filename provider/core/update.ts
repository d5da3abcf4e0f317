// Changes one key in place, for venues that can. What the venue then shows must be what is declared.

import { refOf } from "./destroy";
import { grantDelta } from "./permission";
import type { ChangePart, DesiredKey, ObservedKey } from "./driver";
import { during } from "./errors";
import { ipDelta } from "./ip";
import { look, lookUntil } from "./look";
import { keyError, missing, type Declared, type Means } from "./means";
import { desiredOf } from "./desired";
import type { Generation, Recorded } from "./record";
import { fits, mismatch, renewed, type Mismatch } from "./seen";

/** Answers the record of the changed key. */
export async function update(recorded: Recorded, declared: Declared, means: Means): Promise<Recorded> {
  const operation = `update ${means.subject}`;
  if (means.managing.includes(recorded.current.fingerprint)) {
    throw keyError("self-lock-out", operation, means, "this is the credential that manages the account");
  }
  const desired = desiredOf(declared, recorded.current, means);
  const observed = await alive(recorded.current, declared, means, operation);
  await change(recorded.current, observed, declared, desired, means, operation);
  const wrote = means.venueNow();
  const seen = await lookUntil(
    (verdict) => verdict.is === "alive" && fits(mismatch(verdict.key, declared, desired, means)),
    wrote,
    () => look(recorded.current, declared.key, means, operation),
    means,
  );
  const key = living(seen, means, operation);
  const found = mismatch(key, declared, desired, means);
  if (!fits(found)) throw keyError("venue-refused", operation, means, `the venue still shows a difference in ${named(found).join(", ")}`);
  return { ...recorded, ...renewed(recorded, key, declared.key.allowedIps, means) };
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
  throw keyError("unusable", operation, means, "it can't be seen alive");
}
