// A temporary folder for a journal, and entries to put there.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Entry } from "../../provider/journal/journal";

export type Begun = Omit<Entry, "version" | "status">;

const folders: string[] = [];

/** A path in a new folder; the journal makes it itself. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "exchange-keys-journal-"));
  folders.push(folder);
  return join(folder, "state", "journal");
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

export function mark(number: number): string {
  return number.toString(16).padStart(20, "0");
}

export function entry(number: number, more: Partial<Begun> = {}): Begun {
  return {
    mark: mark(number),
    identity: { organization: "", project: "p", stack: "s", type: "t", name: "n" },
    venue: "bitfinex",
    environment: "sandbox",
    account: "main",
    accountId: "123456",
    kind: "AccessToken",
    generation: 1,
    begunAt: new Date(Date.UTC(2030, 0, 1) + number).toISOString(),
    ...more,
  };
}
