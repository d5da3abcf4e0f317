// A master account's sub-accounts: the list with its pages, and making one. Apart from their keys.

import type { Call } from "./endpoints";
import { Refusal } from "./errors";
import { optional, required } from "./parameters";
import { addAccount } from "./state";
import { subAccountRow } from "./wire";

/** The name of a sub-account: 6 to 20 letters and digits, case-sensitive. Source: docs-v5, creating a sub-account's key. */
export const SUB_ACCOUNT = /^[A-Za-z0-9]{6,20}$/;

const MOST_ROWS = 100;

/** `GET users/subaccount/list`, newest first. Source: docs-v5 #sub-account-rest-api-get-sub-account-list. */
export function listSubAccounts({ parameters, caller, state }: Call): unknown[] {
  const enable = optional(parameters, "enable") ?? "";
  if (!["", "true", "false"].includes(enable)) throw new Refusal("51000", "enable");
  const subAcct = optional(parameters, "subAcct") ?? "";
  const after = numeric(optional(parameters, "after"), "after") ?? Infinity;
  const before = numeric(optional(parameters, "before"), "before") ?? -Infinity;
  const limit = numeric(optional(parameters, "limit"), "limit") ?? MOST_ROWS;
  if (limit < 1 || limit > MOST_ROWS) throw new Refusal("51000", "limit");
  return state.accounts
    .filter((account) => account.mainUid === caller.account.uid && account.subAcct !== null)
    .filter((account) => subAcct === "" || account.subAcct === subAcct)
    .filter((account) => enable === "" || String(account.enabled) === enable)
    .filter(({ createdAt }) => createdAt < after && createdAt > before)
    .reverse()
    .slice(0, limit)
    .map(subAccountRow);
}

/** `POST users/subaccount/create-subaccount`. Source: docs-v5 #sub-account-rest-api-create-sub-account. */
export function createSubAccount({ parameters, caller, state, clock, switches }: Call): unknown[] {
  if (switches.get("createSubaccount") === "59518") throw new Refusal("59518");
  const subAcct = required(parameters, "subAcct");
  if (!SUB_ACCOUNT.test(subAcct)) throw new Refusal("51000", "subAcct");
  // Custody accounts, types 5 and 12, need contracts with others.
  if (required(parameters, "type") !== "1") throw new Refusal("51000", "type");
  const label = optional(parameters, "label") ?? "";
  if (label !== "" && (label.length < 6 || label.length > 32)) throw new Refusal("51000", "label");
  if (state.accounts.some((account) => account.subAcct === subAcct)) throw new Refusal("59601");
  const account = addAccount(state, clock.now(), { subAcct, mainUid: caller.account.uid, label });
  return [{ label, subAcct, ts: String(account.createdAt), uid: account.uid }];
}

function numeric(text: string | undefined, name: string): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new Refusal("51000", name);
  return Number(text);
}
