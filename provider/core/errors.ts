// Every error that users of the provider can meet: one class, one catalogue. docs/errors.md is generated from the catalogue.

/** The venue said no; we do not know; or we refused before asking anybody. */
export type Branch = "refused" | "unknown" | "invalid";

interface Row {
  readonly branch: Branch;
  readonly meaning: string;
}

/** Code → branch and meaning. A driver maps each of its venue's documented codes to one of these. */
export const CATALOGUE = {
  "credential-refused": {
    branch: "refused",
    meaning: "The venue doesn't accept the credential: unknown, revoked, or sent from an address that its IP list bars.",
  },
  "signature-refused": { branch: "refused", meaning: "The venue recomputed the signature and got another one: the secret is wrong." },
  "nonce-refused": {
    branch: "refused",
    meaning: "The venue has seen a greater nonce from this key: another client uses it, or counts in a smaller unit.",
  },
  "clock-refused": {
    branch: "refused",
    meaning: "The venue refuses the time of the request: this machine's clock is off, or the request was too long on the way.",
  },
  "address-refused": {
    branch: "refused",
    meaning: "The venue bars this address: by the key's IP list, by region, or after too many requests.",
  },
  "account-barred": { branch: "refused", meaning: "The venue doesn't let the account do this: locked, unverified, or of a barred region." },
  "permission-refused": { branch: "refused", meaning: "The credential lacks the permission that this call needs." },
  "parameter-refused": { branch: "refused", meaning: "The venue refused a parameter of the request." },
  "rate-limited": { branch: "refused", meaning: "The venue's rate limit was met, and stayed so through our retries." },
  "not-ready": { branch: "refused", meaning: "The venue answered that it isn't ready." },
  "venue-refused": { branch: "refused", meaning: "The venue refused, with a code that has no row of its own." },
  unreachable: { branch: "unknown", meaning: "No answer came: name, connection, TLS or proxy failed." },
  timeout: { branch: "unknown", meaning: "No complete answer came in time." },
  maintenance: {
    branch: "refused",
    meaning: "The venue answers that it is in maintenance. Nothing was done, and nothing is known of any key.",
  },
  "broken-answer": {
    branch: "unknown",
    meaning: "The answer isn't what the venue documents: HTML, cut off, too large, of another shape, or a redirect.",
  },
  "unknown-outcome": { branch: "unknown", meaning: "A write got no answer: it may have had its effect." },
  "absence-unproved": {
    branch: "unknown",
    meaning: "The venue refuses the key, but would answer the same to an address that its IP list bars: this is no proof that it is dead.",
  },
  "engine-gone": {
    branch: "unknown",
    meaning: "The Pulumi engine that asked for this has ended; nobody could record the result, so nothing was written.",
  },
  "unread-account": { branch: "unknown", meaning: "Who the managing credential belongs to couldn't be read." },
  configuration: { branch: "invalid", meaning: "The stack's configuration under exchange-keys: is wrong; the message has the path." },
  input: { branch: "invalid", meaning: "A property of the resource is wrong; the message has its path." },
  "account-mismatch": {
    branch: "invalid",
    meaning: "The managing credential belongs to another account than the one declared or recorded.",
  },
  "managing-key": {
    branch: "invalid",
    meaning: "The managing credential lacks what managing keys of this kind needs, such as a permission or an IP list.",
  },
  ceiling: { branch: "invalid", meaning: "The key goes beyond the ceiling that the account's configuration sets." },
  "approval-file": {
    branch: "invalid",
    meaning: "The approved file can't be read, isn't an approval, or has another SHA-256 than the configuration or the environment says.",
  },
  "not-approved": {
    branch: "invalid",
    meaning: "What is to be done goes beyond the approved plan that the run is held to.",
  },
  "clock-skew": { branch: "invalid", meaning: "This machine's clock is more than 60 s off the venue's." },
  wider: {
    branch: "invalid",
    meaning: "The key is wider than declared. One that the venue issued was revoked; one that a person made wasn't taken.",
  },
  narrower: {
    branch: "invalid",
    meaning: "The key can do less than declared. One that the venue issued was revoked; one that a person made wasn't taken.",
  },
  unusable: {
    branch: "invalid",
    meaning:
      "The venue refuses the key at an address that may use it. One that it had just issued was revoked; one that a person made wasn't taken.",
  },
  unbound: {
    branch: "invalid",
    meaning:
      "The key works from an address that its list excludes. One that the venue issued was revoked; one that a person made wasn't taken.",
  },
  "not-revoked": {
    branch: "unknown",
    meaning: "A key could not be revoked, or was seen alive after it. It stays in the state and is tried again.",
  },
  "self-lock-out": { branch: "invalid", meaning: "The change would lock out, or revoke, the credential that makes it." },
  capability: { branch: "invalid", meaning: "The venue's documented API can't do this." },
  transport: {
    branch: "invalid",
    meaning: "The request would leave by an unsafe way: verification of TLS is off, or a credential would go to the wrong kind of host.",
  },
  "ceremony-waits": {
    branch: "invalid",
    meaning: "A person has to do this on the venue's web page first; the message has the command that guides through it.",
  },
  "deposit-refused": {
    branch: "invalid",
    meaning:
      "What a ceremony left isn't for this: another key, account, environment or generation, used, ended, or sealed to someone else.",
  },
  state: { branch: "invalid", meaning: "The recorded state isn't what any release of this package wrote." },
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof CATALOGUE;

/** What a message says, in this order. No part may hold a secret. */
export interface Said {
  /** The venue's id, with its environment when that isn't production: `bitfinex`, `bitfinex (sandbox)`. Absent: `exchange-keys`. */
  readonly venue?: string;
  /** What was being done, naming the resource where there is one: `create token "nightly-report"`. */
  readonly operation: string;
  readonly cause: string;
  readonly wayOut: string;
}

export interface KeyErrorOptions {
  /** Worth another try soon. For a write it also promises that the refused request had no effect. */
  readonly transient?: boolean;
  /** How long the venue asks us to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The venue's own code and words, as documented ones only. */
  readonly venueCode?: string | undefined;
}

/**
 * The one error class. The message reads `venue: operation: cause; way out`.
 *
 * @example
 * new KeyError("input", { venue: "okx", operation: 'set IP list of "hedge"', cause: "21 addresses, the venue allows 20", wayOut: "split the key" })
 *   .message // okx: set IP list of "hedge": 21 addresses, the venue allows 20; split the key
 */
export class KeyError extends Error {
  override readonly name = "KeyError";
  readonly code: ErrorCode;
  readonly branch: Branch;
  readonly said: Said;
  readonly transient: boolean;
  readonly retryAfterMs: number | undefined;
  readonly venueCode: string | undefined;

  constructor(code: ErrorCode, said: Said, options: KeyErrorOptions = {}) {
    super(`${said.venue ?? "exchange-keys"}: ${said.operation}: ${said.cause}; ${said.wayOut}`);
    this.code = code;
    this.branch = CATALOGUE[code].branch;
    this.said = said;
    this.transient = options.transient ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.venueCode = options.venueCode;
  }
}

/** An error of ours; a fault of the program is thrown on. */
export function known(error: unknown): KeyError {
  if (error instanceof KeyError) return error;
  throw error;
}

/** The same error, told as part of another operation: drivers name the call, the decisions name the resource. */
export function during(operation: string, error: unknown, code?: ErrorCode, wayOut?: string): KeyError {
  if (!(error instanceof KeyError)) throw error;
  const { transient, retryAfterMs, venueCode } = error;
  return new KeyError(
    code ?? error.code,
    {
      ...error.said,
      operation: error.said.operation === operation ? operation : `${operation}: ${error.said.operation}`,
      wayOut: wayOut ?? error.said.wayOut,
    },
    { transient, retryAfterMs, venueCode },
  );
}
