// Who is asking: key, timestamp, address, signature, passphrase. Apart, because every endpoint begins here and the order of
// these checks is the dialect's own.

import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../clock";
import { fingerprint, type Trace, type VenueRequest } from "../../dialect";
import type { Switches } from "../../switches";
import { Refusal } from "./errors";
import { mayComeFrom } from "./ips";
import type { Keys } from "./keys";
import type { Account, Key } from "./state";
import type { KucoinSwitches } from "./switches";

/** A caller whose key is proved. */
export interface Caller {
  readonly key: Key;
  readonly account: Account;
}

/** Without any of these a request is refused with 400001. Source: kc-old, "System error codes". */
const HEADERS = ["kc-api-key", "kc-api-sign", "kc-api-timestamp", "kc-api-passphrase"] as const;

/** "must be less than 5 seconds". Source: kc-old, "Selecting a Timestamp". */
const WINDOW_MS = 5_000;

export class Authenticator {
  constructor(
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly switches: Switches<KucoinSwitches>,
  ) {}

  /** Proves the caller, or throws the documented refusal. */
  prove(request: VenueRequest, trace: Trace): Caller {
    const apiKey = header(request, "kc-api-key");
    if (apiKey !== "") {
      trace.credentialKind = "key";
      trace.credential = fingerprint("kucoin", apiKey);
    }
    if (HEADERS.some((name) => header(request, name) === "")) throw new Refusal("400001");
    this.checkTime(header(request, "kc-api-timestamp"));
    const key = this.keys.living(apiKey);
    if (!key) throw new Refusal("400003");
    const addressFirst = this.switches.get("addressFirst");
    if (addressFirst) checkAddress(key, request.source);
    this.checkSignature(key, request);
    this.checkPassphrase(key, request);
    trace.signed = true;
    if (!addressFirst) checkAddress(key, request.source);
    const account = this.keys.accountOf(key);
    if (account.frozen) throw new Refusal("411100");
    return { key, account };
  }

  /** Milliseconds since 1970, decimals allowed. Source: kc-old, "Selecting a Timestamp". */
  private checkTime(text: string): void {
    const right = /^\d{1,15}(\.\d+)?$/.test(text) && Math.abs(this.clock.now() - Number(text)) < WINDOW_MS;
    if (!right) throw new Refusal("400002");
  }

  /** HMAC-SHA256 over timestamp, method, path with the unencoded query, and body; base64. Source: docs-new, authentication. */
  private checkSignature(key: Key, request: VenueRequest): void {
    const { method, target, body } = request;
    const endpoints = [decoded(target), ...(this.switches.get("signedQuery") === "either" ? [target] : [])];
    const given = header(request, "kc-api-sign");
    const right = endpoints.some((endpoint) => {
      if (endpoint === undefined) return false;
      const begin = Buffer.from(header(request, "kc-api-timestamp") + method + endpoint, "utf8");
      return same(given, hmac(key.apiSecret, Buffer.concat([begin, body])));
    });
    if (!right) throw new Refusal("400005");
  }

  /** Signed for keys of versions 2 and 3, in plain text for those of version 1. Source: docs-new, authentication. */
  private checkPassphrase(key: Key, request: VenueRequest): void {
    const said = header(request, "kc-api-key-version");
    const fits = key.apiVersion === 1 ? said === "" || said === "1" : said === "2" || said === "3";
    if (!fits && this.switches.get("versionHeader") === "400004") throw new Refusal("400004");
    const right = key.apiVersion === 1 ? key.passphrase : hmac(key.apiSecret, Buffer.from(key.passphrase, "utf8"));
    if (!same(header(request, "kc-api-passphrase"), right)) throw new Refusal("400004");
  }
}

function checkAddress(key: Key, source: string): void {
  if (!mayComeFrom(key.allowedIps, source)) throw new Refusal("400006");
}

function decoded(target: string): string | undefined {
  try {
    return decodeURIComponent(target);
  } catch {
    return undefined;
  }
}

function hmac(secret: string, message: Buffer): string {
  return createHmac("sha256", secret).update(message).digest("base64");
}

function same(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given, "latin1"), Buffer.from(right, "utf8")];
  return one.length === other.length && timingSafeEqual(one, other);
}

function header(request: VenueRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}
