// The driver: one endpoint is one function is one request. What answers mean stands in wire and convert, what follows from them in core.

import type { z } from "zod";
import { observe, refusalOf } from "../../core/codes";
import type {
  AccountFacts,
  AccountScope,
  Answer,
  Call,
  DesiredKey,
  Driver,
  DriverContext,
  IssuedKey,
  KeyChange,
  KeyRef,
  ListPage,
  Observation,
  ObservedKey,
} from "../../core/driver";
import { KeyError } from "../../core/errors";
import { shownIps } from "../../core/ip";
import type { Credential } from "../../core/model";
import { grantSet } from "../../core/permission";
import { Secret } from "../../core/secret";
import { json, member } from "../../http/answer";
import { hmac, signingKey } from "../../http/signing";
import { MASTER, written } from "./convert";
import { changedAnswer, CODES, createdAnswer, DONE, envelope, listAnswer, ownKeyAnswer, type KeyRow } from "./wire";

/** Builds the driver for keys of sub-accounts. */
export function subAccountApiKeyDriver(context: DriverContext): Driver {
  return {
    whoami: () => whoami(context),
    inspect: (credential) => inspect(context, credential),
    list: (scope) => list(context, scope),
    create: (desired) => create(context, desired),
    update: (change) => update(context, change),
    revoke: (ref) => revoke(context, ref),
  };
}

const KEYS = "/api/v1/sub/api-key";

/** `GET /api/v1/user/api-key`, weight 20. Source: kc-spec, openapi-account-account.json, getApikeyInfo: General asks. */
function ownKey(context: DriverContext, credential: Credential, operation: string): Promise<z.output<typeof ownKeyAnswer>> {
  const target = { intent: "read", method: "GET", path: "/api/v1/user/api-key", weight: 20 } as const;
  return context.http.send(call(context, { ...target, credential, operation }, ownKeyAnswer));
}

async function whoami(context: DriverContext): Promise<AccountFacts> {
  const key = await ownKey(context, context.credential, "read the account");
  const { grants, allowedIps } = observed(key);
  const own = { grants: grantSet([...grants, ...(key.isMaster ? [MASTER] : [])]), ...(allowedIps === undefined ? {} : { allowedIps }) };
  const { parentUid } = key;
  return { accountId: key.uid, ...(key.isMaster || !parentUid ? {} : { masterId: parentUid }), remarks: [], own };
}

function inspect(context: DriverContext, credential: Credential): Promise<Observation> {
  return observe(["credential-refused", "address-refused"], async () => observed(await ownKey(context, credential, "look at the key")));
}

/** `GET /api/v1/sub/api-key`, weight 20, without pages. Source: kc-spec, openapi-account-subaccount.json, getSubAccountApiList. */
async function list(context: DriverContext, { subAccount = "" }: AccountScope): Promise<ListPage> {
  const target = { intent: "read", method: "GET", path: KEYS, query: { subName: subAccount }, weight: 20 } as const;
  const asking = call(context, { ...target, operation: "list the sub-account's keys" }, listAnswer);
  const rows = await context.http.send({ ...asking, long: true });
  return { keys: rows.map(observed) };
}

/** `POST /api/v1/sub/api-key`, weight 20. Source: addSubAccountApi. Without `ipWhitelist` the key is for anywhere. */
async function create(context: DriverContext, desired: DesiredKey): Promise<IssuedKey> {
  const operation = "create the sub-account's key";
  const { label, lifetimeSeconds, passphrase = missingPassphrase(context, operation) } = desired;
  const body = { subName: desired.extras["subAccount"], passphrase: passphrase.reveal(), remark: label, ...whole(desired) };
  const target = { intent: "write", method: "POST", path: KEYS, body, weight: 20 } as const;
  const { apiKey, apiSecret, createdAt } = await context.http.send(call(context, { ...target, operation }, createdAnswer));
  // The venue may count from a moment of its own: a second late rather than early.
  const end = lifetimeSeconds === undefined ? {} : { expiresAt: new Date(createdAt + lifetimeSeconds * 1000 + 1000).toISOString() };
  return {
    credential: { kind: "api-key", apiKey, apiSecret: new Secret(apiSecret), passphrase },
    publicPart: apiKey,
    createdAt: new Date(createdAt).toISOString(),
    ...end,
  };
}

/**
 * `POST /api/v1/sub/api-key/update`, weight 30. Source: modifySubAccountApi: what is left out may fall back to defaults, so that nothing is.
 * What an empty list does isn't documented: it is sent only to a key that has one.
 */
async function update(context: DriverContext, { ref, desired, observed: seen }: KeyChange): Promise<void> {
  const operation = "change the sub-account's key";
  const passphrase = passphraseOf(ref, context, operation);
  const unbinds = desired.allowedIps === "anywhere" && seen.allowedIps !== "anywhere";
  const body = {
    subName: ref.scope.subAccount,
    apiKey: ref.publicPart,
    passphrase: passphrase.reveal(),
    ...whole(desired),
    ...(unbinds ? { ipWhitelist: "" } : {}),
  };
  const target = { intent: "write", method: "POST", path: `${KEYS}/update`, body, weight: 30, undo: ref.undo } as const;
  await context.http.send(call(context, { ...target, operation }, changedAnswer));
}

/** `DELETE /api/v1/sub/api-key`, weight 30. Source: deleteSubAccountApi: the key's own passphrase has to be in the query. */
async function revoke(context: DriverContext, ref: KeyRef): Promise<"revoked"> {
  const operation = "delete the sub-account's key";
  const passphrase = passphraseOf(ref, context, operation);
  const query = { apiKey: ref.publicPart ?? "", subName: ref.scope.subAccount ?? "", passphrase: passphrase.reveal() };
  const target = { intent: "write", method: "DELETE", path: KEYS, query, weight: 30, undo: ref.undo } as const;
  await context.http.send(call(context, { ...target, operation }, changedAnswer));
  return "revoked";
}

/** All that can be chosen, said in full; an IP list where there is one. */
function whole({ permissions, allowedIps, lifetimeSeconds }: DesiredKey): Readonly<Record<string, string>> {
  return {
    permission: written(permissions),
    ...(allowedIps === "anywhere" ? {} : { ipWhitelist: Object.keys(allowedIps).join(",") }),
    expire: lifetimeSeconds === undefined ? "-1" : String(lifetimeSeconds / 86_400),
  };
}

/** The key's own passphrase: from its credential, or where that was lost, as it was kept. */
function passphraseOf({ credential, passphrase }: KeyRef, context: DriverContext, operation: string): Secret {
  const own = credential?.kind === "api-key" ? credential.passphrase : undefined;
  return own ?? passphrase ?? missingPassphrase(context, operation);
}

function missingPassphrase({ venue }: DriverContext, operation: string): never {
  throw new KeyError("capability", {
    venue,
    operation,
    cause: "the venue asks for the key's own passphrase, and nobody has that any more",
    wayOut: "delete the key on KuCoin's API page",
  });
}

/** A list with asterisks in it isn't told whole: then only that there is one is known. */
function observed({ apiKey, remark, permission, ipWhitelist, createdAt, expiredAt }: KeyRow): ObservedKey {
  const ips = ipWhitelist ?? [];
  const masked = ips.some((entry) => entry.includes("*"));
  return {
    publicPart: apiKey,
    grants: grantSet(permission),
    ...(masked ? { bound: true as const } : { allowedIps: shownIps(ips) }),
    ...(remark === undefined ? {} : { label: remark }),
    createdAt: new Date(createdAt).toISOString(),
    ...(typeof expiredAt === "number" ? { expiresAt: new Date(expiredAt).toISOString() } : {}),
  };
}

interface Target {
  readonly operation: string;
  readonly intent: "read" | "write";
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly weight: number;
  readonly undo?: boolean;
  /** Default: the managing one. */
  readonly credential?: Credential;
}

/**
 * Signed over time, method, path with the query before its encoding, and the body; so is the passphrase, as keys of version 2 and 3 have it.
 * Source: docs-new, authentication.
 */
function call<S extends z.ZodType>(context: DriverContext, target: Target, schema: S): Call<z.output<S>> {
  const { operation, intent, method, path, query = {}, body, weight, undo = false, credential = context.credential } = target;
  const { apiKey, apiSecret, passphrase } = signingKey(credential);
  const text = body === undefined ? undefined : JSON.stringify(body);
  const plain = path + asked(query, (value) => value);
  return {
    ...{ operation, intent, method, weight, undo },
    host: "api",
    path: path + asked(query, encoded),
    ...(text === undefined ? {} : { body: text }),
    limit: "management",
    carries: [credential],
    headers() {
      const time = String(Math.floor(context.http.venueNow() ?? context.clock()));
      return {
        "content-type": "application/json",
        "kc-api-key": apiKey,
        "kc-api-sign": hmac("sha256", apiSecret, time + method + plain + (text ?? ""), "base64"),
        "kc-api-timestamp": time,
        "kc-api-passphrase": hmac("sha256", apiSecret, passphrase?.reveal() ?? "", "base64"),
        "kc-api-key-version": "3",
      };
    },
    parse: (answer) => parsed(context, operation, answer, schema),
  };
}

function asked(query: Readonly<Record<string, string>>, form: (value: string) => string): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${form(value)}`);
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

/** As a URL keeps it, which writes an apostrophe in a query otherwise than `encodeURIComponent` does. */
function encoded(value: string): string {
  return encodeURIComponent(value).replaceAll("'", "%27");
}

/** The data by its schema, or the venue's refusal by the table, whatever the HTTP status is. */
function parsed<S extends z.ZodType>(context: DriverContext, operation: string, answer: Answer, schema: S): z.output<S> {
  const where = { venue: context.venue, operation };
  const { code, msg } = json(answer, envelope, where);
  if (code !== DONE) throw patient(refusalOf(CODES, { venueCode: code, text: msg }, where), answer);
  return member(answer, "data", schema, where);
}

/** A limit that was met says when it is whole again, in milliseconds; one of overload doesn't. Source: docs-new, rate-limit. */
function patient(error: KeyError, { headers }: Answer): KeyError {
  const reset = headers["gw-ratelimit-reset"] ?? "";
  if (error.code !== "rate-limited" || !/^\d{1,9}$/.test(reset)) return error;
  const { code, said, transient, venueCode } = error;
  return new KeyError(code, said, { transient, retryAfterMs: Number(reset), ...(venueCode === undefined ? {} : { venueCode }) });
}
