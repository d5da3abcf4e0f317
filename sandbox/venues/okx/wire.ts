// The rows that OKX answers with, member by member; numbers and times are texts. Apart, because their shape is the
// documents' and nothing else of the dialect needs to know it.

import type { Switches } from "../../switches";
import { writeIps } from "./ips";
import { writePerm } from "./permissions";
import type { Account, Key } from "./state";
import type { OkxSwitches } from "./switches";

/** A key as its master sees it. Source: docs-v5 #sub-account-rest-api-query-the-api-key-of-a-sub-account. */
export function keyRow(key: Key, of: "list" | "modify", switches: Switches<OkxSwitches>) {
  return {
    label: key.label,
    apiKey: key.apiKey,
    perm: writePerm(key.permissions, of, switches),
    ip: writeIps(key.allowedIps, switches),
    ts: String(key.createdAt),
  };
}

/** Source: docs-v5 #sub-account-rest-api-get-sub-account-list. */
export function subAccountRow(account: Account): unknown {
  return {
    canTransOut: false,
    enable: account.enabled,
    frozenFunc: [],
    gAuth: false,
    label: account.label,
    mobile: "",
    subAcct: account.subAcct,
    ts: String(account.createdAt),
    type: "1",
    uid: account.uid,
    subAcctLv: "1",
    firstLvSubAcct: account.subAcct,
    ifDma: false,
  };
}

/** `account/config`: the account and, in `label`, `ip` and `perm`, the key that asks. Source: docs-v5 #trading-account-rest-api-get-account-configuration. */
export function configRow(account: Account, key: Key, switches: Switches<OkxSwitches>): unknown {
  return {
    acctLv: "2",
    acctStpMode: "cancel_maker",
    autoLoan: false,
    ctIsoMode: "automatic",
    enableSpotBorrow: false,
    greeksType: "PA",
    ip: writeIps(key.allowedIps, switches),
    type: account.subAcct === null ? "0" : "1",
    kycLv: "3",
    label: key.label,
    level: "Lv1",
    levelTmp: "",
    liquidationGear: "-1",
    mainUid: account.mainUid,
    mgnIsoMode: "automatic",
    opAuth: "1",
    perm: writePerm(key.permissions, "config", switches),
    posMode: "long_short_mode",
    roleType: "0",
    spotBorrowAutoRepay: false,
    spotOffsetType: "",
    spotRoleType: "0",
    spotTraderInsts: [],
    traderInsts: [],
    uid: account.uid,
  };
}

/** `account/balance`, with the members that say how much there is. Source: docs-v5 #trading-account-rest-api-get-balance. */
export function balanceRow(account: Account, wanted: readonly string[], now: number): unknown {
  const uTime = String(now);
  const details = account.balances
    .filter(({ ccy }) => wanted.length === 0 || wanted.includes(ccy))
    .map(({ ccy, amount }) => ({ ccy, eq: amount, cashBal: amount, availBal: amount, frozenBal: "0", uTime }));
  return { uTime, totalEq: "", details };
}
