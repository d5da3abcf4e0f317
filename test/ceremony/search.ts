// Where else on the machine a text has come to: arguments of processes, and files in the encodings that Chromium writes.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const found = (text: string, secrets: readonly string[]): readonly string[] => secrets.filter((secret) => text.includes(secret));

/** Every process's arguments, as every user of the machine can read them. */
export function commandLines(): readonly string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(join("/proc", pid, "cmdline"), "utf8");
      } catch {
        return ""; // it has just ended
      }
    });
}

/** Which files of a folder hold which text, in the encodings that Chromium writes. */
export function search(folder: string, texts: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  const held = paths.map((path) => ({ path, bytes: readFileSync(path) }));
  return new Map(
    texts.map((text) => [
      text,
      held.filter(({ bytes }) => bytes.includes(text) || bytes.includes(Buffer.from(text, "utf16le"))).map(({ path }) => path),
    ]),
  );
}
