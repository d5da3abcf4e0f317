// What the key endpoints read from a request: parameters, IP lists, notes, permissions. Apart, because creation and both
// updates share them, and most of it is a matter of switches.

import { z } from "zod";
import type { Call } from "./endpoints";
import { entriesOf, wrongIp } from "./ips";
import { has, sift, type Permissions } from "./permissions";

/** Members that are `null` count as absent, as in the documents' example of `update-api`. */
export const ips = z.union([z.string(), z.array(z.string())]).nullish();
export const readOnly = z.union([z.literal(0), z.literal(1)]).nullish();
export const permissions = z.record(z.string(), z.array(z.string()).nullish()).nullish();

/** The parameters of a request as the schema has them; else 10001, with the parameter's name. */
export function paramsOf<T>(call: Call, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(call.params);
  if (!parsed.success) throw call.refusals.params(String(parsed.error.issues[0]?.path[0] ?? "body"));
  return parsed.data;
}

/** The addresses that `ips` stands for, empty for no bind; `undefined` when there is no such parameter. */
export function readIps({ switches, refusals }: Call, given: z.infer<typeof ips>): string[] | undefined {
  if (given === undefined || given === null) return undefined;
  const entries = entriesOf(given);
  if (entries.length === 1 && entries[0] === "*") return [];
  if (entries.length === 0 && switches.get("ipsEmpty") === "refused") throw refusals.params("ips");
  if (entries.some((entry) => wrongIp(entry, switches.get("ipFormats")) !== undefined)) throw refusals.params("ips");
  const most = switches.get("ipsMax");
  if (most !== 0 && entries.length > most) throw refusals.params("ips");
  return entries;
}

const ALPHABETS = { "letters-digits-dashes": /^[A-Za-z0-9_-]*$/, "letters-digits": /^[A-Za-z0-9]*$/, any: /^/ } as const;

export function readNote({ switches, refusals }: Call, given: string): string {
  if (!ALPHABETS[switches.get("noteAlphabet")].test(given)) throw refusals.params("note");
  const most = switches.get("noteMax");
  if (most === 0 || given.length <= most) return given;
  if (switches.get("noteTooLong") === "refused") throw refusals.params("note");
  return given.slice(0, most);
}

/** The permissions asked for, type by type as they were named; what `table` doesn't have is dropped or refused. */
export function readPermissions(
  call: Call,
  given: Record<string, string[] | null | undefined>,
  table: Parameters<typeof sift>[1],
): Permissions {
  const { switches, refusals } = call;
  const wanted = Object.fromEntries(Object.entries(given).flatMap(([type, list]) => (list ? [[type, list] as const] : [])));
  const { known, unknown } = sift(wanted, table);
  if (unknown.length > 0 && switches.get("unlistedPermission") === "refused") throw refusals.params("permissions");
  if (Object.keys(wanted).length === 0) throw refusals.params("permissions");
  const empty = Object.values(known).every((list) => list.length === 0);
  if (empty && switches.get("emptyPermissions") === "refused") throw refusals.params("permissions");
  return known;
}

/** Refuses what the managing key doesn't have itself, where the switch says so; a sub-account's word for one differs. */
export function mustHave(call: Call, holder: Permissions, wanted: Permissions): void {
  if (call.switches.get("beyondOwn") === "granted") return;
  for (const [type, list] of Object.entries(wanted)) {
    const lacks = list.some((one) => !has(holder, type, one, one === "SubMemberTransferList" ? "SubMemberTransfer" : one));
    if (lacks) throw call.refusals.permission();
  }
}
