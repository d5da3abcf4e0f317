// A venue's error codes as a table, one a driver: which of our errors each is, and which may be a key's absence. docs/errors.md is made from
// the tables.

import type { Observation, ObservedKey } from "./driver";
import { KeyError, type ErrorCode } from "./errors";

/** One row; the first that fits counts. */
export interface CodeRow {
  /** Absent: any code, where the text alone is known. */
  readonly venueCode?: number | string;
  /** Fits where the venue's text has this form, for codes that say more than one thing. */
  readonly message?: RegExp;
  readonly code: ErrorCode;
  /** Worth another try; for a write it promises that the refused request had no effect. */
  readonly transient?: true;
  readonly cause: string;
  readonly wayOut: string;
  readonly source: string;
}

/** What an answer said: the code as text, and the words beside it. */
export interface Heard {
  readonly venueCode: string;
  readonly text: string;
}

/**
 * Our error for a refusal. A code without a row is `venue-refused`, which no write believes. The venue's words aren't told: they may hold anything.
 *
 * @example refusalOf([{ venueCode: 10114, code: "nonce-refused", … }], { venueCode: "10114", text: "nonce: small" }, { venue: "bitfinex", operation: "look" })
 */
export function refusalOf(
  rows: readonly CodeRow[],
  { venueCode, text }: Heard,
  where: { readonly venue: string; readonly operation: string },
): KeyError {
  const row = rows.find(
    (candidate) =>
      (candidate.venueCode === undefined || String(candidate.venueCode) === venueCode) &&
      (candidate.message === undefined || candidate.message.test(text)),
  );
  const code = /^[\w.-]{1,40}$/.test(venueCode) ? venueCode : "of another form";
  if (row === undefined) {
    const wayOut = "look the code up in the venue's documentation";
    return new KeyError("venue-refused", { ...where, cause: `the venue refuses (code ${code})`, wayOut }, { venueCode: code });
  }
  return new KeyError(row.code, { ...where, cause: row.cause, wayOut: row.wayOut }, { venueCode: code, transient: row.transient ?? false });
}

/**
 * A key's look at itself as an observation: a refusal of one of these codes may be the key's absence, any other error tells nothing of it.
 *
 * @example observe(["credential-refused"], async () => observed(await ownKey(context, credential)))
 */
export async function observe(refusals: readonly ErrorCode[], look: () => Promise<ObservedKey>): Promise<Observation> {
  try {
    return { alive: await look() };
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    return refusals.includes(error.code) ? { absent: { kind: "refusal", error } } : { unreachable: error };
  }
}
