// `exchange-keys journal`: what was begun and isn't known to be recorded, read from this machine's journal. Asks no venue.

import { readFileSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import { journalFolder, openJournal, type Entry } from "pulumi-exchange-keys/journal";
import { CommandError, Exit, type ExitCode } from "../outcome";

export function journalCommand(ended: (code: ExitCode) => void) {
  const command = new Command("journal").description("Keys that this machine's journal knows.");
  command
    .command("list")
    .description("All keys that the journal knows to be alive, or can't know to be dead.")
    .option("--folder <folder>", "the journal's folder, as exchange-keys:journal names it")
    .option("--json", "print JSON")
    .action(async ({ folder, json }) => {
      const { entries } = await read(folder);
      process.stdout.write(json ? `${JSON.stringify({ entries })}\n` : asText(entries));
    });
  command
    .command("orphans")
    .description("Those that none of the given state exports holds. Exits with 1 where there are any.")
    .requiredOption("--state <files...>", "files of `pulumi stack export`, of every stack that this machine serves")
    .option("--folder <folder>", "the journal's folder, as exchange-keys:journal names it")
    .option("--json", "print JSON")
    .action(async ({ folder, json, state }) => {
      const { entries } = await read(folder);
      const held = new Set(state.flatMap(marksOf));
      const orphans = entries.filter(({ mark }) => !held.has(mark));
      process.stdout.write(json ? `${JSON.stringify({ orphans })}\n` : asText(orphans));
      if (orphans.length > 0) ended(Exit.no);
    });
  command
    .command("close <mark>")
    .description("Strike an entry out, after you have made sure at the venue that its key is dead.")
    .option("--folder <folder>", "the journal's folder, as exchange-keys:journal names it")
    .action(async (mark, { folder }) => {
      const { entries, journal } = await read(folder);
      if (!entries.some((entry) => entry.mark === mark)) throw new CommandError(Exit.no, `journal close: there is no entry ${mark}`);
      await journal.close(mark);
    });
  return command;
}

async function read(folder: string | undefined) {
  const place = journalFolder(folder, process.env);
  const journal = openJournal(place);
  const found = await journal.entries(Date.now()).catch((error: unknown) => {
    throw new CommandError(Exit.usage, `journal: ${(error as Error).message}`);
  });
  const broken = await journal.unreadable();
  // What can't be read may be a live key: no answer is better than a wrong one.
  if (broken.length > 0) throw new CommandError(Exit.unknown, `journal: ${place} holds files that aren't entries: ${broken.join(", ")}`);
  // What is sealed is for its recipient, and stays where it is.
  return { entries: found.map(({ sealedPassphrase: _, ...entry }): Entry => entry), journal };
}

/** The marks in a state export: each resource has its own, and those of its retiring keys. */
function marksOf(file: string): readonly string[] {
  let decoded: unknown;
  try {
    decoded = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new CommandError(
      Exit.usage,
      `journal orphans: ${file} can't be read as JSON; write it with \`pulumi stack export --file ${file}\``,
    );
  }
  const resources = (decoded as { deployment?: { resources?: unknown } } | null)?.deployment?.resources;
  if (!Array.isArray(resources))
    throw new CommandError(Exit.usage, `journal orphans: ${file} isn't a state export; it has no deployment.resources`);
  return resources.flatMap((resource: { outputs?: { mark?: unknown; retiring?: unknown } }) => {
    const { mark, retiring } = resource.outputs ?? {};
    const earlier = Array.isArray(retiring) ? retiring.map((key: { mark?: unknown }) => key.mark) : [];
    return [mark, ...earlier].filter((each) => typeof each === "string");
  });
}

function asText(entries: readonly Entry[]): string {
  if (entries.length === 0) return "none\n";
  const line = (entry: Entry): string => {
    const { organization, project, stack, name } = entry.identity;
    const where = `${entry.venue}${entry.environment === "production" ? "" : ` (${entry.environment})`} account ${entry.accountId}`;
    const end = entry.expiresAt === undefined ? "" : `, ends ${entry.expiresAt}`;
    return `${entry.mark}  ${entry.status.padEnd(8)}  ${where}  ${entry.kind} "${name}" generation ${entry.generation} of ${organization}/${project}/${stack}, begun ${entry.begunAt}${end}`;
  };
  return `${entries.map(line).join("\n")}\n`;
}
