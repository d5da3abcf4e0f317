// Runs the user's own `pulumi`, which is only ever asked.

import { spawn } from "node:child_process";
import { CommandError, Exit, type ExitCode } from "../outcome";

export interface Where {
  readonly stack?: string;
  readonly cwd: string;
}

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Changes nothing; a pipe gets one document, whatever the environment asks for. `without`: URNs that are left alone. */
export function preview(where: Where, without: readonly string[] = []): Promise<Said> {
  const others = without.map((urn) => `--exclude=${urn}`);
  return ask(where, ["preview", "--refresh", "--show-sames", "--json", ...others, ...named(where)]);
}

export function named({ stack }: Where): readonly string[] {
  return stack === undefined ? [] : [`--stack=${stack}`];
}

/** What it printed, parsed. Throws CommandError where that is no JSON, or where it failed. */
export function answerOf(said: Said, command: string): unknown {
  if (said.code !== 0) throw refused(said);
  try {
    return JSON.parse(said.stdout);
  } catch {
    throw garbled(command);
  }
}

/** It ended well, and said something else than it does. */
export function garbled(command: string): CommandError {
  return new CommandError(
    Exit.unknown,
    `drift: pulumi answered with something else than it does; run pulumi ${command} here, and see what it says`,
  );
}

const CAUSES: readonly (readonly [RegExp, ExitCode, string])[] = [
  [
    /incorrect passphrase/,
    Exit.unknown,
    "the passphrase of the stack's secrets is wrong; set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE",
  ],
  [
    /passphrase must be set/,
    Exit.unknown,
    "the passphrase of the stack's secrets is missing; set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE",
  ],
  [/no stack named/, Exit.usage, "there is no such stack; pulumi stack ls names those there are"],
  [/no stack selected/, Exit.usage, "no stack is selected; give --stack"],
  [/no Pulumi\.yaml|pass the fully qualified name/, Exit.usage, "there is no Pulumi.yaml here, nor above; give --cwd"],
  [
    /PULUMI_ACCESS_TOKEN|pulumi login/,
    Exit.unknown,
    "pulumi isn't logged in to the state's backend; run pulumi login, or set PULUMI_ACCESS_TOKEN",
  ],
  [
    /currently locked|another update is currently in progress/i,
    Exit.unknown,
    "the state is locked by another run; try again once that has ended",
  ],
];

/** What the CLI itself refused. Its words aren't repeated: those of a program or a plugin may be among them. */
export function refused({ code, stderr, stdout }: Said): CommandError {
  const known = CAUSES.find(([pattern]) => pattern.test(stderr) || pattern.test(stdout));
  const [, exit, cause] = known ?? [
    undefined,
    Exit.unknown,
    `pulumi failed (exit code ${String(code)}); run pulumi preview --refresh here, and see what it says`,
  ];
  return new CommandError(exit, `drift: ${cause}`);
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Said once, however many are asked. */
let waiting = false;

/** Runs the CLI to its end; a signal is passed on, and its end awaited: the engine then stops by itself. */
export async function ask({ cwd }: Where, args: readonly string[]): Promise<Said> {
  const { gathered } = await import("pulumi-exchange-keys/review");
  const { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: _, ...env } = process.env;
  const child = spawn("pulumi", [...args, "--non-interactive", "--color=never"], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let stopped = false;
  const stop = (signal: NodeJS.Signals): void => {
    stopped = true;
    if (!waiting) process.stderr.write("exchange-keys: drift: interrupted; waiting for pulumi, which ends once the venues have answered\n");
    waiting = true;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  const ended = new Promise<number | null>((done, failed) => child.on("error", failed).on("close", done));
  try {
    const texts = Promise.all([gathered(child.stdout), gathered(child.stderr)]);
    // Nobody reads on, so that its end wouldn't come by itself.
    texts.catch(() => child.kill());
    const [code, [stdout, stderr]] = await Promise.all([ended, texts]);
    if (stopped) throw new CommandError(Exit.interrupted, "drift: interrupted; nothing was changed");
    return { code, stdout, stderr };
  } catch (error) {
    throw error instanceof CommandError ? error : unheard(error as NodeJS.ErrnoException);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}

function unheard(error: NodeJS.ErrnoException): CommandError {
  if (error instanceof RangeError) return new CommandError(Exit.unknown, `drift: what pulumi said can't be read: ${error.message}`);
  const cause =
    error.code === "ENOENT" ? "there is no pulumi on PATH; install it" : `pulumi can't be started (${error.code ?? error.name})`;
  return new CommandError(Exit.usage, `drift: ${cause}`);
}
