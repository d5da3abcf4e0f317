// The driver: one endpoint is one function is one request. What answers mean stands in wire and convert, what follows from them in core.

import type { z } from "zod";
import { observe, refusalOf } from "../../core/codes";
import type { AccountFacts, AccountScope, Answer, Call, DesiredKey, Driver, DriverContext } from "../../core/driver";
import type { IssuedKey, KeyChange, KeyRef, ListPage, ObservedKey, Observation } from "../../core/driver";
import { KeyError } from "../../core/errors";
import { ipDelta, ipMap } from "../../core/ip";
import type { AllowedIps, Credential, Grants } from "../../core/model";
import { Secret } from "../../core/secret";
import { json } from "../../http/answer";
import { FIX, FLAGS, grantsOf, READING, trimmed } from "./convert";
import { signed, type Asking } from "./request";
import { accountAnswer, addressesAnswer, anyAnswer, CODES, createdAnswer, envelope, listAnswer, ownKeyAnswer } from "./wire";

/** Builds the driver for keys of sub-accounts. */
export function subAccountApiKeyDriver(context: DriverContext): Driver {
  return {
    whoami: () => whoami(context),
    inspect: (credential) => inspect(context, credential),
    list: (scope, page) => list(context, scope, page),
    addresses: (ref) => addresses(context, ref),
    create: (desired) => create(context, desired),
    update: (change) => update(context, change),
    revoke: (ref) => revoke(context, ref),
  };
}

const KEYS = "/sapi/v1/sub-account/subAccountApi";
/** Source: "Weight (UID) 3000" of each of the eight pages. */
const UID = { limit: "uid", weight: 3000 } as const;

/** `GET /api/v3/account`. Source: developers.binance.com, rest-api/account-endpoints: weight 20; reading is always on. */
async function whoami(context: DriverContext): Promise<AccountFacts> {
  const asking = { operation: "read the account", limit: "api", weight: 20, path: "/api/v3/account", values: { omitZeroBalances: "true" } };
  const { uid } = await ask(context, asking, accountAnswer);
  return { accountId: uid, remarks: [] };
}

/** Its words → those of a creation. Source: none says so; by their names. */
const OWN_WORDS = {
  enableReading: READING,
  enableSpotAndMarginTrading: "canTrade",
  enableMargin: "canMarginLoanRepay",
  enableFutures: "canFuturesTrade",
  permitsUniversalTransfer: "canUniversalTransfer",
  enableVanillaOptions: "canVanillaOptions",
  enableFixApiTrade: "canFixApiTrading",
  enableFixReadOnly: "canFixApiReading",
  enableWithdrawals: "enableWithdrawals",
  enableInternalTransfer: "enableInternalTransfer",
  enablePortfolioMarginTrading: "enablePortfolioMarginTrading",
} as const;

/** `GET /sapi/v1/account/apiRestrictions`: whether there is an IP list, and not what is on it. */
function inspect(context: DriverContext, credential: Credential): Promise<Observation> {
  const path = "/sapi/v1/account/apiRestrictions";
  const asking = { operation: "look at the key", credential, limit: "own", path, values: {} };
  return observe(["credential-refused"], async () => {
    const { ipRestrict, createTime, ...may } = await ask(context, asking, ownKeyAnswer);
    const words = Object.entries(OWN_WORDS) as [keyof typeof OWN_WORDS, string][];
    return {
      ...(credential.kind === "token" ? {} : { publicPart: credential.apiKey }),
      grants: words.flatMap(([own, word]) => (may[own] === true ? [word] : [])).sort(),
      ...(ipRestrict ? {} : { allowedIps: "anywhere" as const }),
      ...(createTime === undefined ? {} : { createdAt: new Date(createTime).toISOString() }),
    };
  });
}

/** The largest page. Source: Query Sub-account API Key: "size" default 30, max 100. */
const SIZE = 100;

/** `GET …/subAccountApi`: no addresses, no FIX flags, no secrets. A page that is shorter than its total says shows no absence. */
async function list(context: DriverContext, { subAccount = "" }: AccountScope, next = "1"): Promise<ListPage> {
  const operation = "list the sub-account's keys";
  const values = { email: subAccount, page: next, size: String(SIZE) };
  const { total, rows } = await ask(context, { operation, ...UID, path: KEYS, values }, listAnswer);
  const left = total - (Number(next) - 1) * SIZE;
  if (rows.length < Math.min(left, SIZE)) {
    const cause = `page ${next} has ${rows.length} keys where its total of ${total} leaves ${left}`;
    throw new KeyError("broken-answer", { venue: context.venue, operation, cause, wayOut: "run it again" });
  }
  const keys = rows.map(({ apikey, apiKey = apikey, apiName, ...may }): ObservedKey => {
    const label = apiName === undefined ? {} : { label: apiName };
    return { ...told(apiKey), ...label, grants: grantsOf(Object.fromEntries(FLAGS.map((flag) => [flag, may[flag]])), {}) };
  });
  return { keys, ...(left > SIZE ? { next: String(Number(next) + 1) } : {}) };
}

/** Whether lists mask keys isn't documented: one that is masked can't be told from others. Keys have 64 letters and digits in each example. */
function told(apiKey = ""): Pick<ObservedKey, "publicPart"> {
  return /^[\w-]{16,}$/.test(apiKey) ? { publicPart: apiKey } : {};
}

/** `GET …/subAccountApi/ipRestriction`. A key with a restriction and without a list lets nobody in. */
async function addresses(context: DriverContext, ref: Pick<KeyRef, "publicPart" | "scope">): Promise<AllowedIps> {
  const asking = { operation: "read the key's IP list", ...UID, path: `${KEYS}/ipRestriction`, values: named(ref) };
  const { ipRestrict, ipList } = await ask(context, asking, addressesAnswer);
  return ipRestrict ? ipMap(ipList ?? []) : "anywhere";
}

/** `POST /sapi/v2/sub-account/subAccountApi`: the first version has neither FIX nor RSA. A public key is taken from the body alone. */
async function create(context: DriverContext, desired: DesiredKey): Promise<IssuedKey> {
  const { label = "", permissions, allowedIps, extras } = desired;
  const { publicKey } = extras;
  const operation = "create the sub-account's key";
  const values = {
    ...{ email: String(extras["subAccount"]), apiName: label, ...restriction(allowedIps) },
    ...flags(FLAGS, grantsOf(permissions, extras)),
    ...(typeof publicKey === "string" ? { ...flags(FIX, grantsOf(permissions, extras)), publicKey: trimmed(publicKey) } : {}),
  };
  const asking: Asking = { operation, ...UID, method: "POST", path: "/sapi/v2/sub-account/subAccountApi", values };
  const call = callOf(context, asking, createdAnswer);
  return context.http.send({
    ...call,
    parse(answer): IssuedKey {
      const { apiKey, secretKey } = call.parse(answer);
      return {
        credential: credentialOf(apiKey, publicKey === undefined ? (secretKey ?? "") : undefined, { venue: context.venue, operation }),
        publicPart: apiKey,
        createdAt: new Date(answer.at).toISOString(),
      };
    },
  });
}

function credentialOf(
  apiKey: string,
  secret: string | undefined,
  where: { readonly venue: string; readonly operation: string },
): Credential {
  if (secret === undefined) return { kind: "public-key", apiKey };
  if (secret !== "") return { kind: "api-key", apiKey, apiSecret: new Secret(secret) };
  throw new KeyError("broken-answer", { ...where, cause: "the venue made a key and told no secret", wayOut: "run it again" });
}

/** Changes one part: three endpoints. Whether setting addresses adds or replaces isn't documented, nor what is refused there. */
async function update(context: DriverContext, { ref, desired, observed, part }: KeyChange): Promise<void> {
  if (part === "permissions") return permit(context, ref, desired);
  const { allowedIps } = desired;
  const { allowedIps: before = "anywhere" } = observed;
  if (part === "add-ips") {
    const fresh = allowedIps === "anywhere" || before === "anywhere" ? allowedIps : picked(allowedIps, ipDelta(allowedIps, before).added);
    // The whole list first: where setting replaces, the new addresses alone would bar the others.
    return restrict(context, ref, allowedIps).catch((error: unknown) => {
      const partial = Object.keys(fresh).length < Object.keys(allowedIps).length;
      if (!isParameter(error) || !partial) throw error;
      // What is there already may be refused, which then proves that setting adds; so may a list that is too long with what is there.
      return restrict(context, ref, fresh);
    });
  }
  if (part !== "remove-ips" || allowedIps === "anywhere") throw new Error("keys of Binance are changed in parts");
  const gone = ipDelta(allowedIps, before).removed;
  await remove(context, ref, gone).catch(async (error: unknown) => {
    // Where setting replaced the list, they went with that, and removing what isn't there may be refused.
    const now = isParameter(error) ? await addresses(context, ref) : "anywhere";
    if (now === "anywhere" || gone.some((address) => address in now)) throw error;
  });
}

function isParameter(error: unknown): boolean {
  return error instanceof KeyError && error.code === "parameter-refused";
}

function picked(list: Readonly<Record<string, string>>, entries: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(list).filter(([entry]) => entries.includes(entry)));
}

/** `POST …/subAccountApiPermission`. What a flag does that isn't sent isn't documented: all five are. */
async function permit(context: DriverContext, ref: KeyRef, { permissions, extras }: DesiredKey): Promise<void> {
  const values = { ...named(ref), ...flags(FLAGS, grantsOf(permissions, extras)) };
  await write(context, ref, { operation: "change the key's permissions", ...UID, method: "POST", path: `${KEYS}Permission`, values });
}

/** `POST /sapi/v2/…/ipRestriction`. Without `status` it opens the key. */
async function restrict(context: DriverContext, ref: KeyRef, allowedIps: AllowedIps): Promise<void> {
  const path = "/sapi/v2/sub-account/subAccountApi/ipRestriction";
  const values = { ...named(ref), ...restriction(allowedIps) };
  await write(context, ref, { operation: "set the key's IP list", ...UID, method: "POST", path, values });
}

/** `DELETE …/ipRestriction/ipList`. Never the last ones, which may open the key: others were set before. */
async function remove(context: DriverContext, ref: KeyRef, gone: readonly string[]): Promise<void> {
  const values = { ...named(ref), ipAddress: gone.join(",") };
  const path = `${KEYS}/ipRestriction/ipList`;
  await write(context, ref, { operation: "take addresses off the key's IP list", ...UID, method: "DELETE", path, values });
}

/** `DELETE …/subAccountApi`. What it answers for a key that isn't there isn't documented: the list tells. */
async function revoke(context: DriverContext, ref: KeyRef): Promise<"revoked"> {
  await write(context, ref, { operation: "delete the sub-account's key", ...UID, method: "DELETE", path: KEYS, values: named(ref) });
  return "revoked";
}

function named({ publicPart = "", scope }: Pick<KeyRef, "publicPart" | "scope">): Readonly<Record<string, string>> {
  return { email: scope.subAccount ?? "", subAccountApiKey: publicPart };
}

/** 1 is everyone, 2 a list. Beside 1 no addresses are sent: what becomes of them isn't documented. */
function restriction(allowedIps: AllowedIps): Readonly<Record<string, string>> {
  return allowedIps === "anywhere" ? { status: "1" } : { status: "2", ipAddress: Object.keys(allowedIps).join(",") };
}

function flags(names: readonly string[], grants: Grants): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, String(grants.includes(name))]));
}

async function write(context: DriverContext, { undo }: KeyRef, asking: Asking): Promise<void> {
  await context.http.send({ ...callOf(context, asking, anyAnswer), undo });
}

function ask<S extends z.ZodType>(context: DriverContext, asking: Asking, schema: S): Promise<z.output<S>> {
  return context.http.send(callOf(context, asking, schema));
}

function callOf<S extends z.ZodType>(context: DriverContext, asking: Asking, schema: S): Call<z.output<S>> {
  return { ...signed(context, asking), parse: (answer) => parsed(context, asking.operation, answer, schema) };
}

/** The answer by its schema, or the venue's refusal by the table. Some refusals have no JSON. */
function parsed<S extends z.ZodType>({ venue }: DriverContext, operation: string, answer: Answer, schema: S): z.output<S> {
  const where = { venue, operation };
  if (answer.status === 200) return json(answer, schema, where);
  if (answer.status >= 500) throw failed(answer, where);
  const bare = answer.text.trimStart().startsWith("{") ? undefined : statusRefusal(answer, where);
  if (bare !== undefined) throw bare;
  const { code, msg } = json(answer, envelope, where);
  throw refusalOf(CODES, { venueCode: String(code), text: msg }, where);
}

interface Where {
  readonly venue: string;
  readonly operation: string;
}

/** "NOT treat this as a failure operation; the execution status is UNKNOWN", whatever the code. Source: rest-api.md, "HTTP Return Codes". */
function failed({ status }: Answer, where: Where): KeyError {
  const cause = `the venue answered with HTTP ${status}, which says nothing of what was done`;
  return new KeyError("broken-answer", { ...where, cause, wayOut: "try again later" }, { transient: true });
}

/** Statuses that may come without JSON. Source: the same. */
function statusRefusal({ status }: Answer, where: Where): KeyError | undefined {
  if (status === 403) {
    const cause = "the venue's firewall bars the request (HTTP 403)";
    return new KeyError("address-refused", { ...where, cause, wayOut: "run from another address, or wait" });
  }
  if (status !== 429 && status !== 418) return undefined;
  const cause = status === 429 ? "the venue's rate limit is met (HTTP 429)" : "the venue bans this address for a while (HTTP 418)";
  const wayOut = "wait as long as it asks for; other programs of this account and of this address count too";
  return new KeyError("rate-limited", { ...where, cause, wayOut }, { transient: true });
}
