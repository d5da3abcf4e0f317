// Gate's refusals: `{"label", "message"}`. Apart, so that every label of this dialect stands in one table.

import type { Answer, Failure } from "../../dialect";
import type { Switches } from "../../switches";
import type { GateSwitches } from "./switches";

/** What decides a label's status: a number is documented or ours, a name is that of a switch. */
type Status = number | "requestStatus" | "permissionStatus" | "absentSubStatus";

/**
 * Label → status and text. Labels: docs/gateio, error labels, 2025-11-30; of the statuses only the table (400 invalid request, 401
 * authentication failed, 404, 429, 5xx) is documented, and 401 for IP_FORBIDDEN was seen. Where no text was seen, it is ours.
 */
const LABELS = {
  INVALID_PARAM_VALUE: [400, "Request parameter has invalid value"],
  INVALID_PROTOCOL: [400, "Parameter has invalid protocol"],
  INVALID_ARGUMENT: [400, "Request argument is invalid"],
  INVALID_REQUEST_BODY: [400, "Request body is invalid"],
  MISSING_REQUIRED_PARAM: [400, "Required parameter is missing"],
  BAD_REQUEST: [400, "Invalid request"],
  INVALID_CONTENT_TYPE: [400, "Content type is not JSON"],
  NOT_ACCEPTABLE: [400, "Accept is not JSON"],
  METHOD_NOT_ALLOWED: [405, "Method not allowed"],
  NOT_FOUND: [404, "Not found"],
  INVALID_CREDENTIALS: [401, "Invalid credentials"],
  INVALID_KEY: [401, "Invalid key provided"],
  IP_FORBIDDEN: [401, "Request IP not in whitelist"],
  READ_ONLY: ["permissionStatus", "Key is read-only"],
  INVALID_SIGNATURE: [401, "Signature mismatch"],
  MISSING_REQUIRED_HEADER: ["requestStatus", "Required header is missing"],
  REQUEST_EXPIRED: ["requestStatus", "gap between request Timestamp and server time exceeds 60"],
  ACCOUNT_LOCKED: ["requestStatus", "Account is locked"],
  FORBIDDEN: ["permissionStatus", "Operation is not permitted"],
  SUB_ACCOUNT_NOT_FOUND: ["absentSubStatus", "Sub-account not found"],
  SUB_ACCOUNT_LOCKED: [400, "Sub-account is locked"],
  INTERNAL: [500, "Internal error"],
  SERVER_ERROR: [500, "Server error"],
  TOO_BUSY: [503, "Server is too busy"],
} as const satisfies Readonly<Record<string, readonly [status: Status, text: string]>>;

/** Labels whose body was seen, with `message`. Source: gateio/rest-v4, issue 8; CyberPunkMetalHead/…, issue 152; docs/gateio. */
const SEEN: readonly string[] = ["INVALID_KEY", "IP_FORBIDDEN", "INVALID_SIGNATURE", "REQUEST_EXPIRED"];

const TOO_MANY = "Too many requests";

export type Label = keyof typeof LABELS;

/** Thrown anywhere in the dialect to refuse a request; 429 has no documented label, and so has none here. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly label: Label | 429,
    text: string = label === 429 ? TOO_MANY : LABELS[label][1],
    readonly status?: number,
  ) {
    super(text);
  }
}

export class Refusals {
  constructor(private readonly switches: Switches<GateSwitches>) {}

  answer({ label, message, status }: Refusal): Answer {
    if (label === 429) return this.tooMany();
    return { status: status ?? this.statusOf(label), code: label, body: this.body(label, message) };
  }

  private statusOf(label: Label): number {
    const [status] = LABELS[label];
    return typeof status === "number" ? status : this.switches.get(status);
  }

  private body(label: string, text: string): unknown {
    const as = this.switches.get("textMember") === "message" || SEEN.includes(label) ? "message" : "detail";
    return { label, [as]: text };
  }

  private tooMany(): Answer {
    const label = this.switches.get("limitLabel");
    if (label === "none") return { status: 429, body: { message: TOO_MANY } };
    return { status: 429, code: label, body: this.body(label, TOO_MANY) };
  }

  /** A failure that a fault asked for; a documented label brings its own status and text. */
  failure(failure: Failure): Answer {
    switch (failure.kind) {
      case "refuse": {
        const label = String(failure.code ?? "BAD_REQUEST");
        const known = Object.hasOwn(LABELS, label) ? new Refusal(label as Label) : undefined;
        const status = failure.status ?? (known ? this.statusOf(label as Label) : 400);
        return { status, code: label, body: this.body(label, failure.message ?? known?.message ?? "refused") };
      }
      case "429":
        return this.tooMany();
      case "500":
        return this.answer(new Refusal("SERVER_ERROR"));
      case "503":
      case "maintenance":
        return this.answer(new Refusal("TOO_BUSY"));
    }
  }
}
