// KuCoin's answers as zod schemas, and its error table. Members that aren't documented are passed over.

import { z } from "zod";
import type { CodeRow } from "../../core/codes";

/** `{"code":"200000","data":…}`; refusals have another code and a `msg`, also under HTTP 200. Source: docs-new, authentication; kc-old, "Errors". */
export const envelope = z.object({
  code: z.union([z.string(), z.number()]).transform(String),
  msg: z.string().catch(""),
});

export const DONE = "200000";

/** Separated by commas. */
const listed = z.string().transform((text) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== ""),
);

/** Milliseconds since 1970. */
const time = z.number().int().positive();

/** A key as the list and the key itself show it. A missing or empty `ipWhitelist` is none. */
const row = z.object({
  apiKey: z.string().min(1),
  remark: z.string().optional(),
  permission: listed,
  ipWhitelist: listed.nullish(),
  createdAt: time,
});

export type KeyRow = z.output<typeof row> & { readonly expiredAt?: number | null | undefined };

/** Source: kc-spec, openapi-account-account.json, getApikeyInfo; `parentUid` and `expiredAt`: the types of npm kucoin-api 2.6.1 alone. */
export const ownKeyAnswer = row.extend({
  uid: z.union([z.number().int().positive(), z.string().regex(/^\d+$/)]).transform(String),
  isMaster: z.boolean(),
  parentUid: z
    .union([z.number().int().positive(), z.string().regex(/^\d+$/)])
    .transform(String)
    .nullish()
    .catch(undefined),
  expiredAt: time.nullish().catch(undefined),
});

/** Source: kc-spec, openapi-account-subaccount.json, getSubAccountApiList. Neither secrets nor the end. */
export const listAnswer = z.array(row);

/** Source: addSubAccountApi. Its `permission` isn't read: the example echoes less than it asks for. */
export const createdAnswer = z.object({ apiKey: z.string().min(8), apiSecret: z.string().min(8), createdAt: time });

/** Source: modifySubAccountApi, deleteSubAccountApi. */
export const changedAnswer = z.object({ apiKey: z.string().min(1) });

const ERRORS = "kc-old, System error codes (2023-06-09)";

export const CODES: readonly CodeRow[] = [
  {
    venueCode: "400001",
    code: "parameter-refused",
    cause: "the venue misses a header (400001), and the provider sends them all",
    wayOut: "look whether a proxy takes headers away; else report this as a bug",
    source: ERRORS,
  },
  {
    venueCode: "400002",
    code: "clock-refused",
    transient: true,
    cause: "the venue refuses the time of the request (400002): it was five seconds on the way, or this machine's clock is off",
    wayOut: "set the clock, then run it again",
    source: ERRORS,
  },
  {
    venueCode: "400003",
    code: "credential-refused",
    cause: "the venue doesn't know the API key (400003): it was deleted, has expired, or belongs to another environment",
    wayOut: "look at the key on KuCoin's API page, and at the account's environment",
    source: ERRORS,
  },
  {
    venueCode: "400004",
    code: "credential-refused",
    cause: "the venue refuses a passphrase (400004): the managing key's, or, where a key is changed or deleted, perhaps that key's own",
    wayOut:
      "set the account's passphrase again; a managing key of version 1 has to be made anew; a key whose own passphrase is wrong can only be deleted on KuCoin's API page",
    source: ERRORS,
  },
  {
    venueCode: "400005",
    code: "signature-refused",
    cause: "the venue refuses the signature (400005): the API secret is wrong",
    wayOut: "set the account's apiSecret again; a line break at the end of it does this too",
    source: ERRORS,
  },
  {
    venueCode: "400006",
    code: "address-refused",
    cause: "the key's IP list bars this address (400006)",
    wayOut: "run from an address on the managing key's list, or add this one on KuCoin's API page",
    source: ERRORS,
  },
  {
    venueCode: "400007",
    code: "permission-refused",
    cause: "the venue denies access (400007): the key lacks General, or isn't a master account's",
    wayOut: "give the managing key General on KuCoin's API page, and let it be one of the master account",
    source: ERRORS,
  },
  {
    venueCode: "400100",
    code: "parameter-refused",
    cause: "the venue refuses a parameter (400100), and doesn't say which",
    wayOut: "look at the sub-account's name, and at what it may deal in; what is documented is checked before",
    source: ERRORS,
  },
  {
    venueCode: "404000",
    code: "parameter-refused",
    cause: "the venue doesn't find what is asked for (404000)",
    wayOut: "look at the sub-account's name, and whether the key is still on KuCoin's API page",
    source: ERRORS,
  },
  {
    venueCode: "411100",
    code: "account-barred",
    cause: "the venue says that the account is frozen (411100)",
    wayOut: "look at the account and the sub-account at KuCoin",
    source: ERRORS,
  },
  {
    venueCode: "415000",
    code: "parameter-refused",
    cause: "the venue refuses the content type (415000)",
    wayOut: "look whether a proxy changes headers; else report this as a bug",
    source: ERRORS,
  },
  {
    venueCode: "429000",
    code: "rate-limited",
    transient: true,
    cause: "the venue's rate limit is met, or it is overloaded (429000)",
    wayOut: "try again in a minute; other programs of this account count too",
    source: "KuCoin docs-new, rate-limit (2025-11-30)",
  },
  {
    venueCode: "500000",
    code: "broken-answer",
    transient: true,
    cause: "the venue reports an error of its own (500000), which says nothing of what was done",
    wayOut: "try again later",
    source: ERRORS,
  },
];
