// What probes say of a key, from the hosts that use it and those that must not: as files, and weighed as evidence.

import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Statement } from "../core/byhand";
import { KeyError } from "../core/errors";
import { canonicalAddress, contains } from "../core/ip";
import type { AllowedIps, Grants } from "../core/model";
import type { Unreadable } from "./deposit";
import { codeOf, readSmall, writePrivate } from "./small";

/** How long a statement is evidence, in milliseconds: 24 hours. */
const EVIDENCE_MS = 24 * 3_600_000;

/** How far apart the two `in` around a refusal may be: 10 minutes. */
const BRACKET_MS = 600_000;

/** How far in the future a statement may be dated: clocks differ. */
const SKEW_MS = 60_000;

const text = z.string().min(1).max(200);
const base = {
  version: z.literal(1),
  venue: text,
  environment: text,
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
  address: z.string().refine((address) => canonicalAddress(address) !== undefined),
  at: z.iso.datetime(),
};
const statementSchema = z.discriminatedUnion("answer", [
  z.strictObject({ ...base, answer: z.literal("in"), grants: z.array(text).optional(), accountId: text.optional() }),
  z.strictObject({ ...base, answer: z.literal("refused") }),
]);

/**
 * Reads one statement, a JSON document such as `exchange-keys probe` prints. Throws KeyError `input`, which doesn't repeat the text: a key
 * may have been pasted in its place.
 */
export function parseStatement(given: string): Statement {
  const operation = "read a probe's statement";
  const wayOut = "run exchange-keys probe again, and give what it prints, whole";
  const parsed = statementSchema.safeParse(json(given));
  if (!parsed.success) {
    const member = parsed.error.issues[0]?.path.join(".") || "the text";
    // Names of members that we don't know are the text's own, and aren't in a path.
    throw new KeyError("input", { operation, cause: `${member} isn't what a statement holds`, wayOut });
  }
  const { version: _, ...statement } = parsed.data;
  return statement as Statement;
}

/** The document that `parseStatement` reads, on one line. */
export function statementText(statement: Statement): string {
  return JSON.stringify(statementSchema.parse({ version: 1, ...statement }));
}

/**
 * Writes a statement (0600, whole or not there) and answers its path: `place` itself where that ends in `.json`, else a new file
 * `probe-<fingerprint>-<time>-<chance>.json` in the folder `place`. Throws KeyError `configuration`.
 */
export async function writeStatement(place: string, statement: Statement): Promise<string> {
  const name = ["probe", statement.fingerprint, statement.at.replace(/[^0-9TZ]/g, ""), randomBytes(4).toString("hex")].join("-");
  const file = place.endsWith(".json") ? place : join(place, `${name}.json`);
  await writePrivate(file, `${statementText(statement)}\n`).catch((error: unknown) => {
    const cause = `${file} can't be written (${codeOf(error)})`;
    throw new KeyError("configuration", { operation: "write a probe's statement", cause, wayOut: "give a place that can be written" });
  });
  return file;
}

/** What a folder has of them. */
export interface Statements {
  readonly statements: readonly Statement[];
  readonly unreadable: readonly Unreadable[];
}

/**
 * All statements of a folder, files `probe-*.json`; those that can't be read are told. A missing folder is an empty one. Throws KeyError
 * `configuration` for one that can't be read.
 */
export async function readStatements(folder: string): Promise<Statements> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    const cause = `${folder} can't be read (${codeOf(error)})`;
    const wayOut = "make it readable, or name another with EXCHANGE_KEYS_DEPOSITS";
    throw new KeyError("configuration", { operation: "read the probes' statements", cause, wayOut });
  });
  const statements: Statement[] = [];
  const unreadable: Unreadable[] = [];
  for (const name of names.filter((candidate) => /^probe-.*\.json$/.test(candidate)).sort()) {
    const file = join(folder, name);
    try {
      const read = await readSmall(file);
      if ("why" in read) unreadable.push({ file, why: read.why });
      else statements.push(parseStatement(Buffer.from(read.bytes).toString("utf8")));
    } catch (error) {
      unreadable.push({ file, why: error instanceof KeyError ? error.said.cause : `it can't be read (${codeOf(error)})` });
    }
  }
  return { statements, unreadable };
}

/**
 * The statements that still say something: none from before `since` (ISO 8601), when the list was last set, and of an unlisted address that
 * was let in once and refused later, not the first.
 */
export function standing(statements: readonly Statement[], allowedIps: AllowedIps, since?: string): readonly Statement[] {
  const from = since === undefined ? -Infinity : Date.parse(since);
  const young = statements.filter(({ at }) => Date.parse(at) > from);
  const overtaken = (one: Statement): boolean =>
    young.some(
      (other) =>
        other.answer === "refused" &&
        other.fingerprint === one.fingerprint &&
        canonicalAddress(other.address) === canonicalAddress(one.address) &&
        Date.parse(other.at) > Date.parse(one.at),
    );
  return young.filter((one) => one.answer === "refused" || contains(allowedIps, one.address) || !overtaken(one));
}

/** Which key is asked about, and who may use it. `now` in milliseconds. */
export interface Weighed {
  readonly venue: string;
  readonly environment: string;
  readonly fingerprint: string;
  readonly allowedIps: AllowedIps;
  readonly now: number;
}

export interface Evidence {
  /** From addresses of the list, the earliest first. */
  readonly in: readonly Statement[];
  /** From addresses that aren't on the list, each between two of `in`. */
  readonly refused: readonly Statement[];
  /** Addresses that aren't on the declared list, and were let in: the venue's list is missing or too wide. */
  readonly tooWide: readonly string[];
  /** Addresses of the declared list that were refused: the venue's list lacks them, or the key is dead. */
  readonly barred: readonly string[];
  /** What wasn't counted, and why, each a sentence. */
  readonly passedOver: readonly string[];
  /** Of the newest of `in` that names them. */
  readonly grants?: Grants;
  /** Whose it said it was then. */
  readonly accountId?: string;
  /** When those were seen, else when the newest of `in` was made. ISO 8601, UTC. */
  readonly at?: string;
  /** `probed 2026-11-20: in from 203.0.113.10, refused from 198.51.100.9`. Absent without an `in`, and where `tooWide` has any. */
  readonly text?: string;
}

/**
 * What statements prove of a key. They count for 24 hours. A refusal proves something only where the key was seen to work shortly before
 * and after it, at most 10 minutes apart, from addresses of the list: alone it is also what a dead key gets.
 */
export function weigh(statements: readonly Statement[], wanted: Weighed): Evidence {
  const judged = statements.map((statement) => ({ statement, why: whyNot(statement, wanted) }));
  const fresh = judged
    .flatMap(({ statement, why }) => (why === undefined ? [statement] : []))
    .sort((one, two) => Date.parse(one.at) - Date.parse(two.at));
  const listed = (statement: Statement): boolean => contains(wanted.allowedIps, statement.address);
  const welcome = fresh.filter((statement) => statement.answer === "in" && listed(statement));
  const turnedAway = fresh.filter((statement) => statement.answer === "refused" && !listed(statement));
  const refused = turnedAway.filter((statement) => bracketed(statement, welcome));
  const tooWide = addresses(fresh.filter((statement) => statement.answer === "in" && !listed(statement)));
  const barred = addresses(fresh.filter((statement) => statement.answer === "refused" && listed(statement)));
  const passedOver = [
    ...judged.flatMap(({ why }) => why ?? []),
    ...turnedAway
      .filter((statement) => !refused.includes(statement))
      .map(({ address, at }) => `the refusal from ${address} at ${at} isn't between two answers from the list at most 10 minutes apart`),
  ];
  const newest = welcome.at(-1);
  const telling = welcome.findLast((statement) => statement.grants !== undefined);
  return {
    in: welcome,
    refused,
    tooWide,
    barred,
    passedOver,
    ...(telling?.grants === undefined ? {} : { grants: telling.grants }),
    ...(telling?.accountId === undefined ? {} : { accountId: telling.accountId }),
    ...(newest === undefined ? {} : { at: (telling ?? newest).at }),
    ...(newest === undefined || tooWide.length > 0 ? {} : { text: summary(newest.at, welcome, refused) }),
  };
}

/** Why a statement is no evidence here. */
function whyNot({ venue, environment, fingerprint, at, address }: Statement, wanted: Weighed): string | undefined {
  if (venue !== wanted.venue || environment !== wanted.environment || fingerprint !== wanted.fingerprint) {
    return `the one from ${address} at ${at} is of another key (${venue}, ${environment}, fingerprint ${fingerprint})`;
  }
  const age = wanted.now - Date.parse(at);
  if (age > EVIDENCE_MS) return `the one from ${address} at ${at} is older than 24 hours`;
  return age < -SKEW_MS ? `the one from ${address} is dated ${at}, which is still to come` : undefined;
}

/** Two answers around it. Venues tell their time in whole seconds: one of the same second stands on either side, but not on both. */
function bracketed(refusal: Statement, welcome: readonly Statement[]): boolean {
  const time = ({ at }: Statement): number => Date.parse(at);
  const second = (one: Statement): number => Math.floor(time(one) / 1_000);
  const before = welcome.filter((one) => second(one) <= second(refusal));
  const after = welcome.filter((one) => second(one) >= second(refusal));
  return before.some((one) => after.some((other) => one !== other && time(other) - time(one) <= BRACKET_MS));
}

function summary(at: string, welcome: readonly Statement[], refused: readonly Statement[]): string {
  const turnedAway = refused.length === 0 ? "" : `, refused from ${addresses(refused).join(", ")}`;
  return `probed ${at.slice(0, 10)}: in from ${addresses(welcome).join(", ")}${turnedAway}`;
}

/** Each once, in canonical text. */
function addresses(statements: readonly Statement[]): readonly string[] {
  return [...new Set(statements.map(({ address }) => canonicalAddress(address) ?? address))];
}

function json(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return undefined; // the parser's words would repeat the text
  }
}
