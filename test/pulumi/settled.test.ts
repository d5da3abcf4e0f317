// What a run tells of a lost key: once, and that it is settled where this very run has settled it.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openJournal } from "../../provider/journal/journal";
import { Books } from "../../provider/pulumi/books";
import { Leftovers } from "../../provider/pulumi/leftovers";
import { Recovery } from "../../provider/pulumi/recovery";
import { entry, mark, newFolder, removeFolders } from "../journal/entries";

afterAll(removeFolders);

const NOW = Date.UTC(2030, 0, 2);

/** A run that begins with what was lost before it. */
async function begun(...lost: readonly number[]) {
  const folder = newFolder();
  for (const number of lost) await openJournal(folder).begin(entry(number));
  const said: string[] = [];
  const journal = openJournal(folder);
  const leftovers = new Leftovers(journal, () => NOW, said.push.bind(said), new Set());
  const books = new Books(journal, leftovers, new Recovery(undefined, "/"), () => NOW);
  return { said, leftovers, journal, folder, books, ledger: books.ledger(entry(1)) };
}

test("a lost key is told once, also where its entry has changed meanwhile", async () => {
  const { said, leftovers, journal } = await begun(1);
  await leftovers.tell(entry(1).identity);
  await journal.issued(mark(1), { fingerprint: "0123456789abcdef" });
  await leftovers.tell(entry(1).identity);
  expect(said).toEqual([
    expect.stringMatching(/^bitfinex \(sandbox\): AccessToken "n": unknown outcome of 2030-.+: its answer was lost; /),
  ]);
});

test("what this run settles is taken back, and nothing else is", async () => {
  const { said, leftovers, ledger, journal } = await begun(1, 2);
  await leftovers.tell(entry(1).identity);
  await ledger.begin({ mark: mark(3), generation: 1 });
  for (const number of [1, 3]) await ledger.close(mark(number));
  expect(said.slice(2)).toEqual([
    `bitfinex (sandbox): AccessToken "n": settled: the key of journal mark ${mark(1)} was revoked, or never made; nothing of it lives`,
  ]);
  expect((await journal.entries(NOW)).map((left) => left.mark)).toEqual([mark(2)]);
});

test("remarks about leftovers follow the journal that knows the key itself, and no other", async () => {
  const { leftovers, journal } = await begun(1, 2);
  const { identity } = entry(1);
  const other = { about: "lapse", message: "it ends by neglect" } as const;
  const warnings = [other, ...(await leftovers.warnings(identity))];
  expect(warnings).toHaveLength(3);
  const current = { ...entry(3), mark: mark(3) } as never;
  await journal.close(mark(1));
  expect(await leftovers.renewed({ current, warnings }, identity)).toEqual(warnings);
  await journal.took(entry(3));
  await leftovers.held([{ mark: mark(3) }]);
  expect(await leftovers.renewed({ current, warnings }, identity)).toEqual([other, warnings[2]]);
});

test("a file that can't be read is told of by every run, once, and a key whose own file it is counts as unsettled", async () => {
  const { said, leftovers, journal, folder, books } = await begun(1);
  writeFileSync(join(folder, `${mark(7)}.json`), "{ broken");
  await leftovers.tell(entry(1).identity);
  await leftovers.tell(entry(1).identity);
  expect(said.filter((line) => line.includes(`${mark(7)}.json isn't an entry that this release can read`))).toHaveLength(1);
  expect(await journal.unreadable()).toEqual([`${mark(7)}.json`]);
  const known = (number: number) => ({ current: { mark: mark(number) } }) as never;
  expect((await books.withUnsettled(known(7))).unsettled).toBeDefined();
  expect((await books.withUnsettled(known(1))).unsettled).toBeUndefined();
});
