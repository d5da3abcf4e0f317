// Two ordinary endpoints, so that it can be seen what a key may do: the balance, and an order that is taken and forgotten.

import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Call } from "./endpoints";
import { paramsOf } from "./input";
import { present } from "./keys";
import { has } from "./permissions";

/** `GET wallet-balance`. Source: v5/account/wallet-balance; of the many figures, those that a balance alone decides. */
export function balance(call: Call): unknown {
  const { caller, switches, refusals } = call;
  const { permissions } = present(caller.key);
  if (switches.get("balanceNeeds") === "Wallet" && (permissions["Wallet"] ?? []).length === 0) throw refusals.permission();
  const { coin } = paramsOf(call, z.looseObject({ accountType: z.literal("UNIFIED"), coin: z.string().optional() }));
  const amount = String(caller.account.usdt);
  const usdt = {
    coin: "USDT",
    equity: amount,
    usdValue: amount,
    walletBalance: amount,
    availableToBorrow: "0",
    availableToWithdraw: amount,
    borrowAmount: "0",
    accruedInterest: "0",
    totalOrderIM: "0",
    totalPositionIM: "0",
    totalPositionMM: "0",
    unrealisedPnl: "0",
    cumRealisedPnl: "0",
    bonus: "0",
  };
  const account = {
    accountType: "UNIFIED",
    accountIMRate: "0",
    accountMMRate: "0",
    totalEquity: amount,
    totalWalletBalance: amount,
    totalMarginBalance: amount,
    totalAvailableBalance: amount,
    totalPerpUPL: "0",
    totalInitialMargin: "0",
    totalMaintenanceMargin: "0",
    coin: coin === undefined || coin.split(",").includes("USDT") ? [usdt] : [],
  };
  return { list: [account] };
}

const order = z.looseObject({
  category: z.enum(["linear", "inverse", "spot", "option"]),
  symbol: z.string().regex(/^[A-Z0-9-]+$/),
  side: z.enum(["Buy", "Sell"]),
  orderType: z.enum(["Market", "Limit"]),
  qty: z.string().regex(/^\d+(\.\d+)?$/),
  price: z.string().optional(),
  orderLinkId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{0,36}$/)
    .optional(),
});

/** The permission that each category needs, by the permissions' own descriptions. Source: v5/user/list-sub-apikeys */
const NEEDS = {
  linear: ["ContractTrade", "Order"],
  inverse: ["ContractTrade", "Order"],
  spot: ["Spot", "SpotTrade"],
  option: ["Options", "OptionsTrade"],
} as const;

/** `POST order/create`: taken and forgotten. Source: v5/order/create-order */
export function submit(call: Call): unknown {
  const { caller, switches, refusals } = call;
  const { permissions, readOnly } = present(caller.key);
  if (readOnly) throw refusals.permission();
  const { category, orderType, price, orderLinkId } = paramsOf(call, order);
  const [type, permission] = NEEDS[category];
  const derivatives = category !== "spot" && switches.get("derivativesTrades") && has(permissions, "Derivatives", "DerivativesTrade");
  if (!has(permissions, type, permission) && !derivatives) throw refusals.permission();
  if (orderType === "Limit" && price === undefined) throw refusals.params("price");
  if (category === "option" && orderLinkId === undefined) throw refusals.params("orderLinkId");
  return { orderId: randomUUID(), orderLinkId: orderLinkId ?? "" };
}

/** Spot orders have a limit of their own. Source: v5/rate-limit/rate-limit, 2026-07-24 */
export function orderLimit(params: unknown): string {
  const spot = z.looseObject({ category: z.literal("spot") }).safeParse(params).success;
  return spot ? "/v5/order/create spot" : "/v5/order/create";
}
