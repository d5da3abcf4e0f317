// The venues that the sandbox speaks: a new one is its folder and one line here.

import { bitfinex } from "./bitfinex/dialect";

export const dialects = { bitfinex } as const;

export type VenueName = keyof typeof dialects;

/** The credentials of a venue's first account. */
export type AccountOf<V extends VenueName> = ReturnType<ReturnType<(typeof dialects)[V]["open"]>["account"]>;

export function isVenue(name: string): name is VenueName {
  return Object.hasOwn(dialects, name);
}
