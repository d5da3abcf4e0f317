// Bitfinex's error answers: `["error", CODE, "MESSAGE"]` and the statuses they were seen with. Apart, so that every code
// of this dialect stands in one table.

import type { Answer, Failure } from "../../dialect";
import type { Switches } from "../../switches";
import type { BitfinexSwitches } from "./switches";

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

/** The refusals of this dialect. Codes: docs.bitfinex.com/docs/abbreviations-glossary; statuses as reported by users. */
export class Refusals {
  constructor(private readonly switches: Switches<BitfinexSwitches>) {}

  keyInvalid = (): Refusal => new Refusal(500, 10100, "apikey: invalid");
  digestInvalid = (): Refusal => new Refusal(500, 10100, "apikey: digest invalid");
  nonceSmall = (): Refusal => new Refusal(500, 10114, "nonce: small");
  permission = (): Refusal => new Refusal(500, 10001, "api_key: permission invalid");
  tokenInvalid = (): Refusal => new Refusal(500, this.switches.get("tokenInvalidCode"), "token: invalid");
  params = (name: string): Refusal => new Refusal(this.switches.get("paramsStatus"), 10020, `${name}: invalid`);
  rateLimit = (): Refusal => new Refusal(this.switches.get("rateLimitStatus"), 11010, "ratelimit: error");

  /** The caller's address is barred; for a key or for a token. */
  address(kind: "key" | "token"): Refusal {
    if (this.switches.get("ipRefusal") === "own-error") return new Refusal(500, 10100, "ip: invalid");
    return kind === "key" ? this.keyInvalid() : this.tokenInvalid();
  }

  maintenance(): Answer {
    const form = this.switches.get("maintenanceAnswer");
    if (form === "503-object") return unavailable();
    return answerOf(new Refusal(form === "20060-as-200" ? 200 : 500, 20060, "maintenance"));
  }

  /** A failure that a fault asked for. */
  failure(failure: Failure): Answer {
    switch (failure.kind) {
      case "refuse": {
        const code = failure.code ?? 10001;
        return { status: failure.status ?? 500, body: ["error", code, failure.message ?? "request: refused"], code };
      }
      case "429":
        return answerOf(this.rateLimit());
      case "500":
        return answerOf(new Refusal(500, 10000, "unknown"));
      case "503":
        return unavailable();
      case "maintenance":
        return this.maintenance();
    }
  }
}

export function answerOf(refusal: Refusal): Answer {
  return { status: refusal.status, body: ["error", refusal.code, refusal.message], code: refusal.code };
}

/** The one error that is an object, as clients have recorded it. */
function unavailable(): Answer {
  const body = {
    code: 503,
    error: "temporarily_unavailable",
    error_description: "Sorry, the service is temporarily unavailable. See https://www.bitfinex.com/ for more info.",
  };
  return { status: 503, body, code: 503 };
}
