// The objects that Binance answers with. Apart, because their names differ from endpoint to endpoint, as the documents
// have them: apiKey and apikey, a status that is a number or a string, ipRestrict as a string or a boolean.

import type { Switches } from "../../switches";
import type { Keys } from "./keys";
import { FIX, flags, MODIFIABLE } from "./permissions";
import type { Account, Key } from "./state";
import type { BinanceSwitches } from "./switches";

type Set = Switches<BinanceSwitches>;

/** Answer to a creation, the only one that has the secret. Source: binance.md 1.4.2. */
export function created(key: Key, set: Set, version: 1 | 2): Record<string, unknown> {
  const asFix = version === 2 && set.get("createV2Body") === "with-fix-flags";
  const secret = key.secretKey ?? (set.get("publicKeySecret") === "empty" ? "" : undefined);
  return {
    apiName: key.apiName,
    apiKey: key.apiKey,
    ...(secret === undefined ? {} : { secretKey: secret }),
    ...flags(key.permissions, asFix ? [...MODIFIABLE, ...FIX] : MODIFIABLE),
    status: key.restriction.status,
    ...ipList(key, set),
  };
}

/** Answer to a modification of permissions. Source: binance.md 1.4.4. */
export function modified(key: Key): Record<string, unknown> {
  return { apiName: key.apiName, apikey: key.apiKey, ...flags(key.permissions), timestamp: key.updatedAt };
}

/** A row of the query. Source: binance.md 1.4.5. */
export function row(key: Key, { email }: Account, set: Set): Record<string, unknown> {
  const apikey = set.get("listKeys") === "masked" ? `${key.apiKey.slice(0, 4)}****${key.apiKey.slice(-4)}` : key.apiKey;
  return { email, apiName: key.apiName, apikey, ...flags(key.permissions), timestamp: key.updatedAt };
}

/** Answer to setting addresses: `status` as a string. Source: binance.md 1.4.6. */
export function restricted(key: Key, set: Set): Record<string, unknown> {
  const { status } = key.restriction;
  return {
    status: set.get("ipStatusAs") === "string" ? String(status) : status,
    ...ipList(key, set),
    updateTime: key.ipsUpdatedAt,
    apiKey: key.apiKey,
  };
}

/** Answer to reading and to deleting addresses: `ipRestrict` as a string. Source: binance.md 1.4.7, 1.4.8. */
export function restriction(key: Key, set: Set): Record<string, unknown> {
  return {
    ipRestrict: String(key.restriction.status !== 1),
    ...ipList(key, set),
    updateTime: key.ipsUpdatedAt,
    apiKey: key.apiKey,
  };
}

function ipList(key: Key, set: Set): { ipList?: readonly string[] } {
  if (key.restriction.status === 2) return { ipList: key.restriction.ips };
  return set.get("ipListWhenOpen") === "empty" ? { ipList: [] } : {};
}

/** The calling key about itself: no list, no name, `ipRestrict` as a boolean. Source: binance.md 1.4.9. */
export function restrictions(key: Key, set: Set, keys: Keys): Record<string, unknown> {
  const may = (permission: Key["permissions"][number]): boolean => key.permissions.includes(permission);
  const end = set.get("showsTradeExpiry") ? keys.tradesUntil(key) : null;
  return {
    ipRestrict: key.restriction.status !== 1,
    createTime: key.createdAt,
    enableReading: true,
    enableWithdrawals: may("enableWithdrawals"),
    enableInternalTransfer: may("enableInternalTransfer"),
    enableMargin: may("canMarginLoanRepay"),
    enableFutures: may("canFuturesTrade"),
    permitsUniversalTransfer: may("canUniversalTransfer"),
    enableVanillaOptions: may("canVanillaOptions"),
    enableFixApiTrade: may("canFixApiTrading"),
    enableFixReadOnly: may("canFixApiReading"),
    enableSpotAndMarginTrading: may("canTrade"),
    enablePortfolioMarginTrading: may("enablePortfolioMarginTrading"),
    ...(end === null ? {} : { tradingAuthorityExpirationTime: end }),
  };
}

/** `GET /api/v3/account`. Source: developers.binance.com, rest-api/account-endpoints, "Account information" (2025-11-30) */
export function accountInfo(account: Account, key: Key, omitZero: boolean): Record<string, unknown> {
  const zero = "0.00000000";
  const balances = account.balances.filter(({ free, locked }) => !omitZero || Number(free) + Number(locked) > 0);
  return {
    makerCommission: 15,
    takerCommission: 15,
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: { maker: "0.00150000", taker: "0.00150000", buyer: zero, seller: zero },
    canTrade: true,
    canWithdraw: true,
    canDeposit: true,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: key.createdAt,
    accountType: "SPOT",
    balances,
    permissions: ["SPOT"],
    uid: account.uid,
  };
}
