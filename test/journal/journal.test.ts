// The journal on a real folder: who can read it, what it holds, what it passes over, and what a later process finds.

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { KeyError } from "../../provider/core/errors";
import { journalFolder, openJournal, sameIdentity } from "../../provider/journal/journal";
import { entry, mark, newFolder, removeFolders } from "./entries";

const NOW = Date.UTC(2030, 0, 2);
const FINGERPRINT = "0123456789abcdef";

afterEach(removeFolders);

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "no failure",
    (error: unknown) => error,
  );

test("made with the first entry, and readable by its owner alone", async () => {
  const folder = newFolder();
  const journal = openJournal(folder);
  expect(await journal.entries(NOW)).toEqual([]);
  expect(() => statSync(folder)).toThrow("ENOENT");
  await journal.begin(entry(1));
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(dirname(folder)).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder)).toEqual([`${mark(1)}.json`]);
  expect(statSync(join(folder, `${mark(1)}.json`)).mode & 0o777).toBe(0o600);
  await journal.issued(mark(1), { fingerprint: FINGERPRINT });
  expect(statSync(join(folder, `${mark(1)}.json`)).mode & 0o777).toBe(0o600);
});

test("begun, issued, recorded, closed: each is what the next process reads", async () => {
  const folder = newFolder();
  const found = () => openJournal(folder).entries(NOW);
  const journal = openJournal(folder);
  const begun = entry(1, { expiresAt: "2030-01-03T00:00:00.000Z" });
  await journal.begin(begun);
  expect(await found()).toEqual([{ version: 1, status: "begun", ...begun }]);
  await journal.issued(mark(1), { fingerprint: FINGERPRINT, expiresAt: "2030-01-02T12:00:00.000Z" });
  const issued = { version: 1, status: "issued", ...begun, fingerprint: FINGERPRINT, expiresAt: "2030-01-02T12:00:00.000Z" };
  expect(await found()).toEqual([issued]);
  await journal.recorded(mark(1));
  expect(await found()).toEqual([{ ...issued, status: "recorded" }]);
  expect(await journal.entries(NOW)).toEqual(await found());
  await journal.close(mark(1));
  expect(await found()).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});

test("a change is noted in the key's own entry, or in a new one where another machine made the key; and taken back", async () => {
  const folder = newFolder();
  const found = () => openJournal(folder).entries(NOW);
  const journal = openJournal(folder);
  const begun = entry(1);
  const at = "2030-01-02T00:00:00.000Z";
  const changing = { change: 1, at };
  await journal.begin(begun);
  await journal.issued(mark(1), { fingerprint: FINGERPRINT });
  await journal.recorded(mark(1));
  const known = { version: 1, status: "recorded", ...begun, fingerprint: FINGERPRINT };
  // Of a known key nothing but the time is taken over.
  await journal.changing({ ...entry(1, { begunAt: at, fingerprint: "ffffffffffffffff" }), changing });
  expect(await found()).toEqual([{ ...known, changing }]);
  await journal.unchanged(mark(1));
  expect(await found()).toEqual([known]);
  await journal.unchanged(mark(2));
  await journal.changing({ ...entry(2), changing });
  expect((await found())[1]).toEqual({ version: 1, status: "recorded", ...entry(2), changing });
});

test("a mark that isn't there is neither made nor an error", async () => {
  const folder = newFolder();
  const journal = openJournal(folder);
  await journal.issued(mark(1), { fingerprint: FINGERPRINT });
  await journal.recorded(mark(1));
  await journal.close(mark(1));
  expect(await journal.entries(NOW)).toEqual([]);
  expect(() => statSync(folder)).toThrow("ENOENT");
});

test("what is recorded already isn't written again", async () => {
  const folder = newFolder();
  const journal = openJournal(folder);
  await journal.begin(entry(1));
  await journal.recorded(mark(1));
  const { ino } = statSync(join(folder, `${mark(1)}.json`));
  await journal.recorded(mark(1));
  expect(statSync(join(folder, `${mark(1)}.json`)).ino).toBe(ino); // a write replaces the file
});

test("an entry whose end has passed is struck out; one without end, and one that ends later, stay, oldest first", async () => {
  const folder = newFolder();
  const journal = openJournal(folder);
  await journal.begin(entry(3, { expiresAt: new Date(NOW + 1).toISOString() }));
  await journal.begin(entry(1));
  await journal.begin(entry(2, { expiresAt: new Date(NOW).toISOString() }));
  const left = await openJournal(folder).entries(NOW);
  expect(left.map((each) => each.mark)).toEqual([mark(1), mark(3)]);
  expect(readdirSync(folder).sort()).toEqual([`${mark(1)}.json`, `${mark(3)}.json`]);
});

test("files that aren't entries are passed over and reported, never removed", async () => {
  const folder = newFolder();
  await openJournal(folder).begin(entry(1));
  const good = readFileSync(join(folder, `${mark(1)}.json`), "utf8");
  const wrong: Record<string, string> = {
    "cut-off.json": good.slice(0, 40),
    "empty.json": "",
    "list.json": "[]",
    "later-version.json": good.replace('"version":1', '"version":2'),
    "no-mark.json": good.replace(mark(1), "../../escape"),
  };
  for (const [name, text] of Object.entries(wrong)) writeFileSync(join(folder, name), text);
  mkdirSync(join(folder, "folder.json"));
  writeFileSync(join(folder, `${mark(2)}.json.77.new`), good.slice(0, 20)); // what a kill leaves beside
  const journal = openJournal(folder);
  expect((await journal.entries(NOW)).map((each) => each.mark)).toEqual([mark(1)]);
  expect([...(await journal.unreadable())].sort()).toEqual([...Object.keys(wrong), "folder.json"].sort());
  expect(readdirSync(folder)).toHaveLength(8);
});

test("no secret is ever written, whatever else an entry is given", async () => {
  const folder = newFolder();
  const journal = openJournal(folder);
  await journal.begin({ ...entry(1), token: "sandbox-secret" } as ReturnType<typeof entry>);
  await journal.issued(mark(1), { fingerprint: FINGERPRINT, credential: "sandbox-secret" } as { fingerprint: string });
  expect(readFileSync(join(folder, `${mark(1)}.json`), "utf8")).not.toContain("sandbox-secret");
});

test("a mark that would name a file elsewhere is never written", async () => {
  const folder = newFolder();
  expect(await failure(openJournal(folder).begin(entry(1, { mark: "../../../escape" })))).toBeInstanceOf(Error);
  expect(() => statSync(folder)).toThrow("ENOENT");
});

describe("a folder that can't be used is an error of configuration that names it", () => {
  const blocked = (): string => {
    const folder = newFolder();
    mkdirSync(dirname(folder), { recursive: true });
    writeFileSync(folder, "a file in its place");
    return folder;
  };
  const wayOut = "make the folder writable, or name another with exchange-keys:journal; without a journal no key is made";

  test("to begin", async () => {
    const folder = blocked();
    const error = await failure(openJournal(folder).begin(entry(1)));
    expect(error).toMatchObject({
      code: "configuration",
      message: `exchange-keys: keep the journal: ${folder} can't be read (ENOTDIR); ${wayOut}`,
    });
  });

  test("below a file", async () => {
    const folder = join(blocked(), "journal");
    expect(await failure(openJournal(folder).begin(entry(1)))).toMatchObject({ code: "configuration" });
  });

  test("to write", async () => {
    const folder = newFolder();
    const journal = openJournal(folder);
    await journal.begin(entry(1));
    mkdirSync(join(folder, `${mark(2)}.json`));
    expect(await failure(journal.begin(entry(2)))).toBeInstanceOf(KeyError);
    expect((await journal.entries(NOW)).map((each) => each.mark)).toEqual([mark(1)]);
  });

  test("to close", async () => {
    const folder = newFolder();
    const journal = openJournal(folder);
    await journal.begin(entry(1));
    removeFolders();
    mkdirSync(join(folder, `${mark(1)}.json`, "in the way"), { recursive: true });
    expect(await failure(journal.close(mark(1)))).toMatchObject({ code: "configuration" });
    expect(await journal.entries(NOW)).toHaveLength(1);
  });
});

test("many entries at once are all there", async () => {
  const folder = newFolder();
  const journal = openJournal(folder);
  await Promise.all(Array.from({ length: 100 }, (_, number) => journal.begin(entry(number))));
  expect(await openJournal(folder).entries(NOW)).toHaveLength(100);
  expect(await openJournal(folder).unreadable()).toEqual([]);
});

test.each([
  ["/named", { XDG_STATE_HOME: "/xdg", HOME: "/home/u" }, "/named"],
  [undefined, { XDG_STATE_HOME: "/xdg", HOME: "/home/u" }, "/xdg/exchange-keys/journal"],
  [undefined, { XDG_STATE_HOME: "", HOME: "/home/u" }, "/home/u/.local/state/exchange-keys/journal"],
])("the folder for %j and %j", (named, env, expected) => expect(journalFolder(named, env)).toBe(expected));

test("one entry written by many at once is whole, and nothing is left beside it", async () => {
  const folder = newFolder();
  const journal = openJournal(folder);
  await journal.begin(entry(1));
  await Promise.all(Array.from({ length: 20 }, () => journal.recorded(mark(1))));
  expect(await openJournal(folder).entries(NOW)).toMatchObject([{ mark: mark(1), status: "recorded" }]);
  expect(readdirSync(folder)).toEqual([`${mark(1)}.json`]);
});

test("identities are the same when all members are", () => {
  const { identity } = entry(1);
  expect(sameIdentity(identity, { ...identity })).toBe(true);
  for (const member of Object.keys(identity)) expect(sameIdentity(identity, { ...identity, [member]: "another" })).toBe(false);
});
