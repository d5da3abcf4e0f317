// The rows that KuCoin answers with, member by member. Apart, because their shape is the documents' and nothing else of the
// dialect needs to know it.

import type { Switches } from "../../switches";
import { writeIps } from "./ips";
import type { Permission } from "./permissions";
import { TRADE_TYPES, type Account, type Key } from "./state";
import type { KucoinSwitches } from "./switches";

/** In the order of the examples, which isn't that of the requests. */
export function writePermissions(permissions: readonly Permission[]): string {
  return permissions.join(",");
}

/** A key as its master sees it. Source: kc-spec, openapi-account-subaccount.json, getSubAccountApiList. */
export function keyRow(key: Key, account: Account, switches: Switches<KucoinSwitches>) {
  const shown = key.allowedIps.length > 0 || switches.get("noIpsShown") === "empty";
  return {
    ...(account.subName === null ? {} : { subName: account.subName }),
    remark: key.remark,
    apiKey: key.apiKey,
    apiVersion: key.apiVersion,
    permission: writePermissions(key.permissions),
    ...(shown ? { ipWhitelist: writeIps(key.allowedIps, switches) } : {}),
    createdAt: key.createdAt,
    uid: account.uid,
    isMaster: account.subName === null,
  };
}

/** `user/api-key`: the key that asks. Source: kc-spec, openapi-account-account.json, getApikeyInfo; the newer members: npm kucoin-api 2.6.1. */
export function selfRow(key: Key, account: Account, switches: Switches<KucoinSwitches>): unknown {
  const newer = switches.get("selfFields") === "newer" ? { expiredAt: key.expiresAt, siteType: "global" } : {};
  return { ...keyRow(key, account, switches), ...newer };
}

/** Source: kc-spec, openapi-account-subaccount.json, getSpotSubAccountsSummaryV2; `status` 2: enabled, 3: frozen. */
export function subAccountRow(account: Account): unknown {
  const { userId, uid, subName, frozen, createdAt, remarks, tradeTypes } = account;
  return {
    userId,
    uid,
    subName,
    status: frozen ? 3 : 2,
    type: 0,
    access: tradeTypes.length === TRADE_TYPES.length ? "All" : tradeTypes.join(","),
    createdAt,
    remarks,
    tradeTypes,
    openedTradeTypes: tradeTypes,
    hostedStatus: null,
  };
}

/** `accounts`. Source: kc-spec, openapi-account-account.json, getSpotAccountList. */
export function balanceRows(account: Account, currency: string, type: string): unknown[] {
  return account.balances
    .filter((one) => (currency === "" || one.currency === currency) && (type === "" || one.type === type))
    .map(({ id, balance, ...row }) => ({ id, ...row, balance, available: balance, holds: "0" }));
}
