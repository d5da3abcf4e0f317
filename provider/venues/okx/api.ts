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
import type { AllowedIps, Credential } from "../../core/model";
import { Secret } from "../../core/secret";
import { json, member } from "../../http/answer";
import { hmac, signingKey } from "../../http/signing";
import { grantsOf, shownGrants } from "./convert";
import { CODES, configAnswer, createdAnswer, deletedAnswer, envelope, listAnswer, modifiedAnswer, NO_SUCH_KEY } from "./wire";

const SUB = "/api/v5/users/subaccount";

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

type Config = z.output<typeof configAnswer>[0];

/** `GET account/config`: whose the asking key is, and what it may do. Source: docs-v5 #trading-account-rest-api-get-account-configuration. */
async function config(context: DriverContext, credential: Credential, operation: string): Promise<Config> {
  const [row] = await context.http.send(get(context, credential, operation, "/api/v5/account/config", "account-config", configAnswer));
  return row;
}

async function whoami(context: DriverContext): Promise<AccountFacts> {
  const { uid, mainUid, perm, ip } = await config(context, context.credential, "read the account");
  return {
    accountId: uid,
    ...(mainUid === uid ? {} : { masterId: mainUid }),
    remarks: [],
    own: { grants: shownGrants(perm), allowedIps: listed(ip) },
  };
}

function inspect(context: DriverContext, credential: Credential): Promise<Observation> {
  return observe(["credential-refused", "address-refused"], async () => {
    const row = await config(context, credential, "look at the key");
    return observed({ ...row, apiKey: signingKey(credential).apiKey });
  });
}

/** `GET users/subaccount/apikey`: all keys at once. Source: docs-v5 #sub-account-rest-api-query-the-api-key-of-a-sub-account. */
async function list(context: DriverContext, { subAccount = "" }: AccountScope): Promise<ListPage> {
  const path = `${SUB}/apikey?${new URLSearchParams({ subAcct: subAccount }).toString()}`;
  const operation = `list the keys of sub-account ${subAccount}`;
  const rows = await context.http.send(get(context, context.credential, operation, path, "list-apikeys", listAnswer));
  return { keys: rows.map(observed) };
}

/**
 * `POST users/subaccount/apikey`, 1 a second. Without `ip` the key has no list: that is documented of leaving it out, and not of an empty text.
 * Source: docs-v5 #sub-account-rest-api-create-an-api-key-for-a-sub-account.
 */
async function create(context: DriverContext, { extras, label, passphrase, permissions, allowedIps }: DesiredKey): Promise<IssuedKey> {
  if (passphrase === undefined) throw new Error("a key of OKX is made with a passphrase");
  const ip = allowedIps === "anywhere" ? {} : { ip: ipText(allowedIps) };
  const body = { subAcct: extras["subAccount"], label, passphrase: passphrase.reveal(), perm: permText(permissions), ...ip };
  const call = post(context, "create the sub-account's key", `${SUB}/apikey`, "create-apikey", body, createdAnswer);
  return context.http.send({
    ...call,
    parse(answer): IssuedKey {
      const [{ apiKey, secretKey }] = call.parse(answer);
      return {
        credential: { kind: "api-key", apiKey, apiSecret: new Secret(secretKey), passphrase },
        publicPart: apiKey,
        createdAt: new Date(answer.at).toISOString(),
      };
    },
  });
}

/**
 * `POST users/subaccount/modify-apikey`, 1 a second: what is left out stays, so that permissions and addresses are always said. The label only
 * where it differs: labels are unique, and whether a key may be given its own again isn't documented.
 * Source: docs-v5 #sub-account-rest-api-reset-the-api-key-of-a-sub-account.
 */
async function update(context: DriverContext, { ref, desired, observed: seen }: KeyChange): Promise<void> {
  const label = desired.label === undefined || desired.label === seen.label ? {} : { label: desired.label };
  const whole = { perm: permText(desired.permissions), ip: ipText(desired.allowedIps) };
  const body = { subAcct: ref.scope.subAccount, apiKey: ref.publicPart, ...label, ...whole };
  const call = post(context, "change the sub-account's key", `${SUB}/modify-apikey`, "modify-apikey", body, modifiedAnswer);
  await context.http.send({ ...call, undo: ref.undo });
}

/** `POST users/subaccount/delete-apikey`, 1 a second. Source: docs-v5 #sub-account-rest-api-delete-the-api-key-of-sub-accounts. */
async function revoke(context: DriverContext, ref: KeyRef): Promise<"revoked" | "already-gone"> {
  const body = { subAcct: ref.scope.subAccount, apiKey: ref.publicPart };
  const call = post(context, "delete the sub-account's key", `${SUB}/delete-apikey`, "delete-apikey", body, deletedAnswer);
  try {
    await context.http.send({ ...call, undo: ref.undo });
    return "revoked";
  } catch (error) {
    if (error instanceof KeyError && error.venueCode === NO_SUCH_KEY) return "already-gone";
    throw error;
  }
}

function permText(permissions: DesiredKey["permissions"]): string {
  return grantsOf(permissions).join(",");
}

/** Addresses, IPv6 too, and ranges with a prefix, separated by commas; the empty text takes a list away. */
function ipText(allowedIps: AllowedIps): string {
  return allowedIps === "anywhere" ? "" : Object.keys(allowedIps).join(",");
}

function observed(row: { readonly apiKey: string; readonly label: string; readonly perm: string; readonly ip: string }): ObservedKey {
  return { publicPart: row.apiKey, grants: shownGrants(row.perm), allowedIps: listed(row.ip), label: row.label };
}

function listed(ip: string): AllowedIps {
  return shownIps(ip.split(",").flatMap((text) => (text.trim() === "" ? [] : [text.trim()])));
}

function get<S extends z.ZodType>(
  context: DriverContext,
  credential: Credential,
  operation: string,
  path: string,
  limit: string,
  schema: S,
): Call<z.output<S>> {
  return { ...signed(context, credential, operation, `GET${path}`, schema), intent: "read", method: "GET", path, limit };
}

function post<S extends z.ZodType>(
  context: DriverContext,
  operation: string,
  path: string,
  limit: string,
  given: Readonly<Record<string, unknown>>,
  schema: S,
): Call<z.output<S>> {
  const body = JSON.stringify(given);
  return {
    ...signed(context, context.credential, operation, `POST${path}${body}`, schema),
    intent: "write",
    method: "POST",
    path,
    body,
    limit,
  };
}

/** Signed over time, method, path with query, and body, as they are sent. Source: docs-v5 #overview-rest-authentication. */
function signed<S extends z.ZodType>(
  context: DriverContext,
  credential: Credential,
  operation: string,
  request: string,
  schema: S,
): Pick<Call<z.output<S>>, "operation" | "host" | "carries" | "headers" | "parse"> {
  const { apiKey, apiSecret, passphrase } = signingKey(credential);
  return {
    operation,
    host: "api",
    carries: [credential],
    headers() {
      // Milliseconds and no more: a finer time is known to be refused (50112).
      const time = new Date(Math.floor(context.http.venueNow() ?? context.clock())).toISOString();
      return {
        "content-type": "application/json",
        "ok-access-key": apiKey,
        "ok-access-sign": hmac("sha256", apiSecret, time + request, "base64"),
        "ok-access-timestamp": time,
        "ok-access-passphrase": passphrase?.reveal() ?? "",
      };
    },
    parse: (answer) => parsed(context, operation, answer, schema),
  };
}

/** The data by its schema, or the venue's refusal by the table, whatever the HTTP status beside it is. */
function parsed<S extends z.ZodType>(context: DriverContext, operation: string, answer: Answer, schema: S): z.output<S> {
  const where = { venue: context.venue, operation };
  const { code, msg } = json(answer, envelope, where);
  if (code !== "0") throw refusalOf(CODES, { venueCode: code, text: msg }, where);
  return member(answer, "data", schema, where);
}
