// Gate's words on both sides: permissions and mode ↔ grants, grants → powers. Pure.

import type { Asked, Extras, Permissions, Problem } from "../../core/capability";
import { membersOf, refuse, sortedMap } from "../../core/given";
import type { Grants, Powers } from "../../core/model";
import { grantSet, withDelta } from "../../core/permission";
import { powersOf, type PowerRow } from "../../core/powers";

const PERMS = "docs/gateio, PUT /sub_accounts/{user_id}/keys/{key}, perms";
const READS = "docs/gateio, authentication: all GET operations are read requests, others are write requests";
const MAIN = "docs/gateio, GET /account/main_keys: of a main account's keys alone";

/** What an area lets a key do that may write in it; that it reads with either. */
interface Area {
  readonly does: string;
  readonly powers: PowerRow["powers"];
  readonly source: string;
}

const undescribed = `${PERMS}: named without a description`;

/** Area → what it is. A sub-account's key can have these and no others. Source: the list of `perms`, read 2025-11-30. */
const AREAS: Readonly<Record<string, Area>> = {
  wallet: { does: "moves funds between accounts", powers: ["transfer"], source: `${PERMS}: wallet` },
  spot: { does: "places and cancels orders, spot and margin", powers: ["trade"], source: `${PERMS}: spot/margin` },
  futures: { does: "places and cancels orders of perpetual contracts", powers: ["trade"], source: `${PERMS}: perpetual contract` },
  delivery: {
    does: "places and cancels orders of delivery contracts",
    powers: ["trade"],
    source: `${undescribed}; the name says contracts`,
  },
  earn: { does: "not described", powers: ["unknown"], source: undescribed },
  custody: { does: "not described", powers: ["unknown"], source: undescribed },
  options: { does: "places and cancels orders of options", powers: ["trade"], source: `${undescribed}; the name says options` },
  account: { does: "what it changes isn't described", powers: ["unknown"], source: `${PERMS}: account information` },
  loan: { does: "lends", powers: ["lend"], source: `${PERMS}: lending` },
  margin: { does: "what it does beside trading on margin isn't described", powers: ["trade", "unknown"], source: undescribed },
  unified: { does: "not described", powers: ["unknown"], source: undescribed },
  copy: { does: "copies others' orders", powers: ["trade"], source: `${PERMS}: copy trading` },
};

/** Of a main account's keys: seen of the managing key, never declared. */
const MAIN_AREAS: Readonly<Record<string, Area>> = {
  pilot: { does: "not described", powers: ["unknown"], source: MAIN },
  otc: { does: "not described", powers: ["unknown"], source: MAIN },
  alpha: { does: "not described", powers: ["unknown"], source: MAIN },
  crossx: { does: "not described", powers: ["unknown"], source: MAIN },
  withdrawal: { does: "withdraws", powers: ["withdraw"], source: "Gate's web page for a main account's keys" },
};

/** The grant of a key of mode 2: nothing by itself, but a key is never of another mode than declared. */
export const PORTFOLIO = "portfolio";

export type Access = "read-only" | "read-write";

const ALLOWED = `allowed are ${Object.keys(AREAS).join(", ")}, each "read-only" or "read-write"`;

/** Judges permissions: area → access, in Gate's words. Sorted, so that their order is no change. */
export function permissions(given: unknown): { readonly ok: Permissions } | { readonly problems: readonly Problem[] } {
  const entries = membersOf(given);
  if (entries === undefined) return refuse("permissions", `a map is needed; ${ALLOWED}`);
  const problems = entries.flatMap(([area, access]) => wrongArea(area, access));
  if (problems.length > 0) return { problems };
  if (entries.length === 0) return refuse("permissions", `a key without permissions can do nothing; ${ALLOWED}`);
  return { ok: sortedMap(entries) };
}

function wrongArea(area: string, access: unknown): readonly Problem[] {
  const property = `permissions.${area}`;
  if (!Object.hasOwn(AREAS, area)) return [{ property, reason: `keys of sub-accounts have no "${area}"; ${ALLOWED}` }];
  if (access === "read-only" || access === "read-write") return [];
  return [{ property, reason: 'say "read-only" or "read-write", or leave it out' }];
}

/** `mode` is for life and never left to the venue. The class says `classic` where a program says nothing. */
export function rules({ mode }: Extras): readonly Problem[] {
  if (mode !== undefined) return [];
  return [{ property: "mode", reason: 'say mode: "classic" or "portfolio", as the sub-account is; a key keeps it for life' }];
}

/** `{ spot: "read-write" }` of mode `portfolio` → `["portfolio", "spot:read", "spot:write"]`. */
export function grantsOf(given: Permissions, { mode }: Extras): Grants {
  const rows = Object.entries(given).map(([name, access]) => ({ name, read_only: access === "read-only" }));
  return shownGrants(rows, mode === "portfolio");
}

/** One row of `perms`, as it is sent and shown. */
export interface Perm {
  readonly name: string;
  /** Not documented to be left out; one that is may write, as far as anybody knows. */
  readonly read_only?: boolean | undefined;
}

/** Grants as the venue shows them: whoever may write may read. */
export function shownGrants(perms: readonly Perm[], portfolio = false): Grants {
  const named = perms.flatMap(({ name, read_only: readOnly }) => [`${name}:read`, ...(readOnly === true ? [] : [`${name}:write`])]);
  return grantSet([...named, ...(portfolio ? [PORTFOLIO] : [])]);
}

/** All that is declared, as it is sent: areas that aren't named are disabled. */
export function wirePerms(given: Permissions): readonly Perm[] {
  return Object.entries(given).map(([name, access]) => ({ name, read_only: access === "read-only" }));
}

/** Permissions with grants that came or went; `mode` with them. */
export function withDrift(given: Permissions, added: Grants, removed: Grants, extras: Extras): Asked {
  const grants = withDelta(grantsOf(given, extras), added, removed);
  const shown: Record<string, Access> = {};
  for (const [area = "", access] of grants.map((grant) => grant.split(":"))) {
    if (access === "write") shown[area] = "read-write";
    else if (access === "read") shown[area] = "read-only";
  }
  return { permissions: shown, extras: { mode: grants.includes(PORTFOLIO) ? "portfolio" : "classic" } };
}

function rowsOf(areas: Readonly<Record<string, Area>>): readonly (readonly [string, PowerRow])[] {
  return Object.entries(areas).flatMap(([area, { does, powers: given, source }]) => [
    [`${area}:read`, { powers: ["read"], source: READS }] as const,
    [`${area}:write`, { powers: given, does, source }] as const,
  ]);
}

export const POWER_ROWS: Readonly<Record<string, PowerRow>> = {
  ...Object.fromEntries([...rowsOf(AREAS), ...rowsOf(MAIN_AREAS)]),
  [PORTFOLIO]: {
    powers: [],
    does: "nothing by itself: the key is one of a portfolio account",
    source: "docs/gateio, POST /sub_accounts/{user_id}/keys, mode",
  },
};

export function powers(grants: Grants): Powers {
  return powersOf(grants, POWER_ROWS);
}

/**
 * What people should know of the managing key. Which permission it needs isn't documented, so nothing is refused beforehand.
 *
 * @param own its grants, or undefined where the venue doesn't tell them
 */
export function remarksOf(own: Grants | undefined, unbound: boolean): readonly string[] {
  if (own === undefined) {
    const why = "the venue doesn't tell what the managing key may do; a sub-account's key, which can't manage others, isn't told apart";
    return [why, ...(unbound ? ["the managing key has no IP list: whoever has it can use it from anywhere"] : [])];
  }
  if (own.some((grant) => grant.endsWith(":write"))) return [];
  return ["no permission of the managing key may write; making keys is a write, and which permission it takes isn't documented"];
}
