// KuCoin's refusals: `{"code", "msg"}` with a code that is a text. Apart, so that every code of this dialect stands in one
// table.

import type { Answer, Failure } from "../../dialect";
import type { Switches } from "../../switches";
import type { KucoinSwitches } from "./switches";

/**
 * Code → text, and the HTTP status that the table of statuses suggests for it: which of both a refusal has isn't documented.
 * Source: kc-old, "Errors", 2023-06-09; 429000: docs-new, rate-limit, 2025-11-30.
 */
const CODES = {
  "400001": [401, "Any of KC-API-KEY, KC-API-SIGN, KC-API-TIMESTAMP, KC-API-PASSPHRASE is missing in your request header"],
  "400002": [401, "KC-API-TIMESTAMP Invalid"],
  "400003": [401, "KC-API-KEY not exists"],
  "400004": [401, "KC-API-PASSPHRASE error"],
  "400005": [401, "Invalid KC-API-SIGN"],
  "400006": [403, "The requested ip address is not in the api whitelist"],
  "400007": [403, "Access Denied"],
  "400100": [400, "Parameter Error"],
  "404000": [404, "Url Not Found"],
  "411100": [403, "User is frozen"],
  "415000": [415, "Unsupported Media Type"],
  "429000": [429, "Too Many Requests"],
  "500000": [500, "Internal Server Error"],
} as const satisfies Readonly<Record<string, readonly [status: number, text: string]>>;

export type Code = keyof typeof CODES;

/** Thrown anywhere in the dialect to refuse a request. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(readonly code: Code) {
    super(CODES[code][1]);
  }
}

export class Refusals {
  constructor(private readonly switches: Switches<KucoinSwitches>) {}

  answer({ code, message }: Refusal): Answer {
    return { status: this.statusOf(code), code, body: { code, msg: message } };
  }

  /** 429 and 500 are documented for their codes; of the others, only that a failed operation may come under 200. */
  private statusOf(code: Code): number {
    const [status] = CODES[code];
    return status === 429 || status === 500 || this.switches.get("errorStatus") === "by-kind" ? status : 200;
  }

  /** A failure that a fault asked for; a documented code brings its own status and text. 429 is that of overload, without headers. */
  failure(failure: Failure): Answer {
    switch (failure.kind) {
      case "refuse": {
        const code = String(failure.code ?? "400100");
        const known = Object.hasOwn(CODES, code) ? this.answer(new Refusal(code as Code)) : undefined;
        const msg = failure.message ?? (known ? CODES[code as Code][1] : "refused");
        return { status: failure.status ?? known?.status ?? 200, code, body: { code, msg } };
      }
      case "429":
        return this.answer(new Refusal("429000"));
      case "500":
        return this.answer(new Refusal("500000"));
      case "503":
      case "maintenance":
        return maintenance;
    }
  }
}

/** A path that there isn't. */
export const unknownPath: Answer = { status: 404, code: "404000", body: { code: "404000", msg: CODES["404000"][1] } };

/** Documented with a status and no code. Source of both: kc-old, "HTTP error status codes". */
export const wrongMethod: Answer = { status: 405, body: { msg: "Method Not Allowed" } };
export const maintenance: Answer = { status: 503, body: { msg: "Service Unavailable" } };
