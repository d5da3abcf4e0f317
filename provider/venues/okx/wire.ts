// OKX's answers as zod schemas, and its error table. Members that aren't documented are passed over.

import { z } from "zod";
import type { ErrorCode } from "../../core/errors";
import type { CodeRow } from "../../core/codes";

/** `{"code":"0","msg":"","data":[…]}`, the code a text; refusals too, some of them with HTTP 200 and some without data. Source: docs-v5 #overview. */
export const envelope = z.object({ code: z.string().min(1), msg: z.string().catch(""), data: z.unknown().optional() });

/** One row, whatever may follow it some day. */
const only = <S extends z.ZodType>(row: S) => z.tuple([row]).rest(z.unknown());

/** Words and addresses, separated by commas; an empty `ip` lets everyone in. */
const key = { label: z.string(), perm: z.string(), ip: z.string() };

/** Source: docs-v5 #trading-account-rest-api-get-account-configuration. `mainUid` is the account's own where it is a master. */
export const configAnswer = only(z.object({ ...key, uid: z.string().min(1), mainUid: z.string().min(1) }));

/** Source: docs-v5 #sub-account-rest-api-create-an-api-key-for-a-sub-account. */
export const createdAnswer = only(z.object({ apiKey: z.string().min(1), secretKey: z.string().min(1) }));

/** Source: docs-v5 #sub-account-rest-api-query-the-api-key-of-a-sub-account. It has no pages. */
export const listAnswer = z.array(z.object({ ...key, apiKey: z.string().min(1) }));

/** Source: docs-v5 #sub-account-rest-api-reset-the-api-key-of-a-sub-account. */
export const modifiedAnswer = only(z.object({ apiKey: z.string().min(1) }));

/** Source: docs-v5 #sub-account-rest-api-delete-the-api-key-of-sub-accounts. */
export const deletedAnswer = only(z.object({ subAcct: z.string().min(1) }));

/** The venue's own word for a key that isn't there: at the endpoints that change one. 50119 is about the key that asks. */
export const NO_SUCH_KEY = "59506";

const PAGE = "look at it on OKX's API page";
const BUG = "report this as a bug";
const LATER = "try again later";

function row(venueCode: string, code: ErrorCode, cause: string, wayOut: string, more: Pick<CodeRow, "transient"> = {}): CodeRow {
  return { venueCode, code, ...more, cause: `${cause} (${venueCode})`, wayOut, source: "docs-v5 #error-code" };
}

const AGAIN = { transient: true } as const;

/** Of requests in general. */
const GENERAL: readonly CodeRow[] = [
  row("50000", "parameter-refused", "the venue misses the request's body", BUG),
  row("50001", "broken-answer", "the venue is unavailable, which says nothing of what was done", LATER, AGAIN),
  row("50002", "parameter-refused", "the venue can't read the request's body", BUG),
  row("50011", "rate-limited", "the venue's rate limit is met", "try again in a minute; other programs of this account count too", AGAIN),
  row("50013", "broken-answer", "the venue is busy, which says nothing of what was done", LATER, AGAIN),
  row("50014", "parameter-refused", "the venue misses a parameter", BUG),
  row("50026", "broken-answer", "the venue reports an error of its own, which says nothing of what was done", LATER, AGAIN),
  row("50030", "permission-refused", "the managing key lacks a permission", "give it Read and Trade on OKX's API page"),
  row(
    "50035",
    "permission-refused",
    "the managing key has no IP list, without which it changes no key",
    "bind it to this machine's address",
  ),
  row("50038", "account-barred", "demo trading doesn't have this", "use an account of another environment"),
  row("50040", "rate-limited", "the venue finds the requests too frequent", "try again in a minute", AGAIN),
  row("50042", "broken-answer", "the venue says that the request came twice", "run it again"),
  row(
    "51000",
    "parameter-refused",
    "the venue refuses a parameter",
    "look at label, addresses and sub-account; what is documented is checked before",
  ),
];

/** Of the credential. Any of them may also come to a key in good order whose request was spoilt on the way. */
const CREDENTIAL: readonly CodeRow[] = [
  row("50100", "account-barred", "the venue has frozen the API", "ask OKX's support"),
  row(
    "50101",
    "credential-refused",
    "the API key is of another environment",
    "demo trading and live trading have keys of their own; correct the account's environment",
  ),
  row(
    "50102",
    "clock-refused",
    "the request's time has passed: it was long on the way, or this machine's clock is off",
    "set the clock, then run it again",
    AGAIN,
  ),
  ...["50103", "50104", "50106", "50107"].map((code) =>
    row(
      code,
      "credential-refused",
      "a header of the credential arrived empty",
      "look at the account's credential, and at the proxy between",
    ),
  ),
  row(
    "50105",
    "credential-refused",
    "the passphrase is wrong",
    "set the account's passphrase again, the one that its API key was made with",
  ),
  row(
    "50110",
    "address-refused",
    "the key's IP list bars this address",
    "run from an address on the managing key's list, or add this one on OKX's API page",
  ),
  row("50111", "credential-refused", "the venue doesn't accept the API key", PAGE),
  row("50112", "clock-refused", "the venue can't read the request's time", BUG),
  row("50113", "signature-refused", "the venue refuses the signature: the API secret is wrong", "set the account's apiSecret again"),
  row("50114", "credential-refused", "the venue refuses the credential", PAGE),
  row("50115", "parameter-refused", "the venue doesn't have the request's method", BUG),
  row(
    "50119",
    "credential-refused",
    "the venue doesn't know the API key that asks: it was deleted, has ended, or belongs to another region's domain",
    `${PAGE}, and at the account's environment`,
  ),
  row("50120", "permission-refused", "the managing key lacks a permission", "give it Read and Trade on OKX's API page"),
  row("50121", "address-refused", "the venue doesn't serve the region of this address", "run from another address"),
];

/** Of sub-accounts and their keys. */
const KEYS: readonly CodeRow[] = [
  ...["59500", "59604"].map((code) =>
    row(code, "permission-refused", "only a master account's key may do this", "give the account a key of the master"),
  ),
  row(
    "59501",
    "account-barred",
    "the sub-account has 50 keys, which is all that the venue allows",
    "delete one, or use another sub-account",
  ),
  // Our mark is in the label, and nobody else has it: where the label is taken, this very request has been there before.
  row(
    "59502",
    "broken-answer",
    "the venue has a key of this label already, so that the request may have come twice",
    "run it again: the key is looked for by its label",
  ),
  row("59503", "parameter-refused", "the venue takes 20 addresses at most", "name fewer, or use ranges"),
  row("59504", "parameter-refused", "sub-accounts don't withdraw", "take the permission away"),
  row("59505", "parameter-refused", "the venue refuses the passphrase's form", BUG),
  row(
    NO_SUCH_KEY,
    "parameter-refused",
    "the sub-account has no such key: it was deleted, or ended for want of use",
    "run `pulumi refresh`; where it is listed still, change `reissue` to have another",
  ),
  row("59508", "account-barred", "the sub-account is suspended", "enable it at OKX"),
  row(
    "59510",
    "parameter-refused",
    "the master account has no sub-account of this name",
    "look at its name, in which capital letters count",
  ),
  row("59518", "account-barred", "the API doesn't make sub-accounts", "make it on OKX's page"),
  row("59601", "parameter-refused", "there is a sub-account of this name", "use that one"),
  row("59603", "account-barred", "the master account has as many sub-accounts as it may", "use one that is there"),
];

/** Source: docs-v5 #error-code, as of 2025-11-30. HTTP statuses beside them vary (50011 has two) and decide nothing. */
export const CODES: readonly CodeRow[] = [...GENERAL, ...CREDENTIAL, ...KEYS];
