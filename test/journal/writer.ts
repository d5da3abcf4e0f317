// A process that writes one entry over and over, for the test that kills it. Arguments: the folder. Prints a line when it has begun.

import { openJournal } from "../../provider/journal/journal";
import { entry, mark } from "./entries";

async function writeForEver(folder: string): Promise<void> {
  const journal = openJournal(folder);
  await journal.begin(entry(1, { account: "a".repeat(50_000) }));
  process.stdout.write("begun\n");
  for (let turn = 0; ; turn += 1) {
    const end = new Date(Date.UTC(2031, 0, 1) + turn).toISOString();
    await journal.issued(mark(1), { fingerprint: "0123456789abcdef", expiresAt: end });
    await journal.begin(entry(2 + turn, { account: "b".repeat(50_000) }));
  }
}

void writeForEver(process.argv[2] ?? "");
