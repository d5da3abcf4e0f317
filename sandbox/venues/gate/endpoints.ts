// The endpoints: one table of methods and paths, what each needs, its limit and what it answers. Apart, so that what this dialect
// offers, and what it doesn't (no endpoint makes, edits or deletes a main account's key), is read in one place.

import type { Clock } from "../../clock";
import type { Limit } from "../../limits";
import type { Switches } from "../../switches";
import type { Caller } from "./auth";
import type { Keys } from "./keys";
import { balances, detail, mainKeys, placeOrder, transfer } from "./ordinary";
import type { Parameters } from "./parameters";
import type { Area } from "./permissions";
import type { State } from "./state";
import { createSub, getSub, listSubs, lock } from "./subaccounts";
import { createKey, deleteKey, getKey, listKeys, updateKey } from "./subkeys";
import type { GateSwitches } from "./switches";

/** What a path's braces stand for. */
export interface Path {
  readonly userId?: string;
  readonly key?: string;
}

/** A request whose caller is proved and may ask this. */
export interface Call {
  readonly caller: Caller;
  readonly path: Path;
  readonly parameters: Parameters;
  readonly state: State;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly switches: Switches<GateSwitches>;
}

export interface Endpoint {
  /** An area, or the switch that says which. */
  readonly needs: Area | "managingNeeds" | "accountNeeds";
  readonly limit: Limit;
  /** The limit is per market as well. */
  readonly perMarket?: true;
  /** It takes no parameters, though its method could. */
  readonly bare?: true;
  readonly status: 200 | 201 | 204;
  readonly answer: (call: Call) => unknown;
}

/** Below this, as on the venue's hosts: it is signed. */
const BASE = "/api/v4";

/** Per UID and endpoint. Source: docs/gateio, Frequency limit rule, 2025-11-30. */
const per10s = (requests: number): Limit => ({ requests, perMs: 10_000 });

/** Areas that no document names beside an endpoint are those of its path. */
const endpoints: Readonly<Record<string, Endpoint>> = {
  "POST /sub_accounts/{user_id}/keys": managing(200, createKey),
  "GET /sub_accounts/{user_id}/keys": managing(200, listKeys),
  "GET /sub_accounts/{user_id}/keys/{key}": managing(200, getKey),
  "PUT /sub_accounts/{user_id}/keys/{key}": managing(204, updateKey),
  "DELETE /sub_accounts/{user_id}/keys/{key}": managing(204, deleteKey),
  "POST /sub_accounts": managing(201, createSub),
  "GET /sub_accounts": managing(200, listSubs),
  "GET /sub_accounts/{user_id}": managing(200, getSub),
  "POST /sub_accounts/{user_id}/lock": { ...managing(204, lock(true)), bare: true },
  "POST /sub_accounts/{user_id}/unlock": { ...managing(204, lock(false)), bare: true },
  "GET /account/detail": { needs: "accountNeeds", limit: per10s(150), status: 200, answer: detail },
  "GET /account/main_keys": { needs: "accountNeeds", limit: per10s(150), status: 200, answer: mainKeys },
  "GET /spot/accounts": { needs: "spot", limit: per10s(200), status: 200, answer: balances },
  "POST /spot/orders": { needs: "spot", limit: { requests: 10, perMs: 1_000 }, perMarket: true, status: 201, answer: placeOrder },
  "POST /wallet/transfers": { needs: "wallet", limit: per10s(80), status: 200, answer: transfer },
};

export const limits: Readonly<Record<string, Limit>> = Object.fromEntries(
  Object.entries(endpoints).map(([name, { limit }]) => [name, limit]),
);

function managing(status: Endpoint["status"], answer: Endpoint["answer"]): Endpoint {
  return { needs: "managingNeeds", limit: per10s(80), status, answer };
}

interface Route {
  readonly name: string;
  readonly method: string;
  readonly pattern: RegExp;
  readonly endpoint: Endpoint;
}

const routes: readonly Route[] = Object.entries(endpoints).map(([name, endpoint]) => {
  const [method = "", path = ""] = name.split(" ");
  const pattern = path.replace("{user_id}", "(?<userId>[^/]+)").replace("{key}", "(?<key>[^/]+)");
  return { name, method, pattern: new RegExp(`^${BASE}${pattern}$`), endpoint };
});

export interface Found {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly path: Path;
}

/** The endpoint of a request: `absent` when there is no such path, `method` when it has no such method. */
export function find(method: string, path: string): Found | "absent" | "method" {
  const there = routes.filter(({ pattern }) => pattern.test(path));
  const route = there.find((one) => one.method === method);
  if (!route) return there.length === 0 ? "absent" : "method";
  return { name: route.name, endpoint: route.endpoint, path: { ...route.pattern.exec(path)?.groups } };
}
