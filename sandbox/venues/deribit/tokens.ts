// `public/auth`: access tokens from client credentials, a signature or a refresh token. Apart, because it is the one way
// for keys with a public key. Source: docs.deribit.com/articles/authentication, /articles/access-scope

import { isIPv4 } from "node:net";
import { newSecret } from "../../dialect";
import type { Caller } from "./auth";
import type { PublicCall } from "./endpoints";
import { Refusal } from "./errors";
import { AREAS, common, granted } from "./scopes";
import { rightByPublicKey, rightHmac, textToSign } from "./signatures";
import type { Token } from "./state";

/** What a requested scope says besides the areas. */
interface Bounds {
  readonly seconds: number | undefined;
  readonly ip: string | null;
  /** Given back as they are; they belong to WebSocket connections, which aren't here. */
  readonly others: readonly string[];
}

/** Answers `public/auth`. */
export function authenticate(call: PublicCall): unknown {
  const { params, refusals } = call;
  const grant = params.required("grant_type", params.text("grant_type"));
  switch (grant) {
    case "client_credentials":
      return issue(call, bySecret(call));
    case "client_signature":
      return issue(call, bySignature(call));
    case "refresh_token":
      return refresh(call);
    default:
      throw refusals.invalid("grant_type", "no such grant type");
  }
}

function bySecret({ params, auth, request, trace }: PublicCall): Caller {
  const clientId = params.required("client_id", params.text("client_id"));
  const secret = params.required("client_secret", params.text("client_secret"));
  return auth.bySecret(clientId, secret, request.source, trace);
}

function bySignature({ params, auth, request, trace, switches }: PublicCall): Caller {
  const clientId = params.required("client_id", params.text("client_id"));
  const timestamp = String(params.required("timestamp", params.integer("timestamp")));
  const signature = params.required("signature", params.text("signature"));
  const nonce = params.text("nonce") ?? "";
  const key = auth.keyOf(clientId, request.source, trace);
  const text = textToSign(timestamp, nonce, params.text("data") ?? "");
  const right = key.publicKey === null ? rightHmac(key, text, signature) : rightByPublicKey(key, text, signature, switches);
  if (!right) throw new Refusal(13009);
  trace.signed = true;
  auth.fresh(key, timestamp, nonce);
  return auth.callerOf(key);
}

/** The former access token lives on: no document says that it ends. */
function refresh(call: PublicCall): unknown {
  const { params, state, auth } = call;
  const text = params.required("refresh_token", params.text("refresh_token"));
  const token = state.tokens.find((candidate) => candidate.refresh === text);
  if (!token || !auth.alive(token)) throw new Refusal(13009);
  const key = auth.keyBehind(token);
  return answer(
    call,
    make(call, { ...auth.callerOf(key), scope: token.scope }, token.scope, { seconds: undefined, ip: token.ip, others: [] }),
  );
}

function issue(call: PublicCall, caller: Caller): unknown {
  const words = (call.params.text("scope") ?? "").split(" ").filter((word) => word !== "");
  const bounds = boundsOf(call, words);
  const asked = words.filter((word) => (AREAS as readonly string[]).includes(word.split(":")[0] ?? ""));
  // Silently narrowed to what the key has; nothing asked for is all that it has.
  const scope = asked.length === 0 ? granted(caller.scope) : common(asked, caller.scope);
  return answer(call, make(call, caller, scope, bounds), bounds.others);
}

function boundsOf({ refusals }: PublicCall, words: readonly string[]): Bounds {
  const valueOf = (name: string): string | undefined => words.find((word) => word.startsWith(`${name}:`))?.slice(name.length + 1);
  const [expires, ip] = [valueOf("expires"), valueOf("ip")];
  if (expires !== undefined && !/^[1-9]\d{0,8}$/.test(expires)) throw refusals.invalid("scope", "wrong expires");
  if (ip !== undefined && ip !== "*" && !isIPv4(ip)) throw refusals.invalid("scope", "wrong ip");
  const others = words.filter((word) => word === "connection" || /^session:\S+$/.test(word));
  return { seconds: expires === undefined ? undefined : Number(expires), ip: ip === undefined || ip === "*" ? null : ip, others };
}

function make({ state, clock, switches }: PublicCall, caller: Caller, scope: readonly string[], bounds: Bounds): Token {
  const now = clock.now();
  const longest = switches.get("accessTokenSeconds");
  const token: Token = {
    id: String(++state.lastId),
    access: newSecret(),
    refresh: newSecret(),
    keyId: caller.key.id,
    scope: [...scope],
    ip: bounds.ip,
    createdAt: now,
    expiresAt: now + Math.min(bounds.seconds ?? longest, longest) * 1_000,
    revokedAt: null,
  };
  state.tokens.push(token);
  return token;
}

function answer({ auth }: PublicCall, token: Token, others: readonly string[] = []): unknown {
  const { account, key } = auth.callerOf(auth.keyBehind(token));
  const scope = [...token.scope, ...(account.mainId === null ? ["mainaccount"] : []), ...others];
  return {
    access_token: token.access,
    enabled_features: key.features,
    expires_in: Math.round((token.expiresAt - token.createdAt) / 1_000),
    refresh_token: token.refresh,
    scope: scope.join(" "),
    token_type: "bearer",
  };
}
