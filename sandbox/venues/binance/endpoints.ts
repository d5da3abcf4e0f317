// The endpoints: one table of methods and paths, what each weighs, takes and answers. Apart, so that what this dialect
// offers, and what it doesn't, is read in one place.

import type { Clock } from "../../clock";
import type { Limit } from "../../limits";
import type { Switches } from "../../switches";
import type { Caller } from "./auth";
import type { Refusals } from "./errors";
import type { Keys } from "./keys";
import { changeIps, deleteIps, readIpRestriction } from "./lists";
import { createKey, deleteKey, modifyKey, queryKeys } from "./management";
import { account, apiRestrictions, order, serverTime, testOrder } from "./ordinary";
import type { Params } from "./params";
import { FIX, MODIFIABLE } from "./permissions";
import type { State } from "./state";
import type { BinanceSwitches } from "./switches";

/** A request whose caller is proved. */
export interface Call {
  readonly caller: Caller;
  readonly params: Params;
  readonly state: State;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly switches: Switches<BinanceSwitches>;
  readonly refusals: Refusals;
}

export interface Endpoint {
  /** Whose weight counts, and how much; below `/api` all endpoints share one budget. */
  readonly weight: { readonly of: "uid" | "ip" | "api"; readonly is: number };
  /** The parameters that it has besides those of every signed request; `any` where they aren't modelled. */
  readonly params: readonly string[] | "any";
  readonly answer: (call: Call) => unknown;
}

/** What every signed request has. */
export const SIGNED = ["timestamp", "recvWindow", "signature"] as const;

/** Source: binance.md 1.4. */
const UID = { of: "uid", is: 3000 } as const;
const NAMED = ["email", "subAccountApiKey"] as const;
const CREATED = ["email", "apiName", "status", ...MODIFIABLE, "ipAddress", "thirdPartyName", "publicKey"] as const;
const SUB = "/sub-account/subAccountApi";

export const endpoints: Readonly<Record<string, Endpoint>> = {
  [`POST /sapi/v1${SUB}`]: { weight: UID, params: CREATED, answer: (call) => createKey(call, 1) },
  [`POST /sapi/v2${SUB}`]: { weight: UID, params: [...CREATED, ...FIX], answer: (call) => createKey(call, 2) },
  [`DELETE /sapi/v1${SUB}`]: { weight: UID, params: NAMED, answer: deleteKey },
  [`GET /sapi/v1${SUB}`]: { weight: UID, params: [...NAMED, "page", "size"], answer: queryKeys },
  [`POST /sapi/v1${SUB}Permission`]: { weight: UID, params: [...NAMED, ...MODIFIABLE], answer: modifyKey },
  [`POST /sapi/v2${SUB}/ipRestriction`]: { weight: UID, params: [...NAMED, "status", "ipAddress"], answer: changeIps },
  [`DELETE /sapi/v1${SUB}/ipRestriction/ipList`]: { weight: UID, params: [...NAMED, "ipAddress"], answer: deleteIps },
  [`GET /sapi/v1${SUB}/ipRestriction`]: { weight: UID, params: NAMED, answer: readIpRestriction },
  "GET /sapi/v1/account/apiRestrictions": { weight: { of: "ip", is: 1 }, params: [], answer: apiRestrictions },
  // Weights: developers.binance.com, rest-api/account-endpoints and rest-api/trading-endpoints (2025-11-30).
  "GET /api/v3/account": { weight: { of: "api", is: 20 }, params: ["omitZeroBalances"], answer: account },
  "POST /api/v3/order": { weight: { of: "api", is: 1 }, params: "any", answer: order },
  "POST /api/v3/order/test": { weight: { of: "api", is: 1 }, params: "any", answer: testOrder },
};

/** Endpoints that take neither key nor signature. Source: rest-api/general-endpoints (2025-11-30), weight 1 each. */
export const publicEndpoints: Readonly<Record<string, (clock: Clock) => unknown>> = {
  "GET /api/v3/ping": () => ({}),
  "GET /api/v3/time": serverTime,
};

const MINUTE = 60_000;

/** The budget that all endpoints below `/api` share, per address. */
export const API = "/api";

/**
 * Weight a minute: below `/sapi` each endpoint has a budget of its own, per address or per UID; below `/api` there is one per address.
 * Source: developers.binance.com, products/caas/basics, "Rate limits" (read 2026-11-22).
 */
export const limits: Readonly<Record<string, Limit>> = {
  ...Object.fromEntries(
    Object.entries(endpoints)
      .filter(([, { weight }]) => weight.of !== "api")
      .map(([name, { weight }]) => [name, { requests: weight.of === "uid" ? 180_000 : 12_000, perMs: MINUTE }]),
  ),
  [API]: { requests: 6_000, perMs: MINUTE },
};
