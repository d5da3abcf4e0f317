// The rows that Gate answers with, member by member. Apart, because their shape is the documents' and nothing else of the dialect
// needs to know it. Times are seconds since 1970.

import type { Switches } from "../../switches";
import type { Keys, Shown } from "./keys";
import { writePerms } from "./permissions";
import type { Account, Key } from "./state";
import type { GateSwitches } from "./switches";

export type Page = "main_keys" | "sub_accounts";

export function seconds(at: number): number {
  return Math.floor(at / 1_000);
}

/** What all of these have. */
function common({ key, state }: Shown, page: Page, keys: Keys, switches: Switches<GateSwitches>) {
  return {
    state: stateNumber(key, page, keys, switches),
    name: state.name,
    user_id: key.userId,
    perms: writePerms(state.permissions, switches),
    ip_whitelist: state.allowedIps,
    mode: key.mode,
    key: key.apiKey,
    created_at: seconds(key.createdAt),
  };
}

/** The answer of a creation, the only one with the secret. Source: docs/gateio, POST /sub_accounts/{user_id}/keys, 2025-11-30. */
export function createdRow(shown: Shown, keys: Keys, switches: Switches<GateSwitches>): unknown {
  const { key, state } = shown;
  return { ...common(shown, "sub_accounts", keys, switches), secret: key.apiSecret, updated_at: seconds(state.at) };
}

/** A key of a sub-account as it is read. Source: docs/gateio, GET /sub_accounts/{user_id}/keys, 2025-11-30. */
export function keyRow(shown: Shown, keys: Keys, switches: Switches<GateSwitches>, page: Page = "sub_accounts"): Record<string, unknown> {
  const { key, state } = shown;
  const never = switches.get("neverUsed") === "created" ? { last_access: seconds(key.createdAt) } : {};
  return {
    ...common(shown, page, keys, switches),
    ...(key.lastAccess === null ? never : { last_access: seconds(key.lastAccess) }),
    [switches.get("updatedMember")]: seconds(state.at),
  };
}

/** A main account's key, masked: 12 characters and 5 asterisks. Source: docs/gateio, GET /account/main_keys, 2025-11-30. */
export function mainKeyRow(shown: Shown, keys: Keys, switches: Switches<GateSwitches>): unknown {
  const row = keyRow(shown, keys, switches, "main_keys");
  return { ...row, currency_pairs: shown.key.currencyPairs, key: `${shown.key.apiKey.slice(0, 12)}*****` };
}

/** The calling key alone, as some clients have `main_keys`. Source: npm gateio-api 1.6.1. */
export function ownKeyRow(shown: Shown, keys: Keys, switches: Switches<GateSwitches>): unknown {
  const { state, mode, perms } = common(shown, "main_keys", keys, switches);
  return { state, key: { mode }, perms };
}

/** `account/detail`: the calling key's account, addresses and pairs, not its permissions. Source: docs/gateio, 2025-11-30. */
export function detailRow({ key, state }: Shown, account: Account): unknown {
  return {
    user_id: account.userId,
    ip_whitelist: state.allowedIps,
    currency_pairs: key.currencyPairs,
    key: { mode: key.mode },
    tier: 0,
    copy_trading_role: 0,
  };
}

/** `state`: 1 normal, 2 locked. Source: docs/gateio, POST and GET /sub_accounts, 2025-11-30. */
export function subAccountRow({ remark, loginName, userId, locked, createdAt }: Account): unknown {
  return { remark, login_name: loginName, user_id: userId, state: locked ? 2 : 1, create_time: seconds(createdAt) };
}

/** Source: docs/gateio, GET /spot/accounts, 2025-11-30. */
export function balanceRows({ balances }: Account, currency: string | undefined): unknown[] {
  return balances
    .filter((one) => currency === undefined || one.currency === currency)
    .map(({ updateId, ...row }) => ({ ...row, update_id: updateId }));
}

/** 1 normal; 2 and 3 as the documents contradict each other. Source: docs/gateio, main_keys; gate-node, SubAccountKey. */
function stateNumber(key: Key, page: Page, keys: Keys, switches: Switches<GateSwitches>): number {
  const lapsed = keys.lapsed(key) && switches.get("lapsedShown") === "frozen";
  const standing = lapsed ? "frozen" : key.standing;
  if (standing === "normal") return 1;
  const numbers = switches.get("stateNumbers");
  const two = numbers === "2-locked" || (numbers === "by-page" && page === "main_keys") ? "locked" : "frozen";
  return standing === two ? 2 : 3;
}
