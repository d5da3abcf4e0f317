// Gate's answers as zod schemas, and its error table. Members that aren't documented are passed over.

import { z } from "zod";
import type { CodeRow } from "../../core/codes";

/** `{"label":"INVALID_KEY","message":"…"}`, or `detail` instead of `message`. Source: docs/gateio, error labels, 2025-11-30. */
export const refusal = z.object({ label: z.string().min(1) });

const perms = z.array(z.object({ name: z.string(), read_only: z.boolean().optional() }));
/** An empty list lets everyone in. */
const ips = z.array(z.string()).nullable();
/** Seconds since 1970. */
const seconds = z.number().int().positive();
/** 1 classic, 2 portfolio. */
const mode = z.number().int();

/** Source: docs/gateio, GET /account/detail, 2025-11-30: the calling key's account and addresses, not its permissions. */
export const detailAnswer = z.object({ user_id: z.number().int().positive(), ip_whitelist: ips });

const mainKey = z.object({ key: z.string(), perms });
/** As some clients have it: the calling key alone. Source: npm gateio-api 1.6.1. */
const ownKey = z.object({ perms });

/** The main account's keys, masked: `"c5dcfbf1f3a7*****"`. Source: docs/gateio, GET /account/main_keys, 2025-11-30. */
export const mainKeysAnswer = z.union([z.array(mainKey), ownKey]);

/** Nothing else is needed of it: a key whose answer can't be read is lost. Source: docs/gateio, POST /sub_accounts/{user_id}/keys. */
export const createdAnswer = z.object({
  key: z.string().min(8),
  secret: z.string().min(8),
  created_at: seconds.optional().catch(undefined),
});

/** `update_at` and `last_access` aren't needed. Source: docs/gateio, GET /sub_accounts/{user_id}/keys, 2025-11-30. */
export const listAnswer = z.array(
  z.object({
    key: z.string().min(1),
    name: z.string().optional(),
    /** 1 normal; 2 and 3 frozen and locked, or the other way round: the documents contradict each other. */
    state: z.number().int(),
    mode,
    perms,
    ip_whitelist: ips,
    created_at: seconds.optional(),
  }),
);

const ERRORS = "docs/gateio, error labels and Return Status, 2025-11-30";

/** Labels that say one thing in several ways. */
const PARAMETERS = ["INVALID_PARAM_VALUE", "INVALID_ARGUMENT", "MISSING_REQUIRED_PARAM", "BAD_REQUEST"];
const FORMS = [
  "INVALID_PROTOCOL",
  "INVALID_REQUEST_BODY",
  "INVALID_CONTENT_TYPE",
  "NOT_ACCEPTABLE",
  "METHOD_NOT_ALLOWED",
  "MISSING_REQUIRED_HEADER",
];

export const CODES: readonly CodeRow[] = [
  {
    // The status: no label is documented beside it.
    venueCode: 429,
    code: "rate-limited",
    transient: true,
    cause: "the venue's rate limit is met (HTTP 429)",
    wayOut: "try again in a minute; other programs of this account count too",
    source: ERRORS,
  },
  ...PARAMETERS.map((venueCode) => ({
    venueCode,
    code: "parameter-refused" as const,
    cause: `the venue refuses a parameter (${venueCode})`,
    wayOut: "look at label, addresses, sub-account and the number of its keys; what is documented is checked before",
    source: ERRORS,
  })),
  ...FORMS.map((venueCode) => ({
    venueCode,
    code: "parameter-refused" as const,
    cause: `the venue refuses the form of the request (${venueCode})`,
    wayOut: "look whether a proxy changes requests on the way; else report this as a bug",
    source: ERRORS,
  })),
  {
    venueCode: "NOT_FOUND",
    code: "parameter-refused",
    cause: "the venue doesn't know what was asked for (NOT_FOUND): the key is gone, or the endpoint",
    wayOut: "run `pulumi refresh`; it tells from the list whether the key is there",
    source: ERRORS,
  },
  {
    venueCode: "INVALID_KEY",
    code: "credential-refused",
    cause:
      "the venue doesn't know an API key (INVALID_KEY): the managing one was deleted, has ended or is stopped, or the one that is meant is gone",
    wayOut: "look at the managing key on Gate's API page, at the account's environment, and run `pulumi refresh`",
    source: ERRORS,
  },
  {
    venueCode: "INVALID_CREDENTIALS",
    code: "credential-refused",
    cause: "the venue refuses the credential (INVALID_CREDENTIALS): the managing key is gone, or its secret is wrong",
    wayOut: "look at the managing key on Gate's API page, and at the account's environment and apiSecret",
    source: ERRORS,
  },
  {
    venueCode: "INVALID_SIGNATURE",
    code: "signature-refused",
    cause: "the venue refuses the signature (INVALID_SIGNATURE): the API secret is wrong",
    wayOut: "set the account's apiSecret again; a line break at the end of it does this too",
    source: ERRORS,
  },
  {
    venueCode: "REQUEST_EXPIRED",
    code: "clock-refused",
    transient: true,
    cause: "the venue refuses the time of the request (REQUEST_EXPIRED): it was too long on the way, or this machine's clock is off",
    wayOut: "set the clock, then run it again",
    source: ERRORS,
  },
  {
    venueCode: "IP_FORBIDDEN",
    code: "address-refused",
    cause: "the key's IP list bars this address (IP_FORBIDDEN)",
    wayOut: "run from an address on the managing key's list, or add this one on Gate's API page",
    source: "CyberPunkMetalHead/…, issue 152: seen with HTTP 401",
  },
  {
    venueCode: "READ_ONLY",
    code: "permission-refused",
    cause: "the venue denies permission (READ_ONLY): the managing key may only read where it would have to write",
    wayOut: "let the managing key write in account and wallet; which of them managing keys needs isn't documented",
    source: ERRORS,
  },
  {
    venueCode: "FORBIDDEN",
    code: "permission-refused",
    cause:
      "the venue denies permission (FORBIDDEN): the managing key lacks one, is stopped or a sub-account's, or the sub-account isn't its own",
    wayOut: "let the managing key write in account and wallet, and look at the sub-account's user id and the number of its keys",
    source: ERRORS,
  },
  {
    venueCode: "ACCOUNT_LOCKED",
    code: "account-barred",
    cause: "the account is locked (ACCOUNT_LOCKED)",
    wayOut: "look at the account at Gate",
    source: ERRORS,
  },
  {
    venueCode: "SUB_ACCOUNT_LOCKED",
    code: "account-barred",
    cause: "the sub-account is locked (SUB_ACCOUNT_LOCKED)",
    wayOut: "unlock it at Gate",
    source: ERRORS,
  },
  {
    venueCode: "SUB_ACCOUNT_NOT_FOUND",
    code: "parameter-refused",
    cause: "the main account has no such sub-account (SUB_ACCOUNT_NOT_FOUND), or the managing key is a sub-account's",
    wayOut: "look at the sub-account's user id, and whose the managing key is",
    source: ERRORS,
  },
  ...["INTERNAL", "SERVER_ERROR", "TOO_BUSY"].map((venueCode) => ({
    venueCode,
    code: "broken-answer" as const,
    transient: true as const,
    cause: `the venue reports an error of its own (${venueCode}), which says nothing of what was done`,
    wayOut: "try again later",
    source: ERRORS,
  })),
];
