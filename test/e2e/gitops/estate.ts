// What a company has that works as examples/gitops/github-actions says: the repository, a stack on the real engine, and who knows which secret.

import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Market } from "../market";
import { ok, root, Stack } from "../stack";
import { GitHub } from "./github";
import { runWorkflow, type Event, type Ran, type Runner } from "./workflow";

const EXAMPLE = join(root, "examples/gitops/github-actions");
const COMMAND = join(root, "cli/dist/main.js");
export const PASSPHRASE = "the passphrase of production";

export class Estate {
  private constructor(
    readonly market: Market,
    readonly stack: Stack<Market>,
    readonly github: GitHub,
    readonly runner: Runner,
    /** What is merged: a folder. */
    readonly main: string,
  ) {}

  static async open(): Promise<Estate> {
    const market = await Market.open(["bybit"]);
    const stack = await Stack.open(market, { project: "exchange-keys-gitops", stack: "production" });
    await ok(stack.run("stack", "rm", "--yes"));
    stack.env["PULUMI_CONFIG_PASSPHRASE"] = PASSPHRASE;
    await ok(stack.run("stack", "init", "production"));
    const github = new GitHub(join(stack.folder, "github"));
    const main = join(stack.folder, "main");
    cpSync(EXAMPLE, main, { recursive: true });
    const { BYBIT_APIKEY: apiKey, BYBIT_APISECRET: apiSecret } = market.env as Record<string, string>;
    const shared = { PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };
    const observer = { ...shared, BYBIT_OBSERVER_KEY: apiKey!, BYBIT_OBSERVER_SECRET: apiSecret! };
    const secrets = { state: shared, observe: observer, apply: { ...observer, BYBIT_API_KEY: apiKey!, BYBIT_API_SECRET: apiSecret! } };
    const vars = { PULUMI_BACKEND_URL: stack.env["PULUMI_BACKEND_URL"]! };
    const runner = { folder: stack.folder, github, env: environment(stack, github), secrets, vars };
    const estate = new Estate(market, stack, github, runner, main);
    estate.#configure();
    return estate;
  }

  /** The example's file, with the sandbox's account; the ceiling and the journal's place are production's. */
  #configure(): void {
    const salt = /^encryptionsalt:.*$/m.exec(readFileSync(join(this.stack.cwd, "Pulumi.production.yaml"), "utf8"))![0];
    const observer = { apiKeyEnv: "BYBIT_OBSERVER_KEY", apiSecretEnv: "BYBIT_OBSERVER_SECRET" };
    const account = this.market.settings("bybit", { apiKeyEnv: "BYBIT_API_KEY", apiSecretEnv: "BYBIT_API_SECRET", observer });
    const settings = { accounts: { "bybit-master": account }, testClock: this.market.testClock, renew: "none" };
    const config = Object.entries(settings).map(([key, value]) => `  exchange-keys:${key}: ${JSON.stringify(value)}`);
    writeFileSync(join(this.main, "Pulumi.production.yaml"), [salt, "config:", ...config, ""].join("\n"));
  }

  async close(): Promise<void> {
    await this.stack.close();
    await this.market.close();
  }

  /** A branch: the base with its program changed. */
  branch(name: string, how: (program: string) => string): string {
    const folder = join(this.stack.folder, `branch-${name}`);
    cpSync(this.main, folder, { recursive: true });
    const file = join(folder, "index.ts");
    writeFileSync(file, how(readFileSync(file, "utf8")));
    return folder;
  }

  merge(branch: string): void {
    cpSync(branch, this.main, { recursive: true });
  }

  #runs = 0;

  /** Runs a workflow of the base branch, or of a pull request's commit. */
  run(
    file: string,
    github: Readonly<Record<string, unknown>> = {},
    of: Partial<Event> = {},
    secrets = this.runner.secrets,
  ): Promise<Record<string, Ran>> {
    this.#runs += 1;
    const all = { run_id: this.#runs, server_url: "https://github.invalid", repository: "acme/keys", event_name: "push", ...github };
    return runWorkflow({ ...this.runner, secrets }, file, {
      github: all,
      commit: this.main,
      run: { id: this.#runs, branch: "main" },
      ...of,
    });
  }

  get latestRun(): number {
    return this.#runs;
  }
}

/** Of every step of every job: the commands, and nothing that anybody has to keep secret. */
function environment(stack: Stack<Market>, github: GitHub): NodeJS.ProcessEnv {
  const bin = join(stack.folder, "bin");
  mkdirSync(bin);
  script(join(bin, "gh"), `exec ${process.execPath} ${join(__dirname, "gh.cjs")} "$@"`);
  script(join(bin, "exchange-keys"), `exec ${process.execPath} ${COMMAND} "$@"`);
  const { PULUMI_BACKEND_URL: _, PULUMI_CONFIG_PASSPHRASE: __, BFX_KEY: ___, BFX_SECRET: ____, ...env } = stack.env;
  const PATH = [bin, env["PATH"]].join(delimiter);
  return {
    ...env,
    PATH,
    GH_WORLD: github.folder,
    GITHUB_REPOSITORY: "acme/keys",
    EXCHANGE_KEYS: join(bin, "exchange-keys"),
  };
}

function script(file: string, text: string): void {
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}
