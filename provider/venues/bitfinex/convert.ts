// Bitfinex's words on both sides: permissions of a token ↔ caps ↔ scopes, scopes → powers. Pure.

import type { Asked, GrantComparison, KindOptions, Permissions, Problem } from "../../core/capability";
import { isObject, refuse, sortedMap } from "../../core/given";
import type { Grants, Power, Powers } from "../../core/model";
import { grantSet, withDelta, without } from "../../core/permission";
import { POWERS, powersOf, type PowerRow } from "../../core/powers";

/** Area of a token's permissions → the letter of its cap. Source: docs.bitfinex.com/reference/generate-token, read 2025-07-04. */
export const CAPS = { account: "a", orders: "o", funding: "f", settings: "s", wallets: "w", withdraw: "wd", bfxpay: "bp" } as const;

export type Area = keyof typeof CAPS;
export type Access = "read" | "read-write";

const AREAS = Object.keys(CAPS) as readonly Area[];
const ALLOWED = `allowed are ${AREAS.join(", ")}, each "read" or "read-write"`;

/** Judges a token's permissions. Bitfinex has one write flag for a whole token, and withdraw exists with it alone. */
export function tokenPermissions(given: unknown): { readonly ok: Permissions } | { readonly problems: readonly Problem[] } {
  if (!isObject(given)) return refuse("permissions", `a map is needed; ${ALLOWED}`);
  const entries = Object.entries(given);
  if (entries.length === 0) return refuse("permissions", `a token without permissions can do nothing; ${ALLOWED}`);
  const problems = entries.flatMap(([area, access]) => wrongEntry(area, access));
  if (problems.length > 0) return { problems };
  const accesses = new Set(entries.map(([, access]) => access));
  if (Object.hasOwn(given, "withdraw") && !accesses.has("read-write")) {
    return refuse(
      "permissions.withdraw",
      'Bitfinex gives withdraw only with the write flag; say "read-write" for every area of this token',
    );
  }
  if (accesses.size > 1) {
    const reads = entries.filter(([, access]) => access === "read").map(([area]) => area);
    return refuse(
      "permissions",
      `a Bitfinex token has one write flag for all its areas, so ${reads.join(", ")} can't stay "read"; say "read-write" for all, or make two tokens`,
    );
  }
  return { ok: sortedMap(entries) };
}

function wrongEntry(area: string, access: unknown): readonly Problem[] {
  const property = `permissions.${area}`;
  if (!Object.hasOwn(CAPS, area)) return [{ property, reason: `Bitfinex tokens have no area "${area}"; ${ALLOWED}` }];
  if (access !== "read" && access !== "read-write")
    return [{ property, reason: `"read" or "read-write" is needed here; leave the area out for none` }];
  return [];
}

/** The caps and the write flag of canonical permissions. */
export function capsOf(permissions: Permissions): { readonly caps: readonly string[]; readonly writePermission: boolean } {
  const areas = AREAS.filter((area) => permissions[area] !== undefined);
  return { caps: areas.map((area) => CAPS[area]), writePermission: areas.some((area) => permissions[area] === "read-write") };
}

/**
 * The scopes that permissions ask for. That the cap of an area gives the scope of the same name is inferred from the names: how caps map to
 * scopes isn't documented. Withdraw is write alone, as in the documented example (`["withdraw",0,1]`).
 */
export function grantsOf(permissions: Permissions): Grants {
  return grantSet(
    Object.entries(permissions).flatMap(([scope, access]) => {
      if (access === "read") return [`${scope}:read`];
      if (access === "write" || scope === "withdraw") return [`${scope}:write`];
      return [`${scope}:read`, `${scope}:write`];
    }),
  );
}

/** Permissions with grants that came or went; scopes without a cap show under their own names. A token's withdraw is written `read-write`. */
export function withDrift(permissions: Permissions, added: Grants, removed: Grants): Asked {
  const shown = drifted(permissions, added, removed).permissions;
  return { permissions: shown["withdraw"] === "write" ? { ...shown, withdraw: "read-write" } : shown };
}

/** The same, with each scope as its two bits say. */
export function drifted(permissions: Permissions, added: Grants, removed: Grants): Asked {
  const grants = withDelta(grantsOf(permissions), added, removed);
  return { permissions: Object.fromEntries(grantSet(grants.map(scopeOf)).map((scope) => [scope, accessTo(scope, grants)])) };
}

/** `orders:write` → `orders`. */
export function scopeOf(grant: string): string {
  return grant.slice(0, grant.lastIndexOf(":"));
}

function accessTo(scope: string, grants: Grants): string {
  const write = grants.includes(`${scope}:write`);
  if (!grants.includes(`${scope}:read`)) return "write";
  return write ? "read-write" : "read";
}

const TEXTS = "support.bitfinex.com article 115003363429";
const SILENT = "not described at docs.bitfinex.com or support.bitfinex.com";

/** Scope and direction → powers. A scope that isn't here, such as one added tomorrow, is `unknown`. */
export const POWER_ROWS: Readonly<Record<string, PowerRow>> = {
  ...reads("account", "history", "orders", "positions", "funding", "settings", "wallets", "withdraw", "ui_withdraw", "bfxpay"),
  ...reads("eaas_agreement", "eaas_withdraw", "eaas_deposit", "eaas_brokerage"),
  "account:write": row(["administer"], `${TEXTS}: edits account information`),
  "orders:write": row(["trade"], `${TEXTS}: creates and cancels orders`),
  "positions:write": row(["trade"], `${TEXTS}: claims positions`),
  "funding:write": row(["lend"], `${TEXTS}: offers, cancels and closes funding`),
  "wallets:write": row(["transfer"], `${TEXTS}: transfers between wallets`),
  "withdraw:write": row(["withdraw"], `${TEXTS}: withdrawals through the API`),
  "ui_withdraw:write": row(["withdraw"], `${SILENT}; the name says withdraw`),
  "eaas_withdraw:write": row(["withdraw"], `${SILENT}; the name says withdraw`),
  "settings:write": row(["unknown"], SILENT),
  "bfxpay:write": row(["unknown"], `${TEXTS}: creates invoices; none of the powers says that`),
  "history:write": row(["unknown"], SILENT),
};

function reads(...scopes: readonly string[]): Readonly<Record<string, PowerRow>> {
  return Object.fromEntries(scopes.map((scope) => [`${scope}:read`, row(["read"], "docs.bitfinex.com/reference/key-permissions")]));
}

function row(powers: readonly Power[], source: string): PowerRow {
  return { powers, source };
}

/**
 * Powers of a token. A token can itself call `auth/w/token` (bfx-reports-framework renews a token with a token), so one with the write flag
 * also administers. Whether a read-only token can mint isn't documented: `selfRenewing` says so.
 */
export function tokenPowers(grants: Grants): Powers {
  const powers = powersOf(grants, POWER_ROWS);
  const writes = grants.filter((grant) => grant.endsWith(":write"));
  if (writes.length === 0) return powers;
  return inOrder({ ...powers, administer: grantSet([...(powers.administer?.split(" ") ?? []), "token:mint"]).join(" ") });
}

function inOrder(powers: Powers): Powers {
  return Object.fromEntries(POWERS.flatMap((power) => (powers[power] === undefined ? [] : [[power, powers[power]]])));
}

/**
 * What makes a new token wider: an undeclared write scope, or an undeclared power to withdraw or transfer. An undeclared read scope is worth
 * a warning, since nobody documents which scopes a cap gives; with `strict` it is wider too.
 */
export function compareGrants(declared: Grants, observed: Grants, { strict }: KindOptions): GrantComparison {
  const implied = declared.includes("withdraw:write") ? [...declared, "withdraw:read"] : declared;
  const extra = without(observed, implied);
  const declaredPowers = powersOf(declared, POWER_ROWS);
  const dangerous = extra.filter((grant) => {
    const powers = powersOf([grant], POWER_ROWS);
    return grant.endsWith(":write") || (["withdraw", "transfer"] as const).some((power) => powers[power] && !declaredPowers[power]);
  });
  const wider = strict ? extra : dangerous;
  return { wider, narrower: without(declared, observed), undeclared: without(extra, wider) };
}
