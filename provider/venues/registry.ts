// The one list of venues. Each tells where its manifest and its drivers are, and loads them when they are first asked for.

import type { VenueEntry } from "../core/driver";
import { binance } from "./binance/entry";
import { bitfinex } from "./bitfinex/entry";
import { bybit } from "./bybit/entry";
import { deribit } from "./deribit/entry";
import { gate } from "./gate/entry";
import { kucoin } from "./kucoin/entry";
import { okx } from "./okx/entry";

export const VENUES: Readonly<Record<string, VenueEntry>> = {
  bitfinex,
  binance,
  bybit,
  deribit,
  gate,
  kucoin,
  okx,
};

/** The entry of a venue, or undefined where there is none; names such as `constructor` are none. */
export function venue(id: string): VenueEntry | undefined {
  return Object.hasOwn(VENUES, id) ? VENUES[id] : undefined;
}
