// OKX's permission words: what a request's `perm` means, and how an answer writes it. Apart, because the documents use two
// words for Read and no fixed order.

import type { Switches } from "../../switches";
import { Refusal } from "./errors";
import type { OkxSwitches } from "./switches";

/** Read; orders, funding transfers and settings; withdrawals. Source: docs-v5 #overview-api-key-creation. */
export const PERMISSIONS = ["read_only", "trade", "withdraw"] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** The permissions that `perm` names, for a sub-account's key. Throws 59504 for withdrawals, 51000 for any other word. */
export function parsePerm(text: string, switches: Switches<OkxSwitches>): Permission[] {
  const named = new Set<Permission>();
  for (const word of text.split(",")) {
    if (word === "withdraw") throw new Refusal("59504");
    if (word === "trade" || word === "read_only") named.add(word);
    else if (word === "read" && switches.get("readTaken")) named.add("read_only");
    else throw new Refusal("51000", "perm");
  }
  if (named.has("trade") && switches.get("tradeAddsRead")) named.add("read_only");
  return inOrder(named);
}

export function inOrder(permissions: Iterable<Permission>): Permission[] {
  const named = new Set(permissions);
  return PERMISSIONS.filter((permission) => named.has(permission));
}

/** `perm` of an answer; `of` says whose. */
export function writePerm(permissions: readonly Permission[], of: "config" | "list" | "modify", switches: Switches<OkxSwitches>): string {
  const words: string[] = [...permissions];
  if (of === "config" && switches.get("permOrder") === "varies") words.reverse();
  if (of !== "modify" || switches.get("readWord") === "read_only") return words.join(",");
  return words.map((word) => (word === "read_only" ? "read" : word)).join(",");
}
