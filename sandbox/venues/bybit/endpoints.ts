// The endpoints: one table of paths, who may call each, its limit and what it answers. Apart, so that what this dialect
// offers, and what it doesn't (no endpoint makes a master's key), is read in one place.

import type { Clock } from "../../clock";
import type { Limit } from "../../limits";
import type { Switches } from "../../switches";
import type { Caller } from "./auth";
import type { Refusals } from "./errors";
import type { Keys } from "./keys";
import * as members from "./members";
import * as ownkey from "./ownkey";
import type { State } from "./state";
import * as subkeys from "./subkeys";
import type { BybitSwitches } from "./switches";
import * as trade from "./trade";

/** A private request whose caller is proved; `params` are the query's or the body's, unchecked. */
export interface Call {
  readonly caller: Caller;
  readonly params: unknown;
  readonly state: State;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly switches: Switches<BybitSwitches>;
  readonly refusals: Refusals;
}

export interface Endpoint {
  readonly method: "GET" | "POST";
  readonly limit: Limit;
  /** Whose keys may call it. */
  readonly by: "any" | "master";
  /** It needs "Account Transfer", "Subaccount Transfer" or, a master's key, "Withdrawal". Source: each endpoint's page */
  readonly managing?: true;
  /** Where the limit depends on the parameters. */
  readonly limitOf?: (params: unknown) => string;
  readonly answer: (call: Call) => unknown;
}

/** Per account (UID), not upgradable. Source: bybit-exchange/docs, v5/rate-limit/rate-limit, 2026-07-24 */
const perSecond = (requests: number): Limit => ({ requests, perMs: 1_000 });

export const endpoints: Readonly<Record<string, Endpoint>> = {
  "/v5/user/query-api": { method: "GET", limit: perSecond(10), by: "any", answer: ownkey.query },
  "/v5/user/update-api": { method: "POST", limit: perSecond(5), by: "master", managing: true, answer: ownkey.edit },
  "/v5/user/delete-api": { method: "POST", limit: perSecond(5), by: "master", managing: true, answer: ownkey.remove },

  "/v5/user/create-sub-api": { method: "POST", limit: perSecond(1), by: "master", managing: true, answer: subkeys.create },
  "/v5/user/sub-apikeys": { method: "GET", limit: perSecond(10), by: "master", answer: subkeys.list },
  "/v5/user/update-sub-api": { method: "POST", limit: perSecond(5), by: "any", managing: true, answer: subkeys.edit },
  "/v5/user/delete-sub-api": { method: "POST", limit: perSecond(5), by: "any", managing: true, answer: subkeys.remove },

  "/v5/user/create-sub-member": { method: "POST", limit: perSecond(1), by: "master", managing: true, answer: members.create },
  "/v5/user/query-sub-members": { method: "GET", limit: perSecond(10), by: "master", managing: true, answer: members.list },
  "/v5/user/submembers": { method: "GET", limit: perSecond(5), by: "master", managing: true, answer: members.page },
  "/v5/user/frozen-sub-member": { method: "POST", limit: perSecond(5), by: "master", managing: true, answer: members.freeze },
  "/v5/user/del-submember": { method: "POST", limit: perSecond(5), by: "master", managing: true, answer: members.remove },
  "/v5/user/create-demo-member": { method: "POST", limit: perSecond(5), by: "master", answer: members.demo },

  "/v5/account/wallet-balance": { method: "GET", limit: perSecond(50), by: "any", answer: trade.balance },
  "/v5/order/create": { method: "POST", limit: perSecond(10), by: "any", limitOf: trade.orderLimit, answer: trade.submit },
};

/** The one public endpoint. Source: v5/market/time */
export const TIME = "/v5/market/time";

/** The limit of an address over all endpoints; beyond it, it is shut out for ten minutes. Source: v5/rate-limit/rate-limit, 2026-07-24 */
export const PER_ADDRESS = "address";
export const BAN_MS = 600_000;

export const limits: Readonly<Record<string, Limit>> = {
  ...Object.fromEntries(Object.entries(endpoints).map(([path, { limit }]) => [path, limit])),
  "/v5/order/create spot": perSecond(20),
  [PER_ADDRESS]: { requests: 600, perMs: 5_000 },
};
