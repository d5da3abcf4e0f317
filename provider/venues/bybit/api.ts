// The driver: one endpoint is one function is one request. What answers mean stands in wire and convert, what follows from them in core.

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
} from "../../core/driver";
import type { AccountScope, ObservedKey, Observation } from "../../core/driver";
import { KeyError } from "../../core/errors";
import { shownIps } from "../../core/ip";
import type { AllowedIps, Credential } from "../../core/model";
import { Secret } from "../../core/secret";
import { json, member } from "../../http/answer";
import { hmac, signingKey } from "../../http/signing";
import { READ_WRITE, grantsOf, shownGrants, wholePermissions } from "./convert";
import { anyAnswer, CODES, createdAnswer, envelope, listAnswer, ownKeyAnswer } from "./wire";

/** Builds the driver for keys of sub-accounts. */
export function subAccountApiKeyDriver(context: DriverContext): Driver {
  return {
    whoami: () => whoami(context),
    inspect: (credential) => inspect(context, credential),
    list: (scope, page) => list(context, scope, page),
    create: (desired) => create(context, desired),
    update: (change) => update(context, change),
    revoke: (ref) => revoke(context, ref),
  };
}

type OwnKey = z.output<typeof ownKeyAnswer>;

/** `GET /v5/user/query-api`. Source: bybit-exchange/docs, v5/user/apikey-info: any permission can ask. */
function queryApi(context: DriverContext, credential: Credential, operation: string): Promise<OwnKey> {
  return context.http.send(get(context, credential, operation, "/v5/user/query-api", "query-api", ownKeyAnswer));
}

async function whoami(context: DriverContext): Promise<AccountFacts> {
  const key = await queryApi(context, context.credential, "read the account");
  const { parentUid } = key;
  return {
    accountId: key.userID,
    ...(key.isMaster || parentUid === undefined ? {} : { masterId: parentUid }),
    remarks: [],
    own: { grants: shownGrants(key.permissions, key.readOnly === 1), allowedIps: listed(key.ips) },
  };
}

function inspect(context: DriverContext, credential: Credential): Promise<Observation> {
  return observe(["credential-refused", "address-refused"], async () => {
    const key = await queryApi(context, credential, "look at the key");
    return observed({ ...key, readOnly: key.readOnly === 1 });
  });
}

/** `GET /v5/user/sub-apikeys`, 20 a page. Source: v5/user/list-sub-apikeys. */
async function list(context: DriverContext, { subAccount = "" }: AccountScope, page: string | undefined): Promise<ListPage> {
  const query = new URLSearchParams({ subMemberId: subAccount, limit: "20", ...(page === undefined ? {} : { cursor: page }) });
  const path = `/v5/user/sub-apikeys?${query.toString()}`;
  const answer = await context.http.send(get(context, context.credential, "list the sub-account's keys", path, "sub-apikeys", listAnswer));
  const { nextPageCursor } = answer;
  return {
    keys: answer.result.map((key) => ({ ...observed(key), ...(key.status === 2 ? { lapsed: true as const } : {}) })),
    ...(nextPageCursor === undefined || nextPageCursor === null || nextPageCursor === "" ? {} : { next: nextPageCursor }),
  };
}

/** `POST /v5/user/create-sub-api`, 1 a second. Source: v5/user/create-subuid-apikey. */
async function create(context: DriverContext, desired: DesiredKey): Promise<IssuedKey> {
  const operation = "create the sub-account's key";
  const body = { subuid: Number(desired.extras["subAccount"]), note: desired.label, ...whole(desired) };
  const call = post(context, operation, "/v5/user/create-sub-api", "create-sub-api", body, createdAnswer);
  return context.http.send({
    ...call,
    parse(answer): IssuedKey {
      const { apiKey, secret } = call.parse(answer);
      return {
        credential: { kind: "api-key", apiKey, apiSecret: new Secret(secret) },
        publicPart: apiKey,
        createdAt: new Date(answer.at).toISOString(),
      };
    },
  });
}

/** `POST /v5/user/update-sub-api`. Source: v5/user/modify-sub-apikey: what is left out may be reset, so that nothing is. */
async function update(context: DriverContext, { ref, desired }: KeyChange): Promise<void> {
  const body = { apikey: ref.publicPart, ...whole(desired) };
  const call = post(context, "change the sub-account's key", "/v5/user/update-sub-api", "update-sub-api", body, anyAnswer);
  await context.http.send({ ...call, undo: ref.undo });
}

/** `POST /v5/user/delete-sub-api`. Source: v5/user/rm-sub-apikey. */
async function revoke(context: DriverContext, ref: KeyRef): Promise<"revoked"> {
  const body = { apikey: ref.publicPart };
  const call = post(context, "delete the sub-account's key", "/v5/user/delete-sub-api", "delete-sub-api", body, anyAnswer);
  await context.http.send({ ...call, undo: ref.undo });
  return "revoked";
}

/** All that can be changed, said in full. */
function whole({ permissions, allowedIps, extras }: DesiredKey): Readonly<Record<string, unknown>> {
  const readOnly = grantsOf(permissions, extras).includes(READ_WRITE) ? 0 : 1;
  const ips = allowedIps === "anywhere" ? "*" : Object.keys(allowedIps).join(",");
  return { readOnly, ips, permissions: wholePermissions(permissions) };
}

interface Shown {
  readonly apiKey: string;
  readonly note?: string | undefined;
  readonly readOnly: boolean;
  readonly permissions: Readonly<Record<string, readonly string[]>>;
  readonly ips: readonly string[];
  readonly createdAt?: string | undefined;
  readonly expiredAt?: string | undefined;
}

function observed({ apiKey, note, readOnly, permissions, ips, createdAt, expiredAt }: Shown): ObservedKey {
  const born = timeOf(createdAt);
  const end = timeOf(expiredAt);
  return {
    publicPart: apiKey,
    grants: shownGrants(permissions, readOnly),
    allowedIps: listed(ips),
    ...(note === undefined ? {} : { label: note }),
    ...(born === undefined ? {} : { createdAt: born }),
    ...(end === undefined ? {} : { expiresAt: end }),
  };
}

/** A key that doesn't expire has 1970. Source: the example of v5/user/apikey-info. */
function timeOf(text: string | undefined): string | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return at > 0 ? new Date(at).toISOString() : undefined;
}

function listed(ips: readonly string[]): AllowedIps {
  return ips.includes("*") ? "anywhere" : shownIps(ips.filter((address) => address !== ""));
}

function get<S extends z.ZodType>(
  context: DriverContext,
  credential: Credential,
  operation: string,
  path: string,
  limit: string,
  schema: S,
): Call<z.output<S>> {
  const [, query = ""] = path.split("?");
  return { ...signed(context, credential, operation, query, schema), intent: "read", method: "GET", path, limit };
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
  return { ...signed(context, context.credential, operation, body, schema), intent: "write", method: "POST", path, body, limit };
}

const WINDOW_MS = "5000";

/** Signed over time, key, window and the query or body as it is sent. Source: bybit-exchange/docs, v5/guide. */
function signed<S extends z.ZodType>(
  context: DriverContext,
  credential: Credential,
  operation: string,
  payload: string,
  schema: S,
): Pick<Call<z.output<S>>, "operation" | "host" | "carries" | "headers" | "parse"> {
  const { apiKey, apiSecret } = signingKey(credential);
  return {
    operation,
    host: "api",
    carries: [credential],
    headers() {
      const time = String(Math.floor(context.http.venueNow() ?? context.clock()));
      return {
        "content-type": "application/json",
        "x-bapi-api-key": apiKey,
        "x-bapi-timestamp": time,
        "x-bapi-recv-window": WINDOW_MS,
        "x-bapi-sign": hmac("sha256", apiSecret, time + apiKey + WINDOW_MS + payload, "hex"),
      };
    },
    parse: (answer) => parsed(context, operation, answer, schema),
  };
}

/** The result by its schema, or the venue's refusal by the table. Some refusals have no body at all. */
function parsed<S extends z.ZodType>(context: DriverContext, operation: string, answer: Answer, schema: S): z.output<S> {
  const where = { venue: context.venue, operation };
  const refused = statusRefusal(answer, where);
  if (refused !== undefined) throw refused;
  const { retCode, retMsg } = json(answer, envelope, where);
  if (retCode !== 0) throw refusalOf(CODES, { venueCode: String(retCode), text: retMsg }, where);
  return member(answer, "result", schema, where);
}

/** Statuses that come without an envelope. Source: bybit-exchange/docs, v5/error and v5/rate-limit. */
function statusRefusal({ status, text }: Answer, where: { readonly venue: string; readonly operation: string }): KeyError | undefined {
  if (text.trimStart().startsWith("{")) return undefined;
  if (status === 401) {
    const cause = "the venue refuses the credential (HTTP 401)";
    return new KeyError("credential-refused", {
      ...where,
      cause,
      wayOut: "look at the key on Bybit's API page, and at the account's environment",
    });
  }
  if (status === 403) {
    const cause = "the venue bars this address (HTTP 403): too many requests, or a region that it doesn't serve";
    return new KeyError("address-refused", { ...where, cause, wayOut: "wait ten minutes, or run from another address" });
  }
  if (status !== 429) return undefined;
  return new KeyError(
    "rate-limited",
    { ...where, cause: "the venue's rate limit is met (HTTP 429)", wayOut: "try again in a minute" },
    { transient: true },
  );
}
