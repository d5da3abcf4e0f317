// Who is asking: token, Basic, or Deribit's signature; the address; timestamp and nonce. Apart, because every private
// method begins here and the order of these checks is the dialect's own. Source: docs.deribit.com/articles/authentication

import { timingSafeEqual } from "node:crypto";
import type { Clock } from "../../clock";
import { fingerprint, type Trace, type VenueRequest } from "../../dialect";
import type { Switches } from "../../switches";
import { Refusal, type Refusals } from "./errors";
import { mayComeFrom } from "./ips";
import type { Keyring } from "./keyring";
import { common } from "./scopes";
import { requestData, rightHmac, textToSign, WINDOW_MS } from "./signatures";
import { accountOf, type Account, type Key, type State, type Token } from "./state";
import type { DeribitSwitches } from "./switches";

/** A caller whose credential is proved, and the scopes that it has in this request. */
export interface Caller {
  readonly account: Account;
  readonly key: Key;
  readonly scope: readonly string[];
}

export class Authenticator {
  constructor(
    private readonly state: State,
    private readonly keyring: Keyring,
    private readonly clock: Clock,
    private readonly switches: Switches<DeribitSwitches>,
    private readonly refusals: Refusals,
  ) {}

  /** Proves the caller of a private method, or throws. */
  prove(request: VenueRequest, trace: Trace): Caller {
    const [, scheme = "", rest = ""] = /^(\S+) +(.*)$/.exec(request.headers.authorization ?? "") ?? [];
    switch (scheme.toLowerCase()) {
      case "bearer":
        return this.byToken(rest.trim(), request.source, trace);
      case "basic":
        return this.bySecret(...pairOf(rest), request.source, trace);
      case "deri-hmac-sha256":
        return this.bySignature(membersOf(rest), request, trace);
      default:
        throw new Refusal(10000);
    }
  }

  /** Client id and secret as they are: Basic, and `public/auth` with client credentials. A key with a public key has no secret. */
  bySecret(clientId: string, secret: string, source: string, trace: Trace): Caller {
    const key = this.keyOf(clientId, source, trace);
    const [right, given] = [Buffer.from(key.secret), Buffer.from(secret)];
    const same = key.publicKey === null && right.length === given.length && timingSafeEqual(right, given);
    if (!same) throw new Refusal(13004);
    trace.signed = true;
    return this.callerOf(key);
  }

  private bySignature(given: Readonly<Record<string, string>>, request: VenueRequest, trace: Trace): Caller {
    const { id, ts, sig, nonce } = given;
    if (!id || !ts || !sig || !nonce) throw new Refusal(10000);
    const key = this.keyOf(id, request.source, trace);
    const text = textToSign(ts, nonce, requestData(request.method, request.target, request.body));
    if (!rightHmac(key, text, sig)) throw new Refusal(13009);
    trace.signed = true;
    this.fresh(key, ts, nonce);
    return this.callerOf(key);
  }

  private byToken(text: string, source: string, trace: Trace): Caller {
    trace.credentialKind = "token";
    trace.credential = fingerprint("deribit", text);
    const token = this.state.tokens.find(({ access }) => access === text);
    if (!token || !this.alive(token)) throw new Refusal(13009);
    const key = this.keyBehind(token);
    const barred = token.ip !== null && token.ip !== source;
    if (barred || (this.switches.get("tokenIps") === "as-key" && !mayComeFrom(key.allowedIps, source)))
      throw this.refusals.address("token");
    trace.signed = true;
    const scope = this.switches.get("tokenScopes") === "as-key" ? common(token.scope, key.scope) : token.scope;
    return { ...this.callerOf(key), scope };
  }

  /** A key that is there, enabled, and may be used from this address. */
  keyOf(clientId: string, source: string, trace: Trace): Key {
    trace.credentialKind = "key";
    trace.credential = fingerprint("deribit", clientId);
    const key = this.keyring.byClientId(clientId);
    if (!key) throw this.refusals.unknownKey();
    if (!mayComeFrom(key.allowedIps, source)) throw this.refusals.address("key");
    if (!key.enabled) throw this.refusals.disabled();
    return key;
  }

  /** A timestamp counts for 60 s, a nonce once. An empty nonce is none. */
  fresh(key: Key, timestamp: string, nonce: string): void {
    const now = this.clock.now();
    if (!/^\d{1,16}$/.test(timestamp) || Math.abs(Number(timestamp) - now) > WINDOW_MS) throw this.refusals.stale();
    key.nonces = key.nonces.filter(({ until }) => until >= now);
    if (key.nonces.some((used) => used.nonce === nonce)) throw this.refusals.stale();
    if (nonce !== "") key.nonces.push({ nonce, until: Number(timestamp) + WINDOW_MS });
  }

  alive(token: Token): boolean {
    if (token.revokedAt !== null || this.clock.now() >= token.expiresAt) return false;
    if (this.switches.get("tokensOutliveKey")) return true;
    const key = this.keyBehind(token);
    return key.removedAt === null && key.enabled && key.secretAt <= token.createdAt;
  }

  keyBehind(token: Token): Key {
    const key = this.state.keys.find(({ id }) => id === token.keyId);
    if (!key) throw new Error(`deribit: no key ${token.keyId} in the sandbox`);
    return key;
  }

  callerOf(key: Key): Caller {
    return { account: accountOf(this.state, key.accountId), key, scope: key.scope };
  }
}

function pairOf(base64: string): [string, string] {
  const text = Buffer.from(base64, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** `id=…,ts=…,sig=…,nonce=…`: order, and spaces after commas, differ between versions of the documents. */
function membersOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(",").map((part) => {
      const [name = "", ...value] = part.trim().split("=");
      return [name, value.join("=")];
    }),
  );
}
