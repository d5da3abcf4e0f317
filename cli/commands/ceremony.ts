// `exchange-keys ceremony`: what a preview leaves to a person, by a page in the browser or in the terminal, until deposits lie there for `up`.

import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import type { Sitting } from "pulumi-exchange-keys/ceremony";
import { byPage } from "../ceremony/page";
import { told, type Told } from "../ceremony/told";
import { CommandError, Exit, type ExitCode } from "../outcome";
import { programSources, textFrom } from "../sources";
import { terminalCeremony } from "../terminal/ceremony";
import { openTerminal, takeTerminal } from "../terminal/open";

const HOW = "pulumi preview --json | exchange-keys ceremony --from -";

const SHOWN = "give --state <(pulumi stack export --show-secrets), or leave it out: then your word counts";

interface Options {
  readonly from: string;
  readonly revoke?: true;
  readonly state?: string;
  readonly terminal?: true;
  readonly port: number;
  readonly open: boolean;
  readonly json?: true;
}

export function ceremonyCommand(ended: (code: ExitCode) => void) {
  return new Command("ceremony")
    .description("Make, edit and revoke the keys that a venue leaves to a person, guided and verified; `pulumi up` takes them then.")
    .requiredOption(
      "--from <file>",
      "the output of `pulumi preview --json`, or with --revoke of `pulumi stack export`; - is standard input",
    )
    .option("--revoke", "revoke every key of the stack, before `pulumi destroy`")
    .option(
      "--state <file>",
      "the output of `pulumi stack export --show-secrets`, to look at keys that exist: --state <(pulumi stack export --show-secrets)",
    )
    .option("--terminal", "without a browser, in this terminal")
    .option("--port <port>", "port of the page (0: any free one)", port, 0)
    .option("--no-open", "don't open a browser; print a code to type in the page")
    .option("--json", "print the result as JSON")
    .action(async (options) => {
      ended(await hold(options));
    });
}

async function hold(options: Options): Promise<ExitCode> {
  const { parseDocument, sit } = await import("pulumi-exchange-keys/ceremony");
  if (options.from === "-" && options.state === "-") {
    throw new CommandError(Exit.usage, "ceremony: --from and --state can't both be standard input; give one of them as a file");
  }
  const document = parseDocument(await textFrom(options.from, "ceremony", HOW));
  const state = options.state === undefined ? {} : { state: shownState(await textFrom(options.state, "ceremony", SHOWN), parseDocument) };
  const sitting = await sit({ document, revoke: options.revoke === true, ...state, sources: programSources(), machineNow: Date.now });
  try {
    return await held(sitting, options);
  } finally {
    await sitting.close();
  }
}

/** An export without its secrets lets nobody look at a key, and nobody would notice. */
function shownState(text: string, parse: (text: string) => unknown): unknown {
  const state = parse(text);
  if ((state as { deployment?: unknown } | null)?.deployment === undefined) {
    throw new CommandError(Exit.usage, `ceremony: --state isn't a stack's export; ${SHOWN}`);
  }
  if (text.includes('"fingerprint"') && !text.includes('"plaintext"')) {
    throw new CommandError(Exit.usage, `ceremony: --state hides the credentials, so that no key could be looked at; ${SHOWN}`);
  }
  return state;
}

async function held(sitting: Sitting, options: Options): Promise<ExitCode> {
  const { session, problems } = sitting;
  const next = options.revoke === true ? "pulumi destroy" : "pulumi up";
  const say = told(sitting, next);
  say.problems();
  if (session.tasks().length === 0) {
    if (problems.length === 0) say.line("Nothing waits for a person.");
    if (options.json === true) await say.result(true);
    return problems.length === 0 ? Exit.yes : Exit.no;
  }
  const outcome =
    say.open() === 0
      ? "done"
      : options.terminal === true
        ? await byTerminal(sitting, options)
        : await byPage(sitting, { ...options, next, say });
  return finish(outcome, say, options);
}

async function finish(outcome: "done" | "left" | "interrupted" | "locked", say: Told, { json }: Options): Promise<ExitCode> {
  if (outcome !== "done") {
    say.unfinished();
    if (json === true) await say.result(true);
    return outcome === "interrupted" ? Exit.interrupted : Exit.no;
  }
  await say.result(json === true);
  say.next();
  return say.complete() ? Exit.yes : Exit.no;
}

async function byTerminal({ session }: Sitting, { from }: Options): Promise<"done" | "left" | "interrupted"> {
  const terminal = openTerminal(from !== "-");
  if (terminal === undefined) {
    throw new CommandError(
      Exit.usage,
      "ceremony: --terminal needs a terminal, and there is none here; run it over ssh with a terminal (ssh -t), or on a desktop without --terminal",
    );
  }
  const taken = takeTerminal(terminal);
  try {
    return await terminalCeremony(session, taken.keyboard, taken.print);
  } finally {
    taken.close();
  }
}

function port(text: string): number {
  const value = Number(text);
  if (!/^\d{1,5}$/.test(text) || value > 65_535) throw new InvalidArgumentError("A number from 0 to 65535.");
  return value;
}
