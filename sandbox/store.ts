// What the sandbox remembers: named sections, each a plain object that its owner changes in place. In memory, and in a
// file when one is given. Apart, so that nothing else knows whether there is a file.

import { randomBytes } from "node:crypto";
import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { z } from "zod";

const fileSchema = z.strictObject({ version: z.literal(1), sections: z.record(z.string(), z.unknown()) });

/** Thrown when a state file can't be used; the message says which file, what is wrong and the way out. */
export class StateError extends Error {
  override readonly name = "StateError";
}

export class Store {
  private readonly loaded: Record<string, unknown>;
  private readonly live = new Map<string, unknown>();
  private written = "";

  private constructor(
    private readonly file: string | undefined,
    loaded: Record<string, unknown>,
  ) {
    this.loaded = loaded;
  }

  /** Opens a store on `file`, which need not exist yet; without a file everything is forgotten at the end. */
  static open(file?: string): Store {
    return new Store(file, file === undefined ? {} : read(file));
  }

  /** The live object of a section: what the file holds, or else `initial`. Changes to it are written by {@link save}. */
  bind<T>(name: string, schema: z.ZodType<T>, initial: () => T): T {
    let value: T;
    if (name in this.loaded) {
      const parsed = schema.safeParse(this.loaded[name]);
      if (!parsed.success) {
        const where = parsed.error.issues.map((issue) => [name, ...issue.path].join(".")).join(", ");
        throw new StateError(`state file ${this.file}: not as expected at ${where}; move the file away to begin anew`);
      }
      value = parsed.data;
    } else {
      value = initial();
    }
    this.live.set(name, value);
    return value;
  }

  /** Writes what has changed, whole or not at all; for the owner alone (0600). */
  save(): void {
    if (this.file === undefined) return;
    const text = JSON.stringify({ version: 1, sections: { ...this.loaded, ...Object.fromEntries(this.live) } }, null, 1) + "\n";
    if (text === this.written) return;
    const beside = `${this.file}.${randomBytes(6).toString("hex")}.tmp`;
    try {
      const handle = openSync(beside, "wx", 0o600);
      try {
        writeFileSync(handle, text);
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      renameSync(beside, this.file);
    } catch (error) {
      rmSync(beside, { force: true });
      throw new StateError(`state file ${this.file}: can't be written: ${(error as Error).message}`);
    }
    this.written = text;
  }
}

function read(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
    chmodSync(file, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new StateError(`state file ${file}: can't be read: ${(error as Error).message}`);
  }
  try {
    return fileSchema.parse(JSON.parse(text)).sections;
  } catch {
    throw new StateError(`state file ${file}: not a state file of this sandbox; name another, or move it away`);
  }
}
