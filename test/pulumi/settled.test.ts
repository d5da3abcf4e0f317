// What a run tells of a lost key: once, and that it is settled where this very run has settled it.

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
  return { said, leftovers, journal, ledger: books.ledger(entry(1)) };
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
