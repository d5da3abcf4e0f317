// Looks for keys in the account's list, for venues whose keys can't look at themselves. A complete list is the one place that shows an absence.

import type { Verdict } from "./audit";
import type { ObservedKey } from "./driver";
import { during, KeyError } from "./errors";
import { keyError, missing, type Means } from "./means";
import type { Generation } from "./record";
import { fingerprint } from "./secret";

/** A listed key, with what tells it from the others. */
export type ListedKey = ObservedKey & { readonly publicPart: string };

/** All keys of the resource's scope. Throws KeyError where the list can't be had, or doesn't say of each key which one it is. */
export async function listed(means: Means, operation: string): Promise<readonly ListedKey[]> {
  if (means.driver.list === undefined) throw missing("list", operation, means);
  const keys = await means.driver.list(means.scope).catch((error: unknown) => {
    throw during(operation, error);
  });
  return keys.map((key) => {
    const { publicPart } = key;
    if (publicPart !== undefined) return { ...key, publicPart };
    throw keyError("broken-answer", operation, means, "the list has a key that can't be told from others, so it shows no absence");
  });
}

/** One look at one key in the list. Absent from it, the key is dead, once the list has had time to show it at all. */
export async function lookInList(
  key: Pick<Generation, "fingerprint" | "createdAt">,
  means: Means,
  operation: string,
): Promise<Extract<Verdict, { is: "alive" | "dead" | "unknown" }>> {
  try {
    const keys = await listed(means, operation);
    const found = keys.find(({ publicPart }) => fingerprint(means.venueId, publicPart) === key.fingerprint);
    if (found !== undefined) return { is: "alive", key: found, answered: false, unbound: false };
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    return { is: "unknown", error };
  }
  if (means.venueNow() >= Date.parse(key.createdAt) + (means.kind.settleMs ?? 0)) return { is: "dead", because: "not-found" };
  const late = "the list doesn't show it, but may not show yet what is as young";
  return { is: "unknown", error: keyError("absence-unproved", operation, means, late) };
}
