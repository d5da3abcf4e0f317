// A process is killed in the middle of its writes, many times over: each entry is the former or the new one, never half of one.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { openJournal } from "../../provider/journal/journal";
import { newFolder, removeFolders } from "./entries";

const NOW = Date.UTC(2030, 0, 2);
const ROUNDS = 6;

afterEach(removeFolders);

/** Starts the writer, and kills it once it has made this many files since. */
async function writeAndKill(folder: string, files: number): Promise<void> {
  const child = spawn(process.execPath, ["--require", "ts-node/register/transpile-only", join(__dirname, "writer.ts"), folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  await Promise.race([once(child.stdout, "data"), ended]);
  const before = readdirSync(folder).length;
  while (child.exitCode === null && readdirSync(folder).length < before + files) await new Promise((resolve) => setImmediate(resolve));
  child.kill("SIGKILL");
  const [, signal] = (await ended) as [number | null, string | null];
  expect(signal).toBe("SIGKILL");
}

test("no half entry is ever read", async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const folder = newFolder();
    await writeAndKill(folder, 1 + round);
    const journal = openJournal(folder);
    const entries = await journal.entries(NOW);
    expect(await journal.unreadable()).toEqual([]);
    expect(entries.length).toBeGreaterThan(0);
    for (const { account } of entries) expect(account).toHaveLength(50_000);
  }
}, 60_000);
