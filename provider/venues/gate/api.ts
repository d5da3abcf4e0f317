// The driver: one endpoint is one function is one request. What answers mean stands in wire and convert, what follows from them in core.

import type { z } from "zod";
import { refusalOf } from "../../core/codes";
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
  ObservedKey,
} from "../../core/driver";
import { KeyError } from "../../core/errors";
import { shownIps } from "../../core/ip";
import type { Grants } from "../../core/model";
import { Secret } from "../../core/secret";
import { json } from "../../http/answer";
import { digest, hmac, signingKey } from "../../http/signing";
import { remarksOf, shownGrants, wirePerms } from "./convert";
import { CODES, createdAnswer, detailAnswer, listAnswer, mainKeysAnswer, refusal } from "./wire";

/** Builds the driver for keys of sub-accounts. */
export function subAccountApiKeyDriver(context: DriverContext): Driver {
  return {
    whoami: () => whoami(context),
    list: (scope) => list(context, scope),
    create: (desired) => create(context, desired),
    update: (change) => update(context, change),
    revoke: (ref) => revoke(context, ref),
  };
}

/** Two endpoints tell it: one the account and the addresses, the other the permissions, of a main account's keys. */
async function whoami(context: DriverContext): Promise<AccountFacts> {
  const { user_id: userId, ip_whitelist: ips } = await detail(context);
  const allowedIps = shownIps(ips ?? []);
  const grants = await ownGrants(context);
  return {
    accountId: String(userId),
    remarks: remarksOf(grants, allowedIps === "anywhere"),
    ...(grants === undefined ? {} : { own: { grants, allowedIps } }),
  };
}

/** `GET /account/detail`, 150 in 10 s. Source: docs/gateio, GET /account/detail, 2025-11-30. */
function detail(context: DriverContext): Promise<z.output<typeof detailAnswer>> {
  return context.http.send(get(context, "read the account", "/account/detail", "account-detail", detailAnswer));
}

/** `GET /account/main_keys`, 150 in 10 s. Source: docs/gateio, GET /account/main_keys, 2025-11-30. Undefined where it doesn't tell. */
async function ownGrants(context: DriverContext): Promise<Grants | undefined> {
  const { apiKey } = signingKey(context.credential);
  try {
    const answer = await context.http.send(get(context, "read the account's keys", "/account/main_keys", "main-keys", mainKeysAnswer));
    if (!Array.isArray(answer)) return shownGrants(answer.perms);
    const [own, ...others] = answer.filter(({ key }) => masks(key, apiKey));
    return own === undefined || others.length > 0 ? undefined : shownGrants(own.perms);
  } catch (error) {
    // Who may ask isn't documented; the account has answered this very key already.
    if (error instanceof KeyError && ["permission-refused", "parameter-refused"].includes(error.code)) return undefined;
    throw error;
  }
}

/** `"c5dcfbf1f3a7*****"` stands for each key that begins so. */
function masks(shown: string, apiKey: string): boolean {
  const [begin = ""] = shown.split("*");
  return begin !== "" && apiKey.startsWith(begin);
}

/** `GET /sub_accounts/{user_id}/keys`, 80 in 10 s; no pages are documented. Source: docs/gateio, 2025-11-30. */
async function list(context: DriverContext, scope: AccountScope): Promise<ListPage> {
  const call = get(context, "list the sub-account's keys", keysPath(scope), "list-keys", listAnswer);
  const answer = await context.http.send({ ...call, long: true });
  return { keys: answer.map(observed) };
}

/** `POST /sub_accounts/{user_id}/keys`, 80 in 10 s: the one answer with the secret. Source: docs/gateio, 2025-11-30. */
async function create(context: DriverContext, desired: DesiredKey): Promise<IssuedKey> {
  const path = keysPath({ subAccount: String(desired.extras["subAccount"]) });
  const call = write(context, "create the sub-account's key", "POST", path, "create-key", whole(desired));
  const where = { venue: context.venue, operation: call.operation };
  return context.http.send({
    ...call,
    parse(answer): IssuedKey {
      const { key, secret, created_at: born } = success(answer, createdAnswer, where);
      return {
        credential: { kind: "api-key", apiKey: key, apiSecret: new Secret(secret) },
        publicPart: key,
        createdAt: timeOf(born) ?? new Date(answer.at).toISOString(),
      };
    },
  });
}

/** `PUT /sub_accounts/{user_id}/keys/{key}`, 80 in 10 s: replaces all. Source: docs/gateio, 2025-11-30. */
async function update(context: DriverContext, { ref, desired }: KeyChange): Promise<void> {
  const call = write(context, "change the sub-account's key", "PUT", keyPath(ref), "update-key", whole(desired));
  await context.http.send({ ...call, undo: ref.undo });
}

/** `DELETE /sub_accounts/{user_id}/keys/{key}`, 80 in 10 s. Source: docs/gateio, 2025-11-30. */
async function revoke(context: DriverContext, ref: KeyRef): Promise<"revoked"> {
  await context.http.send({ ...write(context, "delete the sub-account's key", "DELETE", keyPath(ref), "delete-key"), undo: ref.undo });
  return "revoked";
}

/** All of a key, said in full: what an update leaves out is cleared. Its mode can't be changed, and is sent as it was born. */
function whole({ permissions, allowedIps, label = "", extras }: DesiredKey): Readonly<Record<string, unknown>> {
  return {
    mode: extras["mode"] === "portfolio" ? 2 : 1,
    name: label,
    perms: wirePerms(permissions),
    ip_whitelist: allowedIps === "anywhere" ? [] : Object.keys(allowedIps),
  };
}

/** A key whose state isn't normal does nothing now, locked or frozen, and somebody may bring it back. */
function observed({
  key,
  name,
  state,
  mode,
  perms,
  ip_whitelist: ips,
  created_at: born,
}: z.output<typeof listAnswer>[number]): ObservedKey {
  const createdAt = timeOf(born);
  return {
    publicPart: key,
    ...(state === 1 ? { grants: shownGrants(perms, mode === 2) } : { grants: [], lapsed: true }),
    allowedIps: shownIps(ips ?? []),
    ...(name === undefined ? {} : { label: name }),
    ...(createdAt === undefined ? {} : { createdAt }),
  };
}

function timeOf(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();
}

/** Below all paths, and signed with them. Source: docs/gateio, authentication. */
const BASE = "/api/v4";

function keysPath({ subAccount = "" }: AccountScope): string {
  return `/sub_accounts/${encodeURIComponent(subAccount)}/keys`;
}

function keyPath({ scope, publicPart = "" }: KeyRef): string {
  return `${keysPath(scope)}/${encodeURIComponent(publicPart)}`;
}

function get<S extends z.ZodType>(context: DriverContext, operation: string, path: string, limit: string, schema: S): Call<z.output<S>> {
  const where = { venue: context.venue, operation };
  return {
    ...signed(context, "GET", path, ""),
    ...{ operation, intent: "read", method: "GET", limit },
    parse: (answer) => success(answer, schema, where),
  };
}

/** PUT and DELETE have no body in return. */
function write(
  context: DriverContext,
  operation: string,
  method: "POST" | "PUT" | "DELETE",
  path: string,
  limit: string,
  given?: Readonly<Record<string, unknown>>,
): Call<void> {
  const body = given === undefined ? undefined : JSON.stringify(given);
  const where = { venue: context.venue, operation };
  return {
    ...signed(context, method, path, body ?? ""),
    ...{ operation, intent: "write", method, limit },
    ...(body === undefined ? {} : { body }),
    parse(answer): void {
      if (answer.status === 204) return;
      // Another success isn't documented, and proves nothing.
      throw refused(answer, where) ?? undocumented(answer, where);
    },
  };
}

/** Signed over method, path, query, hash of the body and time, a line each; no request of ours has a query. Source: docs/gateio, authentication. */
function signed(
  context: DriverContext,
  method: string,
  path: string,
  body: string,
): Pick<Call<unknown>, "host" | "path" | "carries" | "headers"> {
  const { credential, http, clock } = context;
  const { apiKey, apiSecret } = signingKey(credential);
  const target = BASE + path;
  return {
    host: "api",
    path: target,
    carries: [credential],
    headers() {
      const time = String(Math.floor((http.venueNow() ?? clock()) / 1000));
      const hash = digest("sha512", body);
      return {
        "content-type": "application/json",
        key: apiKey,
        timestamp: time,
        sign: hmac("sha512", apiSecret, [method, target, "", hash, time].join("\n"), "hex"),
      };
    },
  };
}

interface Where {
  readonly venue: string;
  readonly operation: string;
}

function success<S extends z.ZodType>(answer: Answer, schema: S, where: Where): z.output<S> {
  const error = refused(answer, where);
  if (error !== undefined) throw error;
  return json(answer, schema, where);
}

/** The status goes before the label: whatever stands beside 429 is a rate limit, and beside 5xx it proves nothing. */
function refused(answer: Answer, where: Where): KeyError | undefined {
  const { status } = answer;
  if (status >= 200 && status < 300) return undefined;
  if (status === 429) return refusalOf(CODES, { venueCode: "429", text: "" }, where);
  const { label } = json(answer, refusal, where);
  const error = refusalOf(CODES, { venueCode: label, text: "" }, where);
  return status >= 500 && error.code !== "broken-answer" ? undocumented(answer, where) : error;
}

function undocumented({ status }: Answer, where: Where): KeyError {
  return new KeyError(
    "broken-answer",
    {
      ...where,
      cause: `the venue answered with HTTP ${status} where that isn't documented, which says nothing of what was done`,
      wayOut: "try again later",
    },
    { transient: status >= 500 },
  );
}
