// Who is asking: headers, time, key, address, signature. Apart, because every endpoint begins here and the order of these checks
// is the dialect's own.

import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../clock";
import { fingerprint, type Trace, type VenueRequest } from "../../dialect";
import type { Switches } from "../../switches";
import { Refusal } from "./errors";
import { mayComeFrom } from "./ips";
import type { Keys } from "./keys";
import type { Account, Key } from "./state";
import type { GateSwitches } from "./switches";

/** A caller whose key is proved. */
export interface Caller {
  readonly key: Key;
  readonly account: Account;
}

const HEADERS = ["key", "timestamp", "sign"] as const;

/** The gap to the server's time "cannot exceed 60 seconds". Source: docs/gateio, authentication, 2025-11-30. */
const WINDOW_MS = 60_000;

export class Authenticator {
  constructor(
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly switches: Switches<GateSwitches>,
  ) {}

  /** Proves the caller, or throws the documented refusal. */
  prove(request: VenueRequest, trace: Trace): Caller {
    const apiKey = header(request, "key");
    if (apiKey !== "") {
      trace.credentialKind = "key";
      trace.credential = fingerprint("gate", apiKey);
    }
    const missing = HEADERS.find((name) => header(request, name) === "");
    if (missing) throw new Refusal("MISSING_REQUIRED_HEADER");
    this.checkTime(header(request, "timestamp"));
    const key = this.keys.living(apiKey);
    if (!key) throw new Refusal(this.switches.get("deadKey"));
    const addressFirst = this.switches.get("addressFirst");
    if (addressFirst) this.checkAddress(key, request.source);
    this.checkSignature(key, request);
    trace.signed = true;
    if (!addressFirst) this.checkAddress(key, request.source);
    if (key.standing !== "normal") throw new Refusal(this.switches.get("stoppedKey"));
    if (this.keys.lockedOut(key)) throw new Refusal("ACCOUNT_LOCKED");
    key.lastAccess = this.clock.now();
    return { key, account: this.keys.accountOf(key) };
  }

  /** Seconds since 1970; the official client sends decimals. Source: docs/gateio, authentication; gate-node, GateApiV4Auth. */
  private checkTime(text: string): void {
    const right = /^\d{1,12}(\.\d+)?$/.test(text) && Math.abs(this.clock.now() - Number(text) * 1_000) <= WINDOW_MS;
    if (!right) throw new Refusal("REQUEST_EXPIRED");
  }

  private checkAddress(key: Key, source: string): void {
    if (mayComeFrom(this.keys.inForce(key).allowedIps, source)) return;
    throw new Refusal("IP_FORBIDDEN", `Request IP not in whitelist: ${source}`);
  }

  /** HMAC-SHA512 in hex over method, path, unencoded query, SHA512 of the body and timestamp. Source: docs/gateio, authentication. */
  private checkSignature(key: Key, request: VenueRequest): void {
    const { method, target, body } = request;
    const [path = "", ...rest] = target.split("?");
    const query = rest.join("?");
    const queries = [decoded(query), ...(this.switches.get("signedQuery") === "either" ? [query] : [])];
    const hash = createHash("sha512").update(body).digest("hex");
    const given = header(request, "sign");
    const right = queries.some((signed) => {
      if (signed === undefined) return false;
      const message = [method, path, signed, hash, header(request, "timestamp")].join("\n");
      return same(given, createHmac("sha512", key.apiSecret).update(message, "utf8").digest("hex"));
    });
    if (!right) throw new Refusal("INVALID_SIGNATURE");
  }
}

function decoded(query: string): string | undefined {
  try {
    return decodeURIComponent(query);
  } catch {
    return undefined;
  }
}

function same(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given, "latin1"), Buffer.from(right, "utf8")];
  return one.length === other.length && timingSafeEqual(one, other);
}

function header(request: VenueRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}
