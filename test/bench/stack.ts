// One Pulumi project in a folder of its own, with a local file backend, and the time that each run of the CLI takes.

import { spawn, type ChildProcess } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const root = join(__dirname, "../..");

export type Operation = "up" | "refresh" | "destroy";

/** Plain JavaScript, so that no type check and no compiler is in the figures. */
export const PROGRAMS = {
  /** The engine's floor: a provider with nothing but an empty `create`. */
  bare: (count: number) => `const pulumi = require("@pulumi/pulumi");
const provider = { create: async () => ({ id: "nothing", outs: {} }) };
for (let n = 0; n < ${count}; n += 1) new pulumi.dynamic.Resource(provider, "bare-" + n, {});
`,
  /** Bare resources, the last of which looks at its process: provider.cjs. */
  watched: (count: number) => `const pulumi = require("@pulumi/pulumi");
const create = async () => {
  globalThis.made = (globalThis.made ?? 0) + 1;
  if (globalThis.made === ${count}) globalThis.benchLook();
  return { id: "nothing", outs: {} };
};
const provider = { create };
for (let n = 0; n < ${count}; n += 1) new pulumi.dynamic.Resource(provider, "bare-" + n, {});
`,
  /** Written by the measurement itself: `program`. */
  written: (count: number) => `throw new Error("${count}: nothing was written");\n`,
  tokens: (count: number) => `const { bitfinex } = require("pulumi-exchange-keys");
const account = bitfinex.account("main");
const args = { account, permissions: { account: "read", wallets: "read" }, lifetime: "24h", allowedIps: "anywhere" };
for (let n = 0; n < ${count}; n += 1) new bitfinex.AccessToken("token-" + n, args);
`,
} as const;

export class BenchStack {
  readonly #folder = mkdtempSync(join(tmpdir(), "exchange-keys-bench-"));
  #running: ChildProcess | undefined;
  readonly #env: NodeJS.ProcessEnv;

  constructor(
    private readonly name: keyof typeof PROGRAMS,
    env: NodeJS.ProcessEnv,
  ) {
    const home = join(this.#folder, "home");
    for (const each of ["project", "backend", "home"]) mkdirSync(join(this.#folder, each));
    this.#env = {
      PATH: process.env["PATH"],
      HOME: home,
      PULUMI_HOME: join(home, ".pulumi"),
      PULUMI_BACKEND_URL: `file://${join(this.#folder, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "a passphrase of the benchmark",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      XDG_STATE_HOME: join(this.#folder, "state"),
      ...env,
    };
  }

  /** Makes the project and the stack, with the account `main`. */
  async init(account: Readonly<Record<string, unknown>>): Promise<void> {
    writeFileSync(join(this.#project, "Pulumi.yaml"), "name: bench\nruntime: nodejs\n");
    symlinkSync(join(root, "node_modules"), join(this.#project, "node_modules"));
    this.declare(1);
    await this.run("stack", "init", "dev");
    const file = join(this.#project, "Pulumi.dev.yaml");
    appendFileSync(file, `config:\n  exchange-keys:accounts: ${JSON.stringify({ main: account })}\n`); // JSON is YAML
  }

  /** Ends a run in order, so that the engine ends its plugins, and takes the folder away. */
  async close(): Promise<void> {
    const running = this.#running;
    if (running !== undefined) {
      const ended = new Promise((resolve) => running.once("close", resolve));
      running.kill("SIGINT");
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Writes the program: so many resources. */
  declare(count: number): void {
    writeFileSync(join(this.#project, "index.js"), PROGRAMS[this.name](count));
  }

  /** Writes another program. */
  program(text: string): void {
    writeFileSync(join(this.#project, "index.js"), text);
  }

  /** Seconds from the start of the CLI to its end. */
  async time(operation: Operation): Promise<number> {
    const start = performance.now();
    await this.run(operation, "--yes", "--skip-preview", "--stack", "dev");
    return (performance.now() - start) / 1000;
  }

  /** Puts a folder of programs before all others. */
  search(folder: string): void {
    this.#env["PATH"] = [folder, this.#env["PATH"]].join(delimiter);
  }

  /** A file or folder of the caller's, taken away with the stack. */
  place(name: string): string {
    return join(this.#folder, name);
  }

  /** Lets the provider process be looked at. What it holds doesn't depend on how often the engine saves its state, which takes most time. */
  watch(): void {
    const preload = `--require=${join(__dirname, "provider.cjs")}`;
    Object.assign(this.#env, {
      NODE_OPTIONS: preload,
      BENCH_PROVIDER: this.socket,
      PULUMI_EXPERIMENTAL: "true",
      PULUMI_SKIP_CHECKPOINTS: "true",
    });
  }

  /** Where the watched provider process of the run that is under way answers. */
  get socket(): string {
    return join(this.#folder, "provider");
  }

  run(...args: string[]): Promise<void> {
    const command = process.env["EXCHANGE_KEYS_PULUMI"];
    if (command === undefined) throw new Error("EXCHANGE_KEYS_PULUMI names no Pulumi CLI: run this by `npm run bench`, which gets one");
    return new Promise((resolve, reject) => {
      const stdio = ["ignore", "pipe", "pipe"] as const;
      const child = spawn(command, [...args, "--non-interactive"], { cwd: this.#project, env: this.#env, stdio: [...stdio] });
      this.#running = child;
      let said = "";
      child.stdout.on("data", (piece) => (said += piece));
      child.stderr.on("data", (piece) => (said += piece));
      child.on("error", reject);
      child.on("close", (code) => {
        this.#running = undefined;
        if (code === 0) resolve();
        else reject(new Error(`pulumi ${args.join(" ")}: exit code ${code}\n${said}`));
      });
    });
  }

  get #project(): string {
    return join(this.#folder, "project");
  }
}
