// `exchange-keys drift`: whether the keys of a stack are what the state and the program say. Changes nothing, neither at a venue nor in the state.

import { statSync } from "node:fs";
import { resolve } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import { look } from "../drift/look";
import { failuresOf, parseDocument, PREVIEW, WAY_OUT } from "../drift/preview";
import { garbled, type Where } from "../drift/pulumi";
import { FORMATS, report, type Format } from "../drift/report";
import { standing } from "../drift/standing";
import { answerOf, unknown, type Answer } from "../drift/verdict";
import { CommandError, Exit, exitOf, type ExitCode } from "../outcome";
import { documentFrom } from "../sources";

interface Options {
  readonly stack?: string;
  readonly cwd?: string;
  readonly from?: string;
  readonly format?: Format;
  readonly json?: true;
}

export function driftCommand(ended: (code: ExitCode) => void) {
  return new Command("drift")
    .description("Look whether the venues show what the state and the program say of each key. Nothing is changed.")
    .option("-s, --stack <stack>", "the stack (default: the one that is selected)")
    .option("-C, --cwd <folder>", "the folder of the program (default: this one)")
    .option("--from <file>", `the output of \`${PREVIEW}\`, instead of running it; - is standard input`)
    .addOption(new Option("--format <format>", "how to print the answer (default: text)").choices(FORMATS))
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExits with 0 when all is as declared, or only due; 1 when a key differs; 3 when that isn't known, as with a venue that is down.",
    )
    .action(async (options) => {
      ended(await told(options));
    });
}

async function told(options: Options): Promise<ExitCode> {
  const { json, format = json === true ? "json" : "text" } = options;
  if (json === true && format !== "json")
    throw new CommandError(Exit.usage, `drift: --json and --format ${format} contradict each other; give one`);
  const answer = options.from === undefined ? await asked(where(options)) : await handedIn(options.from, options);
  process.stdout.write(report(answer, format));
  return { same: Exit.yes, differs: Exit.no, unknown: Exit.unknown }[answer.verdict];
}

function where({ stack, cwd }: Options): Where {
  const folder = resolve(cwd ?? ".");
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new CommandError(Exit.usage, `drift: ${folder} is no folder`);
  return { cwd: folder, ...(stack === undefined ? {} : { stack }) };
}

async function handedIn(from: string, { stack, cwd }: Options): Promise<Answer> {
  if (stack !== undefined || cwd !== undefined)
    throw new CommandError(Exit.usage, "drift: --from reads a preview, and runs none; leave --stack and --cwd out");
  const document = parseDocument(await documentFrom(from, "drift", WAY_OUT), WAY_OUT);
  const failures = failuresOf(document);
  return answerOf(document, { handedIn: true, failures, failed: failures.length > 0 });
}

async function asked(at: Where): Promise<Answer> {
  const before = await standing(at);
  if (before.busy) return unknown(before.stack, [LOCKED]);
  const { document, ...how } = await look(at);
  const after = await standing(at);
  if (after.busy) return unknown(before.stack, [LOCKED]);
  if (after.changed !== before.changed)
    return unknown(before.stack, ["The state was changed meanwhile, by another run; look again once that has ended."]);
  try {
    return answerOf(document, { handedIn: false, ...how, interrupted: after.interrupted });
  } catch (error) {
    // What is handed in may be the wrong thing; what was asked for can only be broken.
    throw exitOf(error) === Exit.usage || error instanceof CommandError ? garbled("preview --refresh") : error;
  }
}

const LOCKED =
  "The state is locked: another run is under way, or was killed (pulumi cancel takes its lock away); look again once that is settled.";
