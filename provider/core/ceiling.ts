// The bounds that an account's configuration sets on all its keys, whatever a program declares.

import { containedIn } from "./ip";
import type { AllowedIps, Power, Powers } from "./model";
import { powersBeyond } from "./powers";

export interface Ceiling {
  readonly powers?: readonly Power[] | undefined;
  /** Canonical ranges that every IP list must lie within. */
  readonly within?: readonly string[] | undefined;
  readonly maxKeys?: number | undefined;
}

/**
 * What of a key goes beyond the ceiling; what isn't known yet is passed over.
 *
 * @example beyond({ powers: ["read"] }, { powers: { trade: "orders:write" } }) // { powers: ["trade"], ips: [] }
 */
export function beyond(
  ceiling: Ceiling,
  key: { readonly powers?: Powers | undefined; readonly allowedIps?: AllowedIps | undefined },
): { readonly powers: readonly Power[]; readonly ips: readonly string[] } {
  return {
    powers: ceiling.powers === undefined || key.powers === undefined ? [] : powersBeyond(key.powers, ceiling.powers),
    ips: ceiling.within === undefined || key.allowedIps === undefined ? [] : containedIn(key.allowedIps, ceiling.within),
  };
}
