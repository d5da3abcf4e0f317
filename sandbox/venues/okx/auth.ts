// Who is asking: key, timestamp, address, signature, passphrase. Apart, because every endpoint begins here and the order of
// these checks is the dialect's own.

import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../clock";
import { fingerprint, type Trace, type VenueRequest } from "../../dialect";
import type { Switches } from "../../switches";
import { Refusal, type Code } from "./errors";
import { mayComeFrom } from "./ips";
import type { Keys } from "./keys";
import type { Account, Key, State } from "./state";
import type { OkxSwitches } from "./switches";

/** A caller whose key is proved. */
export interface Caller {
  readonly key: Key;
  readonly account: Account;
}

/** The headers of a signed request and the refusal of an empty one. Source: docs-v5 #overview-rest-authentication, #error-code. */
const HEADERS = [
  ["ok-access-key", "50103"],
  ["ok-access-passphrase", "50104"],
  ["ok-access-sign", "50106"],
  ["ok-access-timestamp", "50107"],
] as const satisfies readonly (readonly [string, Code])[];

export class Authenticator {
  constructor(
    private readonly state: State,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly switches: Switches<OkxSwitches>,
  ) {}

  /** Proves the caller, or throws the documented refusal. */
  prove(request: VenueRequest, trace: Trace): Caller {
    const apiKey = header(request, "ok-access-key");
    if (apiKey !== "") {
      trace.credentialKind = "key";
      trace.credential = fingerprint("okx", apiKey);
    }
    for (const [name, code] of HEADERS) if (header(request, name) === "") throw new Refusal(code);
    const timestamp = header(request, "ok-access-timestamp");
    this.checkTime(timestamp);

    const key = this.state.keys.find((candidate) => candidate.apiKey === apiKey);
    if (!key || !this.keys.alive(key)) throw this.unknown();
    if (key.demo !== (header(request, "x-simulated-trading") === "1")) throw new Refusal("50101");
    if (key.frozen) throw new Refusal("50100");
    const addressFirst = this.switches.get("addressFirst");
    if (addressFirst) checkAddress(key, request.source);
    checkSignature(key, timestamp, request);
    if (header(request, "ok-access-passphrase") !== key.passphrase) throw new Refusal("50105");
    trace.signed = true;
    if (!addressFirst) checkAddress(key, request.source);
    key.usedAt = this.clock.now();
    return { key, account: this.accountOf(key.uid) };
  }

  /** ISO 8601, UTC, with milliseconds: `2020-12-08T09:08:57.715Z`. Source: docs-v5 #overview-rest-authentication. */
  private checkTime(text: string): void {
    const digits = this.switches.get("timestampFraction") === "any" ? /\.\d+Z$/ : /\.\d{1,3}Z$/;
    const at = Date.parse(text);
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\./.test(text) || !digits.test(text) || Number.isNaN(at)) throw new Refusal("50112");
    const seconds = this.switches.get("restWindow");
    if (seconds !== 0 && Math.abs(this.clock.now() - at) > seconds * 1_000) throw new Refusal("50102");
  }

  private unknown(): Refusal {
    const answer = this.switches.get("unknownKey");
    return answer === "50111" ? new Refusal("50111") : new Refusal("50119", "", answer === "50119-as-401" ? 401 : 200);
  }

  private accountOf(uid: string): Account {
    const account = this.state.accounts.find((candidate) => candidate.uid === uid);
    if (!account) throw new Error(`okx: no account ${uid} in the sandbox`);
    return account;
  }
}

function checkAddress(key: Key, source: string): void {
  if (!mayComeFrom(key.allowedIps, source)) throw new Refusal("50110", source);
}

/** HMAC-SHA256 over timestamp, method, path with query and body, as they came; base64. Source: docs-v5 #overview-rest-authentication. */
function checkSignature(key: Key, timestamp: string, request: VenueRequest): void {
  const message = Buffer.concat([Buffer.from(timestamp + request.method + request.target, "utf8"), request.body]);
  const right = createHmac("sha256", key.apiSecret).update(message).digest("base64");
  const given = header(request, "ok-access-sign");
  const same = given.length === right.length && timingSafeEqual(Buffer.from(given, "latin1"), Buffer.from(right));
  if (!same) throw new Refusal("50113");
}

function header(request: VenueRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}
