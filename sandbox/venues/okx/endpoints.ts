// The endpoints: one table of methods and paths, what each needs, its limit and what it answers. Apart, so that what this
// dialect offers, and what it doesn't (no endpoint makes, edits or deletes a master account's key), is read in one place.

import type { Clock } from "../../clock";
import type { Limit } from "../../limits";
import type { Switches } from "../../switches";
import type { Caller } from "./auth";
import type { Keys } from "./keys";
import { optional, required, type Parameters } from "./parameters";
import type { State } from "./state";
import { createSubAccount, listSubAccounts } from "./subaccounts";
import { createKey, deleteKey, listKeys, modifyKey } from "./subkeys";
import type { OkxSwitches } from "./switches";
import { balanceRow, configRow } from "./wire";

/** A request whose caller is proved and may ask this. */
export interface Call {
  readonly caller: Caller;
  readonly parameters: Parameters;
  readonly state: State;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly switches: Switches<OkxSwitches>;
}

export interface Endpoint {
  /** Per user ID. */
  readonly limit: Limit;
  readonly needs: "read_only" | "trade";
  /** For master accounts; `ips`: and of their keys those with an IP list alone. */
  readonly master?: "any" | "ips" | "createNeedsIps";
  /** The members of `data`. */
  readonly answer: (call: Call) => unknown[];
}

const SECOND = 1_000;
const WRITE: Limit = { requests: 1, perMs: SECOND };

/** Limits, permissions and who may ask: each endpoint's own section of docs-v5, as of 2025-11-30. */
export const endpoints: Readonly<Record<string, Endpoint>> = {
  "POST /api/v5/users/subaccount/apikey": { limit: WRITE, needs: "trade", master: "createNeedsIps", answer: createKey },
  "GET /api/v5/users/subaccount/apikey": { limit: per2s(20), needs: "read_only", master: "any", answer: listKeys },
  "POST /api/v5/users/subaccount/modify-apikey": { limit: WRITE, needs: "trade", master: "ips", answer: modifyKey },
  "POST /api/v5/users/subaccount/delete-apikey": { limit: WRITE, needs: "trade", master: "ips", answer: deleteKey },
  "GET /api/v5/users/subaccount/list": { limit: per2s(20), needs: "read_only", master: "any", answer: listSubAccounts },
  "POST /api/v5/users/subaccount/create-subaccount": { limit: WRITE, needs: "trade", master: "ips", answer: createSubAccount },
  "GET /api/v5/account/config": {
    limit: per2s(5),
    needs: "read_only",
    answer: ({ caller, switches }) => [configRow(caller.account, caller.key, switches)],
  },
  "GET /api/v5/account/balance": {
    limit: per2s(10),
    needs: "read_only",
    answer: ({ caller, parameters, clock }) => {
      const ccy = optional(parameters, "ccy") ?? "";
      return [balanceRow(caller.account, ccy === "" ? [] : ccy.split(","), clock.now())];
    },
  },
  // Documented per user ID and instrument; the sandbox has no instruments.
  "POST /api/v5/trade/order": { limit: per2s(60), needs: "trade", answer: placeOrder },
};

/** Paths that there are, whatever the method. */
export const paths: ReadonlySet<string> = new Set(Object.keys(endpoints).map((name) => name.split(" ")[1] ?? ""));

export const limits: Readonly<Record<string, Limit>> = Object.fromEntries(
  Object.entries(endpoints).map(([name, { limit }]) => [name, limit]),
);

function per2s(requests: number): Limit {
  return { requests, perMs: 2 * SECOND };
}

/** Takes any order and forgets it: enough to see whether a key may trade. Source: docs-v5 #order-book-trading-trade-post-place-order. */
function placeOrder({ parameters, state, clock }: Call): unknown[] {
  for (const name of ["instId", "tdMode", "side", "ordType", "sz"]) required(parameters, name);
  const ts = String(clock.now());
  const clOrdId = optional(parameters, "clOrdId") ?? "";
  const tag = optional(parameters, "tag") ?? "";
  return [{ clOrdId, ordId: `${ts}${String(++state.lastId).padStart(5, "0")}`, tag, ts, sCode: "0", sMsg: "" }];
}
