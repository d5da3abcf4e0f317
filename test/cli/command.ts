// The command as a child process: its output by stream, its end, and what it has printed so far.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export const MAIN = join(__dirname, "..", "..", "cli", "dist", "main.js");

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Once this stands on stderr. */
  said(what: RegExp): Promise<RegExpExecArray>;
}

export interface Circumstances {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Standard input, whole. */
  readonly stdin?: string;
}

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

export function start(args: readonly string[], { cwd, env, stdin }: Circumstances): Running {
  // A session of its own: whoever runs the tests in a terminal would lend it otherwise.
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  started.push(child);
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (out += piece));
  child.stderr.setEncoding("utf8").on("data", (piece: string) => (err += piece));
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin ?? "");
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, out, err }));
  const said = (what: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = what.exec(err);
        if (match !== null) resolve(match);
      };
      child.stderr.on("data", look);
      void ended.then(() => reject(new Error(`ended before it said ${what}: ${err}`)));
      look();
    });
  return { child, ended, said };
}

export const run = (args: readonly string[], circumstances: Circumstances): Promise<Ended> => start(args, circumstances).ended;
