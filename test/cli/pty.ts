// A command on a terminal of its own, by `script` of util-linux; absent where the system hasn't got that one.

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Whether there is a `script` that takes a command and hands its exit code on. */
export const hasPty = /util-linux/.test(spawnSync("script", ["--version"], { encoding: "utf8" }).stdout ?? "");

export class Pty {
  seen = "";
  #from = 0;
  readonly ended: Promise<number | null>;
  readonly #looks = new Set<() => void>();
  readonly #child: ChildProcess;

  /** `command` is for a shell. */
  constructor(command: string, options: { readonly env: Readonly<Record<string, string>>; readonly cwd: string }) {
    this.#child = spawn("script", ["--quiet", "--return", "--flush", "--command", command, "/dev/null"], {
      ...{ env: { ...options.env, TERM: "xterm" }, cwd: options.cwd, stdio: ["pipe", "pipe", "inherit"] },
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (piece: string) => {
      this.seen += piece;
      for (const look of [...this.#looks]) look();
    });
    this.ended = once(this.#child, "close").then(([code]) => code as number | null);
  }

  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  end(): void {
    this.#child.kill("SIGKILL");
  }

  /** What appeared since the last time, up to this. */
  see(what: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const match = what.exec(this.seen.slice(this.#from));
        if (match === null) return;
        this.#looks.delete(look);
        this.#from += match.index + match[0].length;
        resolve(match);
      };
      void this.ended.then(() => reject(new Error(`ended before it showed ${what}: ${this.seen}`)));
      this.#looks.add(look);
      look();
    });
  }
}
