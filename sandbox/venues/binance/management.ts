// Keys of sub-accounts: create, delete, modify, query. Called with a master's key. Their addresses are in lists.ts.

import type { Call } from "./endpoints";
import { readIps, type Restriction } from "./ips";
import { FIX, MODIFIABLE, ordered, type Permission } from "./permissions";
import { readPublicKey, type PublicKey } from "./signature";
import type { Account, Key } from "./state";
import { created, modified, row } from "./wire";

/** The longest `ipAddress` of a creation, in characters. Source: binance.md 1.4.1. */
const LONGEST_IP_TEXT = 500;
/** Source: binance.md 1.4.5. */
const PAGE = 30;
const LARGEST_PAGE = 100;

/** Creates a key. Source: binance.md 1.4.1 (v2), 1.4.2 (v1). */
export function createKey(call: Call, version: 1 | 2): unknown {
  const { params, switches, refusals, keys } = call;
  asMaster(call);
  managing(call, switches.get("createNeeds") === "canTrade");
  const email = params.required("email");
  const apiName = params.required("apiName");
  const restriction = restrictionOf(call);
  const publicKey = publicKeyOf(call, version);
  const permissions = flagsOf(call, version === 2 ? [...MODIFIABLE, ...FIX] : MODIFIABLE);
  const account = supported(call, subAccount(call, email));
  const others = keys.of(account);
  checkName(call, apiName, others);
  if (FIX.some((flag) => permissions.get(flag)) && publicKey?.type !== "ed25519") throw refusals.unsupported();
  if (switches.get("publicKeyTwice") === "refused" && others.some((other) => publicKey && other.publicKey?.pem === publicKey.pem)) {
    throw refusals.publicKey();
  }
  const most = switches.get("keysMax");
  if (most > 0 && others.length >= most) throw refusals.byCode(switches.get("keysMaxCode"));
  const granted = ordered([...permissions].filter(([, on]) => on).map(([flag]) => flag));
  return created(keys.make({ uid: account.uid, apiName, permissions: granted, restriction, publicKey }), switches, version);
}

/** Deletes a key. Source: binance.md 1.4.3. */
export function deleteKey(call: Call): unknown {
  const { params, switches, refusals, keys } = call;
  asMaster(call);
  managing(call, switches.get("createNeeds") === "canTrade");
  const account = supported(call, subAccount(call, params.required("email")));
  const apiKey = params.required("subAccountApiKey");
  const key = keys.of(account).find((candidate) => candidate.apiKey === apiKey);
  if (key) keys.revoke(key);
  else if (switches.get("deleteOfGone") === "refused") throw refusals.byCode(switches.get("unknownKey"), "subAccountApiKey");
  return {};
}

/** Modifies permissions; neither name, addresses, public key nor FIX flags. Source: binance.md 1.4.4. */
export function modifyKey(call: Call): unknown {
  const { switches, refusals, keys } = call;
  asMaster(call);
  managing(call, false);
  const sent = flagsOf(call, MODIFIABLE);
  const account = supported(call, subAccount(call, call.params.required("email")));
  if (account.portfolioMarginRetail) throw refusals.unknownAccountKind();
  const key = keyOf(call, account);
  const kept = key.permissions.filter((flag) => {
    const modifiable = (MODIFIABLE as readonly Permission[]).includes(flag);
    return !modifiable || (sent.get(flag) ?? switches.get("omittedFlags") === "kept");
  });
  keys.permit(key, [...kept, ...[...sent].filter(([, on]) => on).map(([flag]) => flag)]);
  return modified(key);
}

/** Lists keys, a page at a time. Source: binance.md 1.4.5. */
export function queryKeys(call: Call): unknown {
  const { params, switches, refusals, keys } = call;
  asMaster(call);
  const email = params.required("email");
  const apiKey = params.optional("subAccountApiKey");
  const page = params.integer("page") ?? 1;
  const size = params.integer("size") ?? PAGE;
  if (page < 1) throw refusals.mandatory("page");
  if (size < 1) throw refusals.mandatory("size");
  if (size > LARGEST_PAGE && switches.get("sizeBeyondMax") === "refused") throw refusals.tooGreat("size", LARGEST_PAGE);
  const answer = (account: Account | undefined, found: readonly Key[]): unknown => {
    const step = Math.min(size, LARGEST_PAGE);
    const rows = account ? found.slice((page - 1) * step, page * step).map((key) => row(key, account, switches)) : [];
    return { total: found.length, [switches.get("listMember")]: rows };
  };
  if (switches.get("queryUnknownEmail") === "empty" && !findSubAccount(call, email)) return answer(undefined, []);
  const account = subAccount(call, email);
  const all = keys.of(account);
  if (switches.get("listOrder") === "newest-first") all.reverse();
  const found = all.filter((key) => apiKey === undefined || key.apiKey === apiKey);
  if (apiKey !== undefined && found.length === 0 && switches.get("queryUnknownKey") === "refused") {
    throw refusals.byCode(switches.get("unknownKey"), "subAccountApiKey");
  }
  return answer(account, found);
}

/** Sub-accounts don't manage keys: every page is "for master account". */
export function asMaster({ caller, refusals }: Call): void {
  if (caller.account.master !== null) throw refusals.key();
}

/** What creating, deleting and modifying take: the KYC IP check, and trading where the switch says so. */
function managing({ caller, switches, refusals }: Call, trading: boolean): void {
  if (switches.get("kycIpCheck") === "own-list" && caller.key.restriction.status === 1) throw refusals.key();
  if (trading && !caller.key.permissions.includes("canTrade")) throw refusals.key();
}

function findSubAccount({ state, caller }: Call, email: string): Account | undefined {
  return state.accounts.find((account) => account.email === email && account.master === caller.account.uid);
}

export function subAccount(call: Call, email: string): Account {
  const account = findSubAccount(call, email);
  if (!account) throw call.refusals.byCode(call.switches.get("unknownEmail"), "email");
  return account;
}

/** Asset sub-accounts are not supported. Source: the notes of binance.md 1.4.1 to 1.4.4. */
function supported({ refusals }: Call, account: Account): Account {
  if (account.kind === "asset") throw refusals.unknownAccountKind();
  return account;
}

/** The key of that sub-account which `subAccountApiKey` names. */
export function keyOf({ params, keys, switches, refusals }: Call, account: Account): Key {
  const apiKey = params.required("subAccountApiKey");
  const key = keys.of(account).find((candidate) => candidate.apiKey === apiKey);
  if (!key) throw refusals.byCode(switches.get("unknownKey"), "subAccountApiKey");
  return key;
}

function flagsOf<F extends Permission>({ params }: Call, names: readonly F[]): Map<Permission, boolean> {
  const sent = names.map((name) => [name, params.boolean(name)] as const);
  return new Map(sent.filter((pair): pair is readonly [F, boolean] => pair[1] !== undefined));
}

function restrictionOf(call: Call): Restriction {
  const { params, switches, refusals } = call;
  const status = params.required("status");
  if (!/^[123]$/.test(status)) throw refusals.mandatory("status");
  if (status === "2") return { status: 2, ips: ipsOf(call, LONGEST_IP_TEXT) };
  if (params.optional("ipAddress") !== undefined && switches.get("ipWithoutRestriction") === "refused")
    throw refusals.mandatory("ipAddress");
  return status === "1" ? { status: 1 } : { status: 3, thirdPartyName: params.required("thirdPartyName") };
}

/** The addresses of `ipAddress`, which has to be there. */
export function ipsOf({ params, switches, refusals }: Call, longest: number): string[] {
  const text = params.required("ipAddress");
  const ips = readIps(text, switches.get("ipFormats"));
  const most = switches.get("ipsMax");
  if (!ips || (longest > 0 && text.length > longest) || (most > 0 && ips.length > most)) throw refusals.mandatory("ipAddress");
  return ips;
}

function checkName({ switches, refusals }: Call, apiName: string, others: readonly Key[]): void {
  const most = switches.get("apiNameMax");
  if (switches.get("apiNameAlphabet") !== "any" && !/^[A-Za-z0-9-]+$/.test(apiName)) throw refusals.illegal("apiName", "[A-Za-z0-9-]+");
  if (most > 0 && apiName.length > most) throw refusals.mandatory("apiName");
  if (switches.get("apiNamesUnique") && others.some((other) => other.apiName === apiName)) throw refusals.mandatory("apiName");
}

/** RSA keys are for the v2 creation alone, which takes the key in the body alone. Source: binance.md 1.4.1, 1.4.2. */
function publicKeyOf({ params, switches, refusals }: Call, version: 1 | 2): PublicKey | null {
  const text = params.optional("publicKey");
  if (text === undefined) return null;
  const inQuery = version === 1 && switches.get("publicKeyInQueryV1") === "accepted";
  if (params.inQuery("publicKey") && !inQuery) throw refusals.publicKey();
  const publicKey = readPublicKey(text, switches.get("publicKeyForm"));
  if (!publicKey || (version === 1 && publicKey.type !== "ed25519")) throw refusals.publicKey();
  return publicKey;
}
