// The nine methods that manage the keys of the account that asks, and no other's. Apart, because most of what Deribit's
// documents leave open is about them. Source: docs.deribit.com/api-reference/account-management

import type { Call } from "./endpoints";
import { Refusal } from "./errors";
import { isEntry } from "./ips";
import { granted, scopeOf, within } from "./scopes";
import { publicKeyOf } from "./signatures";
import type { Key } from "./state";
import { apiKeyObject } from "./wire";

const FEATURES = ["restricted_block_trades", "block_trade_approval"];

export function createKey(call: Call): unknown {
  const { params, caller, keyring, refusals } = call;
  const scope = scopeIn(call);
  const name = nameIn(call) ?? "";
  const features = featuresIn(call) ?? [];
  const publicKey = params.text("public_key") ?? null;
  if (publicKey !== null && !publicKeyOf(publicKey)) throw refusals.invalid("public_key", "no such key");
  mayGive(call, scope);
  if (keyring.full(caller.account.id)) throw refusals.keyLimit();
  return show(call, keyring.make(caller.account.id, { name, scope, features }, publicKey));
}

export function editKey(call: Call): unknown {
  const { params, switches, keyring } = call;
  const key = keyIn(call);
  const given = ["max_scope", "name", "enabled", "enabled_features", "ip_whitelist"].some((name) => params.raw(name) !== undefined);
  if (params.raw("max_scope") === undefined && (switches.get("editNeedsScope") || !given)) throw call.refusals.missing("max_scope");
  const scope = params.raw("max_scope") === undefined ? key.scope : scopeIn(call);
  const [name, enabled, features, allowedIps] = [nameIn(call, key), params.boolean("enabled"), featuresIn(call), ipsIn(call)];
  mayGive(call, scope);
  const kept = switches.get("editOmitted") === "kept";
  keyring.edit(key, {
    scope,
    name: name ?? (kept ? key.name : ""),
    enabled: enabled ?? key.enabled,
    features: features ?? (kept ? key.features : []),
    allowedIps: allowedIps === "kept" ? key.allowedIps : (allowedIps ?? (kept ? key.allowedIps : [])),
  });
  return show(call, key);
}

/** No pages: an account has 8 keys at most. */
export function listKeys(call: Call): unknown {
  const { caller, keyring, switches } = call;
  return keyring.of(caller.account.id).map((key) => {
    const beyond = !within(key.scope, caller.scope);
    if (beyond && switches.get("listBeyondScope") === "13403") throw new Refusal(13403);
    return apiKeyObject(key, switches, !beyond && switches.get("listSecrets") === "shown");
  });
}

export function changeScope(call: Call): unknown {
  const key = keyIn(call);
  const scope = scopeIn(call);
  mayGive(call, scope);
  call.keyring.edit(key, { scope });
  return show(call, key);
}

export function changeName(call: Call): unknown {
  const key = keyIn(call);
  call.keyring.edit(key, { name: call.params.required("name", nameIn(call, key)) });
  return show(call, key);
}

export function enableKey(call: Call): unknown {
  return switchKey(call, true);
}

export function disableKey(call: Call): unknown {
  return switchKey(call, false);
}

function switchKey(call: Call, enabled: boolean): unknown {
  const key = keyIn(call);
  call.keyring.edit(key, { enabled });
  return show(call, key);
}

/** Same id and client id, new secret; the former one ends at once. */
export function resetKey(call: Call): unknown {
  const key = keyIn(call);
  if (key.publicKey !== null && call.switches.get("resetOfPublicKey") === "refused") throw call.refusals.invalid("id", "no secret");
  call.keyring.reset(key);
  return show(call, key);
}

export function removeKey(call: Call): unknown {
  call.keyring.remove(keyIn(call));
  return "ok";
}

function show({ switches }: Call, key: Key): unknown {
  return apiKeyObject(key, switches, true);
}

/** The key that `id` names, of the account that asks; refused when it has more than its caller. */
function keyIn(call: Call): Key {
  const id = call.params.required("id", call.params.integer("id"));
  const key = call.keyring.of(call.caller.account.id).find(({ number }) => number === id);
  if (!key) throw call.refusals.unknownId();
  mayGive(call, key.scope);
  return key;
}

/** Nobody hands out, changes or removes more than it has itself. */
function mayGive({ caller }: Call, scope: readonly string[]): void {
  if (!within(granted(scope), caller.scope)) throw new Refusal(13403);
}

function scopeIn({ params, switches, refusals }: Call): string[] {
  const scope = scopeOf(params.required("max_scope", params.raw("max_scope")), switches);
  if ("wrong" in scope) throw refusals.invalid("max_scope", scope.wrong);
  return scope.words;
}

/** “Only letters, numbers and underscores allowed; maximum length - 16 characters” */
function nameIn({ params, caller, keyring, switches, refusals }: Call, itself?: Key): string | undefined {
  const name = params.text("name");
  if (name === undefined) return undefined;
  const right = switches.get("nameAlphabet") === "any" ? name.length <= 16 : /^\w{0,16}$/.test(name);
  if (!right) throw refusals.invalid("name", "wrong format");
  const taken = name !== "" && keyring.of(caller.account.id).some((key) => key !== itself && key.name === name);
  if (taken && switches.get("namesUnique")) throw refusals.invalid("name", "already taken");
  return name;
}

function featuresIn({ params, refusals }: Call): string[] | undefined {
  const features = params.texts("enabled_features");
  if (features?.some((feature) => !FEATURES.includes(feature))) throw refusals.invalid("enabled_features", "no such feature");
  return features;
}

function ipsIn({ params, switches, refusals }: Call): string[] | "kept" | undefined {
  const ips = params.texts("ip_whitelist");
  if (ips === undefined) return undefined;
  const most = switches.get("mostIps");
  if (most > 0 && ips.length > most) throw refusals.invalid("ip_whitelist", "too many");
  if (!ips.every((ip) => isEntry(ip, switches))) throw refusals.invalid("ip_whitelist", "wrong address");
  const empty = ips.length === 0 ? switches.get("emptyIps") : "from-anywhere";
  if (empty === "refused") throw refusals.invalid("ip_whitelist", "empty");
  return empty === "kept" ? "kept" : ips;
}
