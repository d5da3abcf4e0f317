// What the tests of the provider process stand on: a sandbox, a journal in a folder of its own, processes configured for both, and at
// the end of each test a search for secrets in all that was printed and written.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RequestEntry } from "../../sandbox/index";
import { Bed } from "../sandbox/caller";
import { ProviderProcess, Refused, type StartOptions } from "./process";
import { reportInputs, type Properties, type Registered } from "./program";

// Each test starts processes, on machines that may do other things too.
jest.setTimeout(60_000);

export interface TokenView {
  readonly id: string;
  readonly caps: readonly string[];
  readonly write: boolean;
  readonly alive: boolean;
  readonly token: string;
}

/** A resource as the engine holds it. */
export interface Held {
  readonly id: string;
  readonly inputs: Properties;
  readonly outs: Properties;
}

export class Stage {
  #processes: ProviderProcess[] = [];
  #folder = "";
  /** Tokens of the tests before. */
  readonly #former = new Set<string>();
  /** Secrets that the tests made up themselves. */
  readonly secrets = new Set<string>();

  private constructor(
    readonly bed: Bed,
    /** Of the resource that tests ask for: an access token "report" for the account "main", unless said otherwise. */
    readonly inputs: Registered["inputs"],
  ) {
    this.#folder = mkdtempSync(join(tmpdir(), "exchange-keys-"));
  }

  static async open(asked: Promise<Registered["inputs"]> = reportInputs()): Promise<Stage> {
    const [bed, inputs] = await Promise.all([Bed.open(), asked]);
    return new Stage(bed, inputs);
  }

  async close(): Promise<void> {
    await this.bed.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get journal(): string {
    return join(this.#folder, "journal");
  }

  /** A file of this test's folder. */
  file(name: string): string {
    return join(this.#folder, name);
  }

  /** The members of the sandbox's account, changed as wanted; `undefined` takes one away. */
  account(changes: Properties = {}): Properties {
    const { host } = new URL(this.bed.url);
    return { venue: "bitfinex", environment: "sandbox", address: host, ...this.bed.account, rate: "off", ...changes };
  }

  /** The stack's configuration with accounts, and further settings without their namespace. */
  config(accounts: Properties = { main: this.account() }, settings: Readonly<Record<string, string>> = {}): Record<string, string> {
    const all: Record<string, string> = { accounts: JSON.stringify(accounts), journal: this.journal, ...settings };
    return Object.fromEntries(Object.entries(all).map(([name, value]) => [`exchange-keys:${name}`, value]));
  }

  async start(config: Readonly<Record<string, string>> = this.config(), options: StartOptions = {}): Promise<ProviderProcess> {
    const started = await ProviderProcess.start(config, { ...options, env: { HOME: this.#folder, ...options.env } });
    this.#processes.push(started);
    return started;
  }

  /** The engine's way to a new resource: check, then create. */
  async issue(provider: ProviderProcess, changes: Properties = {}): Promise<Held> {
    const { inputs, failures } = await provider.check({ ...this.inputs, ...changes });
    expect(failures).toEqual([]);
    return { inputs, ...(await provider.create(inputs)) };
  }

  /** The engine's way to a changed one: check, diff, then update where something differs. */
  async change(provider: ProviderProcess, held: Held, changes: Properties = {}): Promise<Held> {
    const { inputs, failures } = await provider.check({ ...this.inputs, ...changes }, held.inputs);
    expect(failures).toEqual([]);
    const { changes: differs } = await provider.diff(held.id, held.outs, inputs);
    return { ...held, inputs, outs: differs ? await provider.update(held.id, held.outs, inputs) : held.outs };
  }

  /** The tokens that this test has had issued. */
  async tokens(): Promise<readonly TokenView[]> {
    const all = await this.bed.control.get<TokenView[]>("/venues/bitfinex/tokens?secrets=true");
    return all.filter(({ id }) => !this.#former.has(id));
  }

  /** The tokens that someone could use now. */
  async alive(): Promise<readonly string[]> {
    return (await this.tokens()).filter(({ alive }) => alive).map(({ token }) => token);
  }

  /** The sandbox's requests since the last `settle`, as method-less paths below /v2/. */
  async requests(): Promise<readonly string[]> {
    const { requests } = await this.bed.control.get<{ requests: RequestEntry[] }>("/requests");
    return requests.map(({ path }) => path.replace("/v2/", ""));
  }

  /** The journal's entries; each must be readable by its owner alone. */
  entries(): readonly Properties[] {
    const names = readdirSync(this.#folder).includes("journal") ? readdirSync(this.journal) : [];
    if (names.length > 0) expect(statSync(this.journal).mode & 0o777).toBe(0o700);
    return names
      .filter((name) => name.endsWith(".json"))
      .map((name) => {
        expect(statSync(join(this.journal, name)).mode & 0o777).toBe(0o600);
        return JSON.parse(readFileSync(join(this.journal, name), "utf8")) as Properties;
      });
  }

  /** What goes wrong with requests to a path below /v2/, once `after` of them have passed. */
  fault(path: string, what: Properties, after = 0): Promise<{ readonly id: string }> {
    return this.bed.control.post("/faults", { venue: "bitfinex", match: { path: `/v2/${path}`, after }, ...what });
  }

  /** Resolves once a request stands held by this fault. */
  async held({ id }: { readonly id: string }): Promise<void> {
    const { reached } = await this.bed.control.get<{ reached: boolean }>(`/faults/${id}/wait`);
    expect(reached).toBe(true);
  }

  async release({ id }: { readonly id: string }): Promise<void> {
    await this.bed.control.post(`/faults/${id}/release`);
  }

  /** All that the processes have printed. */
  get printed(): string {
    return this.#processes.map(({ printed }) => printed).join("");
  }

  /** After each test: nothing secret and no stack was printed or journalled; then all is as it was at the beginning. */
  async settle(): Promise<void> {
    const { control } = this.bed;
    await Promise.all(this.#processes.map((process) => process.end()));
    const { printed } = this;
    const written = JSON.stringify(this.entries());
    const keys = await control.get<{ apiKey: string; apiSecret: string }[]>("/venues/bitfinex/keys?secrets=true");
    const secrets = [
      ...this.secrets,
      ...keys.flatMap(({ apiKey, apiSecret }) => [apiKey, apiSecret]),
      ...(await this.tokens()).map(({ token }) => token),
    ];
    for (const secret of secrets) {
      expect(printed).not.toContain(secret);
      expect(written).not.toContain(secret);
    }
    expect(printed).not.toMatch(/^\s*at .+:\d+:\d+\)?$/m);
    this.#processes = [];
    this.secrets.clear();
    rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = mkdtempSync(join(tmpdir(), "exchange-keys-"));
    await control.delete("/faults");
    await control.post("/clock", { offsetMs: 0 });
    await control.put("/venues/bitfinex/maintenance", { on: false });
    const switches = await control.get<Properties>("/venues/bitfinex/switches");
    await this.bed.switches(Object.fromEntries(Object.keys(switches).map((name) => [name, null])));
    for (const { id } of await this.tokens()) {
      await control.delete(`/venues/bitfinex/tokens/${id}`);
      this.#former.add(id);
    }
    await control.delete("/requests");
  }
}

/** What a call of the process fails with. */
export async function refusal(call: Promise<unknown>): Promise<Refused> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Refused) return error;
  throw new Error("it wasn't refused", { cause: error });
}
