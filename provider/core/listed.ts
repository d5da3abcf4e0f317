// Looks for keys in the account's list, the one place that shows an absence.

import type { Verdict } from "./audit";
import type { ObservedKey } from "./driver";
import { during, KeyError } from "./errors";
import { keyError, missing, shownBy, type Means } from "./means";
import type { Generation } from "./record";
import { fingerprint } from "./secret";

/** A listed key, with what tells it from the others. */
export type ListedKey = ObservedKey & { readonly publicPart: string };

/** Lists that a write of this run fell into are read anew, so often at most. */
const MOST_READINGS = 50;

/**
 * All keys of the resource's scope. `until`: who finds what it looks for needs no list that is free of disturbance.
 * Throws KeyError where the list can't be had, or doesn't say of each key which one it is.
 */
export async function listed(
  means: Means,
  operation: string,
  until: (keys: readonly ListedKey[]) => boolean = () => false,
): Promise<readonly ListedKey[]> {
  if (means.driver.list === undefined) throw missing("list", operation, means);
  for (let reading = 1; ; reading += 1) {
    const { keys, disturbed } = await means.lists.all(means.scope).catch((error: unknown) => {
      throw during(operation, error);
    });
    const named = keys.map((key) => {
      const { publicPart } = key;
      if (publicPart !== undefined) return { ...key, publicPart };
      throw keyError("broken-answer", operation, means, "the list has a key that can't be told from others, so it shows no absence");
    });
    if (!disturbed || until(named)) return named;
    if (reading >= MOST_READINGS) throw keyError("absence-unproved", operation, means, "the list changed each time it was read");
    await means.lists.quiet(); // and with the write that disturbed it, that reading is forgotten
  }
}

/**
 * One look at one key in the list. Absent from it, the key is dead. `newborn`: the list never showed it yet, so it must have had its time to.
 */
export async function lookInList(
  key: Pick<Generation, "fingerprint" | "createdAt" | "credential">,
  means: Means,
  operation: string,
  newborn: boolean,
): Promise<Extract<Verdict, { is: "alive" | "dead" | "unknown" }>> {
  const isIt = ({ publicPart }: ListedKey): boolean => fingerprint(means.venueId, publicPart) === key.fingerprint;
  try {
    const keys = await listed(means, operation, (some) => some.some(isIt));
    const found = keys.find(isIt);
    if (found === undefined && keys.length === 0) await assertSilent(key, means, operation);
    if (found !== undefined) return { is: "alive", key: await withAddresses(found, means, operation), answered: false, unbound: false };
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    return { is: "unknown", error };
  }
  if (!newborn || means.venueNow() >= shownBy(Date.parse(key.createdAt), means)) return { is: "dead", because: "not-found" };
  const late = "the list doesn't show it, but may not show yet what is as young";
  return { is: "unknown", error: keyError("absence-unproved", operation, means, late) };
}

/** An empty list that may stand for a place that the venue doesn't know is no proof against a key that answers. */
async function assertSilent({ credential }: Pick<Generation, "credential">, means: Means, operation: string): Promise<void> {
  const { driver, kind } = means;
  if (kind.emptyList !== "doubtful" || driver.inspect === undefined || credential.kind !== "api-key") return;
  if (!("alive" in (await driver.inspect(credential, means.nonceUnit)))) return;
  throw keyError(
    "absence-unproved",
    operation,
    means,
    "the list is empty, and the key answers all the same: the sub-account may have another name now",
  );
}

/** Where the list has no addresses, the one key is asked for that is meant. */
async function withAddresses(key: ListedKey, means: Means, operation: string): Promise<ObservedKey> {
  const { addresses } = means.driver;
  if (addresses === undefined || key.allowedIps !== undefined) return key;
  const { publicPart, keyId } = key;
  const allowedIps = await addresses({ publicPart, ...(keyId === undefined ? {} : { keyId }), scope: means.scope }).catch(
    (error: unknown) => {
      throw during(operation, error);
    },
  );
  return { ...key, allowedIps };
}
