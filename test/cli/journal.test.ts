// `exchange-keys journal` as a user runs it: the built command, on a journal that the provider's own code wrote.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openJournal, type Entry } from "../../provider/journal/journal";

const MAIN = join(__dirname, "..", "..", "cli", "dist", "main.js");
const DAY = 86_400_000;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function journal(...args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, "journal", ...args], { encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

function entry(mark: string, more: Partial<Entry> = {}) {
  const identity = { organization: "org", project: "desk", stack: "prod", type: "t:T", name: `key-${mark.slice(0, 1)}` };
  const begunAt = new Date().toISOString();
  const expiresAt = new Date(Date.now() + DAY).toISOString();
  const where = { venue: "bitfinex", environment: "production", account: "main", accountId: "7", kind: "AccessToken" };
  return { mark, identity, ...where, generation: 1, begunAt, expiresAt, ...more };
}

const A = "a".repeat(20);
const B = "b".repeat(20);
const C = "c".repeat(20);

async function folderWith(...marks: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  const open = openJournal(folder);
  for (const mark of marks) await open.begin(entry(mark));
  return folder;
}

function stateWith(current: string, retiring: readonly string[]): string {
  const file = join(mkdtempSync(join(tmpdir(), "state-")), "state.json");
  const outputs = { mark: current, retiring: retiring.map((mark) => ({ mark })) };
  writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources: [{ urn: "urn:stack" }, { urn: "urn:key", outputs }] } }));
  return file;
}

test("an empty journal lists none", () => {
  expect(journal("list", "--folder", join(tmpdir(), "no-such-journal"))).toEqual({ code: 0, out: "none\n", err: "" });
});

test("what is sealed is printed nowhere", async () => {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  const sealedPassphrase = Buffer.from("age-encryption.org/v1").toString("base64");
  await openJournal(folder).begin(entry(A, { sealedPassphrase }));
  expect(readFileSync(join(folder, `${A}.json`), "utf8")).toContain(sealedPassphrase);
  const state = stateWith(B, []);
  for (const asked of [["list"], ["list", "--json"], ["orphans", "--state", state], ["orphans", "--state", state, "--json"]]) {
    const { out, err } = journal(...asked, "--folder", folder);
    expect(out).toContain(A);
    expect(out + err).not.toMatch(/sealed|YWdl/);
  }
});

test("list names each key, its account and its end", async () => {
  const { code, out } = journal("list", "--folder", await folderWith(A, B));
  expect(code).toBe(0);
  expect(out.split("\n").filter(Boolean)).toHaveLength(2);
  expect(out).toMatch(
    new RegExp(`^${A}  begun     bitfinex account 7  AccessToken "key-a" generation 1 of org/desk/prod, begun .+Z, ends .+Z$`, "m"),
  );
});

test("orphans are those that no state holds, neither as current nor as retiring", async () => {
  const folder = await folderWith(A, B, C);
  const some = journal("orphans", "--json", "--folder", folder, "--state", stateWith(A, [B]));
  expect(some.code).toBe(1);
  expect((JSON.parse(some.out) as { orphans: Entry[] }).orphans.map(({ mark }) => mark)).toEqual([C]);
  const none = journal("orphans", "--folder", folder, "--state", stateWith(A, [B]), stateWith(C, []));
  expect(none).toEqual({ code: 0, out: "none\n", err: "" });
});

test("close strikes out one entry, and refuses a mark that isn't there", async () => {
  const folder = await folderWith(A, B);
  expect(journal("close", A, "--folder", folder)).toEqual({ code: 0, out: "", err: "" });
  expect((JSON.parse(journal("list", "--json", "--folder", folder).out) as { entries: Entry[] }).entries.map(({ mark }) => mark)).toEqual([
    B,
  ]);
  expect(journal("close", A, "--folder", folder)).toEqual({
    code: 1,
    out: "",
    err: `exchange-keys: journal close: there is no entry ${A}\n`,
  });
});

test("a file that isn't an entry gives no answer instead of a wrong one", async () => {
  const folder = await folderWith(A);
  writeFileSync(join(folder, "broken.json"), "{");
  const { code, err } = journal("list", "--folder", folder);
  expect(code).toBe(3);
  expect(err).toContain("broken.json");
});

test("a state file of another shape is a usage error that says how to write one", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "state-")), "state.json");
  writeFileSync(file, "{}");
  const { code, err } = journal("orphans", "--folder", await folderWith(A), "--state", file);
  expect(code).toBe(2);
  expect(err).toContain("isn't a state export");
  expect(journal("orphans", "--folder", await folderWith(A), "--state", `${file}.none`).err).toContain("pulumi stack export --file");
  expect(journal("orphans").code).toBe(2);
});
