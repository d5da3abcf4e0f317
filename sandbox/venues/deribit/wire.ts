// The objects that Deribit answers with. Apart, because their members are the documents' and nothing else of the dialect
// needs to know them.

import type { Switches } from "../../switches";
import { shown } from "./ips";
import { scopeText } from "./scopes";
import { fingerprintOf } from "./signatures";
import type { Account, Key } from "./state";
import type { DeribitSwitches } from "./switches";

/** The api_key object. Source: docs.deribit.com/api-reference/account-management/private-create_api_key */
export function apiKeyObject(key: Key, switches: Switches<DeribitSwitches>, withSecret: boolean): Record<string, unknown> {
  const ips = shown(key.allowedIps, switches);
  const empty = switches.get("emptyMembers") === "shown";
  return {
    timestamp: key.createdAt,
    ...(key.publicKey === null ? {} : { public_key: key.publicKey }),
    name: key.name,
    max_scope: scopeText(key.scope, switches),
    ...(ips.length > 0 || empty ? { ip_whitelist: ips } : {}),
    id: key.number,
    ...(key.features.length > 0 || empty ? { enabled_features: key.features } : {}),
    enabled: key.enabled,
    default: false,
    ...(withSecret ? { client_secret: key.publicKey === null ? key.secret : fingerprintOf(key.publicKey) } : {}),
    client_id: key.clientId,
  };
}

/** Members of the account summary that say how much there is and, extended, whose it is. Source: docs of private/get_account_summary, 2025-11-30 */
export function accountSummary(account: Account, currency: string, extended: boolean): Record<string, unknown> {
  const amount = account.balances[currency] ?? 0;
  const owner = {
    id: account.id,
    type: typeOf(account),
    username: account.username,
    system_name: systemName(account),
    email: account.email,
    creation_timestamp: account.createdAt,
    security_keys_enabled: account.tfa !== "off",
  };
  return {
    currency,
    balance: amount,
    equity: amount,
    margin_balance: amount,
    available_funds: amount,
    available_withdrawal_funds: amount,
    initial_margin: 0,
    maintenance_margin: 0,
    delta_total: 0,
    total_pl: 0,
    ...(extended ? owner : {}),
  };
}

/** A row of `private/get_subaccounts`; of which members a sub-account sees its main account isn't documented. Source: docs, 2025-11-30 */
export function accountRow(account: Account, limited: boolean): Record<string, unknown> {
  const named = { id: account.id, type: typeOf(account), username: account.username, system_name: systemName(account) };
  if (limited) return named;
  return {
    ...named,
    email: account.email,
    is_password: true,
    login_enabled: account.mainId === null,
    margin_model: "segregated_sm",
    receive_notifications: false,
    security_keys_assignments: [],
    security_keys_enabled: account.tfa !== "off",
  };
}

/** The answer to an order, which the sandbox forgets. Source: docs of private/buy, 2025-11-30 */
export function orderAnswer(id: string, now: number, order: Readonly<Record<string, unknown>>): unknown {
  const state = { order_state: "open", filled_amount: 0, average_price: 0, time_in_force: "good_til_cancelled" };
  const kind = { api: true, post_only: false, reduce_only: false, replaced: false, is_liquidation: false };
  const at = { creation_timestamp: now, last_update_timestamp: now };
  return { order: { order_id: id, direction: "buy", ...order, ...state, ...kind, ...at }, trades: [] };
}

function typeOf(account: Account): "main" | "subaccount" {
  return account.mainId === null ? "main" : "subaccount";
}

function systemName(account: Account): string {
  return `user_${account.id}`;
}
