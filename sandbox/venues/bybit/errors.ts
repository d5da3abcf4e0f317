// Bybit's envelope and error answers. Apart, so that every code of this dialect stands in one table.

import type { Clock } from "../../clock";
import type { Answer, Failure } from "../../dialect";
import type { Switches } from "../../switches";
import type { BybitSwitches } from "./switches";

/** Thrown anywhere in the dialect to refuse a request. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

const PERMISSION_TEXTS = {
  "invalid-api-key": "Invalid API-key, IP, or permissions for action.",
  "permission-denied": "Permission denied, please check your API key permissions.",
} as const;

/** The refusals of this dialect; errors come with status 200. Codes: bybit-exchange/docs, v5/error, 2026-07-24. */
export class Refusals {
  constructor(
    private readonly switches: Switches<BybitSwitches>,
    private readonly clock: Clock,
  ) {}

  params = (what: string): Refusal => new Refusal(200, 10001, `params error: ${what}`);
  keyInvalid = (): Refusal => new Refusal(this.switches.get("invalidKeyStatus"), 10003, "API key is invalid.");
  signature = (): Refusal => new Refusal(200, 10004, "Error sign, please check your signature generation algorithm.");
  permission = (): Refusal => new Refusal(200, 10005, PERMISSION_TEXTS[this.switches.get("permissionText")]);
  rateLimit = (): Refusal => new Refusal(200, 10006, "Too many visits!");
  banned = (): Refusal => new Refusal(200, 10008, "User has been banned.");
  address = (): Refusal => new Refusal(200, 10010, "Unmatched IP, please check your API key's bound IP addresses.");
  route = (): Refusal => new Refusal(404, 10017, "Route not found.");
  kyc = (): Refusal => new Refusal(200, 20096, "need KYC authentication");
  europe = (): Refusal => new Refusal(200, 81007, "Bybit Europe is not supported create API Key");
  /** Documented as refused, without a code. */
  refused = (what: string): Refusal => new Refusal(200, this.switches.get("refusalCode"), what);
  notFound = (): Refusal => new Refusal(200, this.switches.get("notFoundCode"), "API key is invalid.");
  unknownSub = (): Refusal => new Refusal(200, this.switches.get("unknownSubCode"), "sub member is invalid");
  tooManyKeys = (): Refusal => new Refusal(200, this.switches.get("keysMaxCode"), "too many API keys");

  window(timestamp: number): Refusal {
    if (this.switches.get("windowCode") === 10002) return new Refusal(200, 10002, "The request time exceeds the time window range.");
    const now = this.clock.now();
    return new Refusal(200, -1, `request expired: o@0, now[${now}] diff[${now - timestamp}]`);
  }

  expired(): Refusal {
    const code = this.switches.get("expiredCode");
    return code === 10003 ? this.keyInvalid() : new Refusal(200, code, "Your api key has expired.");
  }

  missingAuth(): Answer {
    if (this.switches.get("missingAuth") === "401-empty") return plain(401, "");
    return this.answerOf(new Refusal(401, 10003, "API key is invalid."));
  }

  /** For an address that came too often, for ten minutes. Source: v5/rate-limit, 2026-07-24 */
  accessTooFrequent(): Answer {
    return plain(403, this.switches.get("ipLimitBody") === "text" ? "access too frequent" : "");
  }

  maintenance(): Answer {
    if (this.switches.get("maintenanceAnswer") === "503-empty") return plain(503, "");
    return this.answerOf(new Refusal(200, 10016, "Internal System Error."));
  }

  answerOf(refusal: Refusal): Answer {
    return { status: refusal.status, body: this.envelope(refusal.code, refusal.message, {}), code: refusal.code };
  }

  success(result: unknown): Answer {
    return { status: 200, body: this.envelope(0, this.switches.get("successText"), result), code: 0 };
  }

  private envelope(retCode: number | string, retMsg: string, result: unknown): unknown {
    return { retCode, retMsg, result, retExtInfo: {}, time: this.clock.now() };
  }

  /** A failure that a fault asked for. */
  failure(failure: Failure): Answer {
    switch (failure.kind) {
      case "refuse": {
        const code = failure.code ?? 10001;
        const body = this.envelope(code, failure.message ?? "refused", {});
        return { status: failure.status ?? 200, body, code };
      }
      case "429":
        return this.answerOf(this.rateLimit());
      case "500":
        return this.answerOf(new Refusal(200, 10016, "Internal System Error."));
      case "503":
        return plain(503, "");
      case "maintenance":
        return this.maintenance();
    }
  }
}

/** An answer without an envelope. */
export function plain(status: number, body: string): Answer {
  return { status, body, contentType: "text/plain; charset=utf-8" };
}
