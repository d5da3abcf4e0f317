// Who is asking: the key and its signature, or the token; the address; the nonce. Apart, because every private endpoint
// begins here and the order of these checks is the dialect's own.

import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../clock";
import { fingerprint, type Trace, type VenueRequest } from "../../dialect";
import type { Switches } from "../../switches";
import type { Refusals } from "./errors";
import { mayComeFrom } from "./ips";
import type { Grants } from "./scopes";
import type { Account, Key, State, Token } from "./state";
import type { BitfinexSwitches } from "./switches";

/** A caller whose credential is proved. */
export type Caller = { readonly account: Account; readonly grants: Grants } & (
  { readonly kind: "key"; readonly credential: Key } | { readonly kind: "token"; readonly credential: Token }
);

export class Authenticator {
  constructor(
    private readonly state: State,
    private readonly clock: Clock,
    private readonly switches: Switches<BitfinexSwitches>,
    private readonly refusals: Refusals,
  ) {}

  /**
   * Proves the caller, or throws the documented refusal. A token has priority over a key, as the clients send either.
   * With `evenDead` a token of the past passes too, for the endpoint that deletes it.
   */
  prove(request: VenueRequest, trace: Trace, evenDead = false): Caller {
    const token = single(request, "bfx-token");
    return token === undefined ? this.proveKey(request, trace) : this.proveToken(token, request, trace, evenDead);
  }

  private proveKey(request: VenueRequest, trace: Trace): Caller {
    const apiKey = single(request, "bfx-apikey") ?? "";
    if (apiKey !== "") {
      trace.credentialKind = "key";
      trace.credential = fingerprint("bitfinex", apiKey);
    }
    const key = this.state.keys.find((candidate) => candidate.apiKey === apiKey);
    if (!key || key.revokedAt !== null) throw this.refusals.keyInvalid();
    if (!mayComeFrom(key.allowedIps, request.source)) throw this.refusals.address("key");

    const nonce = single(request, "bfx-nonce") ?? "";
    const message = Buffer.concat([Buffer.from(`/api${request.path}${nonce}`, "utf8"), request.body]);
    const right = createHmac("sha384", key.apiSecret).update(message).digest();
    const given = Buffer.from(single(request, "bfx-signature") ?? "", "hex");
    if (given.length !== right.length || !timingSafeEqual(given, right)) throw this.refusals.digestInvalid();
    trace.signed = true;
    this.spendNonce(key, nonce);
    return { kind: "key", credential: key, account: this.accountOf(key.accountId), grants: key.grants };
  }

  private proveToken(text: string, request: VenueRequest, trace: Trace, evenDead: boolean): Caller {
    trace.credentialKind = "token";
    trace.credential = fingerprint("bitfinex", text);
    const token = this.state.tokens.find((candidate) => candidate.token === text);
    const alive = token !== undefined && this.alive(token);
    if (!token || (!alive && !evenDead)) throw this.refusals.tokenInvalid();
    if (!this.mayCall(token, request.source)) throw this.refusals.address("token");
    trace.signed = alive;
    if (this.switches.get("tokenNonce") === "per-token") this.spendNonce(token, single(request, "bfx-nonce") ?? "");
    return { kind: "token", credential: token, account: this.accountOf(token.accountId), grants: token.grants };
  }

  /** Not deleted, not expired and, where the switch says so, of parents that are alive. */
  alive(token: Token): boolean {
    if (token.revokedAt !== null || this.clock.now() >= token.expiresAt) return false;
    if (this.switches.get("tokensOutliveParent")) return true;
    const parent = this.state.tokens.find((candidate) => candidate.id === token.parent);
    return parent ? this.alive(parent) : this.rootOf(token)?.revokedAt === null;
  }

  /** Whether a token may be used from this address. */
  mayCall(token: Token, source: string): boolean {
    const bound = this.switches.get("custIpBinds") && token.custIp !== null && token.custIp !== "0";
    if (bound && token.custIp !== source) return false;
    const ips = this.switches.get("tokenIps") === "as-parent" ? (this.rootOf(token)?.allowedIps ?? []) : [];
    return mayComeFrom(ips, source);
  }

  /** The key at the beginning of a token's line. */
  private rootOf(token: Token): Key | undefined {
    const parent = this.state.tokens.find((candidate) => candidate.id === token.parent);
    return parent ? this.rootOf(parent) : this.state.keys.find((candidate) => candidate.id === token.parent);
  }

  /** Nonces are decimal, only ever rise, and are remembered per credential for ever. Source: docs.bitfinex.com/docs/api-access */
  private spendNonce(credential: Key | Token, nonce: string): void {
    if (!/^\d{1,30}$/.test(nonce) || BigInt(nonce) <= BigInt(credential.nonce)) throw this.refusals.nonceSmall();
    credential.nonce = nonce;
  }

  private accountOf(id: number): Account {
    const account = this.state.accounts.find((candidate) => candidate.id === id);
    if (!account) throw new Error(`bitfinex: no account ${id} in the sandbox`);
    return account;
  }
}

function single(request: VenueRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}
