// The endpoints with which a key looks at itself and a master's key changes or ends itself. Apart from those for
// sub-accounts' keys, whose rules differ: no addresses here since 2026-02-10, and other permissions.

import { z } from "zod";
import type { Call } from "./endpoints";
import * as input from "./input";
import { present } from "./keys";
import { FIXED, MASTER, type Permissions } from "./permissions";
import { merged, readOnlyOf } from "./subkeys";
import { asQueried, asUpdated } from "./wire";

/** `GET query-api`: any key, about itself. Source: v5/user/apikey-info */
export function query(call: Call): unknown {
  return asQueried(call);
}

const update = z.looseObject({ readOnly: input.readOnly, ips: z.unknown().optional(), permissions: input.permissions });

/** `POST update-api`: the master's key that calls. Source: v5/user/modify-master-apikey */
export function edit(call: Call): unknown {
  const { caller, keys, switches, refusals } = call;
  const params = input.paramsOf(call, update);
  if (params.ips !== undefined && params.ips !== null && switches.get("masterIps") === "refused") throw refusals.refused("ips: prohibited");
  const named = params.permissions ? input.readPermissions(call, params.permissions, MASTER) : undefined;
  const changes = { ...(named ? { permissions: merged(call, caller.key, named) } : {}), ...readOnlyOf(call, params.readOnly) };
  if (changes.permissions) mustBeAllowed(call, changes.permissions);
  keys.edit(caller.key, changes, "api");
  return asUpdated(caller.key);
}

function mustBeAllowed({ caller, refusals }: Call, next: Permissions): void {
  const { permissions, readOnly } = present(caller.key);
  const changed = FIXED.filter((type) => String([...(permissions[type] ?? [])].sort()) !== String([...(next[type] ?? [])].sort()));
  if (!readOnly && changed.length > 0) throw refusals.refused(`${changed.join(", ")}: can't be added or deleted`);
  // Derivatives is there unasked, and couldn't be removed.
  const others = Object.entries(next).filter(([type, list]) => !["Affiliate", "Derivatives"].includes(type) && list.length > 0);
  if ((next["Affiliate"] ?? []).length > 0 && others.length > 0) throw refusals.refused("Affiliate: remove all other permissions");
}

/** `POST delete-api`: "will be invalid immediately". Source: v5/user/rm-master-apikey */
export function remove({ caller, keys }: Call): unknown {
  keys.revoke(caller.key);
  return {};
}
