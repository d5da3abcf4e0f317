// The one list of venues. Each tells where its manifest and its drivers are, and loads them when they are first asked for.

import type { VenueEntry } from "../core/driver";
import { bitfinex } from "./bitfinex/entry";
import { bybit } from "./bybit/entry";

export const VENUES: Readonly<Record<string, VenueEntry>> = {
  bitfinex,
  bybit,
};

/** The entry of a venue, or undefined where there is none; names such as `constructor` are none. */
export function venue(id: string): VenueEntry | undefined {
  return Object.hasOwn(VENUES, id) ? VENUES[id] : undefined;
}
