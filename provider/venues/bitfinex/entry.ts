// Where the registry finds Bitfinex: its manifest and drivers, each loaded when it is first asked for.

import type { VenueEntry } from "../../core/driver";

/* eslint-disable @typescript-eslint/no-require-imports -- a driver is loaded when its venue is first used */
const capabilities = () => require("./capabilities") as typeof import("./capabilities");
const api = () => require("./api") as typeof import("./api");
/* eslint-enable @typescript-eslint/no-require-imports */

export const bitfinex: VenueEntry = {
  manifest: () => capabilities().manifest,
  drivers: {
    AccessToken: (context) => api().accessTokenDriver(context),
    ApiKey: (context) => api().apiKeyDriver(context),
  },
};
