// A master account's sub-accounts: the list with its pages, making one, and what it may deal in. Apart from their keys.
// Source of all: kc-spec, openapi-account-subaccount.json, 2025-11-04.

import type { Call } from "./endpoints";
import { Refusal } from "./errors";
import { optional, required, whole } from "./parameters";
import { addAccount, TRADE_TYPES, type TradeType } from "./state";
import { findSub } from "./subkeys";
import { subAccountRow } from "./wire";

/** 7 to 32 characters, a letter and a digit at least, no spaces. */
export const SUB_NAME = /^(?=.*[A-Za-z])(?=.*\d)\S{7,32}$/;

/** 7 to 24 letters and digits, both. The sandbox forgets it: there is nowhere to sign in. */
const PASSWORD = /^(?=.*[A-Za-z])(?=.*\d)[A-Za-z0-9]{7,24}$/;

/** `GET /api/v2/sub/user`: pages of 1 to 100, oldest first. */
export function listSubAccounts({ parameters, caller, state }: Call): unknown {
  const currentPage = whole(parameters, "currentPage", 1, 999_999, 1);
  const pageSize = whole(parameters, "pageSize", 1, 100, 10);
  const all = state.accounts.filter(({ masterUid, subName }) => masterUid === caller.account.uid && subName !== null);
  const items = all.slice((currentPage - 1) * pageSize, currentPage * pageSize).map(subAccountRow);
  return { currentPage, pageSize, totalNum: all.length, totalPage: Math.ceil(all.length / pageSize), items };
}

/** `POST /api/v2/sub/user/created`. */
export function createSubAccount(call: Call): unknown {
  const { parameters, caller, state, clock } = call;
  const subName = required(parameters, "subName");
  const access = TRADE_TYPES.find((type) => type === required(parameters, "access"));
  const remarks = optional(parameters, "remarks") ?? "";
  const right = SUB_NAME.test(subName) && PASSWORD.test(required(parameters, "password")) && [...remarks].length <= 24;
  if (!access || !right || findSub(call, subName)) throw new Refusal("400100");
  const { uid } = addAccount(state, clock.now(), { subName, masterUid: caller.account.uid, remarks, tradeTypes: [access] });
  return { uid, subName, remarks, access };
}

/** `POST /api/v3/sub/user/margin/enable` and `…/futures/enable`, which answer null. */
export function enable(type: TradeType): (call: Call) => unknown {
  return ({ parameters, caller, state }) => {
    const uid = required(parameters, "uid");
    const account = state.accounts.find((one) => String(one.uid) === uid && one.masterUid === caller.account.uid && one.subName !== null);
    if (!account) throw new Refusal("400100");
    account.tradeTypes = TRADE_TYPES.filter((one) => one === type || account.tradeTypes.includes(one));
    return null;
  };
}
