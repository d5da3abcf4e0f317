// The addresses of a sub-account's key: set, deleted and read in calls of their own. Apart from management.ts, since
// hardly anything of them is documented and so much of it is switches.

import type { Call } from "./endpoints";
import type { Restriction } from "./ips";
import { asMaster, ipsOf, keyOf, subAccount } from "./management";
import type { Key } from "./state";
import { restricted, restriction } from "./wire";

/** Opens a key to everyone, or gives it addresses. Source: binance.md 1.4.6. */
export function changeIps(call: Call): unknown {
  const { params, switches, refusals, keys } = call;
  asTrader(call);
  const account = subAccount(call, params.required("email"));
  const key = keyOf(call, account);
  const status = params.optional("status") ?? (switches.get("ipStatusOmitted") === "unrestricted" ? "1" : "");
  // 3, third parties, isn't listed for this endpoint.
  if (status !== "1" && status !== "2") throw refusals.mandatory("status");
  keys.restrict(key, status === "1" ? opened(call) : closed(call, key));
  return restricted(key, switches);
}

/** Takes addresses off a key. Source: binance.md 1.4.7. */
export function deleteIps(call: Call): unknown {
  const { params, switches, refusals, keys } = call;
  asTrader(call);
  const account = subAccount(call, params.required("email"));
  const key = keyOf(call, account);
  const wanted = ipsOf(call, 0);
  const ips = key.restriction.status === 2 ? key.restriction.ips : [];
  if (switches.get("deleteIpUnknown") === "refused" && wanted.some((ip) => !ips.includes(ip))) throw refusals.mandatory("ipAddress");
  const left = ips.filter((ip) => !wanted.includes(ip));
  if (left.length === ips.length) return restriction(key, switches);
  const last = switches.get("lastIpDeleted");
  if (left.length === 0 && last === "refused") throw refusals.mandatory("ipAddress");
  keys.restrict(key, left.length === 0 && last === "unrestricted" ? { status: 1 } : { status: 2, ips: left });
  return restriction(key, switches);
}

/** Source: binance.md 1.4.8, which says nothing of Spot & Margin trading. */
export function readIpRestriction(call: Call): unknown {
  asMaster(call);
  return restriction(keyOf(call, subAccount(call, call.params.required("email"))), call.switches);
}

/** Whoever sets or deletes addresses needs Spot & Margin trading. Source: the note of binance.md 1.4.6, 1.4.7. */
function asTrader(call: Call): void {
  asMaster(call);
  if (!call.caller.key.permissions.includes("canTrade")) throw call.refusals.key();
}

function opened({ params, switches, refusals }: Call): Restriction {
  if (params.optional("ipAddress") !== undefined && switches.get("ipWithoutRestriction") === "refused")
    throw refusals.mandatory("ipAddress");
  return { status: 1 };
}

function closed(call: Call, key: Key): Restriction {
  const { params, switches, refusals } = call;
  const before = key.restriction.status === 2 ? key.restriction.ips : [];
  if (params.optional("ipAddress") === undefined && switches.get("restrictWithoutIps") === "accepted") return { status: 2, ips: before };
  const given = ipsOf(call, switches.get("ipTextMax"));
  if (switches.get("addIpAgain") === "refused" && given.some((ip) => before.includes(ip))) throw refusals.mandatory("ipAddress");
  const ips = switches.get("addIps") === "adds" ? [...new Set([...before, ...given])] : given;
  const most = switches.get("ipsMax");
  if (most > 0 && ips.length > most) throw refusals.mandatory("ipAddress");
  return { status: 2, ips };
}
