// Bybit's answers as zod schemas, and its error table. Members that aren't documented are passed over.

import { z } from "zod";
import type { CodeRow } from "../../core/codes";

/** `{"retCode":0,"retMsg":"","result":{},…}`; errors too, mostly with HTTP 200. Source: bybit-exchange/docs, v5/guide. */
export const envelope = z.object({ retCode: z.number().int(), retMsg: z.string().catch(""), result: z.unknown() });

const permissions = z.record(z.string(), z.array(z.string()));
/** `["*"]` and an empty list let everyone in. */
const ips = z.array(z.string());
const flag = z.union([z.literal(0), z.literal(1)]);

/** Source: v5/user/apikey-info. */
export const ownKeyAnswer = z.object({
  apiKey: z.string().min(1),
  note: z.string().optional(),
  readOnly: flag,
  permissions,
  ips,
  userID: z.union([z.number().int().positive(), z.string().regex(/^\d+$/)]).transform(String),
  isMaster: z.boolean(),
  parentUid: z.union([z.string(), z.number()]).transform(String).optional(),
  createdAt: z.string().optional(),
  expiredAt: z.string().optional(),
});

/** Source: v5/user/create-subuid-apikey. Neither addresses nor expiry. */
export const createdAnswer = z.object({ apiKey: z.string().min(1), secret: z.string().min(1) });

/** Source: v5/user/list-sub-apikeys. `readOnly` is a boolean here; status 2 is expired. */
export const listAnswer = z.object({
  result: z.array(
    z.object({
      apiKey: z.string().min(1),
      note: z.string().optional(),
      status: z.number().int(),
      readOnly: z.union([z.boolean(), flag.transform((value) => value === 1)]),
      permissions,
      ips,
      createdAt: z.string().optional(),
      expiredAt: z.string().optional(),
    }),
  ),
  nextPageCursor: z.string().nullish(),
});

export const anyAnswer = z.unknown();

const ERRORS = "bybit-exchange/docs, v5/error";

export const CODES: readonly CodeRow[] = [
  {
    venueCode: 10001,
    code: "parameter-refused",
    cause: "the venue refuses a parameter (10001)",
    wayOut: "look at label, addresses and sub-account; what is documented is checked before",
    source: ERRORS,
  },
  {
    venueCode: 10002,
    code: "clock-refused",
    transient: true,
    cause: "the venue refuses the time of the request (10002): it was too long on the way, or this machine's clock is off",
    wayOut: "set the clock, then run it again",
    source: ERRORS,
  },
  {
    venueCode: -1,
    code: "clock-refused",
    transient: true,
    cause: "the venue refuses the time of the request (-1): it was too long on the way, or this machine's clock is off",
    wayOut: "set the clock, then run it again",
    source: ERRORS,
  },
  {
    venueCode: 10003,
    code: "credential-refused",
    cause: "the venue doesn't know the API key (10003): it was deleted, has expired, or belongs to another environment",
    wayOut: "look at the key on Bybit's API page, and at the account's environment",
    source: ERRORS,
  },
  {
    venueCode: 10004,
    code: "signature-refused",
    cause: "the venue refuses the signature (10004): the API secret is wrong",
    wayOut: "set the account's apiSecret again; a line break at the end of it does this too",
    source: ERRORS,
  },
  {
    venueCode: 10005,
    code: "permission-refused",
    cause: "the venue denies permission (10005): the managing key lacks one, or the sub-account isn't its master's",
    wayOut: "give the managing key AccountTransfer or SubMemberTransfer, and look at the sub-account's uid",
    source: ERRORS,
  },
  {
    venueCode: 10006,
    code: "rate-limited",
    transient: true,
    cause: "the venue's rate limit is met (10006)",
    wayOut: "try again in a minute; other programs of this account count too",
    source: ERRORS,
  },
  {
    venueCode: 10010,
    code: "address-refused",
    cause: "the key's IP list bars this address (10010)",
    wayOut: "run from an address on the managing key's list, or add this one on Bybit's API page",
    source: ERRORS,
  },
  ...[10007, 10008, 10009, 10024, 10027].map((venueCode) => ({
    venueCode,
    code: "account-barred" as const,
    cause: `the venue bars the account or its region (${venueCode})`,
    wayOut: "look at the account at Bybit",
    source: ERRORS,
  })),
  {
    venueCode: 10014,
    code: "broken-answer",
    cause: "the venue says that the request came twice (10014)",
    wayOut: "run it again",
    source: ERRORS,
  },
  ...[10000, 10016].map((venueCode) => ({
    venueCode,
    code: "broken-answer" as const,
    transient: true as const,
    cause: `the venue reports an error of its own (${venueCode}), which says nothing of what was done`,
    wayOut: "try again later",
    source: ERRORS,
  })),
  {
    venueCode: 10017,
    code: "parameter-refused",
    cause: "the venue doesn't know the endpoint (10017)",
    wayOut: "report this as a bug",
    source: ERRORS,
  },
  {
    venueCode: 20096,
    code: "account-barred",
    cause: "the venue wants the account verified first (20096)",
    wayOut: "verify the account's identity at Bybit",
    source: ERRORS,
  },
  {
    venueCode: 81007,
    code: "account-barred",
    cause: "Bybit Europe doesn't let the API make keys (81007)",
    wayOut: "make the key on the web page",
    source: ERRORS,
  },
  ...[33004, -2015].map((venueCode) => ({
    venueCode,
    code: "credential-refused" as const,
    cause: `the API key has expired (${venueCode})`,
    wayOut: "make or renew it: without an IP list a key of Bybit lives 90 days",
    source: ERRORS,
  })),
];
