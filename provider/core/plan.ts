// The steps from what is recorded to what is declared, as data: shown by nobody, tested as a table, carried out by apply.

import type { Difference } from "./diff";
import type { Decision } from "./inputs";
import type { Generation, Recorded } from "./record";

export type Step =
  /** Make a key, which becomes the current one. */
  | { readonly do: "issue"; readonly generation: number }
  /** Change the key in place; without differences, since nobody knows what became of an earlier change. */
  | { readonly do: "update"; readonly differences: readonly Difference[] }
  /** Make an earlier generation dead. `first`: one that failed its proof; while it may live, no other is made. */
  | { readonly do: "revoke"; readonly key: Generation; readonly first?: true };

/**
 * Order matters: nothing happens to an earlier generation before its successor is issued and proved. Keys that failed their proof go
 * first, or each try would leave one more of them. `differences` are those that the venue can update in place.
 */
export function plan(recorded: Recorded | undefined, desired: Decision, differences: readonly Difference[]): readonly Step[] {
  const issue = { do: "issue", generation: desired.generation } as const;
  if (recorded === undefined) return [issue];
  const { current, retiring, unproved, unsettled } = recorded;
  const update: readonly Step[] = differences.length > 0 || unsettled !== undefined ? [{ do: "update", differences }] : [];
  const stillborn = retiring.filter((key) => key.generation > current.generation).map(first);
  const overdue = retiring.filter((key) => key.generation <= current.generation && !kept(key, desired)).map(revoke);
  if (unproved !== undefined) return [first(current), ...stillborn, issue, ...overdue];
  if (desired.generation > current.generation) {
    const stays = kept(current, desired);
    // One that stays for a while mustn't do so with what nobody knows.
    const settled = stays && unsettled !== undefined ? update : [];
    return [...stillborn, ...settled, issue, ...overdue, ...(stays ? [] : [revoke(current)])];
  }
  return [...stillborn, ...update, ...overdue];
}

/** True where `check` gave an earlier generation time. A key that failed its proof has the number of the current one, so it has none. */
export function kept(key: Generation, desired: Decision): boolean {
  return key.generation < desired.generation && desired.keepUntil[String(key.generation)] !== undefined;
}

function revoke(key: Generation): Step {
  return { do: "revoke", key };
}

function first(key: Generation): Step {
  return { do: "revoke", key, first: true };
}
