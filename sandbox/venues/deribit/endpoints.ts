// The methods: one table of names, what each needs, its parameters and what it answers. Apart, so that what this dialect
// offers, and what it doesn't, is read in one place.

import type { Clock } from "../../clock";
import type { Trace, VenueRequest } from "../../dialect";
import type { Limit } from "../../limits";
import type { Switches } from "../../switches";
import * as keys from "./apikeys";
import type { Authenticator, Caller } from "./auth";
import type { Refusals } from "./errors";
import type { Keyring } from "./keyring";
import type { Parameters } from "./parameters";
import { accountOf, type Account, type State } from "./state";
import type { DeribitSwitches } from "./switches";
import { authenticate } from "./tokens";
import { accountRow, accountSummary, orderAnswer } from "./wire";

interface AnyCall {
  readonly params: Parameters;
  readonly state: State;
  readonly clock: Clock;
  readonly switches: Switches<DeribitSwitches>;
  readonly refusals: Refusals;
}

/** A request whose caller is proved and may ask this. */
export interface Call extends AnyCall {
  readonly caller: Caller;
  readonly keyring: Keyring;
}

export interface PublicCall extends AnyCall {
  readonly auth: Authenticator;
  readonly request: VenueRequest;
  readonly trace: Trace;
}

interface Private {
  readonly needs: string;
  readonly params: readonly string[];
  /** Its page carries the marker “TFA required”. */
  readonly tfa?: boolean;
  /** Not counted by the limit: what Deribit counts for these isn't in the documents that this is written from. */
  readonly matching?: boolean;
  readonly answer: (call: Call) => unknown;
}

const MANAGE = "account:read_write";

/** Methods by the path below `/api/v2/`. Scopes and markers: each method's own page, 2026; the last four as of 2025-11-30. */
export const methods: Readonly<Record<string, Private>> = {
  "private/create_api_key": {
    needs: MANAGE,
    tfa: true,
    params: ["max_scope", "name", "public_key", "enabled_features"],
    answer: keys.createKey,
  },
  "private/edit_api_key": {
    needs: MANAGE,
    tfa: true,
    params: ["id", "max_scope", "name", "enabled", "enabled_features", "ip_whitelist"],
    answer: keys.editKey,
  },
  "private/list_api_keys": { needs: "account:read", tfa: true, params: [], answer: keys.listKeys },
  "private/change_scope_in_api_key": { needs: MANAGE, tfa: true, params: ["id", "max_scope"], answer: keys.changeScope },
  "private/change_api_key_name": { needs: MANAGE, params: ["id", "name"], answer: keys.changeName },
  "private/enable_api_key": { needs: MANAGE, params: ["id"], answer: keys.enableKey },
  "private/disable_api_key": { needs: MANAGE, tfa: true, params: ["id"], answer: keys.disableKey },
  "private/reset_api_key": { needs: MANAGE, params: ["id"], answer: keys.resetKey },
  "private/remove_api_key": { needs: MANAGE, params: ["id"], answer: keys.removeKey },
  "private/get_subaccounts": { needs: "account:read", params: ["with_portfolio"], answer: subaccounts },
  "private/get_account_summary": { needs: "account:read", params: ["currency", "subaccount_id", "extended"], answer: summary },
  "private/get_withdrawals": { needs: "wallet:read", params: ["currency", "count", "offset"], answer: withdrawals },
  "private/buy": {
    needs: "trade:read_write",
    params: ["instrument_name", "amount", "contracts", "type", "price", "label"],
    matching: true,
    answer: buy,
  },
};

/** Public methods. Source: docs.deribit.com/articles/authentication; docs of public/get_time, 2025-11-30 */
export const publicMethods: Readonly<Record<string, (call: PublicCall) => unknown>> = {
  "public/auth": authenticate,
  "public/get_time": ({ clock }) => clock.now(),
};

/** What a method that isn't the matching engine's costs, of the account's credits. Source: docs.deribit.com/articles/rate-limits */
export const COST = 500;
export const POOL = "non-matching-engine";

/** 50,000 credits, and 10,000 a second coming back. Source: the same */
export const limits: Readonly<Record<string, Limit>> = { [POOL]: { requests: 50_000, perMs: 5_000, steady: true } };

function summary({ params, caller, state, refusals }: Call): unknown {
  const currency = params.required("currency", params.text("currency"));
  const extended = params.boolean("extended") ?? false;
  const id = params.integer("subaccount_id");
  const mine = (account: Account): boolean => account.id === caller.account.id || account.mainId === caller.account.id;
  const account = id === undefined ? caller.account : state.accounts.find((one) => one.id === id && mine(one));
  if (!account) throw refusals.invalid("subaccount_id", "no such subaccount");
  if (!Object.hasOwn(account.balances, currency)) throw refusals.invalid("currency", "invalid currency");
  return accountSummary(account, currency, extended);
}

/** Main account and sub-accounts; a sub-account sees itself and a little of its main account. */
function subaccounts({ caller, state }: Call): unknown {
  const { account } = caller;
  if (account.mainId !== null) return [accountRow(accountOf(state, account.mainId), true), accountRow(account, false)];
  return state.accounts.filter(({ id, mainId }) => id === account.id || mainId === account.id).map((one) => accountRow(one, false));
}

function withdrawals({ params }: Call): unknown {
  params.required("currency", params.text("currency"));
  return { count: 0, data: [] };
}

/** Takes any order and forgets it: enough to see whether a key may trade. */
function buy({ params, state, clock }: Call): unknown {
  const instrument_name = params.required("instrument_name", params.text("instrument_name"));
  const amount = params.required("amount", params.number("amount") ?? params.number("contracts"));
  const order = { instrument_name, amount, order_type: params.text("type") ?? "limit", label: params.text("label") ?? "" };
  return orderAnswer(`SANDBOX-${++state.lastId}`, clock.now(), { ...order, price: params.number("price") ?? 0 });
}
