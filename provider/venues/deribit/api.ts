// The driver: one method is one function is one request. What answers mean stands in wire and convert, what follows from them in core.

import type { z } from "zod";
import { observe, refusalOf } from "../../core/codes";
import type {
  AccountFacts,
  Answer,
  Call,
  DesiredKey,
  Driver,
  DriverContext,
  IssuedKey,
  KeyChange,
  KeyRef,
  ListPage,
  ObservedKey,
  Observation,
} from "../../core/driver";
import { KeyError } from "../../core/errors";
import { shownIps } from "../../core/ip";
import type { Credential } from "../../core/model";
import { Secret } from "../../core/secret";
import { json, member } from "../../http/answer";
import { hmac, signingKey } from "../../http/signing";
import { maxScope, shownGrants } from "./convert";
import {
  CODES,
  createdAnswer,
  editedAnswer,
  envelope,
  listAnswer,
  removedAnswer,
  secondFactor,
  summaryAnswer,
  timeAnswer,
  WITHOUT_SECOND_FACTOR,
} from "./wire";

/** Builds the driver for the keys of the account that manages itself. */
export function apiKeyDriver(context: DriverContext): Driver {
  return {
    whoami: () => whoami(context),
    time: () => time(context),
    inspect: (credential) => inspect(context, credential),
    list: () => list(context),
    create: (desired) => create(context, desired),
    update: (change) => update(context, change),
    revoke: (ref) => revoke(context, ref),
  };
}

/** `public/get_time`: a wrong clock looks like a wrong secret, so that the venue's time is known before anything is signed. */
async function time(context: DriverContext): Promise<void> {
  await context.http.send(asked(context, undefined, "read the venue's time", "public/get_time", {}, timeAnswer));
}

/** `private/get_account_summary`, extended; the currency is one that every account has. Source: docs.deribit.com, as of 2025-11-30 */
async function whoami(context: DriverContext): Promise<AccountFacts> {
  const params = { currency: "BTC", extended: true };
  const call = asked(context, context.credential, "read the account", "private/get_account_summary", params, summaryAnswer);
  return { accountId: String((await context.http.send(call)).id), remarks: [] };
}

type ShownKey = z.output<typeof listAnswer>[number];

/** `private/list_api_keys`: all keys of the account that asks, without pages. */
function listKeys(context: DriverContext, credential: Credential, operation: string): Promise<readonly ShownKey[]> {
  return context.http.send(asked(context, credential, operation, "private/list_api_keys", {}, listAnswer));
}

async function list(context: DriverContext): Promise<ListPage> {
  return { keys: (await listKeys(context, context.credential, "list the account's keys")).map(observed) };
}

/** A key with `account:read` finds itself among the account's. */
async function inspect(context: DriverContext, credential: Credential): Promise<Observation> {
  const { apiKey } = signingKey(credential);
  const operation = "look at the key";
  return observe(["credential-refused", "signature-refused"], async () => {
    const found = (await listKeys(context, credential, operation)).find(({ client_id }) => client_id === apiKey);
    if (found !== undefined) return observed(found);
    const cause = "the key answers and isn't in the list of its account's keys";
    throw new KeyError("broken-answer", { venue: context.venue, operation, cause, wayOut: "try again later" });
  });
}

/**
 * `private/create_api_key`. It takes no address list: the key is born without any scope, and `update` gives it all at once. With a public key, what
 * stands for the secret is a fingerprint.
 */
async function create(context: DriverContext, { label = "", extras }: DesiredKey): Promise<IssuedKey> {
  const { publicKey } = extras;
  const given = typeof publicKey === "string" ? { public_key: publicKey } : {};
  const params = { name: label, max_scope: maxScope({}), enabled_features: [], ...given };
  const call = asked(context, context.credential, "create the key", "private/create_api_key", params, createdAnswer);
  const { id, timestamp, client_id: apiKey, client_secret } = await context.http.send({ ...call, intent: "write" });
  const credential: Credential =
    typeof publicKey === "string" ? { kind: "public-key", apiKey } : { kind: "api-key", apiKey, apiSecret: new Secret(client_secret) };
  return { credential, publicPart: apiKey, keyId: String(id), createdAt: new Date(timestamp).toISOString() };
}

/** `private/edit_api_key`. What becomes of members that are left out isn't documented, so that all are said. */
async function update(context: DriverContext, { ref, desired }: KeyChange): Promise<void> {
  const { permissions, allowedIps, label = "", extras } = desired;
  const params = {
    id: numberOf(ref),
    max_scope: maxScope(permissions),
    name: label,
    enabled: true,
    enabled_features: extras["features"] ?? [],
    ip_whitelist: allowedIps === "anywhere" ? [] : Object.keys(allowedIps),
  };
  const call = asked(context, context.credential, "change the key", "private/edit_api_key", params, editedAnswer);
  await context.http.send({ ...call, intent: "write", undo: ref.undo });
}

/** `private/remove_api_key`. Which code says that there is no such key isn't documented: the list tells. */
async function revoke(context: DriverContext, ref: KeyRef): Promise<"revoked"> {
  const call = asked(context, context.credential, "remove the key", "private/remove_api_key", { id: numberOf(ref) }, removedAnswer);
  await context.http.send({ ...call, intent: "write", undo: ref.undo });
  return "revoked";
}

/** The venue's own number of a key. */
function numberOf({ keyId }: KeyRef): number {
  if (keyId === undefined) throw new Error("a key of Deribit is named by its id, and this one has none");
  return Number(keyId);
}

/** What a key that is switched off may do is nothing. */
function observed({ id, client_id, timestamp, max_scope, name, enabled, enabled_features, ip_whitelist }: ShownKey): ObservedKey {
  return {
    publicPart: client_id,
    keyId: String(id),
    grants: enabled === false ? [] : shownGrants(max_scope, enabled_features ?? []),
    allowedIps: shownIps(ip_whitelist ?? []),
    ...(name === undefined ? {} : { label: name }),
    createdAt: new Date(timestamp).toISOString(),
  };
}

const ROOT = "/api/v2/";

/** One JSON-RPC request, signed where a credential asks. Source: docs.deribit.com, "JSON-RPC" */
function asked<S extends z.ZodType>(
  context: DriverContext,
  credential: Credential | undefined,
  operation: string,
  method: string,
  params: Readonly<Record<string, unknown>>,
  schema: S,
): Call<z.output<S>> {
  const path = ROOT + method;
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  let ts: number | undefined;
  const signed = (by: Credential): { authorization: string } => {
    ts = Math.floor(context.http.venueNow() ?? context.clock());
    return { authorization: authorization(by, String(ts), "POST", path, body) };
  };
  return {
    ...{ operation, intent: "read", method: "POST", host: "api", path, body, limit: "non-matching-engine" },
    carries: credential === undefined ? [] : [credential],
    headers: () => ({
      "content-type": "application/json",
      ...(credential === undefined ? {} : signed(credential)),
    }),
    parse: (answer) => again(ts !== undefined && Math.abs(answer.at - ts) > STALE_MS, () => parsed(context, operation, answer, schema)),
  };
}

/** Half of what a timestamp counts for: this machine was suspended since the last answer. Source: docs.deribit.com/articles/authentication */
const STALE_MS = 30_000;

/** No code of a refusal is a stale timestamp's alone: one that was told at such a time is worth another try, by the time that the answer tells. */
function again<T>(stale: boolean, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!stale || !(error instanceof KeyError) || error.branch !== "refused") throw error;
    throw new KeyError(error.code, error.said, { transient: true, venueCode: error.venueCode });
  }
}

/** The header of one request; its nonce is never used again. Source: docs.deribit.com/articles/authentication */
function authorization(credential: Credential, ts: string, method: string, path: string, body: string): string {
  const { apiKey, apiSecret } = signingKey(credential);
  const nonce = crypto.randomUUID();
  return `deri-hmac-sha256 id=${apiKey},ts=${ts},sig=${signature(apiSecret, ts, nonce, { method, path, body })},nonce=${nonce}`;
}

/**
 * HMAC-SHA256 in hex over time, nonce, method, path with query, and body, each with a line break behind it.
 *
 * @example signature(new Secret("AMANDASECRECT"), "1576074319000", "1iqt2wls", { method: "GET", path: "/api/v2/private/list_api_keys", body: "" })
 */
export function signature(
  secret: Secret,
  ts: string,
  nonce: string,
  { method, path, body }: Readonly<Record<"method" | "path" | "body", string>>,
): string {
  return hmac("sha256", secret, `${ts}\n${nonce}\n${method}\n${path}\n${body}\n`, "hex");
}

/** The result by its schema, or the venue's refusal by the table, whatever the HTTP status is. */
function parsed<S extends z.ZodType>(context: DriverContext, operation: string, answer: Answer, schema: S): z.output<S> {
  const where = { venue: context.venue, operation };
  // Documented of too many connections; such an answer needn't be of JSON-RPC.
  if (answer.status === 429 && !answer.text.trimStart().startsWith("{")) throw refusalOf(CODES, { venueCode: "10028", text: "" }, where);
  const told = json(answer, envelope, where);
  if (told.error !== undefined) throw refusalOf(CODES, { venueCode: String(told.error.code), text: told.error.message }, where);
  if (secondFactor.safeParse(told.result).success) {
    const cause = "the account's settings ask for a second factor here, which no API key can give (security_key_authorization_required)";
    throw new KeyError("account-barred", { ...where, cause, wayOut: WITHOUT_SECOND_FACTOR });
  }
  return member(answer, "result", schema, where);
}
