// OKX's words on both sides: permissions ↔ grants, grants → powers. Pure.

import type { Asked, Extras, OwnKey, Permissions, Problem } from "../../core/capability";
import type { AccountFacts } from "../../core/driver";
import { mapOf, refuse, wordsIn } from "../../core/given";
import type { Grants, Powers } from "../../core/model";
import { grantSet, withDelta } from "../../core/permission";
import { powersOf, type PowerRow } from "../../core/powers";

const CREATION = "docs-v5 #overview-api-key-creation";

/** What a key of a sub-account can have; a master's also `withdraw`. Source: docs-v5, creating a sub-account's key, as of 2025-11-30. */
const WORDS: readonly string[] = ["read_only", "trade"];
const ALLOWED = `allowed are ${WORDS.map((word) => JSON.stringify(word)).join(" and ")}`;

/**
 * Judges permissions: a list of OKX's words, or the map of them that this makes, so that a preview shows the line that changed.
 *
 * @example permissions(["trade", "read_only"]) // { ok: { read_only: true, trade: true } }
 */
export function permissions(given: unknown): { readonly ok: Permissions } | { readonly problems: readonly Problem[] } {
  const words = wordsIn(given);
  if (words === undefined) return refuse("permissions", `a list is needed; ${ALLOWED}`);
  const problems = words.flatMap(wrongWord);
  if (problems.length > 0) return { problems };
  if (words.length === 0) {
    return refuse("permissions", `what a key without permissions is isn't documented; ${ALLOWED}`);
  }
  if (!words.includes("read_only")) {
    const open = "whether trade brings read_only along isn't documented, so that no key with trade alone can be promised";
    return refuse("permissions", `${open}; say ["read_only", "trade"]`);
  }
  return { ok: mapOf(words as readonly string[]) };
}

function wrongWord(word: unknown, index: number): readonly Problem[] {
  if (typeof word !== "string") return [{ property: `permissions[${index}]`, reason: `it isn't a word; ${ALLOWED}` }];
  if (WORDS.includes(word)) return [];
  return [{ property: `permissions.${word}`, reason: wayOut(word) }];
}

function wayOut(word: string): string {
  if (word === "withdraw") return "keys of sub-accounts can't withdraw; take it away, or make a key of the master account on OKX's page";
  if (word === "read") return 'some answers say "read", and requests take "read_only"; say that';
  return `keys of sub-accounts have no ${JSON.stringify(word)}; ${ALLOWED}`;
}

/** `{ read_only: true, trade: true }` → `["read_only", "trade"]`. */
export function grantsOf(given: Permissions): Grants {
  return grantSet(Object.keys(given));
}

/**
 * An answer's `perm`: words in any order, and Read under either of its names (the example of `modify-apikey` has `read`).
 *
 * @example shownGrants("trade,read") // ["read_only", "trade"]
 */
export function shownGrants(perm: string): Grants {
  const words = perm.split(",").map((word) => word.trim());
  return grantSet(words.filter((word) => word !== "").map((word) => (word === "read" ? "read_only" : word)));
}

/** Permissions with grants that came or went; also such as no program may ask for. */
export function withDrift(given: Permissions, added: Grants, removed: Grants, _extras: Extras): Asked {
  return { permissions: mapOf(withDelta(grantsOf(given), added, removed)) };
}

export const POWER_ROWS: Readonly<Record<string, PowerRow>> = {
  read_only: { powers: ["read"], source: CREATION },
  trade: { powers: ["trade", "transfer"], source: `${CREATION}: orders, funding transfer, settings` },
  withdraw: { powers: ["withdraw"], source: `${CREATION}: a master's key alone (docs-v5 #error-code, 59504)` },
};

/** No key of a sub-account reaches the endpoints that manage keys (59500), so that none administers. */
export function powers(grants: Grants): Powers {
  return powersOf(grants, POWER_ROWS);
}

/**
 * What the managing key lacks. Source: docs-v5, the sections on creating, resetting and deleting a sub-account's key ("Trade", "must be linked
 * to IP addresses") and on querying it ("Read").
 */
export function managing({ grants, allowedIps }: OwnKey, { masterId }: Pick<AccountFacts, "masterId">): readonly string[] {
  return [
    ...(masterId === undefined ? [] : [`it is a sub-account's; give the account a key of its master ${masterId}`]),
    ...(grants.includes("trade") ? [] : ["it lacks the permission Trade; add it on OKX's API page"]),
    ...(allowedIps === "anywhere"
      ? ["it has no IP list, without which OKX lets it change no key (50035); bind it to this machine's address"]
      : []),
  ];
}
