// Deribit's errors: JSON-RPC error objects with the codes and names of its table. Apart, so that every code of this dialect
// stands in one table. Source: docs.deribit.com/articles/errors

import type { Failure } from "../../dialect";
import type { Switches } from "../../switches";
import type { DeribitSwitches } from "./switches";

const MESSAGES: Readonly<Record<number, string>> = {
  [-32602]: "Invalid params",
  [-32601]: "Method not found",
  [-32600]: "request entity too large",
  [-32000]: "Missing params",
  10000: "authorization_required",
  10028: "too_many_requests",
  10040: "retry",
  11029: "invalid_arguments",
  11042: "permission_denied",
  11050: "bad_request",
  11051: "system_maintenance",
  11094: "internal_server_error",
  12003: "login_over_limit",
  12005: "country_is_banned",
  12998: "security_key_authorization_over_limit",
  13004: "invalid_credentials",
  13009: "unauthorized",
  13010: "value_required",
  13012: "unavailable_in_subaccount",
  13016: "invalid_input",
  13020: "not_found",
  13021: "forbidden",
  13025: "method_switched_off_by_admin",
  13028: "temporarily_unavailable",
  13031: "verification_required",
  13034: "no_more_security_keys_allowed",
  13403: "scope_exceeded",
  13503: "unavailable",
  13668: "security_key_authorization_error",
  13904: "security_key_setup_required",
};

/** Thrown anywhere in the dialect to refuse a request. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    readonly code: number | string,
    readonly data?: Readonly<Record<string, unknown>>,
    message?: string,
    /** Where it isn't the usual one of errors. */
    readonly status?: number,
  ) {
    super(message ?? MESSAGES[Number(code)] ?? "request_failed");
  }
}

/** The refusals whose codes the documents leave open. */
export class Refusals {
  constructor(private readonly switches: Switches<DeribitSwitches>) {}

  unknownKey = (): Refusal => new Refusal(this.switches.get("unknownKey"));
  stale = (): Refusal => new Refusal(this.switches.get("staleCode"));
  permission = (): Refusal => new Refusal(this.switches.get("permissionCode"));
  missing = (param: string): Refusal => new Refusal(this.switches.get("missingParam"), { param, reason: "missing value" });
  invalid = (param: string, reason: string): Refusal => new Refusal(this.switches.get("invalidParam"), { param, reason });
  unknownId = (): Refusal => new Refusal(this.switches.get("unknownId"));
  keyLimit = (): Refusal => new Refusal(this.switches.get("keyLimitCode"));

  disabled(): Refusal {
    const code = this.switches.get("disabledRefusal");
    return code === "as-unknown-key" ? this.unknownKey() : new Refusal(code);
  }

  /** The caller's address is barred; for a key or for a token. */
  address(kind: "key" | "token"): Refusal {
    const code = this.switches.get("ipRefusal");
    if (code !== "as-unknown-key") return new Refusal(code);
    return kind === "key" ? this.unknownKey() : new Refusal(13009);
  }

  rateLimit(): Refusal {
    return new Refusal(10028, undefined, undefined, this.switches.get("rateLimitStatus") === 429 ? 429 : undefined);
  }

  /** A failure that a fault asked for. */
  failure(failure: Failure): Refusal {
    switch (failure.kind) {
      case "refuse":
        return new Refusal(failure.code ?? 11050, undefined, failure.message, failure.status);
      case "429":
        return this.rateLimit();
      case "500":
        return new Refusal(11094);
      case "503":
        return new Refusal(13028);
      case "maintenance":
        return new Refusal(11051);
    }
  }
}
