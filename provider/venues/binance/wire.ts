// Binance's answers as zod schemas, and its error table. Members that aren't documented are passed over.

import { z } from "zod";
import type { CodeRow } from "../../core/codes";

/** `{"code":-1121,"msg":"Invalid symbol."}`. Source: binance-spot-api-docs, errors.md. */
export const envelope = z.object({ code: z.number().int(), msg: z.string().catch("") });

/** Source: developers.binance.com, rest-api/account-endpoints, "Account information". */
export const accountAnswer = z.object({ uid: z.number().int().positive().transform(String) });

/** Source: developers.binance.com, wallet, "Get API Key Permission". Flags of tomorrow are left to tomorrow. */
export const ownKeyAnswer = z.object({
  ipRestrict: z.boolean(),
  createTime: z.number().positive().optional(),
  enableReading: z.boolean(),
  enableWithdrawals: z.boolean(),
  enableInternalTransfer: z.boolean(),
  enableMargin: z.boolean(),
  enableFutures: z.boolean(),
  permitsUniversalTransfer: z.boolean(),
  enableVanillaOptions: z.boolean(),
  enableSpotAndMarginTrading: z.boolean(),
  enableFixApiTrade: z.boolean().optional(),
  enableFixReadOnly: z.boolean().optional(),
  enablePortfolioMarginTrading: z.boolean().optional(),
});

/** The v2 creation. Its page's example wasn't read: nothing but key and secret is taken from it, and no secret where a public key was given. */
export const createdAnswer = z.object({ apiKey: z.string().min(8), secretKey: z.string().nullish() });

const row = z.object({
  apiName: z.string().optional(),
  apikey: z.string().min(1).optional(),
  apiKey: z.string().min(1).optional(),
  canTrade: z.boolean(),
  canMarginLoanRepay: z.boolean(),
  canFuturesTrade: z.boolean(),
  canUniversalTransfer: z.boolean(),
  canVanillaOptions: z.boolean(),
});
const total = z.number().int().nonnegative();

/** `rows` since August 2026, `list` before. Source: binance-connector-go, clients/subaccount, CHANGELOG.md 1.11.0. */
export const listAnswer = z.union([
  z.object({ total, rows: z.array(row) }),
  z.object({ total, list: z.array(row) }).transform(({ list, ...rest }) => ({ ...rest, rows: list })),
]);

/** `ipRestrict` is a string at sub-accounts' keys, a boolean elsewhere. Source: Get IP Restriction for a Sub-account API Key. */
export const addressesAnswer = z.object({
  ipRestrict: z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]),
  ipList: z.array(z.string()).nullish(),
});

/** What is done is looked at afterwards; an error is no answer. */
export const anyAnswer = z.object({ code: z.never().optional() });

const ERRORS = "binance-spot-api-docs, errors.md";
const PARAMETER =
  "look at apiName, addresses, publicKey (no other living key may have it) and the sub-account's e-mail; the documents leave their limits open";
const KEY = "look at the key on Binance's API page: whether it is there, its IP list and its permissions, and at the account's environment";

export const CODES: readonly CodeRow[] = [
  ...[-1000, -1001, -1008, -1016].map((venueCode) => ({
    venueCode,
    code: "broken-answer" as const,
    transient: true as const,
    cause: `the venue reports an error of its own (${venueCode}), which says nothing of what was done`,
    wayOut: "try again later",
    source: ERRORS,
  })),
  {
    venueCode: -1002,
    code: "permission-refused",
    cause: "the venue doesn't authorize the managing key for this (-1002)",
    wayOut: KEY,
    source: ERRORS,
  },
  {
    venueCode: -1003,
    code: "rate-limited",
    transient: true,
    cause: "the venue's rate limit is met (-1003)",
    wayOut: "try again in a minute; other programs of this account and of this address count too",
    source: ERRORS,
  },
  {
    venueCode: -1020,
    code: "account-barred",
    cause: "the venue doesn't support this for the account (-1020): an asset sub-account, or one with portfolio margin",
    wayOut: "name another sub-account, or manage its keys on Binance's API page",
    source: ERRORS,
  },
  {
    venueCode: -1021,
    code: "clock-refused",
    transient: true,
    cause: "the venue refuses the time of the request (-1021): it was too long on the way, or this machine's clock is off",
    wayOut: "set the clock, then run it again",
    source: ERRORS,
  },
  {
    venueCode: -1022,
    code: "signature-refused",
    cause: "the venue refuses the signature (-1022): the API secret is wrong",
    wayOut: "set the account's apiSecret again; a line break at the end of it does this too",
    source: ERRORS,
  },
  ...[-1100, -1101, -1102, -1104, -1105].map((venueCode) => ({
    venueCode,
    code: "parameter-refused" as const,
    cause: `the venue refuses a parameter (${venueCode})`,
    wayOut: PARAMETER,
    source: ERRORS,
  })),
  {
    venueCode: -2014,
    code: "credential-refused",
    cause: "the venue finds the API key malformed (-2014)",
    wayOut: "set the account's apiKey again",
    source: ERRORS,
  },
  {
    venueCode: -2015,
    code: "credential-refused",
    cause:
      "the venue refuses with its one code (-2015) for an address that isn't on the API key's IP list, a missing permission, and an unknown key",
    wayOut:
      "look at that key on Binance's API page: first whether this machine's address is on its IP list, and that a managing key has one (calls about sub-accounts' keys take a KYC IP restriction check); then at its permissions, \"Enable Spot & Margin Trading\" among them, and whether it is there at all; for a call about a sub-account's key, at the e-mail and how many keys there are too",
    source: `${ERRORS}; the check: the pages of Create, Modify and Delete`,
  },
  {
    venueCode: -9000,
    code: "parameter-refused",
    cause:
      "the venue doesn't support this (-9000): FIX without an Ed25519 public key, a public key that it doesn't take, or an account of another kind",
    wayOut: "look at fixApi and publicKey, and whether the sub-account is an asset sub-account or has too many keys",
    source: "developers.binance.com, legacy-docs, sub_account, Create Sub-account API Key V2",
  },
];
