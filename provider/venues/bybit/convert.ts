// Bybit's words on both sides: permissions and access ↔ grants, grants → powers. Pure.

import type { Asked, Extras, GrantComparison, KindOptions, OwnKey, Permissions, Problem } from "../../core/capability";
import type { AccountFacts } from "../../core/driver";
import { membersOf, refuse, sortedMap } from "../../core/given";
import type { Grants, Powers } from "../../core/model";
import { grantSet, withDelta, without } from "../../core/permission";
import { powersOf, type PowerRow } from "../../core/powers";

const CREATE = "bybit-exchange/docs, v5/user/create-subuid-apikey";
const UPDATE = "bybit-exchange/docs, v5/user/modify-sub-apikey";

/** Type → what a sub-account's key can have of it. Source: the tables of create-subuid-apikey and modify-sub-apikey, read 2026-07-24. */
export const TYPES: Readonly<Record<string, readonly string[]>> = {
  ContractTrade: ["Order", "Position"],
  Spot: ["SpotTrade"],
  Wallet: ["AccountTransfer", "SubMemberTransferList"],
  Options: ["OptionsTrade"],
  Derivatives: ["DerivativesTrade"],
  Exchange: ["ExchangeHistory"],
  Earn: ["Earn"],
};

/** The grant of a key that isn't read-only: `readOnly: 0`. Without it, all others only read. */
export const READ_WRITE = "read-write";
/** Given unasked to keys of a unified account. */
const DERIVATIVES = "Derivatives:DerivativesTrade";

const ALLOWED = `allowed are ${Object.entries(TYPES)
  .map(([type, members]) => `${type}: ${JSON.stringify(members)}`)
  .join(", ")}`;

/** Judges permissions: type → list, in Bybit's words. Sorted, so that their order is no change. */
export function permissions(given: unknown): { readonly ok: Permissions } | { readonly problems: readonly Problem[] } {
  const entries = membersOf(given);
  if (entries === undefined) return refuse("permissions", `a map is needed; ${ALLOWED}`);
  const problems = entries.flatMap(([type, members]) => wrongType(type, members));
  if (problems.length > 0) return { problems };
  const kept = entries.filter(([, members]) => (members as readonly string[]).length > 0);
  if (kept.length === 0) return refuse("permissions", `Bybit refuses a key without permissions; ${ALLOWED}`);
  return { ok: sortedMap(kept.map(([type, members]) => [type, grantSet(members as readonly string[])])) };
}

function wrongType(type: string, members: unknown): readonly Problem[] {
  const property = `permissions.${type}`;
  const known = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (known === undefined) return [{ property, reason: `keys of sub-accounts have no "${type}"; ${ALLOWED}` }];
  if (!Array.isArray(members)) return [{ property, reason: `a list is needed, of ${JSON.stringify(known)}` }];
  const strangers = members.filter((member) => typeof member !== "string" || !known.includes(member));
  if (strangers.length === 0) return [];
  return [{ property, reason: `it has only ${JSON.stringify(known)}; take the rest away` }];
}

/** `access` is asked for, since the venue's default is read-write. */
export function rules({ access }: Extras): readonly Problem[] {
  if (access !== undefined) return [];
  return [{ property: "access", reason: 'say access: "read-only" or "read-write"; there is no default, since Bybit\'s own is read-write' }];
}

/** `{ Spot: ["SpotTrade"] }` with access `read-write` → `["Spot:SpotTrade", "read-write"]`. */
export function grantsOf(given: Permissions, { access }: Extras): Grants {
  return shownGrants(given as Readonly<Record<string, readonly string[]>>, access !== "read-write");
}

/** Grants as the venue shows them: empty types are none. */
export function shownGrants(given: Readonly<Record<string, readonly string[]>>, readOnly: boolean): Grants {
  const named = Object.entries(given).flatMap(([type, members]) => members.map((member) => `${type}:${member}`));
  return grantSet([...named, ...(readOnly ? [] : [READ_WRITE])]);
}

/** Permissions with every type named, so that what isn't meant is taken away: what an update leaves out isn't documented to go. */
export function wholePermissions(given: Permissions): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.keys(TYPES).map((type) => [type, (given[type] as readonly string[] | undefined) ?? []]));
}

/** Permissions with grants that came or went; `access` with them. */
export function withDrift(given: Permissions, added: Grants, removed: Grants, extras: Extras): Asked {
  const grants = withDelta(grantsOf(given, extras), added, removed);
  const shown = new Map<string, string[]>();
  for (const grant of grants) {
    const [type = "", member] = grant.split(":");
    if (member !== undefined) shown.set(type, [...(shown.get(type) ?? []), member]);
  }
  return { permissions: Object.fromEntries(shown), extras: { access: grants.includes(READ_WRITE) ? "read-write" : "read-only" } };
}

const MANAGES = `${UPDATE}: callable by the sub-account's key on itself with "Account Transfer" or "Sub Member Transfer"`;

/** Of a key that may write. `Wallet` administers: with it a key changes and deletes itself, its IP list too. */
export const POWER_ROWS: Readonly<Record<string, PowerRow>> = {
  "ContractTrade:Order": { powers: ["read", "trade"], source: CREATE },
  "ContractTrade:Position": { powers: ["read", "trade"], source: CREATE },
  "Spot:SpotTrade": { powers: ["read", "trade"], source: CREATE },
  "Options:OptionsTrade": { powers: ["read", "trade"], source: CREATE },
  [DERIVATIVES]: { powers: ["read", "trade"], source: UPDATE },
  "Wallet:AccountTransfer": { powers: ["read", "transfer", "administer"], source: MANAGES },
  "Wallet:SubMemberTransferList": { powers: ["read", "transfer", "administer"], source: MANAGES },
  "Wallet:SubMemberTransfer": { powers: ["read", "transfer", "administer"], source: "bybit-exchange/docs, v5/user/modify-master-apikey" },
  "Wallet:Withdraw": { powers: ["read", "withdraw"], source: "bybit-exchange/docs, v5/user/apikey-info: a master's key alone" },
  "Exchange:ExchangeHistory": { powers: ["read"], source: CREATE },
  "Earn:Earn": { powers: ["read", "unknown"], source: `${CREATE}: named without a description` },
  [READ_WRITE]: { powers: [], source: `${CREATE}: readOnly 0; alone it gives nothing` },
};

/** Of a read-only key: everything reads; whether one with `Wallet` may still change itself isn't documented, so it administers. */
export function powers(grants: Grants): Powers {
  if (grants.includes(READ_WRITE)) return powersOf(grants, POWER_ROWS);
  const reading = Object.entries(POWER_ROWS).map(([grant, row]) => {
    const left = row.powers.filter((power) => power === "read" || (power === "administer" && grant.startsWith("Wallet:")));
    return [grant, { ...row, powers: left }] as const;
  });
  return powersOf(grants, Object.fromEntries(reading));
}

/**
 * `Derivatives` comes unasked at unified accounts, as documented: beside `ContractTrade`, which trades the same, for keys that only read, and
 * where `accept` names it, that is no news; else it is wider.
 */
export function compare(declared: Grants, observed: Grants, { accept = [] }: KindOptions): GrantComparison {
  const extra = without(observed, declared);
  const contracts = declared.some((grant) => grant.startsWith("ContractTrade:"));
  const taken = contracts || !observed.includes(READ_WRITE) || accept.includes("DerivativesTrade");
  const harmless = extra.filter((grant) => grant === DERIVATIVES && taken);
  return { wider: without(extra, harmless), narrower: without(declared, observed), undeclared: [] };
}

/** What the managing key lacks. Source: create-subuid-apikey, "one of" three permissions, by a master's key. */
export function managing({ grants }: OwnKey, { masterId }: Pick<AccountFacts, "masterId">): readonly string[] {
  const able = ["Wallet:AccountTransfer", "Wallet:SubMemberTransfer", "Wallet:Withdraw"].some((grant) => grants.includes(grant));
  return [
    ...(masterId === undefined ? [] : [`it is a sub-account's, and only its master ${masterId} manages keys`]),
    ...(able ? [] : ["it needs one of AccountTransfer, SubMemberTransfer, Withdraw"]),
  ];
}
