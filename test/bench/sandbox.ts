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
  readonly venues: Readonly<Record<string, { readonly url: string; readonly account: Readonly<Record<string, string>> }>>;
  readonly control: { readonly url: string; readonly token: string };
}

const MEMBERS: Readonly<Record<string, string>> = { BENCH_KEY: "apiKey", BENCH_SECRET: "apiSecret", BENCH_PASSPHRASE: "passphrase" };

export class BenchSandbox {
  readonly control: Control;

  private constructor(
    readonly venue: string,
    private readonly child: ChildProcess,
    private readonly ready: Ready,
  ) {
    this.control = new Control(ready.control);
  }

  /** Started with one venue, its limits off. */
  static async open(venue = "bitfinex"): Promise<BenchSandbox> {
    const command = join(root, "cli/dist/main.js");
    const child = spawn(process.execPath, [command, "sandbox", "--json", "--venues", venue], { stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface(child.stdout)) {
      const sandbox = new BenchSandbox(venue, child, JSON.parse(line) as Ready);
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
    const address = new URL(this.#there.url).host;
    const references = Object.keys(this.env).map((name) => [`${MEMBERS[name] ?? ""}Env`, name] as const);
    return {
      venue: this.venue,
      environment: "sandbox",
      address,
      ...(rate === undefined ? {} : { rate }),
      ...Object.fromEntries(references),
    };
  }

  /** What the references name. */
  get env(): NodeJS.ProcessEnv {
    const { account } = this.#there;
    return Object.fromEntries(
      Object.entries(MEMBERS).flatMap(([name, member]) => (account[member] === undefined ? [] : [[name, account[member]]])),
    );
  }

  get #there(): Ready["venues"][string] {
    return this.ready.venues[this.venue]!;
  }

  limit(limits: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.control.patch(`/venues/${this.venue}/limits`, limits);
  }

  /** The requests that the venue got meanwhile, in order of arrival. */
  async during(what: () => Promise<unknown>): Promise<readonly RequestEntry[]> {
    const { latest } = await this.control.get<{ latest: number }>("/requests");
    await what();
    return (await this.control.get<{ requests: RequestEntry[] }>(`/requests?venue=${this.venue}&since=${latest}`)).requests;
  }
}
