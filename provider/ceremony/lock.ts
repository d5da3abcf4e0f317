// One ceremony at a time for a stack on a machine: a file beside the journal that says who holds it.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { KeyError } from "../core/errors";
import { codeOf, readSmall, writeBeside, writePrivate } from "./small";

export interface Lock {
  /** Lets the next one in. Does nothing the second time. */
  release(): Promise<void>;
}

const holderSchema = z.strictObject({
  version: z.literal(1),
  /** Absent once it was released. */
  pid: z.number().int().positive().optional(),
  /** Tells a process from a later one with its number, where the system says it. */
  born: z.string().optional(),
  /** ISO 8601, UTC. */
  since: z.iso.datetime(),
});
type Holder = z.output<typeof holderSchema>;

/**
 * Takes the lock of a stack. `now` in milliseconds, for the message that the next one gets. A lock whose process has ended is taken over.
 * Throws KeyError `configuration` where a live one holds it, with its process number and since when, or where the file can't be written.
 *
 * @example
 * const lock = await takeLock("/srv/state/exchange-keys/journal", "acme/desk/production", Date.now());
 * try { … } finally { await lock.release(); }
 */
export async function takeLock(journalFolder: string, stack: string, now: number): Promise<Lock> {
  // Each holder's file has the next number, and the highest counts: it is never removed, so that of those who found the same dead holder
  // one alone can make the next file. One file that is replaced could be taken away from whoever came first.
  const place: Place = { folder: dirname(journalFolder), prefix: `ceremony-${nameOf(stack)}.` };
  const born = bornAt(process.pid);
  const me: Holder = { version: 1, pid: process.pid, since: new Date(now).toISOString(), ...(born === undefined ? {} : { born }) };
  try {
    for (;;) {
      const last = await highest(place);
      if (last > 0) await assertFree(fileOf(place, last), stack);
      if (await made(place, last + 1, me)) {
        if ((await highest(place)) === last + 1) return await held(place, last + 1, me);
        await rm(fileOf(place, last + 1), { force: true }); // others came and went since we looked
      }
    }
  } catch (error) {
    if (error instanceof KeyError) throw error;
    const cause = `${place.folder} can't be written (${codeOf(error)})`;
    throw new KeyError("configuration", {
      operation,
      cause,
      wayOut: "make it writable, or name another journal with exchange-keys:journal",
    });
  }
}

const operation = "begin a ceremony";

interface Place {
  readonly folder: string;
  readonly prefix: string;
}

async function held(place: Place, number: number, me: Holder): Promise<Lock> {
  for (const earlier of (await numbers(place)).filter((each) => each < number)) await rm(fileOf(place, earlier), { force: true });
  let holding = true;
  return {
    async release() {
      if (!holding) return;
      holding = false;
      const free: Holder = { version: 1, since: me.since };
      // Where it can't be written, the end of this process releases it.
      await writePrivate(fileOf(place, number), JSON.stringify(free)).catch(() => undefined);
    },
  };
}

/** False where somebody else made it first. */
async function made(place: Place, number: number, me: Holder): Promise<boolean> {
  const beside = await writeBeside(fileOf(place, number), JSON.stringify(me));
  try {
    await link(beside, fileOf(place, number));
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    await rm(beside, { force: true });
  }
}

async function assertFree(file: string, stack: string): Promise<void> {
  const read = await readSmall(file).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined; // a later one removed it: the next look finds that one
    throw error;
  });
  if (read === undefined) return;
  const parsed = holderSchema.safeParse("why" in read ? undefined : json(read.bytes));
  if (parsed.success && !alive(parsed.data)) return;
  const who = parsed.success
    ? `process ${parsed.data.pid} has one open since ${parsed.data.since}`
    : `${file} isn't a lock of this release`;
  throw new KeyError("configuration", {
    operation: `${operation} for ${stack}`,
    cause: who,
    wayOut: parsed.success ? "finish that one, or end its process" : "make sure that no other runs, and delete it",
  });
}

function alive({ pid, born }: Holder): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== "ESRCH"; // another user's process can't be signalled, and lives
  }
  const now = bornAt(pid);
  return born === undefined || now === undefined || now === born;
}

/** When a process began, in the system's own count, with the boot that it counts from; undefined where there is no /proc. */
function bornAt(pid: number): string | undefined {
  try {
    // The second field is a name in brackets, which may hold anything; the 22nd is the start.
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.split(" ");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    return fields?.[19] === undefined ? undefined : `${boot} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** 0 where there is none yet. */
async function highest(place: Place): Promise<number> {
  return Math.max(0, ...(await numbers(place)));
}

async function numbers({ folder, prefix }: Place): Promise<readonly number[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  });
  return names
    .filter((name) => name.startsWith(prefix))
    .flatMap((name) => {
      const number = /^([1-9]\d*)\.lock$/.exec(name.slice(prefix.length))?.[1];
      return number === undefined ? [] : [Number(number)];
    });
}

function fileOf({ folder, prefix }: Place, number: number): string {
  return join(folder, `${prefix}${number}.lock`);
}

/** The journal may be on storage that several machines share. */
function nameOf(stack: string): string {
  return createHash("sha256").update(`${hostname()}\n${stack}`).digest("hex").slice(0, 16);
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}
