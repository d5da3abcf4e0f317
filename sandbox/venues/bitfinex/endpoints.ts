// The endpoints: one table of paths, what each needs, its limit and what it answers. Apart, so that what this dialect
// offers, and what it doesn't (no endpoint makes, edits or revokes an API key), is read in one place.

import { z } from "zod";
import type { Clock } from "../../clock";
import type { Limit } from "../../limits";
import type { Switches } from "../../switches";
import type { Authenticator, Caller } from "./auth";
import type { Refusals } from "./errors";
import { permissionRows, type Scope } from "./scopes";
import type { State } from "./state";
import type { BitfinexSwitches } from "./switches";
import { deleteToken, mint } from "./tokens";
import { auditRow, loginRow, userInfo, walletRow } from "./wire";

/** A private request whose caller is proved. */
export interface Call {
  readonly caller: Caller;
  readonly body: unknown;
  readonly state: State;
  readonly clock: Clock;
  readonly switches: Switches<BitfinexSwitches>;
  readonly refusals: Refusals;
  readonly auth: Authenticator;
}

type Need = `${Scope}:${"read" | "write"}`;

export interface Endpoint {
  readonly limit: Limit;
  /** The scope that a caller must have; none for `nothing`. */
  readonly needs: Need | "nothing" | "accountNeeds";
  /** Whether a dead token may call it, where the switch `tokenDelOfDead` says so. */
  readonly evenDead?: true;
  readonly answer: (call: Call) => unknown;
}

const MINUTE = 60_000;
/** docs.bitfinex.com/docs/rest-general, and each endpoint's own page. */
const READ: Limit = { requests: 90, perMs: MINUTE };
/** Not documented; what Bitfinex's own report service keeps to with these two. */
const TOKEN: Limit = { requests: 10, perMs: MINUTE };

/** Private endpoints below `/v2/`, all POST. */
export const endpoints: Readonly<Record<string, Endpoint>> = {
  // docs.bitfinex.com/reference/key-permissions: no scope is named, so none is needed.
  "auth/r/permissions": {
    limit: READ,
    needs: "nothing",
    answer: ({ caller, switches }) => permissionRows(caller.grants, switches.get("permissionRows")),
  },
  "auth/r/info/user": { limit: READ, needs: "accountNeeds", answer: ({ caller }) => userInfo(caller.account) },
  "auth/r/logins/hist": {
    limit: READ,
    needs: "accountNeeds",
    answer: (call) =>
      history(call, call.caller.account.logins, 250).map((row) => loginRow(row, call.switches.get("objectsAs") === "object")),
  },
  "auth/r/audit/hist": {
    limit: READ,
    needs: "accountNeeds",
    answer: (call) =>
      history(call, call.caller.account.audit, 500).map((row) => auditRow(row, call.switches.get("objectsAs") === "object")),
  },
  "auth/r/wallets": { limit: READ, needs: "wallets:read", answer: ({ caller }) => caller.account.wallets.map(walletRow) },
  "auth/w/order/submit": { limit: READ, needs: "orders:write", answer: submitOrder },
  "auth/w/token": { limit: TOKEN, needs: "nothing", answer: mint },
  "auth/w/token/del": { limit: TOKEN, needs: "nothing", evenDead: true, answer: deleteToken },
};

/** Public endpoints below `/v2/`, all GET, and their limits per address. */
export const publicLimits: Readonly<Record<string, Limit>> = {
  "platform/status": { requests: 30, perMs: MINUTE },
  "int/geo/ip": { requests: 90, perMs: MINUTE },
};

export const limits: Readonly<Record<string, Limit>> = {
  ...Object.fromEntries(Object.entries(endpoints).map(([path, { limit }]) => [path, limit])),
  ...publicLimits,
};

const historySchema = z.looseObject({ start: z.int().optional(), end: z.int().optional(), limit: z.int().min(1).optional() });

/** Rows between `start` and `end` (milliseconds), newest first, at most `limit`. */
function history<R extends { readonly at: number }>(call: Call, rows: readonly R[], most: number): R[] {
  const parsed = historySchema.safeParse(call.body);
  if (!parsed.success) throw call.refusals.params(String(parsed.error.issues[0]?.path[0] ?? "body"));
  const { start = 0, end = Number.MAX_SAFE_INTEGER, limit = most } = parsed.data;
  if (limit > most) throw call.refusals.params("limit");
  return [...rows]
    .reverse()
    .filter(({ at }) => at >= start && at <= end)
    .slice(0, limit);
}

/**
 * Takes any order and forgets it: enough to see whether a credential may trade. The body isn't modelled, and of the
 * answer only that it is an array that says SUCCESS.
 */
function submitOrder({ clock }: Call): unknown {
  return [clock.now(), "on-req", null, null, [], null, "SUCCESS", "taken by the sandbox"];
}
