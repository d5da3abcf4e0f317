// Deribit's answers as zod schemas, and its error table. Members that aren't documented, and secrets of lists, are passed over.

import { z } from "zod";
import type { CodeRow } from "../../core/codes";

/** A result or an error. Which HTTP status an error has isn't documented. Source: docs.deribit.com/articles/errors */
export const envelope = z.union([
  z.object({ error: z.object({ code: z.number().int(), message: z.string().catch("") }) }),
  z.object({ error: z.undefined().optional(), result: z.unknown().refine((result) => result !== undefined, "no result") }),
]);

/** What stands in place of any result where a person has to prove himself. Source: docs.deribit.com/articles/security-keys */
export const secondFactor = z.object({ security_key_authorization_required: z.literal(true) });

const id = z.number().int().positive();
/** Milliseconds. */
const time = z.number().int().positive();

/** Members that every api_key object has, and optional ones. Source: docs.deribit.com/api-reference/account-management/private-list_api_keys */
const shown = z.object({
  id,
  timestamp: time,
  client_id: z.string().min(1),
  max_scope: z.string(),
  name: z.string().optional(),
  enabled: z.boolean().optional(),
  enabled_features: z.array(z.string()).optional(),
  ip_whitelist: z.array(z.string()).optional(),
});

/** Without secrets, whether they are in the answer (as its schema has it) or not (as its text says). */
export const listAnswer = z.array(shown);

/** Of a key with a public key, `client_secret` is a fingerprint. Source: private-create_api_key */
export const createdAnswer = z.object({ id, timestamp: time, client_id: z.string().min(8), client_secret: z.string().min(8) });

/** The changed key: it is read back by the list. Source: private-edit_api_key */
export const editedAnswer = z.object({ id, client_id: z.string().min(1) });

/** Source: private-remove_api_key */
export const removedAnswer = z.literal("ok");

/** Extended, the summary says whose it is. Source: docs.deribit.com, private/get_account_summary, as of 2025-11-30 */
export const summaryAnswer = z.object({ id });

/** Milliseconds. Source: docs.deribit.com, public/get_time, as of 2025-11-30 */
export const timeAnswer = time;

const ERRORS = "docs.deribit.com/articles/errors";
const SECURITY = "docs.deribit.com/articles/security-keys";

/** What to do about a second factor: no machine has one. */
export const WITHOUT_SECOND_FACTOR =
  "no machine has one: in the account's security settings at Deribit, take the management of API keys out of what asks for it, or manage these keys on the web page";

export const CODES: readonly CodeRow[] = [
  {
    venueCode: 10000,
    code: "signature-refused",
    cause: "the venue refuses the authorization (10000): an invalid or absent signature",
    wayOut: "set the account's apiSecret again; a line break at the end of it, or a clock that is off, does this too",
    source: ERRORS,
  },
  {
    venueCode: 13004,
    code: "credential-refused",
    cause:
      "the venue refuses the credential (13004): unknown, removed, switched off, of another environment, or sent from an address that its list bars",
    wayOut: "look at the key on Deribit's API page, at the account's environment and at the address that this runs from",
    source: ERRORS,
  },
  {
    venueCode: 13009,
    code: "credential-refused",
    cause: "the venue refuses the credential or its signature (13009), which may also be the time, the address or a scope",
    wayOut: "look at the key, its scopes and its IP list on Deribit's API page, set apiSecret again, and set this machine's clock",
    source: ERRORS,
  },
  ...[11042, 13021].map((venueCode) => ({
    venueCode,
    code: "permission-refused" as const,
    cause: `the venue denies permission (${venueCode}): the managing key lacks a scope, or what was asked isn't allowed`,
    wayOut: "give the managing key account:read_write and all that it is to hand out; look at how many keys the account has (8 at most)",
    source: ERRORS,
  })),
  {
    venueCode: 13403,
    code: "permission-refused",
    cause: "the managing key lacks a scope that the key has or is to have (13403)",
    wayOut: "give the managing key every scope that it hands out, or declare less",
    source: ERRORS,
  },
  {
    venueCode: 10028,
    code: "rate-limited",
    transient: true,
    cause: "the account's credits are spent (10028)",
    wayOut: "try again in a minute; other programs of this account count too",
    source: "docs.deribit.com/articles/rate-limits",
  },
  {
    venueCode: 12003,
    code: "rate-limited",
    cause: "the venue has seen too many logins (12003)",
    wayOut: "try again later",
    source: ERRORS,
  },
  ...[-32602, -32000, 11029, 11050, 13010, 13016].map((venueCode) => ({
    venueCode,
    code: "parameter-refused" as const,
    cause: `the venue refuses a parameter (${venueCode}): which one isn't told alike for all of them`,
    wayOut: "look at addresses, scopes, public key and how many keys the account has (8 at most)",
    source: ERRORS,
  })),
  {
    venueCode: 13020,
    code: "parameter-refused",
    cause: "the venue doesn't find what was named (13020)",
    wayOut: "run `pulumi refresh`: the key may have been removed at the venue",
    source: ERRORS,
  },
  ...[-32601, -32600].map((venueCode) => ({
    venueCode,
    code: "parameter-refused" as const,
    cause: `the venue doesn't know the method, or finds the request too large (${venueCode})`,
    wayOut: "report this as a bug",
    source: ERRORS,
  })),
  ...[12005, 13012, 13031].map((venueCode) => ({
    venueCode,
    code: "account-barred" as const,
    cause: `the venue doesn't let this account do it (${venueCode}): by country, as a sub-account, or unverified`,
    wayOut: "look at the account at Deribit",
    source: ERRORS,
  })),
  ...[13668, 13904].map((venueCode) => ({
    venueCode,
    code: "account-barred" as const,
    cause: `the venue asks for a second factor, or for one to be set up (${venueCode})`,
    wayOut: WITHOUT_SECOND_FACTOR,
    source: SECURITY,
  })),
  {
    venueCode: 13034,
    code: "account-barred",
    cause: "the venue lets the account have no more security keys (13034)",
    wayOut: "look at the account's security settings at Deribit",
    source: ERRORS,
  },
  {
    venueCode: 12998,
    code: "account-barred",
    cause: "the venue has seen too many wrong second factors (12998)",
    wayOut: `wait some minutes; ${WITHOUT_SECOND_FACTOR}`,
    source: SECURITY,
  },
  {
    venueCode: 11051,
    code: "maintenance",
    cause: "the venue is in maintenance (11051)",
    wayOut: "try again when it is over",
    source: ERRORS,
  },
  {
    venueCode: 13025,
    code: "not-ready",
    cause: "the venue has switched the method off (13025)",
    wayOut: "try again later, or manage the key on Deribit's API page",
    source: ERRORS,
  },
  // Their names promise nothing of what was done before.
  ...[10040, 11094, 13028, 13503].map((venueCode) => ({
    venueCode,
    code: "broken-answer" as const,
    transient: true as const,
    cause: `the venue reports an error of its own (${venueCode}), which says nothing of what was done`,
    wayOut: "try again later",
    source: ERRORS,
  })),
];
