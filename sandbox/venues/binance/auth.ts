// Who is asking: the key, the address, the signature, the time. Apart, because every signed endpoint begins here and the
// order of these checks is the dialect's own: no document has it.

import type { Clock } from "../../clock";
import { fingerprint, type Trace, type VenueRequest } from "../../dialect";
import type { Switches } from "../../switches";
import type { Refusals } from "./errors";
import { mayComeFrom } from "./ips";
import type { Params } from "./params";
import { decoded, fits, payloadOf } from "./signature";
import type { Account, Key, State } from "./state";
import type { BinanceSwitches } from "./switches";

/** A caller whose key is proved. */
export interface Caller {
  readonly account: Account;
  readonly key: Key;
}

/** Milliseconds that a request stays valid, when it doesn't say, and at most. Source: rest-api.md, "Timing security". */
const WINDOW = 5_000;
const LONGEST_WINDOW = 60_000;
/** How far ahead of the server a request may be. Source: the same. */
const AHEAD = 1_000;
/** From here on, a timestamp is in microseconds: as milliseconds it would be in the year 33658. */
const MICROSECONDS = 1e15;

export class Authenticator {
  constructor(
    private readonly state: State,
    private readonly clock: Clock,
    private readonly switches: Switches<BinanceSwitches>,
    private readonly refusals: Refusals,
  ) {}

  /** Proves the caller, or throws the documented refusal. */
  prove(request: VenueRequest, params: Params, trace: Trace): Caller {
    const key = this.keyOf(request, trace);
    if (!mayComeFrom(key.restriction, request.source)) throw this.refusals.key();
    const timestamp = params.required("timestamp");
    const signature = params.required("signature");
    const age = this.ageOf(timestamp);
    const window = this.windowOf(params.optional("recvWindow"));
    if (!this.signed(key, request, signature)) throw this.refusals.signature();
    trace.signed = true;
    if (age <= -AHEAD) throw this.refusals.tooNew();
    if (age > window) throw this.refusals.tooOld();
    const account = this.state.accounts.find(({ uid }) => uid === key.uid);
    if (!account) throw new Error(`binance: no account ${key.uid} in the sandbox`);
    return { account, key };
  }

  private keyOf(request: VenueRequest, trace: Trace): Key {
    const apiKey = request.headers["x-mbx-apikey"];
    if (typeof apiKey !== "string" || apiKey === "") throw this.refusals.byCode(this.switches.get("keyMissing"));
    // Which keys are malformed isn't documented: these characters are in none.
    if (!/^[A-Za-z0-9_-]+$/.test(apiKey)) throw this.refusals.keyFormat();
    trace.credentialKind = "key";
    trace.credential = fingerprint("binance", apiKey);
    const key = this.state.keys.find((candidate) => candidate.apiKey === apiKey);
    if (!key || key.revokedAt !== null) throw this.refusals.key();
    return key;
  }

  private signed(key: Key, request: VenueRequest, signature: string): boolean {
    const payload = payloadOf(request);
    // The payload has to be percent-encoded before it is signed. Source: binance-spot-api-docs, CHANGELOG.md, 2026-01-15.
    const encoded = payload.every((byte) => byte < 0x80);
    if (encoded && fits(key, payload, signature)) return true;
    if (!request.path.startsWith("/sapi/") || this.switches.get("sapiRawPayload") === "refused") return false;
    const before = encoded ? decoded(payload) : payload;
    return before !== undefined && fits(key, before, signature);
  }

  /** How old the request is, in milliseconds. */
  private ageOf(timestamp: string): number {
    if (!/^\d{1,17}$/.test(timestamp)) throw this.refusals.mandatory("timestamp");
    const number = Number(timestamp);
    return this.clock.now() - (number >= MICROSECONDS ? number / 1_000 : number);
  }

  private windowOf(text: string | undefined): number {
    if (text === undefined) return WINDOW;
    if (!/^\d{1,9}(\.\d{1,3})?$/.test(text)) throw this.refusals.illegal("recvWindow", "[0-9]+(\\.[0-9]{1,3})?");
    if (Number(text) > LONGEST_WINDOW) throw this.refusals.tooGreat("recvWindow", LONGEST_WINDOW);
    return Number(text);
  }
}
