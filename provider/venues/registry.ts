// The one list of venues: manifest and drivers, each loaded when it is first asked for.

import type { Manifest } from "../core/capability";
import type { Driver, DriverContext } from "../core/driver";

export interface VenueEntry {
  manifest(): Manifest;
  /** Kind of key → its driver. */
  readonly drivers: Readonly<Record<string, (context: DriverContext) => Driver>>;
}

/* eslint-disable @typescript-eslint/no-require-imports -- a driver is loaded when its venue is first used */
const binanceCapabilities = () => require("./binance/capabilities") as typeof import("./binance/capabilities");
const binanceApi = () => require("./binance/api") as typeof import("./binance/api");
const bitfinexCapabilities = () => require("./bitfinex/capabilities") as typeof import("./bitfinex/capabilities");
const bitfinexApi = () => require("./bitfinex/api") as typeof import("./bitfinex/api");
const bybitCapabilities = () => require("./bybit/capabilities") as typeof import("./bybit/capabilities");
const bybitApi = () => require("./bybit/api") as typeof import("./bybit/api");
/* eslint-enable @typescript-eslint/no-require-imports */

export const VENUES: Readonly<Record<string, VenueEntry>> = {
  binance: {
    manifest: () => binanceCapabilities().manifest,
    drivers: { SubAccountApiKey: (context) => binanceApi().subAccountApiKeyDriver(context) },
  },
  bitfinex: {
    manifest: () => bitfinexCapabilities().manifest,
    drivers: {
      AccessToken: (context) => bitfinexApi().accessTokenDriver(context),
      ApiKey: (context) => bitfinexApi().apiKeyDriver(context),
    },
  },
  bybit: {
    manifest: () => bybitCapabilities().manifest,
    drivers: { SubAccountApiKey: (context) => bybitApi().subAccountApiKeyDriver(context) },
  },
};

/** The entry of a venue, or undefined where there is none; names such as `constructor` are none. */
export function venue(id: string): VenueEntry | undefined {
  return Object.hasOwn(VENUES, id) ? VENUES[id] : undefined;
}
