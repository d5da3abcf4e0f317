// Bitfinex's answers as zod schemas, and its error table. Arrays may grow at the end: "new fields may be appended".

import { z } from "zod";
import type { CodeRow } from "../../core/codes";

const bit = z.union([z.literal(0), z.literal(1)]);

/** `[["account",1,0], …]`. An open set: 10 scopes are documented, 14 are seen. Source: docs.bitfinex.com/reference/key-permissions. */
export const permissionsAnswer = z.array(z.tuple([z.string().min(1), bit, bit], z.unknown())).min(1);

/** Index 0 is the user's id, 16 its master's, 21 tells paper trading, 26 the second factors. Source: docs.bitfinex.com/reference/rest-auth-info-user. */
export const userAnswer = z
  .array(z.unknown())
  .min(27)
  .transform((row, context) => {
    const parsed = z
      .object({
        id: z.number().int().positive(),
        masterId: z.number().int().positive().nullish().catch(undefined),
        paperTrading: bit.nullish(),
        secondFactors: z.array(z.string()).nullish(),
      })
      .safeParse({ id: row[0], masterId: row[16], paperTrading: row[21], secondFactors: row[26] });
    if (parsed.success) return parsed.data;
    context.addIssue({ code: "custom", message: `index of ${parsed.error.issues[0]?.path.join(".") ?? "the id"} has another type` });
    return z.NEVER;
  });

/** `["pub:api:…"]`: index 0 is the token. Source: docs.bitfinex.com/reference/generate-token. */
export const tokenAnswer = z.tuple([z.string().min(16)], z.unknown());

/** `[1]`. Source: bfx-api-node-rest, invalidateAuthToken; absent from the docs site. */
export const tokenDeletedAnswer = z.tuple([z.literal(1)], z.unknown());

/** `["203.0.113.10", {…}]`. Undocumented; recorded by clients. */
export const addressAnswer = z.tuple([z.string().min(2)], z.unknown());

/** `["error", 10100, "apikey: invalid"]`. Source: bfx-api-node-rest, _apiError. */
export const errorAnswer = z.tuple([z.literal("error"), z.union([z.number(), z.string(), z.null()]), z.unknown()], z.unknown());

const GLOSSARY = "docs.bitfinex.com/docs/abbreviations-glossary";

/** Sources of the rows that no official page has are clients that met them. */
export const CODES: readonly CodeRow[] = [
  {
    message: /token: invalid/i,
    code: "credential-refused",
    cause: "the venue refuses the token: ended, revoked, or used from an address that it bars",
    wayOut: "run `pulumi up` to issue another, or run from an address on its list",
    source: "bfx-report, api-errors-testers.js; the code isn't documented",
  },
  {
    venueCode: 10100,
    message: /digest/i,
    code: "signature-refused",
    cause: "the venue refuses the signature (10100): the API secret is wrong",
    wayOut: "set the account's apiSecret again; a line break at the end of it does this too",
    source: "trufflehog, detectors/bitfinex",
  },
  {
    venueCode: 10100,
    code: "credential-refused",
    cause: "the venue refuses the API key (10100): unknown, revoked, or used from an address that its IP list bars",
    wayOut: "look at the key at bitfinex.com/api; refresh and destroy use the credentials in the state, unless --run-program is given",
    source: "Bitfinex.Net issues 7 and 108; the answer to a barred address isn't documented",
  },
  {
    venueCode: 10114,
    code: "nonce-refused",
    transient: true,
    cause: "the venue has seen a greater nonce from this key (10114)",
    wayOut: 'let one program alone use this key; if that one counts microseconds, say nonceUnit: "us" in the account or the token',
    source: `${GLOSSARY}; bitfinex-api-py issue 120`,
  },
  {
    venueCode: 10001,
    message: /permission/i,
    code: "permission-refused",
    cause: "the key lacks the permission for this call (10001)",
    wayOut: "edit the key's permissions at bitfinex.com/api, or use another managing key",
    source: "ccxt, bitfinex.ts",
  },
  {
    venueCode: 10020,
    code: "parameter-refused",
    cause: "the venue refuses a parameter (10020)",
    wayOut: "report this as a bug",
    source: GLOSSARY,
  },
  {
    venueCode: 11000,
    code: "not-ready",
    transient: true,
    cause: "the venue isn't ready (11000)",
    wayOut: "try again later",
    source: GLOSSARY,
  },
  {
    venueCode: 11010,
    code: "rate-limited",
    transient: true,
    cause: "the venue's rate limit is met (11010)",
    wayOut: "try again in a minute; other programs on this address count too",
    source: "ccxt issue 6384",
  },
  {
    venueCode: 20060,
    code: "maintenance",
    cause: "the venue is in maintenance (20060)",
    wayOut: "try again later",
    source: "bfx-core, config.js",
  },
];
