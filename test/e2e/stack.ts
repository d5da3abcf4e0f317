// A stack on the real engine: a project in a folder of its own, with its own backend, home, journal and passphrase, whose account is a
// sandbox's. Programs are written from what a test declares.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { refusingProxy, type RefusingProxy } from "../proxy";
import type { Venue } from "./venue";
import { killHard, ProcessLog, start, startedWith, type Ended, type Running } from "./processes";

export const root = join(__dirname, "../..");

/** Files that `stack init` writes, by project and stack. */
const initial = new Map<string, ReadonlyMap<string, string>>();

/** The CLI; without one there is no such test, and it fails. */
export function pulumi(): string {
  const binary = process.env["EXCHANGE_KEYS_PULUMI"];
  if (binary !== undefined && existsSync(binary)) return binary;
  throw new Error(`EXCHANGE_KEYS_PULUMI names no Pulumi CLI (${binary ?? "it isn't set"}): run the tests by \`npm test\`, which gets one`);
}

export interface StackOptions {
  readonly project?: string;
  readonly stack?: string;
  /** A folder for the journal, to be shared; its own without it. */
  readonly state?: string;
  /** What `node_modules` of the project is a link to; this repository's without it. Null: none, packages will be installed there. */
  readonly packages?: string | null;
}

/** Where a stack's accounts are: one sandbox, or several venues of one. */
export interface Grounds {
  readonly account: { readonly apiKey: string; readonly apiSecret: string };
  /** Host and port of the venue that the account `main` is at. */
  readonly address: string;
  readonly testClock: string;
}

/** One resource as the state holds it. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** One step of `preview --json`. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: Resource;
  readonly newState?: Resource;
}

export interface Preview extends Ended {
  /** Of key resources alone; those that stay the same, and the looks of a refresh, are left out. */
  readonly steps: readonly Step[];
}

/** Arguments of an access token, the account's handle left out; `options` are the resource's, as source text. */
export type TokenArgs = Readonly<Record<string, unknown>> & { readonly options?: string };

/** What most stories declare. */
export const REPORT = { permissions: { account: "read", wallets: "read" }, lifetime: "24h", allowedIps: "anywhere" } as const;

export class Stack<V extends Grounds = Venue> {
  /** Everything of this stack is below it. */
  readonly folder: string;
  readonly log: ProcessLog;
  /** What every run printed, for the search for secrets. */
  readonly said: string[] = [];
  /** Environment of the runs, to be changed by tests. */
  readonly env: NodeJS.ProcessEnv;
  readonly #running = new Set<Running>();

  private constructor(
    readonly venue: V,
    readonly proxy: RefusingProxy,
    readonly project: string,
    readonly name: string,
    state: string | undefined,
  ) {
    this.folder = mkdtempSync(join(tmpdir(), "exchange-keys-e2e-"));
    this.log = new ProcessLog(join(this.folder, "processes"));
    const home = join(this.folder, "home");
    for (const each of ["project", "backend", "home"]) mkdirSync(join(this.folder, each));
    const preloads = [join(root, "test/network-guard.cjs"), join(__dirname, "preload.cjs")];
    this.env = {
      ...proxy.env,
      PATH: [join(root, "node_modules/.bin"), dirname(pulumi()), process.env["PATH"]].join(delimiter),
      HOME: home,
      PULUMI_HOME: join(home, ".pulumi"),
      PULUMI_BACKEND_URL: `file://${join(this.folder, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "a passphrase of tests",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      XDG_STATE_HOME: state ?? join(this.folder, "state"),
      TS_NODE_TRANSPILE_ONLY: "1",
      NO_COLOR: "1",
      NODE_OPTIONS: preloads.map((file) => `--require=${file}`).join(" "),
      EXCHANGE_KEYS_PROCESSES: this.log.file,
      BFX_KEY: venue.account.apiKey,
      BFX_SECRET: venue.account.apiSecret,
    };
  }

  /** Makes the project and the stack, and configures the account `main` by references and the test clock. */
  static async open<V extends Grounds>(venue: V, options: StackOptions = {}): Promise<Stack<V>> {
    const { project = "desk", stack: name = "dev", state, packages = join(root, "node_modules") } = options;
    pulumi(); // fails before anything is opened that would have to be closed
    const stack = new Stack(venue, await refusingProxy(), project, name, state);
    try {
      stack.runtime({ typescript: false });
      writeFileSync(join(stack.cwd, "package.json"), '{ "private": true }\n');
      if (packages !== null) symlinkSync(packages, join(stack.cwd, "node_modules"));
      await stack.#init();
      stack.configure();
      stack.declare({});
    } catch (error) {
      await stack.close();
      throw error;
    }
    return stack;
  }

  /** `stack init`, once for each name in a test file: its files are small, and later stacks begin with the same. */
  async #init(): Promise<void> {
    const id = `${this.project}/${this.name}`;
    const known = initial.get(id);
    for (const [file, text] of known ?? []) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      writeFileSync(join(this.folder, file), text);
    }
    if (known !== undefined) return;
    await ok(this.run("stack", "init", this.name));
    const entries = readdirSync(join(this.folder, "backend"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const files = [...entries.map((entry) => join(entry.parentPath, entry.name)), join(this.cwd, `Pulumi.${this.name}.yaml`)];
    initial.set(id, new Map(files.map((file) => [relative(this.folder, file), readFileSync(file, "utf8")])));
  }

  /** Ends what still runs and takes the folder away. */
  async close(): Promise<void> {
    for (const running of this.#running) await running.kill();
    for (const pid of [...this.log.left(), ...startedWith(this.log)]) killHard(pid);
    await this.proxy.close();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The project's folder. */
  get cwd(): string {
    return join(this.folder, "project");
  }

  /** Where the journal's entries are. */
  get journal(): string {
    return join(this.env["XDG_STATE_HOME"]!, "exchange-keys", "journal");
  }

  /** A killed engine leaves the stack so. */
  get locked(): boolean {
    const folder = join(this.folder, "backend/.pulumi/locks/organization", this.project, this.name);
    return existsSync(folder) && readdirSync(folder).length > 0;
  }

  /** Entries of the journal that aren't known to stand in the state, of one resource where named. */
  openEntries(name?: string): readonly Readonly<Record<string, unknown>>[] {
    const of = (identity: unknown): boolean => name === undefined || (identity as { name: string }).name === name;
    return this.entries().filter(({ status, identity }) => status !== "recorded" && of(identity));
  }

  /** All entries of the journal. */
  entries(): readonly Readonly<Record<string, unknown>>[] {
    if (!existsSync(this.journal)) return [];
    const files = readdirSync(this.journal).filter((file) => file.endsWith(".json"));
    return files.map((file) => JSON.parse(readFileSync(join(this.journal, file), "utf8")) as Record<string, unknown>);
  }

  /** The account `main`, with changed members; undefined takes one away. */
  account(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    return {
      venue: "bitfinex",
      environment: "sandbox",
      address: this.venue.address,
      apiKeyEnv: "BFX_KEY",
      apiSecretEnv: "BFX_SECRET",
      ...changes,
    };
  }

  /** Writes the stack's configuration under `exchange-keys:`; JSON is YAML. */
  configure(settings: Readonly<Record<string, unknown>> = {}): void {
    const file = join(this.cwd, `Pulumi.${this.name}.yaml`);
    const salt = /^encryptionsalt:.*$/m.exec(readFileSync(file, "utf8"))![0];
    const all = { accounts: { main: this.account() }, testClock: this.venue.testClock, ...settings };
    const config = Object.entries(all).map(([key, value]) => `  exchange-keys:${key}: ${JSON.stringify(value)}`);
    writeFileSync(file, [salt, "config:", ...config, ""].join("\n"));
  }

  /** Writes Pulumi.yaml. A program in JavaScript starts sooner where TypeScript isn't loaded for it. */
  runtime(options: Readonly<Record<string, unknown>>): void {
    writeFileSync(join(this.cwd, "Pulumi.yaml"), `name: ${this.project}\nruntime: ${JSON.stringify({ name: "nodejs", options })}\n`);
  }

  /** Writes a program of these access tokens, by name. */
  declare(tokens: Readonly<Record<string, TokenArgs>>): void {
    const lines = Object.entries(tokens).map(([name, { options = "{}", ...args }]) => {
      const key = JSON.stringify(name);
      return `exports[${key}] = new bitfinex.AccessToken(${key}, { account, ...${JSON.stringify(args)} }, ${options}).credential;`;
    });
    const head = ['const { bitfinex } = require("pulumi-exchange-keys");', 'const account = bitfinex.account("main");'];
    this.program([...head, ...lines].join("\n"));
  }

  program(text: string, file = "index.js"): void {
    writeFileSync(join(this.cwd, file), `${text}\n`);
  }

  up(...args: string[]): Promise<Ended> {
    return this.run("up", "--yes", "--skip-preview", ...args);
  }

  refresh(...args: string[]): Promise<Ended> {
    return this.run("refresh", "--yes", "--skip-preview", ...args);
  }

  destroy(...args: string[]): Promise<Ended> {
    return this.run("destroy", "--yes", "--skip-preview", ...args);
  }

  /** `preview --json`; where it failed there are no steps. */
  async preview(...args: string[]): Promise<Preview> {
    const ended = await this.run("preview", "--json", ...args);
    const all = parsed<{ steps?: Step[] }>(ended.stdout)?.steps ?? [];
    return { ...ended, steps: all.filter(({ urn, op }) => urn.includes("exchange-keys") && op !== "same" && op !== "refresh") };
  }

  /** `preview --diff`: what a person reads. */
  async previewText(...args: string[]): Promise<string> {
    return (await this.run("preview", "--diff", ...args)).text;
  }

  /** `stack export`, as it is printed. */
  async export(...args: string[]): Promise<string> {
    return (await this.run("stack", "export", ...args)).stdout;
  }

  /** A key resource in the state's file, secrets encrypted. Undefined where there is none of that name. */
  resource(name: string): Resource | undefined {
    return this.resources().find(({ urn }) => urn.endsWith(`::${name}`));
  }

  /** All key resources in the state's file. */
  resources(): readonly Resource[] {
    const file = join(this.folder, "backend/.pulumi/stacks", this.project, `${this.name}.json`);
    const state = parsed<{ checkpoint: { latest?: { resources?: Resource[] } } }>(readFileSync(file, "utf8"));
    return (state?.checkpoint.latest?.resources ?? []).filter(({ type }) => type.includes("exchange-keys"));
  }

  /** Runs the CLI to its end. A failure is a result. */
  run(...args: string[]): Promise<Ended> {
    return this.start(...args).ended;
  }

  /** Starts the CLI, the engine within it. */
  start(...args: string[]): Running {
    const running = start(pulumi(), [...args, "--non-interactive", "--stack", this.name].filter(wanted(args)), this.cwd, this.env);
    this.#running.add(running);
    const ended = running.ended.then((result) => {
      this.#running.delete(running);
      this.said.push(result.text);
      return result;
    });
    return { ...running, ended };
  }
}

/** The inputs that one step changes, with their new values; what is taken away is undefined. */
export function changes({ oldState, newState }: Step): Record<string, unknown> {
  const [before, after] = [oldState?.inputs ?? {}, newState?.inputs ?? {}];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return Object.fromEntries(names.filter((name) => !isDeepStrictEqual(before[name], after[name])).map((name) => [name, after[name]]));
}

/** Insists on success. */
export async function ok<T extends Ended>(run: Promise<T>): Promise<T> {
  const ended = await run;
  if (ended.code !== 0) throw new Error(`the CLI ended with ${ended.code}:\n${ended.text}`);
  return ended;
}

/** Insists on failure. */
export async function fails<T extends Ended>(run: Promise<T>): Promise<T> {
  const ended = await run;
  if (ended.code === 0 || ended.code === null) throw new Error(`the CLI ended with ${ended.code}, and should have failed:\n${ended.text}`);
  return ended;
}

/** `stack init` and its like take the stack's name as an argument of their own. */
function wanted(args: readonly string[]): (arg: string, index: number, all: readonly string[]) => boolean {
  const named = args[0] === "stack" && args[1] === "init";
  return (arg, index, all) => !named || (arg !== "--stack" && all[index - 1] !== "--stack");
}

function parsed<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
