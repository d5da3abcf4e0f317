// Runs the user's own `pulumi`, which is only ever asked: a preview, and what says that somebody else was at the state meanwhile.

import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { CommandError, Exit, type ExitCode } from "../outcome";
import { stackOf } from "./preview";

export interface Where {
  readonly stack?: string;
  readonly cwd: string;
}

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the backend says of a stack. */
export interface Standing {
  /** `desk/dev`; empty where the state holds nothing. */
  readonly stack: string;
  /** Of the last change of the state, as it is written there. */
  readonly changed: string;
  /** URNs that a run was in the middle of, when it was killed or if it is still under way. */
  readonly interrupted: readonly string[];
  /** Another run has the state locked. */
  readonly busy: boolean;
}

/** Neither changes anything; a pipe gets one document, whatever the environment asks for. */
export function preview(where: Where): Promise<Said> {
  return ask(where, ["preview", "--refresh", "--show-sames", "--json", ...named(where)]);
}

/** Throws CommandError where the backend can't be asked. */
export async function standing(where: Where): Promise<Standing> {
  const [exported, backend] = await Promise.all([ask(where, ["stack", "export", ...named(where)]), ask(where, ["whoami", "-v", "--json"])]);
  const state = answerOf(exported) as Exported;
  const deployment = state.deployment ?? {};
  const interrupted = (deployment.pending_operations ?? []).flatMap(({ resource }) => (resource?.urn === undefined ? [] : [resource.urn]));
  const { url = "" } = answerOf(backend) as { url?: string };
  const busy = url.startsWith("file://") ? lockedAt(url, where, urnOf(deployment)) : await inProgress(where, urnOf(deployment));
  return { stack: stackOf(urnOf(deployment)), changed: deployment.manifest?.time ?? "", interrupted, busy };
}

interface Exported {
  readonly deployment?: {
    readonly manifest?: { readonly time?: string };
    readonly resources?: readonly { readonly urn?: string }[] | null;
    readonly pending_operations?: readonly { readonly resource?: { readonly urn?: string } }[] | null;
  };
}

function urnOf({ resources }: NonNullable<Exported["deployment"]>): string {
  return resources?.[0]?.urn ?? "";
}

/** A preview takes no lock and minds none, so this looks for the files that an `up` lays down. */
function lockedAt(url: string, { cwd }: Where, urn: string): boolean {
  const [head = "", project = ""] = urn.split("::");
  const stack = head.split(":")[2] ?? "";
  if (stack === "") return false; // a state without resources: nobody's key can be changing
  const path = url.slice("file://".length).replace(/^~(?=\/|$)/, homedir());
  const locks = join(resolve(cwd, path), ".pulumi", "locks");
  const folders = [join(locks, "organization", project, stack), join(locks, stack)];
  return folders.some((folder) => existsSync(folder) && readdirSync(folder, { withFileTypes: true }).some((entry) => entry.isFile()));
}

/** Pulumi Cloud says it; of object storage nobody does, and the state's time has to do. */
async function inProgress(where: Where, urn: string): Promise<boolean> {
  const listed = answerOf(await ask(where, ["stack", "ls", "--json"])) as readonly { name?: string; updateInProgress?: boolean }[];
  const stack = urn.split(":")[2];
  return (
    Array.isArray(listed) && listed.some(({ name, updateInProgress }) => name?.split("/").at(-1) === stack && updateInProgress === true)
  );
}

function named({ stack }: Where): readonly string[] {
  return stack === undefined ? [] : [`--stack=${stack}`];
}

function answerOf(said: Said): unknown {
  if (said.code !== 0) throw refused(said);
  try {
    return JSON.parse(said.stdout);
  } catch {
    throw new CommandError(Exit.unknown, "drift: pulumi answered with something that isn't JSON; run pulumi stack export here");
  }
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

/** Runs the CLI to its end; a signal is passed on, and its end awaited: the engine then stops by itself. */
function ask({ cwd }: Where, args: readonly string[]): Promise<Said> {
  return new Promise((done, failed) => {
    const { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: _, ...env } = process.env;
    const child = spawn("pulumi", [...args, "--non-interactive", "--color=never"], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (piece: Buffer) => stdout.push(piece));
    child.stderr.on("data", (piece: Buffer) => stderr.push(piece));
    let stopped = false;
    const stop = (signal: NodeJS.Signals): void => {
      stopped = true;
      child.kill(signal);
    };
    process.on("SIGINT", stop).on("SIGTERM", stop);
    const over = (): void => void process.off("SIGINT", stop).off("SIGTERM", stop);
    child.on("error", (error: NodeJS.ErrnoException) => {
      over();
      const cause = error.code === "ENOENT" ? "there is no pulumi on PATH; install it" : `pulumi can't be started (${error.code})`;
      failed(new CommandError(Exit.usage, `drift: ${cause}`));
    });
    child.on("close", (code) => {
      over();
      if (stopped) return failed(new CommandError(Exit.interrupted, "drift: interrupted; nothing was changed"));
      done({ code, stdout: Buffer.concat(stdout).toString("utf8"), stderr: Buffer.concat(stderr).toString("utf8") });
    });
  });
}
