// What a ceremony leaves for a run: an age file a deed, sealed to whoever runs `up`. What it is for is judged in match.ts.

import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Deposited, Wanted } from "../core/byhand";
import { KeyError } from "../core/errors";
import { identitySchema } from "../core/inputs";
import { fingerprint, Secret } from "../core/secret";
import { decrypt, encrypt, isRecipient } from "./age";
import { codeOf, readSmall, writePrivate } from "./small";

/** How long a deposit may count, in milliseconds: 72 hours. */
export const LONGEST_MS = 72 * 3_600_000;

/** A deed and all that it is about. `credential` is there exactly for `issued`; `desired` always, except perhaps for `revoked`. */
export interface Deposit extends Deposited, Omit<Wanted, "desired" | "fingerprint" | "mark" | "label"> {
  readonly desired?: string;
  /** As the venue says or the person saw. ISO 8601, UTC. Of `issued`. */
  readonly createdAt?: string;
  /** Until when it counts: at most 72 hours after `at`. ISO 8601, UTC. */
  readonly endsAt: string;
}

/** A file of the folder that is no use, and why: `it is sealed to someone else`. */
export interface Unreadable {
  readonly file: string;
  readonly why: string;
}

const text = z.string().min(1).max(1000);
const base = {
  version: z.literal(1),
  id: z.string().regex(/^[0-9a-f]{32}$/),
  venue: text,
  environment: text,
  accountId: text,
  identity: identitySchema,
  generation: z.number().int().positive(),
  desired: z.string().regex(/^[0-9a-f]{64}$/),
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
  mark: z.string().regex(/^[0-9a-f]{16,64}$/),
  label: text,
  at: z.iso.datetime(),
  endsAt: z.iso.datetime(),
};
const proof = z.strictObject({ grants: z.array(text), accountId: text.optional(), address: text.optional(), at: z.iso.datetime() });
const sealedSchema = z
  .discriminatedUnion("deed", [
    z.strictObject({ ...base, deed: z.literal("issued"), apiKey: text, apiSecret: text, createdAt: z.iso.datetime().optional(), proof }),
    z.strictObject({ ...base, deed: z.literal("edited"), proof: proof.optional() }),
    z.strictObject({ ...base, deed: z.literal("relabelled") }),
    z.strictObject({ ...base, deed: z.literal("revoked"), desired: base.desired.optional() }),
  ])
  .refine(({ at, endsAt }) => Date.parse(endsAt) > Date.parse(at) && Date.parse(endsAt) <= Date.parse(at) + LONGEST_MS, {
    path: ["endsAt"],
  })
  .refine((one) => one.deed !== "issued" || one.fingerprint === fingerprint(one.venue, one.apiKey), { path: ["fingerprint"] });

type Sealed = z.output<typeof sealedSchema>;

/** 32 hex digits, new each time. */
export function newId(): string {
  return randomBytes(16).toString("hex");
}

/**
 * Seals a deposit and answers the path of its file, `<deed>-<resource's name>-<id>.age`: 0600, whole or not there, in a folder that is made
 * (0700) where it is missing. Throws KeyError: `input` names the member that isn't right, such as an end more than 72 hours away;
 * `configuration` where there is no recipient or the folder can't be written.
 *
 * @example await seal("/desk/.exchange-keys/deposits", deposit, ["age1…"]) // /desk/.exchange-keys/deposits/issued-maker-0f3c….age
 */
export async function seal(folder: string, deposit: Deposit, recipients: readonly string[]): Promise<string> {
  const operation = "seal a deposit";
  const parsed = sealedSchema.safeParse(written(deposit));
  if (!parsed.success) {
    const member = parsed.error.issues[0]?.path.join(".") ?? "it";
    throw new KeyError("input", { operation, cause: `${member} isn't what a deposit may hold`, wayOut: "do the ceremony again" });
  }
  if (recipients.length === 0 || !recipients.every(isRecipient)) {
    throw new KeyError("configuration", { operation, cause: "there is no recipient", wayOut: "set exchange-keys:depositRecipient" });
  }
  const file = join(folder, `${deposit.deed}-${nameIn(deposit.identity.name)}-${deposit.id}.age`);
  const bytes = await encrypt(JSON.stringify(parsed.data), recipients);
  await writePrivate(file, bytes).catch((error: unknown) => {
    const cause = `${folder} can't be written (${codeOf(error)})`;
    throw new KeyError("configuration", { operation, cause, wayOut: "make it writable, or name another with EXCHANGE_KEYS_DEPOSITS" });
  });
  return file;
}

/**
 * Opens each `*.age` file of the folder with the identities, one a line. A file that can't be opened or holds something else is told, and
 * stops no other. A missing folder is an empty one; throws KeyError `configuration` for one that can't be read.
 */
export async function open(
  folder: string,
  identities: Secret,
): Promise<{ readonly deposits: readonly (Deposit & { readonly file: string })[]; readonly unreadable: readonly Unreadable[] }> {
  const deposits: (Deposit & { file: string })[] = [];
  const unreadable: Unreadable[] = [];
  for (const name of await ageFiles(folder)) {
    const file = join(folder, name);
    const read = await openOne(file, identities);
    if ("why" in read) unreadable.push({ file, why: read.why });
    else deposits.push({ ...read.deposit, file });
  }
  return { deposits, unreadable };
}

/** Names of the folder's age files, sorted: without one, no identity is needed. Throws KeyError `configuration`. */
export async function ageFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw new KeyError("configuration", {
      operation: "read the deposits",
      cause: `${folder} can't be read (${codeOf(error)})`,
      wayOut: "make it readable, or name another with EXCHANGE_KEYS_DEPOSITS",
    });
  });
  return names.filter((name) => name.endsWith(".age")).sort();
}

async function openOne(file: string, identities: Secret): Promise<{ readonly deposit: Deposit } | { readonly why: string }> {
  const read = await readSmall(file).catch((error: unknown) => ({ why: `it can't be read (${codeOf(error)})` }));
  if ("why" in read) return read;
  const opened = await decrypt(read.bytes, identities);
  if ("why" in opened) return opened;
  const parsed = sealedSchema.safeParse(json(opened.text));
  return parsed.success ? { deposit: depositOf(parsed.data) } : { why: "it holds something else than a deposit of this release" };
}

function json(opened: Secret): unknown {
  try {
    return JSON.parse(opened.reveal());
  } catch {
    return undefined; // the parser's words would repeat what it read
  }
}

/** As it stands in the file; the secret is revealed here, to be encrypted. */
function written({ credential, file: _, ...deposit }: Deposit): Record<string, unknown> {
  const parts = credential === undefined ? {} : { apiKey: credential.apiKey, apiSecret: credential.apiSecret.reveal() };
  return { version: 1, ...deposit, ...parts };
}

function depositOf(sealed: Sealed): Deposit {
  const { version: _, ...facts } = sealed;
  if (facts.deed !== "issued") return defined(facts);
  const { apiKey, apiSecret, ...rest } = facts;
  return { ...defined(rest), credential: { kind: "api-key", apiKey, apiSecret: new Secret(apiSecret) } };
}

/** Members that aren't there are left out, as the types say; the schema makes none. */
function defined(facts: object): Deposit {
  return facts as Deposit;
}

/** For people who look into the folder. */
function nameIn(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]+/g, "_").slice(0, 40);
}
