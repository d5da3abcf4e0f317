// Grants as sets: made canonical, compared. The words themselves belong to each venue.

import type { GrantComparison } from "./capability";
import type { Grants } from "./model";

/** Sorted, without duplicates. */
export function grantSet(grants: Iterable<string>): Grants {
  return [...new Set(grants)].sort();
}

/** What came and what went between two sets. */
export function grantDelta(from: Grants, to: Grants): { readonly added: Grants; readonly removed: Grants } {
  return { added: without(to, from), removed: without(from, to) };
}

/** A set after a change, as `grantDelta` tells it. */
export function withDelta(grants: Grants, added: Grants, removed: Grants): Grants {
  return grantSet([...without(grants, removed), ...added]);
}

/** The members of `grants` that `others` lacks. */
export function without(grants: Grants, others: Grants): Grants {
  const known = new Set(others);
  return grantSet(grants.filter((grant) => !known.has(grant)));
}

/** For kinds of which no grant comes unasked: what wasn't declared is wider, what is missing is narrower. */
export function compareExactly(declared: Grants, observed: Grants): GrantComparison {
  return { wider: without(observed, declared), narrower: without(declared, observed), undeclared: [] };
}

/**
 * What a key may be given without being declared: permissions that its declaration accepts, as grants. Some venues' words are grants as they
 * are, others' are scopes with directions, of which the worst is taken.
 *
 * @example acceptedGrants({ rows, accept: ["ui_withdraw"] }) // ["ui_withdraw:write"]
 */
export function acceptedGrants({ rows, accept = [] }: { readonly rows: object; readonly accept?: readonly string[] | undefined }): Grants {
  const known = Object.keys(rows);
  return accept.map((word) => known.find((row) => row === word || row.endsWith(`:${word}`)) ?? `${word}:write`);
}
