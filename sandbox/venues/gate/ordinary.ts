// What a key is for: balances, orders, transfers, and a look at itself. Apart from the keys. Orders and transfers are taken and
// forgotten: enough to see what a key may do.

import { randomInt } from "node:crypto";
import type { Call } from "./endpoints";
import { Refusal } from "./errors";
import { oneOf, optional, required } from "./parameters";
import { balanceRows, detailRow, mainKeyRow, ownKeyRow, seconds } from "./wire";

/** `GET /spot/accounts`. */
export function balances({ caller, parameters }: Call): unknown {
  return balanceRows(caller.account, optional(parameters, "currency"));
}

/** `POST /spot/orders`, answered as in the mode FULL, unfilled. Source: docs/gateio, POST /spot/orders, 2025-11-30. */
export function placeOrder({ caller, parameters, clock }: Call): unknown {
  const pair = required(parameters, "currency_pair");
  const side = oneOf(parameters, "side", ["buy", "sell"]);
  const amount = required(parameters, "amount");
  const type = oneOf(parameters, "type", ["limit", "market"], "limit");
  const price = type === "limit" ? required(parameters, "price") : "0";
  const text = optional(parameters, "text") ?? "";
  if (text !== "" && !/^t-[\w.-]{0,28}$/.test(text)) throw new Refusal("INVALID_PARAM_VALUE", "text: begins with t-, then up to 28");
  const { currencyPairs } = caller.key;
  if (currencyPairs.length > 0 && !currencyPairs.includes(pair)) throw new Refusal("FORBIDDEN");
  const now = clock.now();
  const zeros = ["filled_amount", "fill_price", "filled_total", "avg_deal_price", "fee", "point_fee", "gt_fee", "gt_maker_fee"];
  return {
    id: String(randomInt(1, 2 ** 40)),
    text: text === "" ? "apiv4" : text,
    amend_text: "-",
    create_time: String(seconds(now)),
    update_time: String(seconds(now)),
    create_time_ms: now,
    update_time_ms: now,
    status: "open",
    currency_pair: pair,
    type,
    account: oneOf(parameters, "account", ["spot", "margin", "unified"], "spot"),
    side,
    amount,
    price,
    time_in_force: oneOf(parameters, "time_in_force", ["gtc", "ioc", "poc", "fok"], "gtc"),
    iceberg: optional(parameters, "iceberg") ?? "0",
    left: amount,
    ...Object.fromEntries([...zeros, "gt_taker_fee", "rebated_fee"].map((name) => [name, "0"])),
    fee_currency: pair.split("_")[side === "buy" ? 0 : 1],
    gt_discount: false,
    rebated_fee_currency: pair.split("_")[1],
    finish_as: "open",
  };
}

const WALLETS = ["spot", "margin", "futures", "delivery", "options"] as const;

/** `POST /wallet/transfers`. Source: docs/gateio, 2025-11-30. */
export function transfer({ parameters }: Call): unknown {
  for (const name of ["currency", "amount"]) required(parameters, name);
  const ends = [oneOf(parameters, "from", WALLETS), oneOf(parameters, "to", WALLETS)];
  if (ends.includes("margin")) required(parameters, "currency_pair");
  if (ends.includes("futures") || ends.includes("delivery")) required(parameters, "settle");
  return { tx_id: randomInt(1, 2 ** 40) };
}

/** `GET /account/detail`, of any key about itself. */
export function detail({ caller, keys }: Call): unknown {
  return detailRow({ key: caller.key, state: keys.shown(caller.key) }, caller.account);
}

/** `GET /account/main_keys`, for keys of main accounts. */
export function mainKeys({ caller, keys, switches }: Call): unknown {
  if (caller.account.mainId !== null) throw new Refusal("FORBIDDEN");
  if (switches.get("mainKeys") === "own") return ownKeyRow({ key: caller.key, state: keys.shown(caller.key) }, keys, switches);
  return keys.listed(caller.account.userId).map((shown) => mainKeyRow(shown, keys, switches));
}
