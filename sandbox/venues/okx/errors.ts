// OKX's refusals: `{"code", "msg", "data"}` with a code that is a text, and its HTTP status. Apart, so that every code of this
// dialect stands in one table.

import type { Answer, Failure } from "../../dialect";
import type { Switches } from "../../switches";
import type { OkxSwitches } from "./switches";

/** Code → HTTP status and text; `{0}` is what the refusal is about. Source: docs-v5 #error-code, as of 2025-11-30. */
const CODES = {
  "50000": [400, "Body for POST request cannot be empty."],
  "50001": [503, "Service temporarily unavailable. Please try again later."],
  "50002": [400, "JSON syntax error"],
  "50011": [429, "Too Many Requests"],
  "50013": [429, "Systems are busy. Please try again later."],
  "50014": [400, "Parameter {0} can not be empty."],
  "50026": [500, "System error. Try again later"],
  "50030": [200, "You don't have permission to use this API endpoint"],
  "50035": [403, "This endpoint requires that APIKey must be bound to IP"],
  "50038": [200, "This feature is unavailable in demo trading"],
  "50040": [200, "Too frequent operations, please try again later"],
  "50042": [200, "Repeated request"],
  "50100": [400, "API frozen, please contact customer service."],
  "50101": [401, "APIKey does not match current environment."],
  "50102": [401, "Timestamp request expired."],
  "50103": [401, 'Request header "OK-ACCESS-KEY" cannot be empty.'],
  "50104": [401, 'Request header "OK-ACCESS-PASSPHRASE" cannot be empty.'],
  "50105": [401, 'Request header "OK-ACCESS-PASSPHRASE" incorrect.'],
  "50106": [401, 'Request header "OK-ACCESS-SIGN" cannot be empty.'],
  "50107": [401, 'Request header "OK-ACCESS-TIMESTAMP" cannot be empty.'],
  "50110": [401, "Your IP {0} is not included in your API key's IP whitelist."],
  "50111": [401, "Invalid OK-ACCESS-KEY."],
  "50112": [401, "Invalid OK-ACCESS-TIMESTAMP."],
  "50113": [401, "Invalid signature."],
  "50114": [401, "Invalid authorization."],
  "50115": [405, "Invalid request method."],
  "50119": [200, "API key doesn't exist"],
  "50120": [200, "This API key doesn't have permission to use this function"],
  "50121": [200, "You can't access our services through the IP address ({0})"],
  "51000": [400, "Parameter {0} error"],
  "59500": [200, "Only the API key of the main account has permission."],
  "59501": [200, "Each account can create up to 50 API keys"],
  "59502": [200, "This note name already exists. Enter a unique API key note name"],
  "59503": [200, "Each API key can bind up to 20 IP addresses"],
  "59504": [200, "Sub-accounts don't support withdrawals. Please use your main account for withdrawals."],
  "59505": [200, "The passphrase format is incorrect."],
  "59506": [200, "API key doesn't exist."],
  "59508": [200, "The sub account of {0} is suspended."],
  "59510": [200, "Sub-account does not exist"],
  "59518": [200, "You can't create a sub-account using the API; please use the app or web."],
  "59601": [200, "Subaccount name already exists."],
  "59603": [200, "Maximum number of subaccounts reached."],
  "59604": [200, "Only the API key of the main account can access this API."],
} as const satisfies Readonly<Record<string, readonly [status: number, text: string]>>;

export type Code = keyof typeof CODES;

/** Thrown anywhere in the dialect to refuse a request. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;

  constructor(
    readonly code: Code,
    about = "",
    status?: number,
  ) {
    const [documented, text] = CODES[code];
    super(text.replace("{0}", () => about));
    this.status = status ?? documented;
  }
}

/** 50011 is in the table of codes twice: this is its other row, with status 200. */
const RATE_LIMIT_REACHED = "Rate limit reached. Please refer to API documentation and throttle requests accordingly.";

export class Refusals {
  constructor(private readonly switches: Switches<OkxSwitches>) {}

  rateLimit(): Answer {
    if (this.switches.get("rateLimitStatus") === 429) return this.answer(new Refusal("50011"));
    return this.write(200, "50011", RATE_LIMIT_REACHED);
  }

  answer({ status, code, message }: Refusal): Answer {
    return this.write(status, code, message);
  }

  private write(status: number, code: string, msg: string): Answer {
    // 501xx are OKX's class of codes about the credential.
    const bare = code.startsWith("501") && this.switches.get("authErrorData") === "absent";
    return { status, code, body: bare ? { msg, code } : { code, msg, data: [] } };
  }

  /** A failure that a fault asked for; a documented code brings its own status and text. */
  failure(failure: Failure): Answer {
    switch (failure.kind) {
      case "refuse": {
        const code = String(failure.code ?? "51000");
        const [status, text] = Object.hasOwn(CODES, code) ? CODES[code as Code] : ([200, "refused"] as const);
        return this.write(failure.status ?? status, code, failure.message ?? text.replace("{0}", ""));
      }
      case "429":
        return this.rateLimit();
      case "500":
        return this.answer(new Refusal("50026"));
      case "503":
      case "maintenance":
        return this.answer(new Refusal("50001"));
    }
  }
}

/** A path that OKX's documents don't have: what it answers isn't in them either, so that this has no code. */
export const unknownPath: Answer = { status: 404, body: { msg: "no such path" } };
