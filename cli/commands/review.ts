// `exchange-keys review`: what a plan lets someone do, from `pulumi preview --json`. Asks no venue, and needs no credential.

import { writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { Condition, Review } from "pulumi-exchange-keys/review";
import { CommandError, Exit, type ExitCode } from "../outcome";
import { programFolder, projectName } from "../project";
import { conditionText, reviewJson } from "../review/json";
import { documentFrom } from "../sources";
import { version } from "../version";

const HOW = "pulumi preview --json | exchange-keys review";

interface Options {
  readonly from: string;
  readonly format: "text" | "markdown" | "json" | "sarif";
  readonly json?: true;
  readonly failOn: readonly string[];
  readonly approve?: string;
  readonly revoke: readonly string[];
}

export function reviewCommand(ended: (code: ExitCode) => void) {
  return new Command("review")
    .description("Say in words what a plan lets someone do: powers, addresses, keys made and revoked; widening first.")
    .option("--from <file>", "the output of `pulumi preview --json`; - is standard input", "-")
    .addOption(
      new Option("--format <format>", "how to print it").choices(["text", "markdown", "json", "sarif"] as const).default("text" as const),
    )
    .option("--json", "print JSON: --format json")
    .option(
      "--fail-on <conditions>",
      "exit with 1 on any of widen, withdraw, anywhere, revoke>N, unverified; comma list, repeatable",
      conditions,
      [] as string[],
    )
    .option(
      "--approve <file>",
      "write what the plan needs as an approval, for exchange-keys:approved; the preview has to be made with --show-sames",
    )
    .option(
      "--revoke <name>",
      "with --approve: also approve that keys are revoked which an earlier run of this resource left to delete; repeatable",
      (name: string, before: string[]) => [...before, name],
      [] as string[],
    )
    .addHelpText(
      "after",
      "\nExits with 1 where a condition is met, and with 3 where what a resource lets someone do can't be told from the plan.",
    )
    .action(async (options) => {
      ended(await reviewed(options));
    });
}

async function reviewed(options: Options): Promise<ExitCode> {
  if (options.revoke.length > 0 && options.approve === undefined)
    throw new CommandError(Exit.usage, "review: --revoke says what --approve writes; give both");
  const loaded = await import("pulumi-exchange-keys/review");
  const review = loaded.review(await documentFrom(options.from, "review", HOW));
  const wanted = options.failOn.map((text): Condition => {
    const condition = loaded.conditionOf(text);
    if (condition !== undefined) return condition;
    throw new CommandError(Exit.usage, `review: --fail-on: ${JSON.stringify(text)} is none of ${loaded.CONDITIONS.join(", ")}, revoke>N`);
  });
  const met = loaded.met(review, wanted);
  const elsewhere = otherProject(review);
  if (elsewhere !== undefined && options.approve !== undefined)
    throw new CommandError(Exit.usage, `review: --approve: ${elsewhere}; approve it in its own folder`);
  if (elsewhere !== undefined) process.stderr.write(`exchange-keys: review: ${elsewhere}\n`);
  process.stdout.write(await printed(review, met, options));
  if (met.length > 0) {
    process.stderr.write(`exchange-keys: review: fails on ${met.map(conditionText).join(", ")}\n`);
    return Exit.no;
  }
  if (loaded.unread(review)) {
    process.stderr.write("exchange-keys: review: what some resources let someone do can't be told from this plan; nothing is approved\n");
    return Exit.unknown;
  }
  if (options.approve !== undefined) await approve(options.approve, loaded.approvalOf(review, options.revoke));
  return Exit.yes;
}

/** An approval goes into the configuration of the project around: of another one's plan nothing would count there. */
function otherProject({ stack }: Review): string | undefined {
  const [project = ""] = stack.split("/");
  const here = projectName(process.cwd());
  if (project === "" || here === undefined || project === here) return undefined;
  return `the plan is of the project ${JSON.stringify(project)}, and the project of this folder is ${JSON.stringify(here)}`;
}

async function printed(review: Review, met: readonly Condition[], { format, json }: Options): Promise<string> {
  switch (json === true ? "json" : format) {
    case "json":
      return reviewJson(review, met);
    case "markdown":
      return (await import("../review/markdown.js")).reviewMarkdown(review);
    case "sarif":
      return (await import("../review/sarif.js")).reviewSarif(review, version());
    case "text":
      return (await import("../review/text.js")).reviewText(review);
  }
}

/** Writes the file, and says which lines make it count. */
async function approve(
  place: string,
  approval: { readonly text: string; readonly sha256: string } | { readonly refused: string },
): Promise<void> {
  if ("refused" in approval) throw new CommandError(Exit.unknown, `review: --approve: ${approval.refused}`);
  try {
    writeFileSync(place, approval.text);
  } catch (error) {
    throw new CommandError(
      Exit.usage,
      `review: --approve: ${place} can't be written (${(error as NodeJS.ErrnoException).code ?? "unknown error"})`,
    );
  }
  const file = relative(programFolder(process.cwd()), resolve(place));
  process.stderr.write(
    `Approved: ${place}. In the stack's configuration:\n  exchange-keys:approved:\n    file: ${JSON.stringify(file)}\n    sha256: ${approval.sha256}\nor, for one run, in its environment:\n  EXCHANGE_KEYS_APPROVED=${JSON.stringify(`${approval.sha256} ${file}`)}\n`,
  );
}

function conditions(text: string, before: readonly string[]): string[] {
  const named = text.split(",").map((part) => part.trim());
  if (named.includes("")) throw new InvalidArgumentError("One of them is empty.");
  return [...before, ...named];
}
