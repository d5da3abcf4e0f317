// The endpoints: one table of methods and paths, what each needs, its weight and what it answers. Apart, so that what this
// dialect offers, and what it doesn't (no endpoint makes, edits or deletes a master account's key), is read in one place.

import type { Clock } from "../../clock";
import type { Limit } from "../../limits";
import type { Switches } from "../../switches";
import type { Caller } from "./auth";
import { Refusal } from "./errors";
import type { Keys } from "./keys";
import { optional, required, type Parameters } from "./parameters";
import type { Permission } from "./permissions";
import { objectId, type State } from "./state";
import { createSubAccount, enable, listSubAccounts } from "./subaccounts";
import { createKey, deleteKey, listKeys, updateKey } from "./subkeys";
import type { KucoinSwitches } from "./switches";
import { balanceRows, selfRow } from "./wire";

/** A request whose caller is proved and may ask this. */
export interface Call {
  readonly caller: Caller;
  readonly parameters: Parameters;
  readonly state: State;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly switches: Switches<KucoinSwitches>;
}

export interface Endpoint {
  readonly pool: keyof typeof limits;
  /** What one request takes of the pool. */
  readonly weight: number;
  readonly needs: Permission;
  /** For master accounts' keys alone. */
  readonly master?: true;
  /** The answer's `data`. */
  readonly answer: (call: Call) => unknown;
}

/** Weight per pool and uid at VIP 0, from the first request on. Source: docs-new, rate-limit, 2025-11-30. */
export const limits = {
  Management: { requests: 2_000, perMs: 30_000, fixed: true },
  Spot: { requests: 4_000, perMs: 30_000, fixed: true },
} as const satisfies Readonly<Record<string, Limit>>;

/** Pools, weights and permissions: each endpoint's own table in kc-spec, 2025-11-04. */
export const endpoints: Readonly<Record<string, Endpoint>> = {
  "POST /api/v1/sub/api-key": managing(20, createKey),
  "GET /api/v1/sub/api-key": managing(20, listKeys),
  "POST /api/v1/sub/api-key/update": managing(30, updateKey),
  "DELETE /api/v1/sub/api-key": managing(30, deleteKey),
  "POST /api/v2/sub/user/created": managing(15, createSubAccount),
  "GET /api/v2/sub/user": managing(20, listSubAccounts),
  "POST /api/v3/sub/user/margin/enable": { ...managing(15, enable("Margin")), needs: "Margin" },
  "POST /api/v3/sub/user/futures/enable": { ...managing(15, enable("Futures")), needs: "Futures" },
  "GET /api/v1/user/api-key": {
    pool: "Management",
    weight: 20,
    needs: "General",
    answer: ({ caller, switches }) => selfRow(caller.key, caller.account, switches),
  },
  "GET /api/v1/accounts": {
    pool: "Management",
    weight: 5,
    needs: "General",
    answer: ({ caller, parameters }) =>
      balanceRows(caller.account, optional(parameters, "currency") ?? "", optional(parameters, "type") ?? ""),
  },
  "POST /api/v3/accounts/universal-transfer": { pool: "Management", weight: 4, needs: "InnerTransfer", answer: transfer },
  "POST /api/v1/hf/orders": { pool: "Spot", weight: 1, needs: "Spot", answer: placeOrder },
  "POST /api/v1/hf/orders/test": { pool: "Spot", weight: 1, needs: "Spot", answer: placeOrder },
};

/** Paths that there are, whatever the method. */
export const paths: ReadonlySet<string> = new Set(Object.keys(endpoints).map((name) => name.split(" ")[1] ?? ""));

function managing(weight: number, answer: Endpoint["answer"]): Endpoint {
  return { pool: "Management", weight, needs: "General", master: true, answer };
}

/** Takes any order and forgets it: enough to see whether a key may trade. Source: kc-spec, openapi-spot-order.json, addOrder. */
function placeOrder({ parameters, clock }: Call): unknown {
  for (const name of ["side", "symbol"]) required(parameters, name);
  const type = required(parameters, "type");
  if (type === "limit") for (const name of ["price", "size"]) required(parameters, name);
  else if (type !== "market" || !(optional(parameters, "size") || optional(parameters, "funds"))) throw new Refusal("400100");
  const clientOid = optional(parameters, "clientOid");
  return { orderId: objectId(clock.now()), ...(clientOid === undefined ? {} : { clientOid }) };
}

/** Takes any transfer and forgets it. Source: kc-spec, openapi-account-transfer.json, flexTransfer. */
function transfer({ parameters, clock }: Call): unknown {
  for (const name of ["clientOid", "currency", "amount", "fromAccountType", "type", "toAccountType"]) required(parameters, name);
  return { orderId: objectId(clock.now()) };
}
