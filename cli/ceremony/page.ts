// The page form of a ceremony: served on loopback, opened in the browser of this desktop, or entered with a code from this terminal.

import type { Page, Sitting } from "pulumi-exchange-keys/ceremony";
import { CommandError, Exit } from "../outcome";
import { openTerminal, SIGNALS, type Terminal } from "../terminal/open";
import type { Told } from "./told";

export interface PageForm {
  readonly from: string;
  readonly port: number;
  /** Whether a browser is to be opened. */
  readonly open: boolean;
  readonly next: string;
  readonly say: Told;
}

/** A tab that was closed with its last click is told nothing; the command doesn't wait for it longer than so many milliseconds. */
const TAB_MS = 5_000;

const NOBODY =
  "ceremony: nobody could come in: there is neither a desktop with a browser here nor a terminal; run it on a desktop, over ssh with --terminal, " +
  "or with --no-open and a browser that reaches this machine's loopback (ssh -L)";

/** Serves until nothing is left, a signal comes, or the page is locked. */
export async function byPage({ session }: Sitting, form: PageForm): Promise<"done" | "interrupted" | "locked"> {
  const { servePage } = await import("pulumi-exchange-keys/ceremony");
  const { say, next } = form;
  let end: (how: "done" | "interrupted" | "locked") => void = () => undefined;
  const ended = new Promise<"done" | "interrupted" | "locked">((resolve) => (end = resolve));
  const onSignal = (): void => end("interrupted");
  for (const name of SIGNALS) process.on(name, onSignal);
  const unsubscribe = session.subscribe(() => {
    if (say.open() === 0) setTimeout(() => end("done"), TAB_MS).unref();
  });
  const terminal = process.stderr.isTTY ? openTerminal(form.from !== "-") : undefined;
  const page = await servePage(session, {
    ...(form.port === 0 ? {} : { port: form.port }),
    now: Date.now,
    next,
    ...(terminal === undefined ? {} : { reopen: REOPEN }),
    onLocked(reason) {
      say.line(`exchange-keys: ceremony: the page is locked: ${reason} Somebody else may have been in; run the same command again`);
      end("locked");
    },
    onFinished: () => end("done"),
  }).catch((error: unknown) => {
    throw taken(error, form.port);
  });
  try {
    say.line(`Ceremony: ${page.address}   The page shows these words: ${page.words.join(" ")}`);
    await letIn(page, form);
    if (terminal !== undefined) onEnter(terminal, () => say.line(codeLine(page.renew())));
    return await ended;
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
    unsubscribe();
    terminal?.close();
    await page.close();
  }
}

const REOPEN = "Press Enter in the terminal of the command: it prints another code to type here.";

/** By a browser that is opened, or a code that whoever sees this terminal types. */
async function letIn(page: Page, { open, say }: PageForm): Promise<void> {
  if (open) {
    const { openBrowser } = await import("pulumi-exchange-keys/ceremony");
    if (await openBrowser(await page.launchFile(), process.env)) return;
    if (!process.stderr.isTTY) throw new CommandError(Exit.usage, NOBODY);
  }
  say.line(codeLine(page.code));
}

function codeLine(code: string): string {
  return `Open that address, and type this code there: ${code}`;
}

function onEnter({ input }: Terminal, then: () => void): void {
  input.on("data", then);
  input.on("error", () => undefined); // a terminal that went away gives no more codes
}

function taken(error: unknown, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "EADDRINUSE" && code !== "EACCES") return error;
  const what = code === "EADDRINUSE" ? "is taken" : "may not be used";
  return new CommandError(Exit.usage, `ceremony: port ${port} of 127.0.0.1 ${what}; choose another, or leave --port out`);
}
