// The arrays that Bitfinex answers with, position by position. Apart, because their order is the documents' and nothing
// else of the dialect needs to know it.

import type { Account } from "./state";

/**
 * `auth/r/info/user`: 55 elements, of which the documents name some; the rest is null.
 * Source: docs.bitfinex.com/reference/rest-auth-info-user
 */
export function userInfo(account: Account): unknown[] {
  const row = new Array<unknown>(55).fill(null);
  const lastLogin = account.logins.at(-1)?.at ?? account.createdAt;
  const known: Record<number, unknown> = {
    0: account.id,
    1: account.email,
    2: account.username,
    3: account.createdAt,
    4: 1,
    5: 3,
    7: "UTC",
    8: "en",
    9: "bitfinex",
    10: 1,
    14: account.createdAt,
    16: account.masterAccountId,
    17: account.masterAccountId === null ? 0 : 1,
    18: account.isGroupMaster ? 1 : 0,
    19: 0,
    21: account.paperTrading ? 1 : 0,
    22: 0,
    26: account.twoFactorModes,
    28: 0,
    38: 0,
    39: 0,
    44: new Date(lastLogin).toISOString(),
    54: 0,
  };
  for (const [index, value] of Object.entries(known)) row[Number(index)] = value;
  return row;
}

/** A row of `auth/r/logins/hist`: `[ID, _, TIME, _, IP, _, _, EXTRA_INFO]`. Source: docs.bitfinex.com/reference/rest-auth-logins-hist */
export function loginRow(login: Account["logins"][number], objects: boolean): unknown[] {
  const extra = {
    asn: "64496, Documentation network",
    geo: "Sandbox",
    user_agent: { os: "Linux", raw: login.userAgent, is_mobile: false },
  };
  return [login.id, null, login.at, null, login.ip, null, null, objects ? extra : JSON.stringify(extra)];
}

/** A row of `auth/r/audit/hist`: `[MTS_CREATE, _, LOG, _, _, IP, USER_AGENT]`. Source: docs.bitfinex.com/reference/rest-auth-audit-hist */
export function auditRow(entry: Account["audit"][number], objects: boolean): unknown[] {
  return [entry.at, null, entry.text, null, null, entry.ip, objects ? { raw: entry.userAgent } : entry.userAgent];
}

/** A row of `auth/r/wallets`: `[TYPE, CURRENCY, BALANCE, UNSETTLED_INTEREST, AVAILABLE_BALANCE, …]`. Source: docs.bitfinex.com/reference/rest-auth-wallets */
export function walletRow(wallet: Account["wallets"][number]): unknown[] {
  return [wallet.type, wallet.currency, wallet.balance, 0, wallet.balance, null, null];
}

/** `int/geo/ip`, in no document: the caller's address and what geoip-lite says of it. */
export function geoIp(source: string): unknown[] {
  return [source, { range: [0, 0], country: "ZZ", region: "", eu: "0", timezone: "UTC", city: "", ll: [0, 0], metro: 0, area: 1 }];
}
