// The driver: one endpoint is one function is one request. What answers mean stands in wire and convert, what follows from them in core.

import { type z } from "zod";
import type {
  AccountFacts,
  Answer,
  Call,
  DesiredKey,
  Driver,
  DriverContext,
  IssuedKey,
  KeyRef,
  Numbered,
  Observation,
} from "../../core/driver";
import { observe, refusalOf } from "../../core/codes";
import { KeyError } from "../../core/errors";
import type { NonceUnit } from "../../core/capability";
import type { Credential } from "../../core/model";
import { grantSet } from "../../core/permission";
import { fingerprint, Secret } from "../../core/secret";
import { json } from "../../http/answer";
import { hmac, signingKey } from "../../http/signing";
import { capsOf } from "./convert";
import { addressAnswer, CODES, errorAnswer, permissionsAnswer, tokenAnswer, tokenDeletedAnswer, userAnswer } from "./wire";

/** Builds the driver for access tokens. */
export function accessTokenDriver(context: DriverContext): Driver {
  return { ...eyes(context), create: (desired) => mint(context, desired), revoke: (ref) => revoke(context, ref) };
}

/** Builds the driver for API keys, which a person makes, edits and revokes: it looks, and does nothing. */
export function apiKeyDriver(context: DriverContext): Driver {
  return { ...eyes(context), whose: (key, nonceUnit) => userOf(context, key, nonceUnit) };
}

function eyes(context: DriverContext): Pick<Driver, "whoami" | "vantage" | "inspect"> {
  const { http } = context;
  return {
    whoami: () => userOf(context, context.credential, undefined),
    vantage: () =>
      http.send(publicRead(context, "ask for our address", "/v2/int/geo/ip", "geo-ip", addressAnswer)).then(([address]) => address),
    inspect: (key, nonceUnit) => inspect(context, key, nonceUnit),
  };
}

/** `POST /v2/auth/r/info/user`. Source: docs.bitfinex.com/reference/rest-auth-info-user. */
async function userOf(context: DriverContext, credential: Credential, nonceUnit: NonceUnit | undefined): Promise<AccountFacts> {
  const call = { operation: "read the account", intent: "read", path: "auth/r/info/user", limit: "info-user", schema: userAnswer } as const;
  const user = await context.http.send(authenticated(context, credential, { ...call, nonceUnit }));
  return {
    accountId: String(user.id),
    ...(user.masterId === undefined || user.masterId === null || user.masterId === user.id ? {} : { masterId: String(user.masterId) }),
    remarks: [
      ...(user.secondFactors?.length === 0 ? ["the account has no second factor"] : []),
      ...(user.paperTrading === 1 ? ["this is a paper trading account"] : []),
    ],
  };
}

/** `POST /v2/auth/r/permissions`, as the key itself. Source: docs.bitfinex.com/reference/key-permissions. */
function inspect(context: DriverContext, credential: Credential, nonceUnit: NonceUnit | undefined): Promise<Observation> {
  const call = {
    operation: "look at the key",
    intent: "read",
    path: "auth/r/permissions",
    limit: "permissions",
    schema: permissionsAnswer,
  } as const;
  return observe(["credential-refused"], async () => {
    const scopes = await context.http.send(authenticated(context, credential, { ...call, nonceUnit }));
    return {
      grants: grantSet(
        scopes.flatMap(([scope, read, write]) => [...(read ? [`${scope}:read`] : []), ...(write ? [`${scope}:write`] : [])]),
      ),
    };
  });
}

/** `POST /v2/auth/w/token`. Source: docs.bitfinex.com/reference/generate-token. `_cust_ip` binding isn't documented: the core proves it. */
async function mint(context: DriverContext, desired: DesiredKey): Promise<IssuedKey> {
  const { caps, writePermission } = capsOf(desired.permissions);
  const ttl = desired.lifetimeSeconds;
  const [address] = desired.allowedIps === "anywhere" ? [] : Object.keys(desired.allowedIps);
  const body = { scope: "api", ttl, caps, writePermission, ...(address === undefined ? {} : { _cust_ip: address }) };
  const schema = tokenAnswer;
  const call = { operation: "mint the token", intent: "write", path: "auth/w/token", limit: "token", body, schema } as const;
  return context.http.send({
    ...authenticated(context, context.credential, call),
    parse(answer): IssuedKey {
      const [token] = parsed(context, call.operation, answer, schema);
      // The venue's clock shows whole seconds: the end is never told too early.
      const end = ttl === undefined ? {} : { expiresAt: new Date(answer.at + (ttl + 1) * 1000).toISOString() };
      return {
        credential: { kind: "token", token: new Secret(token) },
        publicPart: token,
        createdAt: new Date(answer.at).toISOString(),
        ...end,
      };
    },
  });
}

/** `POST /v2/auth/w/token/del`. Source: bfx-api-node-rest, invalidateAuthToken; who may call it isn't documented, so both hands are offered. */
async function revoke(context: DriverContext, ref: KeyRef): Promise<"revoked"> {
  if (ref.credential?.kind !== "token") throw new Error("an access token is revoked by its token");
  const by = ref.by === "itself" ? ref.credential : context.credential;
  const body = { token: ref.credential.token.reveal() };
  const call = {
    operation: `revoke the token by ${ref.by === "itself" ? "itself" : "the account's key"}`,
    intent: "write",
    path: "auth/w/token/del",
  } as const;
  const rest = { limit: "token-del", body, schema: tokenDeletedAnswer, undo: ref.undo } as const;
  // A token that dies takes the greatest numbers: whatever its holder counts in, this request isn't too small.
  const numbered = ref.by === "itself" ? ({ nonceUnit: "us" } as const) : {};
  const sent = authenticated(context, by, { ...call, ...rest, ...numbered });
  await context.http.send({ ...sent, carries: [by, ref.credential] });
  return "revoked";
}

interface AuthenticatedCall<S extends z.ZodType> {
  readonly operation: string;
  readonly intent: "read" | "write";
  /** Without the leading `v2/`. */
  readonly path: string;
  readonly limit: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly schema: S;
  readonly undo?: boolean;
  readonly nonceUnit?: NonceUnit | undefined;
}

/** A key signs; a token is sent as it is, with a nonce all the same. Source: bfx-api-node-rest, _makeAuthRequest. */
function authenticated<S extends z.ZodType>(context: DriverContext, credential: Credential, call: AuthenticatedCall<S>): Call<z.output<S>> {
  const path = `v2/${call.path}`;
  const headers = ({ nonce, body }: Numbered): Record<string, string> => {
    const always = { "content-type": "application/json", "bfx-nonce": nonce };
    if (credential.kind === "token") return { ...always, "bfx-token": credential.token.reveal() };
    const { apiKey, apiSecret } = signingKey(credential);
    const signature = hmac("sha384", apiSecret, `/api/${path}${nonce}${body}`, "hex");
    return { ...always, "bfx-apikey": apiKey, "bfx-signature": signature };
  };
  return {
    operation: call.operation,
    intent: call.intent,
    method: "POST",
    host: "api",
    path: `/${path}`,
    body: JSON.stringify(call.body ?? {}),
    limit: call.limit,
    nonces: fingerprint("bitfinex", credential.kind === "token" ? credential.token.reveal() : credential.apiKey),
    ...(call.nonceUnit === undefined ? {} : { nonceUnit: call.nonceUnit }),
    carries: [credential],
    undo: call.undo ?? false,
    headers,
    parse: (answer) => parsed(context, call.operation, answer, call.schema),
  };
}

function publicRead<S extends z.ZodType>(
  context: DriverContext,
  operation: string,
  path: string,
  limit: string,
  schema: S,
): Call<z.output<S>> {
  return {
    operation,
    intent: "read",
    method: "GET",
    host: "public",
    path,
    limit,
    carries: [],
    parse: (answer) => parsed(context, operation, answer, schema),
  };
}

/** The answer by its schema, or the venue's refusal by the table. Any status may carry an error array: 500 for a refused key, 200 for a rate limit. */
function parsed<S extends z.ZodType>(context: DriverContext, operation: string, answer: Answer, schema: S): z.output<S> {
  const refused = refusal(context, operation, answer);
  if (refused !== undefined) throw refused;
  return json(answer, schema, { venue: context.venue, operation });
}

function refusal(context: DriverContext, operation: string, answer: Answer): KeyError | undefined {
  const array = errorAnswer.safeParse(decoded(answer.text));
  const where = { venue: context.venue, operation };
  if (!array.success) {
    if (answer.status !== 429) return undefined;
    return new KeyError(
      "rate-limited",
      { ...where, cause: "the venue's rate limit is met (HTTP 429)", wayOut: "try again in a minute" },
      { transient: true },
    );
  }
  const [, venueCode, text] = array.data;
  return refusalOf(CODES, { venueCode: String(venueCode), text: typeof text === "string" ? text : "" }, where);
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
