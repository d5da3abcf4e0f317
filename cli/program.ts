// The command's words and options: one line a subcommand, each from its own file in commands/. Results go to stdout,
// everything else to stderr.

import { Command, CommanderError } from "@commander-js/extra-typings";
import { ceremonyCommand } from "./commands/ceremony";
import { driftCommand } from "./commands/drift";
import { journalCommand } from "./commands/journal";
import { probeCommand } from "./commands/probe";
import { reviewCommand } from "./commands/review";
import { redactCommand } from "./commands/redact";
import { sandboxCommand } from "./commands/sandbox";
import { testCommand } from "./commands/test";
import { CommandError, Exit, exitOf, type ExitCode } from "./outcome";
import { harmless } from "./terminal/text";
import { version } from "./version";

/** Runs the command line and says how it ended. */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  let outcome: ExitCode = Exit.yes;
  const ended = (code: ExitCode): void => {
    outcome = code;
  };
  const program = new Command("exchange-keys")
    .description("The command beside pulumi-exchange-keys.")
    .version(version())
    .addCommand(sandboxCommand(ended))
    .addCommand(ceremonyCommand(ended))
    .addCommand(probeCommand(ended))
    .addCommand(testCommand(ended))
    .addCommand(driftCommand(ended))
    .addCommand(journalCommand(ended))
    .addCommand(reviewCommand(ended))
    .addCommand(redactCommand(ended))
    .addHelpText("after", "\nExit codes: 0 yes; 1 no (differs, fails a rule); 2 usage or configuration; 3 unknown; 130 interrupted.");
  for (const command of [program, ...program.commands, ...program.commands.flatMap((each) => each.commands)]) command.exitOverride();
  try {
    await program.parseAsync(argv);
    return outcome;
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): ExitCode {
  // Commander has printed its own sentence already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? Exit.yes : Exit.usage;
  const message = error instanceof Error ? error.message : String(error);
  const said = message.startsWith("exchange-keys: ") ? message : `exchange-keys: ${message}`;
  process.stderr.write(`${harmless(said)}\n`);
  return error instanceof CommandError ? error.exitCode : exitOf(error);
}
