// The keys of sub-accounts: create, list, query, update, delete. Apart, because they are what this venue is here for.
// Source of all: docs/gateio, endpoints below /sub_accounts/{user_id}/keys, 2025-11-30.

import type { Call } from "./endpoints";
import { Refusal, type Label } from "./errors";
import { parseIps } from "./ips";
import type { Shown } from "./keys";
import { member, optional, type Parameters } from "./parameters";
import { parsePerms, type Permissions } from "./permissions";
import type { Account, Key } from "./state";
import { ownSub } from "./subaccounts";
import { createdRow, keyRow } from "./wire";

/** `POST …/keys`: everything may be missing; without `mode` 1. */
export function createKey(call: Call): unknown {
  const { parameters, keys, switches } = call;
  const account = openSub(call);
  const mode = modeOf(parameters) ?? 1;
  const name = nameOf(call) ?? "";
  const permissions = checkedPerms(call, parsePerms(member(parameters, "perms"), switches) ?? {});
  const allowedIps = parseIps(member(parameters, "ip_whitelist"));
  if (keys.nameTaken(account.userId, name)) throw new Refusal("INVALID_PARAM_VALUE", "name: is taken");
  const most = switches.get("keysMax");
  if (most !== 0 && keys.of(account.userId).length >= most) throw new Refusal(switches.get("keysMaxLabel"));
  const key = keys.make({ userId: account.userId, name, mode, permissions, allowedIps });
  return createdRow({ key, state: keys.shown(key) }, keys, switches);
}

/** `GET …/keys`: no pages, no secrets. */
export function listKeys(call: Call): unknown {
  const { keys, switches } = call;
  const account = absentIsEmpty(call) ? undefined : ownSub(call);
  return (account ? keys.listed(account.userId) : []).map((shown) => keyRow(shown, keys, switches));
}

function absentIsEmpty(call: Call): boolean {
  const { state, path, switches } = call;
  const there = state.accounts.some(({ userId, mainId }) => String(userId) === path.userId && mainId !== null);
  return !there && switches.get("absentSubList") === "empty";
}

/** `GET …/keys/{key}`: the same row. */
export function getKey(call: Call): unknown {
  const { keys, switches } = call;
  return keyRow(shownKey(call, ownSub(call)), keys, switches);
}

/** `PUT …/keys/{key}`: replaces all; addresses that aren't said are gone. No body comes back. */
export function updateKey(call: Call): undefined {
  const { parameters, keys, switches } = call;
  const account = openSub(call);
  const key = writtenKey(call, account);
  const mode = modeOf(parameters);
  if (mode !== undefined && mode !== key.mode && switches.get("modeChanged") === "refused")
    throw new Refusal("INVALID_PARAM_VALUE", "mode: can't be changed");
  const name = nameOf(call) ?? (switches.get("nameOmitted") === "cleared" ? "" : undefined);
  const named = parsePerms(member(parameters, "perms"), switches) ?? (switches.get("permsOmitted") === "cleared" ? {} : undefined);
  const permissions = named && checkedPerms(call, named);
  const allowedIps = parseIps(member(parameters, "ip_whitelist"));
  if (name !== undefined && keys.nameTaken(account.userId, name, key)) throw new Refusal("INVALID_PARAM_VALUE", "name: is taken");
  keys.edit(key, { name, permissions, allowedIps });
}

/** `DELETE …/keys/{key}`: no body comes back. */
export function deleteKey(call: Call): undefined {
  call.keys.remove(writtenKey(call, ownSub(call)));
}

/** A sub-account whose keys can be made and updated. */
function openSub(call: Call): Account {
  const account = ownSub(call);
  if (account.locked) throw new Refusal("SUB_ACCOUNT_LOCKED");
  return account;
}

function shownKey(call: Call, { userId }: Account): Shown {
  const shown = call.keys.listed(userId).find(({ key }) => key.apiKey === call.path.key);
  if (!shown) throw absentKey(call);
  return shown;
}

function writtenKey(call: Call, { userId }: Account): Key {
  const key = call.keys.managed(userId, call.path.key ?? "");
  if (!key) throw absentKey(call);
  return key;
}

function absentKey({ switches }: Call): Refusal {
  const [status, label] = switches.get("absentKey").split("-") as [string, Label];
  return new Refusal(label, undefined, Number(status));
}

function checkedPerms({ caller, keys, switches }: Call, wanted: Permissions): Permissions {
  if (Object.keys(wanted).length === 0 && switches.get("emptyPerms") === "refused") throw new Refusal("INVALID_PARAM_VALUE", "perms: none");
  if (switches.get("beyondOwn") === "granted") return wanted;
  const own = keys.inForce(caller.key).permissions;
  const within = Object.entries(wanted).every(([area, access]) => {
    const has = own[area as keyof Permissions];
    return has === "read-write" || has === access;
  });
  if (!within) throw new Refusal("FORBIDDEN");
  return wanted;
}

/** 1 classic, 2 portfolio account. */
function modeOf(parameters: Parameters): 1 | 2 | undefined {
  const mode = member(parameters, "mode");
  if (mode === undefined || mode === 1 || mode === 2) return mode;
  throw new Refusal("INVALID_PARAM_VALUE", "mode: neither 1 nor 2");
}

function nameOf({ parameters, switches }: Call): string | undefined {
  const name = optional(parameters, "name");
  if (name === undefined) return undefined;
  if (switches.get("nameAlphabet") !== "any" && !/^[A-Za-z0-9_-]*$/.test(name))
    throw new Refusal("INVALID_PARAM_VALUE", "name: characters");
  const most = switches.get("nameMax");
  const letters = [...name];
  if (most === 0 || letters.length <= most) return name;
  if (switches.get("nameTooLong") === "refused") throw new Refusal("INVALID_PARAM_VALUE", "name: too long");
  return letters.slice(0, most).join("");
}
