// The four endpoints by which a master account manages its sub-accounts' keys. Apart, because they are what KuCoin is in the
// sandbox for. Source of all: kc-spec, openapi-account-subaccount.json, 2025-11-04.

import type { Call } from "./endpoints";
import { Refusal } from "./errors";
import { parseIps } from "./ips";
import { EXPIRES, type Expire } from "./keys";
import { optional, required } from "./parameters";
import { mayRoam, parsePermissions, type Permission } from "./permissions";
import { goodPassphrase, TRADE_TYPES, type Account, type Key } from "./state";
import { keyRow, writePermissions } from "./wire";

/** `POST /api/v1/sub/api-key`. Without `permission` General, without `expire` for ever, without `ipWhitelist` from anywhere. */
export function createKey(call: Call): unknown {
  const { parameters, keys, clock, switches } = call;
  const account = subAccount(call);
  const remark = required(parameters, "remark");
  const passphrase = required(parameters, "passphrase");
  if ([...remark].length > 24 || !goodPassphrase(passphrase)) throw new Refusal("400100");
  const permissions = permissionsFor(account, optional(parameters, "permission") || "General", call);
  const allowedIps = parseIps(optional(parameters, "ipWhitelist") ?? "", switches);
  const expire = expireOf(call) ?? "-1";
  checkTogether(permissions, allowedIps);
  mustBeActive(account);
  if (keys.remarkTaken(account.uid, remark)) throw new Refusal("400100");
  const key = keys.make(account, { remark, passphrase, permissions, allowedIps, expiresAt: keys.endOf(expire, clock.now()) });
  const { permission, uid: _uid, isMaster: _isMaster, ...row } = keyRow(key, account, switches);
  const echo = switches.get("createEcho") === "as-granted" ? permission : writePermissions(permissions.filter((one) => one !== "Spot"));
  return { ...row, apiSecret: key.apiSecret, passphrase, permission: echo };
}

/** `GET /api/v1/sub/api-key`: no pages, no secrets, no expiry. */
export function listKeys(call: Call): unknown {
  const { parameters, keys, switches } = call;
  const account = findSub(call, required(parameters, "subName"));
  const apiKey = optional(parameters, "apiKey") ?? "";
  const found = (account ? keys.listed(account.uid) : []).filter((key) => apiKey === "" || key.apiKey === apiKey);
  const absent = !account || (apiKey !== "" && found.length === 0);
  if (absent && switches.get("absentListed") === "refused") throw notFound(call);
  return found.map((key) => keyRow(key, account as Account, switches));
}

/** `POST /api/v1/sub/api-key/update`, which takes the key's own passphrase; the remark can't be changed. */
export function updateKey(call: Call): unknown {
  const { parameters, keys } = call;
  const account = subAccount(call);
  const key = keyOf(call, account);
  const permissions = permissionsPassed(call, account);
  const allowedIps = ipsPassed(call);
  const expiresAt = endPassed(call, key);
  checkTogether(permissions ?? key.permissions, allowedIps ?? key.allowedIps);
  mustBeActive(account);
  if (!keys.alive(key)) throw notFound(call);
  keys.edit(key, { permissions, allowedIps, expiresAt });
  return { subName: required(parameters, "subName"), apiKey: key.apiKey, permission: writePermissions(key.permissions) };
}

/** `DELETE /api/v1/sub/api-key`, with the key's own passphrase in the query. */
export function deleteKey(call: Call): unknown {
  const account = subAccount(call);
  const key = keyOf(call, account);
  call.keys.remove(key);
  return { subName: account.subName, apiKey: key.apiKey };
}

/** The caller's own sub-account of that name. */
export function findSub({ caller, state }: Call, name: string): Account | undefined {
  return state.accounts.find(({ masterUid, subName }) => masterUid === caller.account.uid && subName === name);
}

function subAccount(call: Call): Account {
  const account = findSub(call, required(call.parameters, "subName"));
  if (!account) throw notFound(call);
  return account;
}

/** The key that a request names and whose passphrase it knows. */
function keyOf(call: Call, account: Account): Key {
  const { parameters, keys, switches } = call;
  const apiKey = required(parameters, "apiKey");
  const passphrase = required(parameters, "passphrase");
  const key = keys.managed(account.uid, apiKey);
  if (!key) throw notFound(call);
  if (key.passphrase !== passphrase) throw new Refusal(switches.get("keyPassphrase"));
  return key;
}

function notFound({ switches }: Call): Refusal {
  return new Refusal(switches.get("notFoundCode"));
}

function mustBeActive(account: Account): void {
  if (account.frozen) throw new Refusal("411100");
}

/** Source: docs-new, introduction: with Flex Transfers or withdrawals, an IP list has to be there. */
function checkTogether(permissions: readonly Permission[], allowedIps: readonly string[]): void {
  if (allowedIps.length === 0 && !mayRoam(permissions)) throw new Refusal("400100");
}

/** What is granted of what is asked for, by what the sub-account may deal in. */
function permissionsFor(account: Account, text: string, { switches }: Call): Permission[] {
  const beyond = TRADE_TYPES.filter((type) => !account.tradeTypes.includes(type));
  const asked = parsePermissions(text, switches);
  const granted = asked.filter((one) => !(beyond as readonly string[]).includes(one));
  const rule = switches.get("beyondAccess");
  if (rule === "400100" && granted.length < asked.length) throw new Refusal("400100");
  return rule === "granted" ? asked : granted;
}

function permissionsPassed(call: Call, account: Account): Permission[] | undefined {
  const text = optional(call.parameters, "permission") ?? "";
  if (text === "" && call.switches.get("permissionOmitted") === "kept") return undefined;
  return permissionsFor(account, text || "General", call);
}

function ipsPassed({ parameters, switches }: Call): string[] | undefined {
  const text = optional(parameters, "ipWhitelist");
  if (text === undefined) return switches.get("ipWhitelistOmitted") === "removed" ? [] : undefined;
  if (text !== "") return parseIps(text, switches);
  const rule = switches.get("ipWhitelistEmpty");
  if (rule === "400100") throw new Refusal("400100");
  return rule === "removed" ? [] : undefined;
}

function endPassed(call: Call, key: Key): number | null | undefined {
  const { keys, clock, switches } = call;
  const expire = expireOf(call) ?? (switches.get("expireOmitted") === "-1" ? "-1" : undefined);
  if (expire === undefined) return undefined;
  return keys.endOf(expire, switches.get("expireFrom") === "creation" ? key.createdAt : clock.now());
}

function expireOf({ parameters }: Call): Expire | undefined {
  const text = optional(parameters, "expire") ?? "";
  if (text === "") return undefined;
  const expire = EXPIRES.find((one) => one === text);
  if (!expire) throw new Refusal("400100");
  return expire;
}
