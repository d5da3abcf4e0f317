// `exchange-keys redact`: a stack's state without its secrets, for previews by those who may not read them.

import { Command } from "@commander-js/extra-typings";
import { CommandError, Exit, type ExitCode } from "../outcome";
import { textFrom } from "../sources";

const WAY = "give the output of pulumi stack export: pulumi stack export | exchange-keys redact";

export function redactCommand(ended: (code: ExitCode) => void) {
  return new Command("redact")
    .description("Take the secrets out of a stack's exported state, so that somebody without its passphrase can preview changes of it.")
    .option("--from <file>", "the output of `pulumi stack export`; - is standard input", "-")
    .addHelpText(
      "after",
      "\nPrints a state that `pulumi stack import` takes: a dummy for each secret, no secrets provider, no pending operations; all else as it was." +
        "\nExits with 1, and prints no state, where something secret would be left in it.",
    )
    .action(async ({ from }) => {
      ended(await redacted(from));
    });
}

async function redacted(from: string): Promise<ExitCode> {
  const text = await textFrom(from, "redact", WAY);
  const { NotAnExport, redact } = await import("../redact/redact.js");
  const { NotProved } = await import("../redact/proof.js");
  try {
    const { text: state, secrets, resources, dropped } = redact(text);
    process.stdout.write(state);
    const pending = dropped === 0 ? "" : `; pending operations left out: ${dropped}`;
    process.stderr.write(`redact: ${secrets} secrets replaced, in a state of ${resources} resources${pending}\n`);
    return Exit.yes;
  } catch (error) {
    if (error instanceof NotAnExport) throw new CommandError(Exit.usage, `redact: ${error.message}; ${WAY}`);
    if (error instanceof NotProved) throw new CommandError(Exit.no, `redact: nothing is written: ${error.message}`);
    if (error instanceof RangeError) throw new CommandError(Exit.usage, `redact: it is nested too deep, or too large; ${WAY}`);
    throw error;
  }
}
