// KuCoin's permission words: what a request's `permission` means, and how an answer writes it. Apart, because a sub-account's
// keys take fewer words than a master's, and the examples have an order of their own.

import type { Switches } from "../../switches";
import { Refusal } from "./errors";
import type { KucoinSwitches } from "./switches";

/**
 * What a key can have, in the order of the example of `user/api-key`. General reads; InnerTransfer is Flex Transfers,
 * Transfer presumably withdrawals. Source: kc-spec, openapi-account-account.json; docs-new, introduction.
 */
export const PERMISSIONS = ["General", "Futures", "Spot", "Earn", "InnerTransfer", "Transfer", "Margin"] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** What can be set for a sub-account's key. Source: kc-spec, openapi-account-subaccount.json, addSubAccountApi. */
const FOR_SUBS: readonly string[] = ["General", "Spot", "Futures", "Margin", "InnerTransfer"];

/** What has to have an IP list. Source: docs-new, introduction. */
const NEEDS_IPS: readonly Permission[] = ["InnerTransfer", "Transfer"];

/** The permissions that a request names for a sub-account's key; spaces after commas are as in the documents' `General, Trade`. */
export function parsePermissions(text: string, switches: Switches<KucoinSwitches>): Permission[] {
  const named = new Set<Permission>();
  for (const word of text.split(",").map((part) => part.trim())) {
    if (word === "Trade" && switches.get("tradeWord") === "Spot") named.add("Spot");
    else if (isForSubs(word)) named.add(word);
    else throw new Refusal("400100");
  }
  if (switches.get("generalAdded")) named.add("General");
  return inOrder(named);
}

export function isForSubs(word: string): word is Permission {
  return FOR_SUBS.includes(word);
}

/** Whether these permissions may do without an IP list. */
export function mayRoam(permissions: readonly Permission[]): boolean {
  return !permissions.some((permission) => NEEDS_IPS.includes(permission));
}

export function inOrder(permissions: Iterable<Permission>): Permission[] {
  const named = new Set(permissions);
  return PERMISSIONS.filter((permission) => named.has(permission));
}
