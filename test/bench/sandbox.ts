// The sandbox of the measurements: a process of its own, so that it doesn't share our event loop, and the log that requests are
// counted in.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Control, type RequestEntry } from "exchange-keys-sandbox";

const root = join(__dirname, "../..");

/** What `exchange-keys sandbox --json` prints. */
interface Ready {
  readonly venues: {
    readonly bitfinex: { readonly url: string; readonly account: { readonly apiKey: string; readonly apiSecret: string } };
  };
  readonly control: { readonly url: string; readonly token: string };
}

export class BenchSandbox {
  readonly control: Control;

  private constructor(
    private readonly child: ChildProcess,
    private readonly ready: Ready,
  ) {
    this.control = new Control(ready.control);
  }

  /** Started, with the venue's limits off. */
  static async open(): Promise<BenchSandbox> {
    const command = join(root, "cli/dist/main.js");
    const child = spawn(process.execPath, [command, "sandbox", "--json", "--venues", "bitfinex"], { stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface(child.stdout)) {
      const sandbox = new BenchSandbox(child, JSON.parse(line) as Ready);
      await sandbox.limit({ enabled: false });
      return sandbox;
    }
    throw new Error("the sandbox ended before it was ready");
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill("SIGTERM");
    await ended;
  }

  /** The account of the stack's configuration, by references: no secret in the state. */
  account(rate: unknown): Readonly<Record<string, unknown>> {
    const address = new URL(this.ready.venues.bitfinex.url).host;
    return { venue: "bitfinex", environment: "sandbox", address, rate, apiKeyEnv: "BENCH_KEY", apiSecretEnv: "BENCH_SECRET" };
  }

  /** What the references name. */
  get env(): NodeJS.ProcessEnv {
    const { apiKey, apiSecret } = this.ready.venues.bitfinex.account;
    return { BENCH_KEY: apiKey, BENCH_SECRET: apiSecret };
  }

  limit(limits: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.control.patch("/venues/bitfinex/limits", limits);
  }

  /** The requests that the venue got meanwhile, in order of arrival. */
  async during(what: () => Promise<unknown>): Promise<readonly RequestEntry[]> {
    const { latest } = await this.control.get<{ latest: number }>("/requests");
    await what();
    return (await this.control.get<{ requests: RequestEntry[] }>(`/requests?venue=bitfinex&since=${latest}`)).requests;
  }
}
