// The four endpoints by which a master account manages its sub-accounts' keys. Apart, because they are what OKX is in the
// sandbox for.

import type { Call } from "./endpoints";
import { Refusal } from "./errors";
import { parseIps } from "./ips";
import { optional, required } from "./parameters";
import { parsePerm, type Permission } from "./permissions";
import { goodPassphrase, type Account, type Key } from "./state";
import { keyRow } from "./wire";

/** `POST users/subaccount/apikey`. Source: docs-v5 #sub-account-rest-api-create-an-api-key-for-a-sub-account. */
export function createKey(call: Call): unknown[] {
  const { parameters, keys, switches } = call;
  const account = subAccount(call);
  const label = labelOf(call, required(parameters, "label"));
  const passphrase = required(parameters, "passphrase");
  if (!goodPassphrase(passphrase)) throw new Refusal("59505");
  const permissions = permissionsAtBirth(call);
  const allowedIps = parseIps(optional(parameters, "ip") ?? "", switches);
  mustBeEnabled(account);
  if (keys.labelTaken(account, label)) throw new Refusal("59502");
  if (keys.full(account.uid)) throw new Refusal("59501");
  const key = keys.make(account, { label, passphrase, permissions, allowedIps });
  const { label: noted, apiKey, perm, ip, ts } = keyRow(key, "list", switches);
  return [{ subAcct: account.subAcct, label: noted, apiKey, secretKey: key.apiSecret, passphrase, perm, ip, ts }];
}

/** `GET users/subaccount/apikey`: no paging, no secrets. Source: docs-v5 #sub-account-rest-api-query-the-api-key-of-a-sub-account. */
export function listKeys(call: Call): unknown[] {
  const { parameters, keys, switches } = call;
  const listed = keys.listed(subAccount(call).uid);
  const apiKey = optional(parameters, "apiKey") ?? "";
  const found = apiKey === "" ? listed : listed.filter((key) => key.apiKey === apiKey);
  if (apiKey !== "" && found.length === 0 && switches.get("keyNotListed") === "59506") throw new Refusal("59506");
  return found.map((key) => keyRow(key, "list", switches));
}

/**
 * `POST users/subaccount/modify-apikey`, which resets what is passed and nothing else; secret and passphrase never change.
 * Source: docs-v5 #sub-account-rest-api-reset-the-api-key-of-a-sub-account.
 */
export function modifyKey(call: Call): unknown[] {
  const { parameters, keys, switches } = call;
  const account = subAccount(call);
  const key = keyOf(call, account);
  if (!keys.alive(key)) throw new Refusal("59506");
  const text = optional(parameters, "label");
  const label = text === undefined ? undefined : labelOf(call, text);
  const permissions = permissionsPassed(call);
  const ip = optional(parameters, "ip");
  const allowedIps = ip === undefined ? undefined : parseIps(ip, switches);
  mustBeEnabled(account);
  if (label !== undefined && keys.labelTaken(account, label, key)) throw new Refusal("59502");
  keys.edit(key, { label, permissions, allowedIps });
  const { label: noted, apiKey, perm, ip: list, ts } = keyRow(key, "modify", switches);
  return [{ subAcct: account.subAcct, label: noted, apiKey, perm, ip: list, ts }];
}

/** `POST users/subaccount/delete-apikey`. Source: docs-v5 #sub-account-rest-api-delete-the-api-key-of-sub-accounts. */
export function deleteKey(call: Call): unknown[] {
  const account = subAccount(call);
  call.keys.remove(keyOf(call, account));
  return [{ subAcct: account.subAcct }];
}

/** The caller's own sub-account of that name, which is case-sensitive. */
function subAccount({ parameters, caller, state }: Call): Account {
  const name = required(parameters, "subAcct");
  const account = state.accounts.find(({ mainUid, subAcct }) => mainUid === caller.account.uid && subAcct === name);
  if (!account) throw new Refusal("59510");
  return account;
}

function keyOf({ parameters, keys }: Call, account: Account): Key {
  const apiKey = required(parameters, "apiKey");
  const key = keys.listed(account.uid).find((candidate) => candidate.apiKey === apiKey);
  if (!key) throw new Refusal("59506");
  return key;
}

function mustBeEnabled(account: Account): void {
  if (!account.enabled) throw new Refusal("59508", account.subAcct ?? "");
}

function permissionsAtBirth({ parameters, switches }: Call): Permission[] {
  const perm = optional(parameters, "perm") ?? "";
  if (perm !== "") return parsePerm(perm, switches);
  const meaning = switches.get("permOmitted");
  if (meaning === "refused") throw new Refusal("50014", "perm");
  return meaning === "read_only" ? ["read_only"] : ["read_only", "trade"];
}

function permissionsPassed({ parameters, switches }: Call): Permission[] | undefined {
  const perm = optional(parameters, "perm");
  if (perm === undefined) return undefined;
  if (perm !== "") return parsePerm(perm, switches);
  if (switches.get("permEmptied") === "refused") throw new Refusal("50014", "perm");
  return undefined;
}

/** A label within length and alphabet. Source of both: docs-v5 #trading-account-rest-api-get-account-configuration. */
function labelOf({ switches }: Call, text: string): string {
  const most = switches.get("labelMax");
  const strange = switches.get("labelAlphabet") === "letters-and-digits" && !/^[A-Za-z0-9]+$/.test(text);
  if (text === "" || strange || (most !== 0 && text.length > most)) throw new Refusal("51000", "label");
  return text;
}
