// Who is asking: the key, its expiry, the time, the signature over the bytes as they came, the address. Apart, because
// every private endpoint begins here and the order of these checks is the dialect's own.

import { createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import type { Clock } from "../../clock";
import { fingerprint, type Trace, type VenueRequest } from "../../dialect";
import type { Switches } from "../../switches";
import type { Refusals } from "./errors";
import { mayComeFrom } from "./ips";
import { present, type Keys } from "./keys";
import type { Account, Key } from "./state";
import type { BybitSwitches } from "./switches";

/** A caller whose key is proved. */
export interface Caller {
  readonly key: Key;
  readonly account: Account;
}

/** Milliseconds; the default of `X-BAPI-RECV-WINDOW`, and how far a timestamp may be ahead. Source: v5/guide */
const DEFAULT_WINDOW = "5000";
const AHEAD = 1_000;

export class Authenticator {
  constructor(
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly switches: Switches<BybitSwitches>,
    private readonly refusals: Refusals,
  ) {}

  /** Proves the caller, or throws the documented refusal; `undefined` when a documented header is missing. */
  prove(request: VenueRequest, trace: Trace): Caller | undefined {
    const apiKey = single(request, "x-bapi-api-key");
    const timestamp = single(request, "x-bapi-timestamp");
    const sign = single(request, "x-bapi-sign");
    if (apiKey !== "") {
      trace.credentialKind = "key";
      trace.credential = fingerprint("bybit", apiKey);
    }
    if (apiKey === "" || timestamp === "" || sign === "") return undefined;
    const key = this.keys.byApiKey(apiKey);
    const account = key && this.keys.account(key.uid);
    if (!key || !account) throw this.refusals.keyInvalid();
    if (this.keys.expired(key)) throw this.refusals.expired();
    const window = single(request, "x-bapi-recv-window");
    this.checkTime(timestamp, window);
    if (!isRight(key, Buffer.concat([Buffer.from(`${timestamp}${apiKey}${window}`, "utf8"), payloadOf(request)]), sign))
      throw this.refusals.signature();
    trace.signed = true;
    if (account.status === 4 && this.switches.get("frozenKeys") === "refused") throw this.refusals.banned();
    if (!mayComeFrom(present(key).ips, request.source)) throw this.refusals.address();
    return { key, account };
  }

  /** `server_time - recv_window <= timestamp < server_time + 1000`. Source: v5/guide */
  private checkTime(timestamp: string, window: string): void {
    if (!/^\d{1,16}$/.test(timestamp)) throw this.refusals.params("timestamp");
    if (!/^\d{0,9}$/.test(window)) throw this.refusals.params("recv_window");
    const now = this.clock.now();
    const at = Number(timestamp);
    if (at < now - Number(window === "" ? DEFAULT_WINDOW : window) || at >= now + AHEAD) throw this.refusals.window(at);
  }
}

/** What is signed beside time, key and window: the query as it was sent, without `?`, or the body. Source: v5/guide */
function payloadOf(request: VenueRequest): Buffer {
  if (request.method !== "GET") return request.body;
  const mark = request.target.indexOf("?");
  return Buffer.from(mark === -1 ? "" : request.target.slice(mark + 1), "utf8");
}

/** Lower-case hex of HMAC-SHA256; for a key that its holder made, base64 of RSA-SHA256 (PKCS #1 v1.5). Source: v5/guide */
function isRight(key: Key, message: Buffer, sign: string): boolean {
  if (key.publicKey !== null) return verify("sha256", message, createPublicKey(key.publicKey), Buffer.from(sign, "base64"));
  const right = Buffer.from(createHmac("sha256", key.apiSecret).update(message).digest("hex"), "utf8");
  const given = Buffer.from(sign, "utf8");
  return given.length === right.length && timingSafeEqual(given, right);
}

function single(request: VenueRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}
