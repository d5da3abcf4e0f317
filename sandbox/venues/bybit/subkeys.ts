// The endpoints for keys of sub-accounts: create, list, update, delete. Apart, because they are what this venue is here
// for, and what the documents leave open is mostly about them.

import { z } from "zod";
import type { Call } from "./endpoints";
import * as input from "./input";
import { present } from "./keys";
import { SUB, type Permissions } from "./permissions";
import type { Key } from "./state";
import { asCreated, asListed, asUpdated } from "./wire";

const creation = z.looseObject({
  subuid: z.int(),
  note: z.string().nullish(),
  readOnly: z.union([z.literal(0), z.literal(1)]),
  ips: input.ips,
  permissions: z.record(z.string(), z.array(z.string()).nullish()),
});

/** `POST create-sub-api`. The answer has the secret, and neither addresses nor expiry. Source: v5/user/create-subuid-apikey */
export function create(call: Call): unknown {
  const { caller, keys, switches, refusals } = call;
  const params = input.paramsOf(call, creation);
  if (caller.account.europe) throw refusals.europe();
  if (caller.account.kycLevel === "LEVEL_DEFAULT" && switches.get("withoutKyc") === "creating-keys") throw refusals.kyc();
  const uid = String(params.subuid);
  if (!keys.subOf(caller.account, uid)) throw refusals.unknownSub();
  const permissions = input.readPermissions(call, params.permissions, SUB);
  input.mustHave(call, present(caller.key).permissions, permissions);
  const ips = input.readIps(call, params.ips) ?? [];
  const note = input.readNote(call, params.note ?? "");
  const siblings = keys.of(uid);
  if (switches.get("notesUnique") && siblings.some((key) => key.note === note)) throw refusals.params("note");
  const most = switches.get("keysMax");
  if (most !== 0 && siblings.length >= most) throw refusals.tooManyKeys();
  return asCreated(keys.make({ uid, note, readOnly: params.readOnly === 1, permissions, ips }));
}

/** `limit` is 1 to 20, 20 without it. Source: v5/user/list-sub-apikeys */
const listing = z.looseObject({
  subMemberId: z.string().min(1),
  limit: z.coerce.number().int().min(1).max(20).default(20),
  cursor: z.string().default(""),
});

/** `GET sub-apikeys`: a page of a sub-account's keys; the cursor is the last one's id. */
export function list(call: Call): unknown {
  const { caller, keys, switches, refusals } = call;
  const { subMemberId, limit, cursor } = input.paramsOf(call, listing);
  const sub = keys.subOf(caller.account, subMemberId);
  if (!sub && switches.get("unknownSubList") === "refused") throw refusals.unknownSub();
  const all = sub ? keys.listed(sub.uid) : [];
  // By id and not by position, so that a key that is deleted between two pages hides no other.
  const later = (id: string): boolean =>
    switches.get("listOrder") === "newest-first" ? Number(id) < Number(cursor) : Number(id) > Number(cursor);
  if (!/^\d*$/.test(cursor)) throw refusals.params("cursor");
  const rest = cursor === "" ? all : all.filter(({ key }) => later(key.id));
  const page = rest.slice(0, limit);
  const goesOn = rest.length > limit || (page.length === limit && switches.get("lastCursor") === "empty-page");
  return {
    result: page.map(({ key, state }) => asListed(call, key, state)),
    nextPageCursor: goesOn ? (page.at(-1)?.key.id ?? "") : "",
  };
}

const update = z.looseObject({
  apikey: z.string().nullish(),
  readOnly: input.readOnly,
  ips: input.ips,
  permissions: input.permissions,
});

/** `POST update-sub-api`. Source: v5/user/modify-sub-apikey */
export function edit(call: Call): unknown {
  const { caller, keys, switches, refusals } = call;
  const params = input.paramsOf(call, update);
  const key = concerned(call, params.apikey ?? undefined);
  if (keys.expired(key) && switches.get("expiredUpdate") === "refused") throw refusals.notFound();
  const named = params.permissions ? input.readPermissions(call, params.permissions, SUB) : undefined;
  if (named) input.mustHave(call, present(caller.key).permissions, named);
  const ips = input.readIps(call, params.ips) ?? (switches.get("updateOmitsIps") === "unbinds" ? [] : undefined);
  keys.edit(
    key,
    {
      ...(ips ? { ips } : {}),
      ...(named ? { permissions: merged(call, key, named) } : {}),
      ...readOnlyOf(call, params.readOnly),
    },
    "api",
  );
  return asUpdated(key);
}

/** `POST delete-sub-api`. Source: v5/user/rm-sub-apikey */
export function remove(call: Call): unknown {
  const { apikey } = input.paramsOf(call, z.looseObject({ apikey: z.string().nullish() }));
  call.keys.revoke(concerned(call, apikey ?? undefined));
  return {};
}

/** A master names the key; a sub-account's key concerns itself and must name none. Source: v5/user/modify-sub-apikey, `apikey` */
function concerned({ caller, keys, refusals }: Call, apikey: string | undefined): Key {
  if (caller.account.masterUid !== null) {
    if (apikey !== undefined) throw refusals.refused("apikey: a sub-account's key passes none");
    return caller.key;
  }
  if (apikey === undefined || apikey === "") throw refusals.refused("apikey: a master's key has to pass it");
  const key = keys.byApiKey(apikey);
  if (!key || !keys.subOf(caller.account, key.uid)) throw refusals.notFound();
  return key;
}

/** What a key has after an update that names these types. */
export function merged({ switches }: Call, key: Key, named: Permissions): Permissions {
  return switches.get("permissionsNamed") === "others-stay" ? { ...present(key).permissions, ...named } : named;
}

export function readOnlyOf({ switches }: Call, given: 0 | 1 | null | undefined): { readOnly?: boolean } {
  if (given === undefined || given === null) return switches.get("updateOmitsReadOnly") === "keeps" ? {} : { readOnly: false };
  return { readOnly: given === 1 };
}
