// A main account's sub-accounts: make, list, query, lock, unlock. Apart from their keys.
// Source of all: docs/gateio, endpoints below /sub_accounts, 2025-11-30.

import type { Call } from "./endpoints";
import { Refusal } from "./errors";
import { oneOf, optional, required } from "./parameters";
import { addAccount, type Account } from "./state";
import { subAccountRow } from "./wire";

/** Letters, digits and underscores; no length is documented. */
export const LOGIN_NAME = /^[A-Za-z0-9_]+$/;

/** `POST /sub_accounts`. Password and e-mail address are forgotten: there is nowhere to sign in. */
export function createSub({ parameters, caller, state, clock }: Call): unknown {
  const loginName = required(parameters, "login_name");
  const remark = optional(parameters, "remark") ?? "";
  for (const name of ["password", "email"]) optional(parameters, name);
  if (!LOGIN_NAME.test(loginName)) throw new Refusal("INVALID_PARAM_VALUE", "login_name: letters, digits and underscores alone");
  if (caller.account.mainId !== null) throw new Refusal("FORBIDDEN");
  if (state.accounts.some((one) => one.loginName === loginName)) throw new Refusal("INVALID_PARAM_VALUE", "login_name: is taken");
  return subAccountRow(addAccount(state, clock.now(), { loginName, remark, mainId: caller.account.userId }));
}

/** `GET /sub_accounts`: `type` 0 lists all, 1 regular ones, as it does without. */
export function listSubs({ parameters, caller, state }: Call): unknown {
  const all = oneOf(parameters, "type", ["0", "1"], "1") === "0";
  return state.accounts.filter(({ mainId, type }) => mainId === caller.account.userId && (all || type === 1)).map(subAccountRow);
}

/** `GET /sub_accounts/{user_id}`. */
export function getSub(call: Call): unknown {
  return subAccountRow(ownSub(call));
}

/** `POST /sub_accounts/{user_id}/lock` and `…/unlock`: no body comes back. */
export function lock(locked: boolean): (call: Call) => undefined {
  return (call) => {
    ownSub(call).locked = locked;
  };
}

/** The caller's sub-account that the path names. */
export function ownSub({ caller, state, path, switches }: Call): Account {
  if (!/^\d{1,15}$/.test(path.userId ?? "")) throw new Refusal("INVALID_PARAM_VALUE", "user_id: not a number");
  const account = state.accounts.find(({ userId, mainId }) => userId === Number(path.userId) && mainId !== null);
  if (!account) throw new Refusal("SUB_ACCOUNT_NOT_FOUND");
  if (account.mainId !== caller.account.userId) throw new Refusal(switches.get("notOwnSub"));
  return account;
}
