// Deribit's words on both sides: scopes and features ↔ grants, grants → powers. Pure.

import type { Asked, Extras, OwnKey, Permissions, Problem } from "../../core/capability";
import type { AccountFacts } from "../../core/driver";
import { membersOf, refuse, sortedMap } from "../../core/given";
import type { Grants, Power, Powers } from "../../core/model";
import { grantSet, withDelta, without } from "../../core/permission";
import { powersOf, type PowerRow } from "../../core/powers";

const SCOPES = "docs.deribit.com/articles/access-scope";
const EDIT = "docs.deribit.com/api-reference/account-management/private-edit_api_key";
const CREATE = "docs.deribit.com/api-reference/account-management/private-create_api_key";
const ARTICLE = "docs.deribit.com/articles/creating-api-key";
const RULES = 'docs.deribit.com, "Creating/editing/removing API Keys", as of 2025-11-30';

/**
 * Scope → what a key can have of it besides `none`. Source: docs.deribit.com/articles/access-scope and private-edit_api_key, 2026. `block_rfq` stands
 * in the description of answers; of `custody` an article names `read` alone.
 */
export const LEVELS: Readonly<Record<string, readonly string[]>> = {
  account: ["read", "read_write"],
  trade: ["read", "read_write"],
  wallet: ["read", "read_write"],
  block_trade: ["read", "read_write"],
  block_rfq: ["read", "read_write"],
  custody: ["read"],
};

/** Those that the schema of `max_scope` has: said in every write, with `none` too. */
const ALWAYS_SAID = ["account", "trade", "wallet", "block_trade"];

/** Source: private-create_api_key, the values of `enabled_features`. */
export const FEATURES = ["restricted_block_trades", "block_trade_approval"] as const;
const FEATURE = "feature:";

const ALLOWED = `allowed are ${Object.entries(LEVELS)
  .map(([scope, levels]) => `${scope}: ${levels.map((level) => `"${level}"`).join(" or ")}`)
  .join(", ")}`;

/** Judges permissions: scope → level. Sorted, and without those that are `none`, which is what a scope is that isn't named. */
export function permissions(given: unknown): { readonly ok: Permissions } | { readonly problems: readonly Problem[] } {
  const entries = membersOf(given);
  if (entries === undefined) return refuse("permissions", `a map is needed; ${ALLOWED}`);
  const problems = entries.flatMap(([scope, level]) => wrong(scope, level));
  if (problems.length > 0) return { problems };
  const kept = entries.filter(([, level]) => level !== "none");
  if (kept.length === 0) return refuse("permissions", `a key without a scope can do nothing; ${ALLOWED}`);
  return { ok: sortedMap(kept) };
}

function wrong(scope: string, level: unknown): readonly Problem[] {
  const property = `permissions.${scope}`;
  const known = Object.hasOwn(LEVELS, scope) ? LEVELS[scope] : undefined;
  if (known === undefined) return [{ property, reason: `keys have no scope "${scope}"; ${ALLOWED}` }];
  if (level === "none" || (typeof level === "string" && known.includes(level))) return [];
  const documented = known.map((each) => `"${each}"`).join(" and ");
  return [{ property, reason: `documented are ${documented} and "none"; say one of them` }];
}

/** Features are about block trades; a public key is Ed25519 or RSA, in PEM. A private one never comes this far: `check` refuses it first. */
export function rules(inputs: Readonly<Record<string, unknown>>): readonly Problem[] {
  return [...featuresWithoutUse(inputs), ...publicKeyProblems(inputs["publicKey"])];
}

function featuresWithoutUse({ features, permissions: given }: Readonly<Record<string, unknown>>): readonly Problem[] {
  if (!Array.isArray(features) || features.length === 0 || typeof given !== "object" || given === null) return [];
  const has = (scope: string): boolean => Object.hasOwn(given, scope) && ![undefined, "none"].includes(Reflect.get(given, scope) as string);
  if (has("block_trade") || has("block_rfq")) return [];
  const reason = "features are about block trades, and the key has neither block_trade nor block_rfq; give it one, or leave features out";
  return [{ property: "features", reason }];
}

/** DER of an Ed25519 key up to its 32 bytes (RFC 8410). */
const ED25519 = "302a300506032b6570032100";
/** The algorithm of an RSA key: rsaEncryption, without parameters (RFC 3279). */
const RSA = "300d06092a864886f70d0101010500";
/** Bytes of an RSA key of 2048 bits with the shortest exponent. */
const RSA_2048_BYTES = 292;

/** Source: docs.deribit.com/articles/asymmetric-api-keys: Ed25519, or RSA of 2048 bits or more. The text itself is never told. */
function publicKeyProblems(given: unknown): readonly Problem[] {
  if (typeof given !== "string") return [];
  const refused = (reason: string): readonly Problem[] => [{ property: "publicKey", reason }];
  const [, base64] = /^-----BEGIN PUBLIC KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)\r?\n-----END PUBLIC KEY-----\s*$/.exec(given) ?? [];
  if (base64 === undefined)
    return refused('it is no public key in PEM; write the file that begins with "-----BEGIN PUBLIC KEY-----", and nothing else');
  const der = Buffer.from(base64, "base64");
  const hex = der.toString("hex");
  if (hex.startsWith(ED25519) && der.length === 44) return [];
  if (hex.slice(8).startsWith(RSA) && der.length >= RSA_2048_BYTES) return [];
  return refused("Deribit takes Ed25519, and RSA of 2048 bits or more; make a key pair of that kind");
}

/** `{ trade: "read_write" }` → `["trade:read", "trade:read_write"]`: who writes reads too. Features go with them: whether one narrows isn't documented. */
export function grantsOf(given: Permissions, { features }: Extras): Grants {
  const words = Object.entries(given).flatMap(([scope, level]) =>
    String(level)
      .split(" ")
      .flatMap((one) => scoped(scope, one)),
  );
  return grantSet([...words, ...(Array.isArray(features) ? features : []).map((feature) => FEATURE + String(feature))]);
}

function scoped(scope: string, level: string): readonly string[] {
  if (level === "none") return [];
  if (level === "read_write") return [`${scope}:read`, `${scope}:read_write`];
  return [level === "" ? scope : `${scope}:${level}`];
}

/** The grants of a key as the venue shows it: words in any order, those with `none` perhaps among them. */
export function shownGrants(maxScope: string, features: readonly string[]): Grants {
  const words = maxScope.split(/\s+/).filter((word) => word !== "");
  const split = words.flatMap((word) => {
    const colon = word.indexOf(":");
    return colon < 0 ? scoped(word, "") : scoped(word.slice(0, colon), word.slice(colon + 1));
  });
  return grantSet([...split, ...features.map((feature) => FEATURE + feature)]);
}

/** `max_scope` in full, as the text that articles and answers have: what isn't meant is said to be none. */
export function maxScope(given: Permissions): string {
  const scopes = [...new Set([...ALWAYS_SAID, ...Object.keys(given).filter((scope) => given[scope] !== "none")])].sort();
  return scopes.map((scope) => `${scope}:${(given[scope] as string | undefined) ?? "none"}`).join(" ");
}

/** Permissions and features with grants that came or went. */
export function withDrift(given: Permissions, added: Grants, removed: Grants, extras: Extras): Asked {
  const grants = withDelta(grantsOf(given, extras), added, removed);
  const features = grants.filter((grant) => grant.startsWith(FEATURE)).map((grant) => grant.slice(FEATURE.length));
  const levels = new Map<string, string[]>();
  for (const grant of without(
    grants,
    grants.filter((each) => each.startsWith(FEATURE)),
  )) {
    const colon = grant.indexOf(":");
    const [scope, level] = colon < 0 ? [grant, ""] : [grant.slice(0, colon), grant.slice(colon + 1)];
    levels.set(scope, [...(levels.get(scope) ?? []), level]);
  }
  // Who writes reads: the one word says both.
  const word = (all: readonly string[]): string => all.filter((level) => level !== "read" || !all.includes("read_write")).join(" ");
  const permissions = Object.fromEntries([...levels].map(([scope, all]) => [scope, word(all)]));
  const had = Array.isArray(extras["features"]) && extras["features"].length > 0;
  return { permissions, ...(features.length > 0 || had ? { extras: { features } } : {}) };
}

const row = (powers: readonly Power[], source: string, does?: string): PowerRow => ({
  powers,
  ...(does === undefined ? {} : { does }),
  source,
});

/** `account:read_write` manages keys, its own too; `wallet:read_write` is deposits, withdrawals and transfers in one. */
export const POWER_ROWS: Readonly<Record<string, PowerRow>> = {
  "account:read": row(["read"], SCOPES),
  "account:read_write": row(["administer"], `${RULES}: every method that manages keys needs it, and nothing else`),
  "trade:read": row(["read"], SCOPES),
  "trade:read_write": row(["trade"], `${SCOPES}: orders and positions`),
  "wallet:read": row(["read"], SCOPES),
  "wallet:read_write": row(["transfer", "withdraw"], `${SCOPES}: deposits, withdrawals and transfers`),
  "block_trade:read": row(["read"], EDIT),
  "block_trade:read_write": row(["trade"], `${EDIT}: block trading`),
  "block_rfq:read": row(["read"], CREATE),
  "block_rfq:read_write": row(["trade"], `${CREATE}: block RFQ`),
  "custody:read": row(["read", "unknown"], `${ARTICLE}: named without a description`),
  "feature:restricted_block_trades": row([], `${CREATE}: named without a description; alone it gives nothing`),
  "feature:block_trade_approval": row([], `${CREATE}: named without a description; alone it gives nothing`),
};

export function powers(grants: Grants): Powers {
  return powersOf(grants, POWER_ROWS);
}

/** What the managing key lacks. Source: docs of the rules, 2025-11-30: nobody hands out, changes or removes more scopes than it has itself (13403). */
export function managing({ grants }: OwnKey, _: AccountFacts, wanted: Grants = []): readonly string[] {
  const scopes = wanted.filter((grant) => !grant.startsWith(FEATURE));
  const lacks = without(grantSet(["account:read_write", ...scopes]), grants);
  return lacks.length === 0 ? [] : [`it needs ${lacks.join(", ")}, since no key of Deribit manages keys that have more scopes than itself`];
}
