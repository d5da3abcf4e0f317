// What a key can be used for besides managing keys: it looks at itself, at the balances, and sends an order. As much of
// Binance as it takes to see what a key may do.

import type { Clock } from "../../clock";
import type { Call } from "./endpoints";
import { accountInfo, restrictions } from "./wire";

/** Any key about itself; needs no permission. Source: binance.md 1.4.9. */
export function apiRestrictions({ caller, switches, keys }: Call): unknown {
  return restrictions(caller.key, switches, keys);
}

/** Balances and the account's UID; reading is always on. */
export function account({ caller, params }: Call): unknown {
  return accountInfo(caller.account, caller.key, params.boolean("omitZeroBalances") ?? false);
}

/** Takes any order and forgets it; of the answer, only what every kind of it has. */
export function order(call: Call): unknown {
  checkOrder(call);
  return {
    symbol: call.params.required("symbol"),
    orderId: call.clock.now(),
    orderListId: -1,
    clientOrderId: call.params.optional("newClientOrderId") ?? "sandbox",
    transactTime: call.clock.now(),
  };
}

/** The same without an effect. */
export function testOrder(call: Call): unknown {
  checkOrder(call);
  return {};
}

/** Spot orders need Spot & Margin trading. */
function checkOrder({ caller, params, refusals }: Call): void {
  if (!caller.key.permissions.includes("canTrade")) throw refusals.key();
  for (const name of ["symbol", "side", "type"]) params.required(name);
}

export function serverTime(clock: Clock): unknown {
  return { serverTime: clock.now() };
}
