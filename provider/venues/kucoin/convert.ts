// KuCoin's words on both sides: permissions ↔ grants, grants → powers, and the rules between properties. Pure.

import type { Asked, OwnKey, Permissions, Problem } from "../../core/capability";
import { mapOf, refuse, wordsIn } from "../../core/given";
import type { Grants, Powers } from "../../core/model";
import { grantSet, withDelta } from "../../core/permission";
import { powersOf, type PowerRow } from "../../core/powers";

const CREATE = "kc-spec, openapi-account-subaccount.json, addSubAccountApi";
const OWN = "kc-spec, openapi-account-account.json, getApikeyInfo";
const INTRODUCTION = "KuCoin docs-new, introduction";

/** What a sub-account's key can have. Source: kc-spec, addSubAccountApi, `permission`, read 2025-11-04. */
export const WORDS = ["General", "Spot", "Futures", "Margin", "InnerTransfer"] as const;

/** A grant of ours, for a key of a master account: the venue's `isMaster`. */
export const MASTER = "isMaster";

const ALLOWED = `allowed are ${JSON.stringify(WORDS)}`;

/**
 * Judges permissions: a list of words, or the canonical map of them. Answers the map, so that a preview shows which one came or went.
 *
 * @example permissions(["Spot", "General"]) // { ok: { General: true, Spot: true } }
 */
export function permissions(given: unknown): { readonly ok: Permissions } | { readonly problems: readonly Problem[] } {
  const words = wordsIn(given);
  if (words === undefined) return refuse("permissions", `a list is needed, such as ["General", "Spot"]; ${ALLOWED}`);
  const strangers = words.filter((word) => !(WORDS as readonly unknown[]).includes(word));
  if (strangers.length > 0) return { problems: strangers.map(stranger) };
  if (words.length === 0)
    return refuse("permissions", `KuCoin gives General to a key of which nothing is said; say ["General"] if it is to read`);
  if (!words.includes("General")) {
    return refuse(
      "permissions",
      "whether KuCoin adds General unasked isn't documented, and without it a key can't look at itself; name General too",
    );
  }
  return { ok: mapOf(words as Grants) };
}

function stranger(word: unknown): Problem {
  const hint = word === "Trade" ? '; the word of older documents is now "Spot"' : "";
  const said = typeof word === "string" && /^[\w -]{1,40}$/.test(word) ? `"${word}"` : "permission of that form";
  return { property: "permissions", reason: `keys of sub-accounts have no ${said}${hint}; ${ALLOWED}` };
}

/** Source: docs-new, introduction: with FlexTransfers (`InnerTransfer`) an IP list has to be there. */
export function rules({ permissions: given, allowedIps }: Readonly<Record<string, unknown>>): readonly Problem[] {
  if (allowedIps !== "anywhere" || !(wordsIn(given) ?? []).includes("InnerTransfer")) return [];
  return [
    { property: "allowedIps", reason: "KuCoin gives InnerTransfer only with an IP list; name the addresses, or leave InnerTransfer out" },
  ];
}

/** `{ General: true, Spot: true }` → `["General", "Spot"]`. */
export function grantsOf(given: Permissions): Grants {
  return grantSet(wordsIn(given)?.map(String) ?? []);
}

/** As `permission` has them, in the order of the documents. */
export function written(given: Permissions): string {
  const granted = grantsOf(given);
  return WORDS.filter((word) => granted.includes(word)).join(",");
}

/** Permissions with words that came or went; unknown ones too. */
export function withDrift(given: Permissions, added: Grants, removed: Grants): Asked {
  return { permissions: mapOf(withDelta(grantsOf(given), added, removed)) };
}

export const POWER_ROWS: Readonly<Record<string, PowerRow>> = {
  General: {
    powers: ["read"],
    does: "read everything; with a master account's key, manage the keys of its sub-accounts too",
    source: INTRODUCTION,
  },
  Spot: { powers: ["trade"], does: "trade on the spot market", source: INTRODUCTION },
  Futures: { powers: ["trade"], does: "trade futures", source: INTRODUCTION },
  Margin: { powers: ["trade"], does: "trade on margin", source: INTRODUCTION },
  InnerTransfer: { powers: ["transfer"], does: "move funds by flex transfers; it takes an IP list", source: INTRODUCTION },
  Transfer: {
    powers: ["withdraw"],
    does: "presumably withdraw: keys of master accounts alone",
    source: `${OWN}; ${INTRODUCTION}`,
  },
  Earn: { powers: ["unknown"], does: "not described: keys of master accounts alone", source: OWN },
  Trade: { powers: ["trade"], does: "trade: the word of older documents for Spot", source: `${CREATE}, examples` },
  [MASTER]: { powers: [], does: "do nothing by itself: it marks the key of a master account", source: OWN },
};

const ON_A_MASTER: Readonly<Record<string, PowerRow>> = {
  ...POWER_ROWS,
  General: { powers: ["read", "administer"], source: `${CREATE}: the keys of sub-accounts need General on the master's key` },
};

/** Of a master account's key, General administers: it makes keys that can do more than itself. */
export function powers(grants: Grants): Powers {
  return powersOf(grants, grants.includes(MASTER) ? ON_A_MASTER : POWER_ROWS);
}

/** What the managing key lacks. Source: kc-spec, addSubAccountApi: General, on a master account's key. */
export function managing({ grants }: OwnKey): readonly string[] {
  return [
    ...(grants.includes(MASTER) ? [] : ["it is a sub-account's, and only a key of its master account manages keys: use one of those"]),
    ...(grants.includes("General") ? [] : ["it needs General: switch that on at KuCoin's API page"]),
  ];
}
