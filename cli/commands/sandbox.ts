// `exchange-keys sandbox`: starts the local exchange, says in one line where it is, and runs until a signal.

import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import type { Sandbox, VenueName } from "exchange-keys-sandbox";
import { CommandError, Exit, type ExitCode } from "../outcome";

export function sandboxCommand(ended: (code: ExitCode) => void) {
  return new Command("sandbox")
    .description("Run a local exchange on loopback that speaks the venues' dialects, until Ctrl-C or SIGTERM.")
    .option("--json", "print one JSON line when it is ready")
    .option("--venues <names>", "the venues to run, separated by commas (default: all)", names)
    .option("--port-base <port>", "port of the control API; the venues have the next ones (0: any free ports)", port, 0)
    .option("--state <file>", "keep accounts, keys, tokens, nonces, clock and settings in this file")
    .action(async (options) => {
      const { startSandbox, dialects, isVenue, StateError } = await load();
      const unknown = options.venues?.filter((name) => !isVenue(name)) ?? [];
      if (unknown.length > 0) {
        throw new CommandError(
          Exit.usage,
          `sandbox: it has no venue "${unknown.join('", "')}"; there is ${Object.keys(dialects).join(", ")}`,
        );
      }
      const stopped = signal();
      const sandbox = await startSandbox({
        venues: options.venues as VenueName[] | undefined,
        portBase: options.portBase,
        state: options.state === undefined ? undefined : resolve(options.state),
      }).catch((error: unknown) => {
        const own = error instanceof StateError || (error as NodeJS.ErrnoException).code === undefined;
        throw new CommandError(own ? Exit.usage : Exit.unknown, `sandbox: ${(error as Error).message}`);
      });
      process.stdout.write(options.json ? asJson(sandbox) : asText(sandbox));
      await stopped;
      await sandbox.close();
      // To be ended by a signal is what it waits for, so that this is a good end.
      ended(Exit.yes);
    });
}

type SandboxPackage = typeof import("exchange-keys-sandbox");

/** The sandbox is an optional package: it is loaded when asked for, and its absence is a sentence. */
async function load(): Promise<SandboxPackage> {
  try {
    return await import("exchange-keys-sandbox");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if ((code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") && message.includes("exchange-keys-sandbox")) {
      throw new CommandError(
        Exit.usage,
        "sandbox: the package exchange-keys-sandbox isn't installed; `npm install --save-dev exchange-keys-sandbox` adds it",
      );
    }
    throw error;
  }
}

function names(text: string): string[] {
  const list = text.split(",").map((name) => name.trim());
  if (list.some((name) => name === "")) throw new InvalidArgumentError("Names of venues, separated by commas.");
  return [...new Set(list)];
}

function port(text: string): number {
  const value = Number(text);
  // Room for the venues' ports above it.
  if (!/^\d+$/.test(text) || value > 65_000) throw new InvalidArgumentError("A number from 0 to 65000.");
  return value;
}

function signal(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve());
  });
}

function asJson({ venues, control }: Sandbox): string {
  return `${JSON.stringify({ venues, control })}\n`;
}

function parts(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([part, value]) => `  ${part.padEnd(10)} ${value}`);
}

function asText({ venues, control }: Sandbox): string {
  const lines = ["The sandbox is ready; Ctrl-C ends it.", ""];
  for (const [name, venue] of Object.entries(venues)) {
    lines.push(`${name.padEnd(10)} ${venue.url}`, ...parts(venue.account));
    if ("console" in venue) lines.push(`  ${"console".padEnd(10)} ${venue.console}`, ...parts(venue.login));
  }
  lines.push(`${"control".padEnd(10)} ${control.url}`, `  ${"token".padEnd(10)} ${control.token}`, "");
  return lines.join("\n");
}
