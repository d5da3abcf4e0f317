// Binance's error answers: `{"code": …, "msg": "…"}`. Apart, so that every code of this dialect stands in one table.

import type { Answer, Failure } from "../../dialect";
import type { Switches } from "../../switches";
import type { BinanceSwitches } from "./switches";

/** Thrown anywhere in the dialect to refuse a request. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/**
 * The refusals of this dialect. Codes and messages: binance-spot-api-docs, errors.md; -9000: the page of the v2 creation.
 * "Codes are universal, but messages can vary": nobody should go by the text.
 */
export class Refusals {
  constructor(private readonly switches: Switches<BinanceSwitches>) {}

  /** One code for an unknown key, an address that isn't on its list, and a permission that it doesn't have. */
  key = (): Refusal => this.byCode(-2015);
  keyFormat = (): Refusal => this.byCode(-2014);
  signature = (): Refusal => this.byCode(-1022);
  tooOld = (): Refusal => this.byCode(-1021);
  tooNew = (): Refusal => new Refusal(400, -1021, "Timestamp for this request was 1000ms ahead of the server's time.");
  mandatory = (name: string): Refusal =>
    new Refusal(400, -1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
  tooGreat = (name: string, most: number): Refusal =>
    new Refusal(400, -1102, `'${name}' contains unexpected value. Cannot be greater than '${most}'.`);
  illegal = (name: string, range: string): Refusal =>
    new Refusal(400, -1100, `Illegal characters found in parameter '${name}'; legal range is '${range}'.`);
  duplicate = (): Refusal => new Refusal(400, -1101, "Duplicate values for a parameter detected.");
  unread = (read: number, sent: number): Refusal =>
    new Refusal(400, -1104, `Not all sent parameters were read; read '${read}' parameter(s) but was sent '${sent}'.`);
  empty = (name: string): Refusal => new Refusal(400, -1105, `Parameter '${name}' was empty.`);
  unsupported = (): Refusal => this.byCode(-9000);
  unknownAccountKind = (): Refusal => this.byCode(this.switches.get("unsupportedCode"));
  publicKey = (): Refusal => this.byCode(this.switches.get("publicKeyCode"), "publicKey");

  /** The refusal that a switch names by its code; `name` is the parameter at fault. */
  byCode(code: number, name = ""): Refusal {
    if (code === -1102) return this.mandatory(name);
    const ofKey = code === -2014 || code === -2015 || code === -1002;
    return new Refusal(ofKey ? this.switches.get("keyRefusalStatus") : 400, code, MESSAGES[code] ?? "");
  }

  /** 429 with the seconds to wait. Source: binance-spot-api-docs, rest-api.md, "IP Limits" */
  rateLimit(afterMs: number): Refusal {
    return new Refusal(429, -1003, MESSAGES[-1003] ?? "", { "retry-after": String(Math.max(1, Math.ceil(afterMs / 1_000))) });
  }

  /** 418: the address is banned until `until` (milliseconds since 1970). Source: the same. */
  banned(until: number, now: number): Refusal {
    const message = `Way too much request weight used; IP banned until ${until}. Please use WebSocket Streams for live updates to avoid bans.`;
    return new Refusal(418, -1003, message, { "retry-after": String(Math.ceil((until - now) / 1_000)) });
  }

  maintenance(): Answer {
    const form = this.switches.get("maintenanceAnswer");
    if (form === "html") return { status: 503, contentType: "text/html", body: "<html><body>Service unavailable</body></html>\n" };
    return answerOf(
      form === "-1016-as-503" ? new Refusal(503, -1016, MESSAGES[-1016] ?? "") : new Refusal(500, -1001, MESSAGES[-1001] ?? ""),
    );
  }

  /** A failure that a fault asked for. */
  failure(failure: Failure): Answer {
    switch (failure.kind) {
      case "refuse": {
        const code = failure.code ?? -1002;
        const msg = failure.message ?? MESSAGES[Number(code)] ?? "Refused.";
        return { status: failure.status ?? 400, body: { code, msg }, code };
      }
      case "429":
        return answerOf(new Refusal(429, -1003, MESSAGES[-1003] ?? ""));
      case "500":
        return answerOf(new Refusal(500, -1000, MESSAGES[-1000] ?? ""));
      case "503":
        return answerOf(new Refusal(503, -1008, MESSAGES[-1008] ?? ""));
      case "maintenance":
        return this.maintenance();
    }
  }
}

const MESSAGES: Readonly<Record<number, string>> = {
  [-1000]: "An unknown error occurred while processing the request.",
  [-1001]: "Internal error; unable to process your request. Please try again.",
  [-1002]: "You are not authorized to execute this request.",
  [-1003]: "Too much request weight used; please use WebSocket Streams for live updates to avoid polling the API.",
  [-1008]: "Server is currently overloaded with other requests. Please try again in a few minutes.",
  [-1016]: "This service is no longer available.",
  [-1020]: "This operation is not supported.",
  [-1021]: "Timestamp for this request is outside of the recvWindow.",
  [-1022]: "Signature for this request is not valid.",
  [-2014]: "API-key format invalid.",
  [-2015]: "Invalid API-key, IP, or permissions for action.",
  [-9000]: "Unsupported operation",
};

export function answerOf(refusal: Refusal): Answer {
  const body = { code: refusal.code, msg: refusal.message };
  return { status: refusal.status, body, code: refusal.code, headers: refusal.headers };
}
