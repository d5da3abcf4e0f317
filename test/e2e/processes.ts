// The processes of a story: the CLI, and what it starts. Only those are ever killed, each by the id that it wrote down itself.

import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** What a command said, and how it ended: null where it was killed. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, for what may be said in either. */
  readonly text: string;
}

export interface Running {
  readonly ended: Promise<Ended>;
  readonly pid: number;
  /** What it has printed so far, both streams as they came. */
  said(): string;
  /** kill -9 of the command alone; what it started lives on. */
  kill(): Promise<void>;
}

/** Longer than any single run takes, on a loaded machine too. */
const PATIENCE_MS = 120_000;

/** Starts a command, `input` piped in; one that doesn't end in time is killed and fails. */
export function start(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv, input?: string): Running {
  const child = spawn(command, args, { cwd, env, stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  let said = "";
  child.stdout!.setEncoding("utf8").on("data", (piece: string) => ((stdout += piece), (said += piece)));
  child.stderr!.setEncoding("utf8").on("data", (piece: string) => ((stderr += piece), (said += piece)));
  child.stdin?.on("error", () => undefined); // one that ends without reading it isn't wrong
  child.stdin?.end(input);
  const ended = new Promise<Ended>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`${command} ${args.join(" ")} didn't end within ${PATIENCE_MS / 1000} s:\n${stdout}${stderr}`));
    }, PATIENCE_MS);
    child.on("error", reject);
    child.on("exit", (code) => {
      // Not "close": a provider that outlives a killed engine may hold its pipes.
      const settle = (): void => resolve({ code, stdout, stderr, text: stdout + stderr });
      clearTimeout(timer);
      if (code === null) settle();
      else child.on("close", settle);
    });
  });
  return {
    ended,
    pid: child.pid ?? 0,
    said: () => said,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Waits for a state of the world that nothing announces, such as the end of a process that isn't our child. */
export async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>, withinMs = 60_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
    await sleep(20);
  }
}

interface Line {
  readonly pid: number;
  readonly script: string;
  readonly event: "start" | "end";
  readonly code?: number;
}

/** What preload.cjs wrote. */
export class ProcessLog {
  constructor(readonly file: string) {}

  /** Ids of the provider processes so far, the latest last. */
  providers(): readonly number[] {
    return this.#lines()
      .filter(({ event, script }) => event === "start" && script.includes("dynamic-provider"))
      .map(({ pid }) => pid);
  }

  /** Waits until a process has ended by itself; answers its exit code. */
  ended(pid: number): Promise<number> {
    return until(`process ${pid} ends`, () => this.#lines().find((line) => line.pid === pid && line.event === "end")?.code);
  }

  /** Ids of all that have not said that they ended. */
  left(): readonly number[] {
    const lines = this.#lines();
    const over = new Set(lines.filter(({ event }) => event === "end").map(({ pid }) => pid));
    return lines.map(({ pid }) => pid).filter((pid) => !over.has(pid));
  }

  #lines(): readonly Line[] {
    if (!existsSync(this.file)) return [];
    const text = readFileSync(this.file, "utf8");
    return text
      .slice(0, text.lastIndexOf("\n") + 1)
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Line);
  }
}

/**
 * Ids of processes that have this log in their environment, Node's or not: the language host of a killed engine takes five minutes to
 * notice. Where there is no /proc, they are left to that.
 */
export function startedWith(log: ProcessLog): readonly number[] {
  if (!existsSync("/proc/self/environ")) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environment(pid).includes(`EXCHANGE_KEYS_PROCESSES=${log.file}`))
    .map(Number);
}

function environment(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // it has gone, or is somebody else's
  }
}

/** kill -9; one that has gone is no error. */
export function killHard(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
