// The permission grid of Bitfinex's API keys: rows as the web page has them, what a program may declare, what of a key differs. Pure.

import type { GrantComparison, GridRow, KindOptions, Permissions, Problem } from "../../core/capability";
import { membersOf, refuse, sortedMap } from "../../core/given";
import type { Grants, Powers } from "../../core/model";
import { without } from "../../core/permission";
import { powersOf } from "../../core/powers";
import { POWER_ROWS, scopeOf } from "./convert";

const BOTH = ["read", "write"] as const;

/**
 * The page's rows. That a row is the scope beside it is inferred from the names. Sources: support.bitfinex.com article 115003363429;
 * docs.bitfinex.com/docs/api-access. Of Withdrawals the documented example reads `["withdraw",0,1]`, so that writing alone is offered.
 */
export const ROWS: readonly GridRow[] = [
  { scope: "account", title: "Account Info", toggles: BOTH },
  { scope: "history", title: "Account History", toggles: BOTH },
  { scope: "orders", title: "Orders", toggles: BOTH },
  { scope: "positions", title: "Margin Trading", toggles: BOTH },
  { scope: "funding", title: "Margin Funding", toggles: BOTH },
  { scope: "wallets", title: "Wallets", toggles: BOTH },
  { scope: "withdraw", title: "Withdrawals", toggles: ["write"] },
  { scope: "bfxpay", title: "Bitfinex Pay", toggles: BOTH },
];

const SCOPES = ROWS.map(({ scope }) => scope);
const ALLOWED = `rows are ${SCOPES.join(", ")}`;

/** Judges a key's permissions. Rows that are left out, or `"none"`, are off. */
export function keyPermissions(given: unknown): { readonly ok: Permissions } | { readonly problems: readonly Problem[] } {
  const entries = membersOf(given);
  if (entries === undefined) return refuse("permissions", `a map is needed; ${ALLOWED}`);
  const problems = entries.flatMap(([scope, access]) => wrongRow(scope, access));
  if (problems.length > 0) return { problems };
  const on = entries.filter(([, access]) => access !== "none");
  if (on.length === 0) return refuse("permissions", `a key without permissions can do nothing; ${ALLOWED}`);
  return { ok: sortedMap(on) };
}

function wrongRow(scope: string, access: unknown): readonly Problem[] {
  const property = `permissions.${scope}`;
  const row = ROWS.find((each) => each.scope === scope);
  if (row === undefined) return [{ property, reason: `Bitfinex's page has no row for "${scope}"; ${ALLOWED}` }];
  const both = row.toggles.length === BOTH.length;
  const values = ["none", ...row.toggles, ...(both ? ["read-write"] : [])];
  if (typeof access === "string" && values.includes(access)) return [];
  return [{ property, reason: `the row ${row.title} takes ${values.map((value) => `"${value}"`).join(", ")}` }];
}

export function keyPowers(grants: Grants): Powers {
  return powersOf(grants, POWER_ROWS);
}

/**
 * Row by row, as exact as the page's toggles are. A scope without a row (`settings`, `ui_withdraw`, `eaas_…`, or one of tomorrow) can't be
 * turned off by anybody: reading is worth a warning, writing is wider unless `accept` names it. `withdraw:read` has no toggle either.
 */
export function compareKey(declared: Grants, observed: Grants, { accept = [] }: KindOptions): GrantComparison {
  const extra = without(observed, declared);
  const harmless = extra.filter((grant) => {
    const row = ROWS.find(({ scope }) => scope === scopeOf(grant));
    const direction = grant.endsWith(":write") ? "write" : "read";
    if (row?.toggles.includes(direction)) return false;
    return direction === "read" || (row === undefined && accept.includes(scopeOf(grant)));
  });
  return { wider: without(extra, harmless), narrower: without(declared, observed), undeclared: harmless };
}

/** Rules of the input `accept`: it names scopes that the page has no row for. */
export function acceptRules({ accept }: Readonly<Record<string, unknown>>): readonly Problem[] {
  if (!Array.isArray(accept)) return [];
  const rows = accept.filter((scope) => SCOPES.includes(String(scope)));
  if (rows.length === 0) return [];
  return [{ property: "accept", reason: `${rows.join(", ")} has a row on the page; declare it in permissions` }];
}
