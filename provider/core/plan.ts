// The steps from what is recorded to what is declared, as data: shown by nobody, tested as a table, carried out by apply.

import type { Difference } from "./diff";
import type { Decision } from "./inputs";
import type { Generation, Recorded } from "./record";

export type Step =
  /** Make the current generation; `instead` says that an unfinished one of the same number is revoked first. */
  | { readonly do: "issue"; readonly generation: number; readonly instead: Generation | undefined }
  /** Change the key in place. */
  | { readonly do: "update"; readonly differences: readonly Difference[] }
  /** Make an earlier generation dead. */
  | { readonly do: "revoke"; readonly key: Generation };

/**
 * Order matters: nothing happens to an earlier generation before its successor is issued and proved.
 * `differences` are those that the venue can update in place.
 */
export function plan(recorded: Recorded | undefined, desired: Decision, differences: readonly Difference[]): readonly Step[] {
  if (recorded === undefined) return [{ do: "issue", generation: desired.generation, instead: undefined }];
  const { current, retiring, unproved } = recorded;
  if (desired.generation > current.generation) {
    const earlier = [...retiring, current].filter((key) => !kept(key, desired));
    return [{ do: "issue", generation: desired.generation, instead: undefined }, ...earlier.map(revoke)];
  }
  const overdue = retiring.filter((key) => !kept(key, desired)).map(revoke);
  if (unproved !== undefined) return [{ do: "issue", generation: current.generation, instead: current }, ...overdue];
  return [...(differences.length > 0 ? [{ do: "update", differences } as const] : []), ...overdue];
}

/** True where `check` gave an earlier generation time. A key that failed its proof has the number of the current one, so it has none. */
export function kept(key: Generation, desired: Decision): boolean {
  return key.generation < desired.generation && desired.keepUntil[String(key.generation)] !== undefined;
}

function revoke(key: Generation): Step {
  return { do: "revoke", key };
}
