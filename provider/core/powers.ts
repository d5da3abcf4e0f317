// Powers: what a key lets its holder do, in the same seven words at every venue.

import { grantSet } from "./permission";
import type { Grants, Power, Powers } from "./model";

/** From harmless to worst; `unknown` counts as `administer`. */
export const POWERS: readonly Power[] = ["read", "trade", "lend", "transfer", "withdraw", "administer", "unknown"];

/** What each power lets a holder do, in words. */
export const MEANINGS: Readonly<Record<Power, string>> = {
  read: "sees balances, orders, positions or history",
  trade: "places and cancels orders",
  lend: "lends, stakes or offers funding",
  transfer: "moves funds between accounts and wallets of the same owner",
  withdraw: "sends funds away",
  administer: "changes or makes keys, or account settings: it can give itself more",
  unknown: "not documented: counts as administering",
};

/** One row of a venue's table: a grant, the powers it gives, and where that stands written. */
export interface PowerRow {
  readonly powers: readonly Power[];
  /** What its holder can do, where the powers' own words don't say enough: `places and cancels orders of perpetual contracts`. */
  readonly does?: string;
  readonly source: string;
}

/**
 * Looks each grant up in a venue's table. A grant without a row gives the power `unknown`.
 *
 * @example powersOf(["orders:read"], { "orders:read": { powers: ["read"], source: "…" } }) // { read: "orders:read" }
 */
export function powersOf(grants: Grants, table: Readonly<Record<string, PowerRow>>): Powers {
  const found = new Map<Power, string[]>();
  for (const grant of grantSet(grants)) {
    for (const power of Object.hasOwn(table, grant) ? (table[grant]?.powers ?? []) : (["unknown"] as const)) {
      found.set(power, [...(found.get(power) ?? []), grant]);
    }
  }
  return Object.fromEntries(POWERS.filter((power) => found.has(power)).map((power) => [power, found.get(power)?.join(" ") ?? ""]));
}

/** The powers in `powers` that `allowed` doesn't name. */
export function powersBeyond(powers: Powers, allowed: readonly Power[]): readonly Power[] {
  return POWERS.filter((power) => powers[power] !== undefined && !allowed.includes(power));
}
