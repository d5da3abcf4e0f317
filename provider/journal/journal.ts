// What was begun and is not yet recorded: a small file a key, no secrets but sealed ones, readable by its owner alone. The one place that writes them.

import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { KeyError } from "../core/errors";
import { identitySchema } from "../core/inputs";
import type { Identity } from "../core/model";

const entrySchema = z.object({
  version: z.literal(1),
  /** `begun`: asked for, no answer yet. `issued`: it exists. `recorded`: it was seen in the state. */
  status: z.enum(["begun", "issued", "recorded"]),
  mark: z.string().regex(/^[0-9a-f]{16,64}$/),
  identity: identitySchema,
  venue: z.string(),
  environment: z.string(),
  account: z.string(),
  accountId: z.string(),
  kind: z.string(),
  /** Where it is listed, for kinds that are listed elsewhere than in the account itself. */
  subAccount: z.string().optional(),
  generation: z.number().int().positive(),
  begunAt: z.iso.datetime(),
  /** When it is dead by itself, at the latest. */
  expiresAt: z.iso.datetime().optional(),
  fingerprint: z.string().optional(),
  /** Its last change, and when that was begun: a state that counts fewer `changes` never heard what became of it. */
  changing: z.object({ change: z.number().int().positive(), at: z.iso.datetime() }).optional(),
  /** Of a key that can be revoked only with its passphrase: that one, an age file sealed to the recovery recipient, in base64. */
  sealedPassphrase: z.base64().optional(),
  /** Of a key that a person makes: the label that it has, or is to have, at the venue. */
  label: z.string().optional(),
  /** Of one that a ceremony sealed: the deposit, what it was declared to be, and until when it counts. */
  deposit: z.object({ id: z.string(), desired: z.string(), endsAt: z.iso.datetime() }).optional(),
});

/**
 * One key that was asked for.
 *
 * @example { status: "begun", mark: "9f86d081884c7d65", identity: {…}, venue: "bitfinex", environment: "sandbox", account: "main", … }
 */
export type Entry = Readonly<z.output<typeof entrySchema>>;

export interface Journal {
  begin(entry: Omit<Entry, "version" | "status">): Promise<void>;
  /** A key that exists already, since a person made it. */
  took(entry: Omit<Entry, "version" | "status">): Promise<void>;
  issued(mark: string, facts: Pick<Entry, "expiresAt" | "deposit"> & { readonly fingerprint: string }): Promise<void>;
  /** The key stands in the state: nothing is lost, but it is still alive. */
  recorded(mark: string): Promise<void>;
  /** The key, which stands in the state, is about to be changed. */
  changing(entry: Omit<Entry, "version" | "status">): Promise<void>;
  /** It wasn't changed after all. */
  unchanged(mark: string): Promise<void>;
  /** The key is dead, or was never made. */
  close(mark: string): Promise<void>;
  /** All entries whose end hasn't passed (`now` in milliseconds); those that have are struck out. */
  entries(now: number): Promise<readonly Entry[]>;
  /** What is known of a deposit: `taken` by a run that may not have come to record it, `recorded` once it was seen in the state. */
  deposit(id: string): Promise<"new" | "taken" | "recorded">;
  /** Writes down that a deposit was taken, or recorded; `until` (milliseconds) its own end has passed. */
  noteDeposit(id: string, status: "taken" | "recorded", until: number): Promise<void>;
  /** Strikes out deposits whose end has passed by `now` (milliseconds): they count nowhere any more. */
  forgetDeposits(now: number): Promise<void>;
  /** Names of files that aren't entries of this journal's form, or can't be read. */
  unreadable(): Promise<readonly string[]>;
}

/** Opens the journal in a folder, which is made when the first entry is written. Errors are KeyError `configuration`. */
export function openJournal(folder: string): Journal {
  let loaded: Promise<Loaded> | undefined;
  // No entry ends before this: what is asked for each resource of a run mustn't look at each entry's date.
  let firstEnd = -Infinity;
  const load = () => (loaded ??= readAll(folder));
  const put = async (given: Entry): Promise<void> => {
    const { entries } = await load();
    // Members that no entry has aren't written, whatever they hold; a mark that isn't one names no file.
    const entry = entrySchema.parse(given);
    await write(folder, entry);
    entries.set(entry.mark, entry);
    firstEnd = Math.min(firstEnd, endOf(entry));
  };
  const change = async (mark: string, facts: Partial<Entry>): Promise<void> => {
    const known = (await load()).entries.get(mark);
    if (known !== undefined) await put({ ...known, ...facts });
  };
  const close = async (mark: string): Promise<void> => {
    const { entries } = await load();
    if (!entries.has(mark)) return;
    await rm(fileOf(folder, mark), { force: true }).catch((error: NodeJS.ErrnoException) => {
      throw unusable(folder, "written", error);
    });
    entries.delete(mark);
  };
  return {
    begin: (entry) => put({ version: 1, status: "begun", ...entry }),
    took: (entry) => put({ version: 1, status: "issued", ...entry }),
    issued: (mark, facts) => change(mark, { status: "issued", ...facts }),
    async recorded(mark) {
      const known = (await load()).entries.get(mark);
      if (known !== undefined && known.status !== "recorded") await put({ ...known, status: "recorded" });
    },
    async changing(entry) {
      const known = (await load()).entries.get(entry.mark);
      const { changing } = entry;
      await put(known === undefined ? { version: 1, status: "recorded", ...entry } : { ...known, changing });
    },
    async unchanged(mark) {
      const known = (await load()).entries.get(mark);
      if (known?.changing === undefined) return;
      const { changing: _, ...rest } = known;
      await put(rest);
    },
    close,
    async entries(now) {
      const { entries } = await load();
      if (now >= firstEnd) {
        for (const entry of [...entries.values()]) if (endOf(entry) <= now) await close(entry.mark);
        firstEnd = Math.min(Infinity, ...[...entries.values()].map(endOf));
      }
      return [...entries.values()];
    },
    ...deposits(join(folder, "deposits")),
    unreadable: async () => (await load()).unreadable,
  };
}

/**
 * Where the journal is: the folder that `exchange-keys:journal` names, else `$XDG_STATE_HOME/exchange-keys/journal`, else the same below
 * `~/.local/state`.
 */
export function journalFolder(named: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  if (named !== undefined) return named;
  const state = env["XDG_STATE_HOME"] || join(env["HOME"] || homedir(), ".local", "state");
  return join(state, "exchange-keys", "journal");
}

/** True for an entry of the same resource. */
export function sameIdentity(one: Identity, other: Identity): boolean {
  return (
    one.organization === other.organization &&
    one.project === other.project &&
    one.stack === other.stack &&
    one.type === other.type &&
    one.name === other.name
  );
}

/** Whose list a key is in: in another one its absence says nothing. */
const LISTED_BY = ["venue", "environment", "accountId", "subAccount", "kind"] as const;

/**
 * Entries without an answer, of one resource and in one list, but for those that this run has begun itself (`own`, by mark). An issued one is
 * left alone: its key may stand in a state that this run doesn't see, as after `--target-replace` or with two stacks of one name.
 */
export function lostBefore(
  own: ReadonlySet<string>,
  entries: readonly Entry[],
  of: Pick<Entry, "identity" | (typeof LISTED_BY)[number]>,
): readonly Entry[] {
  return entries.filter(
    (entry) =>
      entry.status === "begun" &&
      !own.has(entry.mark) &&
      sameIdentity(entry.identity, of.identity) &&
      LISTED_BY.every((name) => entry[name] === of[name]),
  );
}

const noteSchema = z.object({ status: z.enum(["taken", "recorded"]), until: z.iso.datetime() });

/** A small file a deposit, named by its id; what isn't an id names none. */
function deposits(folder: string): Pick<Journal, "deposit" | "noteDeposit" | "forgetDeposits"> {
  const noted = async (id: string) => {
    const text = await readFile(fileOf(folder, checked(id)), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw unusable(folder, "read", error);
    });
    if (text === undefined) return undefined;
    const parsed = noteSchema.safeParse(parsedJson(text));
    // What can't be read was used, as far as anybody can tell.
    return parsed.success ? parsed.data : ({ status: "recorded" } as const);
  };
  return {
    deposit: async (id) => (await noted(id))?.status ?? "new",
    async noteDeposit(id, status, until) {
      if ((await noted(id))?.status === "recorded") return;
      await writeFile(folder, fileOf(folder, checked(id)), { status, until: new Date(until).toISOString() });
    },
    async forgetDeposits(now) {
      const names = await readdir(folder).catch(() => []);
      for (const name of names.filter((candidate) => /^[0-9a-f]{32}\.json$/.test(candidate))) {
        const note = await noted(name.slice(0, 32));
        if (note !== undefined && "until" in note && Date.parse(note.until) <= now) await rm(join(folder, name), { force: true });
      }
    },
  };
}

function checked(id: string): string {
  if (/^[0-9a-f]{32}$/.test(id)) return id;
  throw new Error("a deposit's id has 32 hex digits");
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fileOf(folder: string, mark: string): string {
  return join(folder, fileName(mark));
}

/** The name of a mark's file in the journal's folder. */
export function fileName(mark: string): string {
  return `${mark}.json`;
}

/** In milliseconds; never, for a key without an end. */
function endOf({ expiresAt }: Entry): number {
  return expiresAt === undefined ? Infinity : Date.parse(expiresAt);
}

interface Loaded {
  /** By mark, the earliest begun first. */
  readonly entries: Map<string, Entry>;
  readonly unreadable: string[];
}

async function readAll(folder: string): Promise<Loaded> {
  const found: Entry[] = [];
  const unreadable: string[] = [];
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw unusable(folder, "read", error);
  });
  for (const name of names.filter((candidate) => candidate.endsWith(".json"))) {
    const parsed = entrySchema.safeParse(
      await readFile(join(folder, name), "utf8")
        .then(JSON.parse)
        .catch(() => undefined),
    );
    if (parsed.success) found.push(parsed.data);
    else unreadable.push(name);
  }
  found.sort((a, b) => (a.begunAt < b.begunAt ? -1 : 1));
  return { entries: new Map(found.map((entry) => [entry.mark, entry])), unreadable };
}

function write(folder: string, entry: Entry): Promise<void> {
  return writeFile(folder, fileOf(folder, entry.mark), entry);
}

let writes = 0;

/** Written beside, flushed, then renamed: a kill leaves the former file or the new one, never half of one. */
async function writeFile(folder: string, target: string, content: object): Promise<void> {
  // Two writes of one entry at once have a file each.
  const beside = `${target}.${process.pid}.${(writes += 1)}.new`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(beside, "w", 0o600);
    try {
      await file.writeFile(`${JSON.stringify(content)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, target);
  } catch (error) {
    throw unusable(folder, "written", error as NodeJS.ErrnoException);
  }
}

function unusable(folder: string, verb: string, error: NodeJS.ErrnoException): KeyError {
  return new KeyError("configuration", {
    operation: "keep the journal",
    cause: `${folder} can't be ${verb} (${error.code ?? "unknown error"})`,
    wayOut: "make the folder writable, or name another with exchange-keys:journal; without a journal no key is made",
  });
}
