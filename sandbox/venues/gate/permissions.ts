// Gate's permission words: an area with read-only or not. Apart, because requests, answers, the desk and the check of every
// request must mean the same by them, and a sub-account's keys have fewer areas than a main account's.

import type { Switches } from "../../switches";
import { Refusal } from "./errors";
import type { GateSwitches } from "./switches";

/** What a sub-account's key can have. Source: docs/gateio, PUT /sub_accounts/{user_id}/keys/{key}, `perms`, 2025-11-30. */
const SUB_AREAS = [
  "wallet",
  "spot",
  "futures",
  "delivery",
  "earn",
  "custody",
  "options",
  "account",
  "loan",
  "margin",
  "unified",
  "copy",
] as const;

/** Besides, of main accounts alone: four words of GET /account/main_keys, and what the web page has. Source: docs/gateio, 2025-11-30. */
export const AREAS = [...SUB_AREAS, "pilot", "otc", "alpha", "crossx", "withdrawal"] as const;

export const ACCESSES = ["read", "read-write"] as const;

export type Area = (typeof AREAS)[number];
export type Access = (typeof ACCESSES)[number];

/** Area → access, in the order in which they were asked for; what isn't there is disabled. */
export type Permissions = Partial<Record<Area, Access>>;

export function isForSubs(word: string): word is Area {
  return (SUB_AREAS as readonly string[]).includes(word);
}

/** All GET operations are read requests, the others write requests. Source: docs/gateio, authentication, APIv4 Permissions. */
export function checkAccess(permissions: Permissions, area: Area, method: string, switches: Switches<GateSwitches>): void {
  const access = permissions[area];
  if (access === undefined) throw new Refusal(switches.get("missingArea"));
  if (method !== "GET" && access === "read") throw new Refusal("READ_ONLY");
}

/** The permissions of a request's `perms`; `undefined` when there is none. An entry without a name is nothing: "no value will be cleared". */
export function parsePerms(given: unknown, switches: Switches<GateSwitches>): Permissions | undefined {
  if (given === undefined || given === null) return undefined;
  if (!Array.isArray(given)) throw new Refusal("INVALID_PARAM_VALUE", "perms: not a list");
  const permissions: Permissions = {};
  for (const entry of given as unknown[]) {
    if (typeof entry !== "object" || entry === null) throw new Refusal("INVALID_PARAM_VALUE", "perms: not an object");
    const { name, read_only: readOnly } = entry as { name?: unknown; read_only?: unknown };
    if (name === undefined || name === null || name === "") continue;
    const area = areaOf(name, switches);
    if (area === undefined) continue;
    if (permissions[area] !== undefined) throw new Refusal("INVALID_PARAM_VALUE", `perms: ${area} twice`);
    permissions[area] = accessOf(readOnly, switches);
  }
  return permissions;
}

function areaOf(name: unknown, switches: Switches<GateSwitches>): Area | undefined {
  if (typeof name !== "string") throw new Refusal("INVALID_PARAM_VALUE", "perms: name is no text");
  if (isForSubs(name)) return name;
  if (switches.get("unknownArea") === "dropped") return undefined;
  throw new Refusal("INVALID_PARAM_VALUE", "perms: no such permission");
}

function accessOf(readOnly: unknown, switches: Switches<GateSwitches>): Access {
  if (readOnly === undefined || readOnly === null) return switches.get("readOnlyOmitted");
  if (typeof readOnly !== "boolean") throw new Refusal("INVALID_PARAM_VALUE", "perms: read_only is no boolean");
  return readOnly ? "read" : "read-write";
}

/** The permissions as an answer has them. */
export function writePerms(permissions: Permissions, switches: Switches<GateSwitches>): { name: string; read_only: boolean }[] {
  const rows = Object.entries(permissions).map(([name, access]) => ({ name, read_only: access === "read" }));
  return switches.get("permsOrder") === "as-sent" ? rows : rows.reverse();
}
