// The venues that the sandbox speaks: a new one is its folder and one line here.

import type { Dialect } from "../dialect";
import { binance } from "./binance/dialect";
import { bitfinex } from "./bitfinex/dialect";
import { bybit } from "./bybit/dialect";
import { deribit } from "./deribit/dialect";
import { gate } from "./gate/dialect";
import { kucoin } from "./kucoin/dialect";
import { okx } from "./okx/dialect";

export const dialects = {
  bitfinex,
  binance,
  bybit,
  deribit,
  gate,
  kucoin,
  okx,
} as const;

export type VenueName = keyof typeof dialects;

/** The credentials of a venue's first account. */
export type AccountOf<V extends VenueName> = ReturnType<ReturnType<(typeof dialects)[V]["open"]>["account"]>;

/** What a person types to sign in to a venue's first account; `never` where there is no console. */
export type LoginOf<V extends VenueName> = (typeof dialects)[V] extends Dialect<infer _T, infer _A, infer L> ? L : never;

export function isVenue(name: string): name is VenueName {
  return Object.hasOwn(dialects, name);
}
