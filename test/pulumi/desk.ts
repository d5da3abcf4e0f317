// What the tests of keys that a person makes stand on: the stage, a person at the sandbox who makes keys, and deposits as a ceremony
// seals them, with whatever is to be wrong about them.

import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { desiredHash, type Statement } from "../../provider/core/byhand";
import type { AllowedIps } from "../../provider/core/model";
import { fingerprint, Secret } from "../../provider/core/secret";
import { newId, seal, type Deposit } from "../../provider/ceremony/deposit";
import { localIdentity } from "../../provider/ceremony/identity";
import { writeStatement } from "../../provider/ceremony/statement";
import { grantsOf } from "../../provider/venues/bitfinex/convert";
import type { ProviderProcess } from "./process";
import { runProgram, type Properties, type Registered } from "./program";
import { refusal, Stage, type Held } from "./stage";

/** As the sandbox shows a key, with its secret. */
export interface Made {
  readonly id: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly label: string;
}

export const HERE = "203.0.113.10";
export const THERE = "198.51.100.7";
/** The sandbox's first account. */
export const ACCOUNT = "123456";
export const TRADING = { account: "read", history: "read", orders: "read-write", positions: "read", wallets: "read" } as const;
/** As `grantsOf` has them. */
export const TRADING_GRANTS = ["account:read", "history:read", "orders:read", "orders:write", "positions:read", "wallets:read"] as const;

/** The inputs of API keys as a program gives them; the first is "maker". */
export async function keyInputs(...names: readonly string[]): Promise<readonly Registered["inputs"][]> {
  const lines = ["maker", ...names].map(
    (name) => `new keys.bitfinex.ApiKey("${name}", {
      account: keys.bitfinex.account("main"), permissions: keys.bitfinex.presets.trading, allowedIps: ["${HERE}"], label: "${name}",
    });`,
  );
  return (await runProgram(lines.join("\n"))).registered.map(({ inputs }) => inputs);
}

export class Desk {
  readonly #made = new Set<string>();
  #drawn = 0;
  private constructor(
    readonly stage: Stage,
    readonly all: readonly Registered["inputs"][],
  ) {}

  static async open(...names: readonly string[]): Promise<Desk> {
    const asked = keyInputs(...names);
    return new Desk(await Stage.open(asked.then(([first]) => first!)), await asked);
  }

  close(): Promise<void> {
    return this.stage.close();
  }

  get inputs(): Registered["inputs"] {
    return this.stage.inputs;
  }

  get folder(): string {
    return this.stage.file("deposits");
  }

  /** A provider process that finds the deposits. */
  start(config?: Readonly<Record<string, string>>): Promise<ProviderProcess> {
    return this.stage.start(config, { env: { EXCHANGE_KEYS_DEPOSITS: this.folder } });
  }

  mark(): string {
    return (this.#drawn += 1).toString(16).padStart(16, "0");
  }

  /** On the web page. */
  async make(changes: Properties = {}): Promise<Made> {
    const label = `maker ${this.mark()}`;
    const made = await this.stage.bed.control.post<Made>("/venues/bitfinex/keys", {
      ...{ label, permissions: TRADING, allowedIps: [HERE] },
      ...changes,
    });
    this.#made.add(made.id);
    this.stage.secrets.add(made.apiSecret);
    return made;
  }

  edit({ id }: Pick<Made, "id">, changes: Properties): Promise<unknown> {
    return this.stage.bed.control.patch(`/venues/bitfinex/keys/${id}`, changes);
  }

  revoke({ id }: Pick<Made, "id">): Promise<unknown> {
    return this.stage.bed.control.delete(`/venues/bitfinex/keys/${id}`);
  }

  /** Keys of these tests that live. */
  async alive(): Promise<readonly string[]> {
    const keys = await this.stage.bed.control.get<(Made & { revokedAt: string | null })[]>("/venues/bitfinex/keys");
    return keys.filter(({ id, revokedAt }) => this.#made.has(id) && revokedAt === null).map(({ apiKey }) => apiKey);
  }

  /** The deposit that a ceremony would leave for a key of the first resource. */
  deposit(made: Made, changes: Partial<Deposit> = {}, given: Properties = this.inputs): Deposit {
    const deed = changes.deed ?? "issued";
    const at = changes.at ?? new Date(Date.now() - 1000).toISOString();
    const about = {
      ...{ id: newId(), deed, venue: "bitfinex", environment: "sandbox", accountId: ACCOUNT },
      identity: given["identity"] as Deposit["identity"],
      ...{ generation: 1, desired: hashOf(given), fingerprint: fingerprint("bitfinex", made.apiKey) },
      ...{ mark: made.label.slice(-16), label: made.label, at, endsAt: new Date(Date.parse(at) + 72 * 3_600_000).toISOString() },
    };
    const credential = { kind: "api-key", apiKey: made.apiKey, apiSecret: new Secret(made.apiSecret) } as const;
    const proof = { grants: grantsOf(given["permissions"] as Properties), address: HERE, at };
    return { ...about, ...(deed === "issued" ? { credential, proof } : {}), ...changes };
  }

  /** Seals it for this machine, or another recipient; answers the file. */
  async leave(deposit: Deposit, recipient?: string): Promise<string> {
    return seal(this.folder, deposit, [recipient ?? (await localIdentity(this.stage.journal)).recipient]);
  }

  async said(made: Made, address: string, answer: Statement["answer"], minutesAgo: number, grants?: readonly string[]): Promise<string> {
    const at = new Date(Date.now() - minutesAgo * 60_000).toISOString();
    const about = { venue: "bitfinex", environment: "sandbox", fingerprint: fingerprint("bitfinex", made.apiKey) };
    return writeStatement(this.folder, { ...about, address, answer, at, ...(grants === undefined ? {} : { grants }) });
  }

  /** Makes a key, leaves its deposit and lets a run take it. */
  async issued(
    changes: Properties = {},
    how: { readonly web?: Properties; readonly deposit?: Partial<Deposit> } = {},
  ): Promise<{ readonly held: Held; readonly made: Made }> {
    const given = { ...this.inputs, ...changes };
    const ips = given.allowedIps as AllowedIps | readonly string[];
    const made = await this.make({
      permissions: given["permissions"],
      allowedIps: ips === "anywhere" ? [] : listOf(ips),
      ...how.web,
    });
    await this.leave(this.deposit(made, how.deposit, given));
    return { held: await this.stage.issue(await this.start(), given), made };
  }

  /** Check, then update; in a new process, as another `pulumi up` is. */
  async up(held: Held, changes: Properties = {}, config?: Readonly<Record<string, string>>): Promise<Held> {
    return this.stage.change(await this.start(config), held, { ...this.inputs, ...changes });
  }

  /** `pulumi refresh`, in a new process. */
  async refresh(held: Held, config?: Readonly<Record<string, string>>): Promise<Held> {
    const read = await (await this.start(config)).read(held.id, held.outs);
    expect(read.id).toBe(held.id);
    return read;
  }

  /** What a create of the first resource is refused with: nothing is recorded, journalled as taken, or revoked. */
  async stillborn(changes: Properties = {}, config?: Readonly<Record<string, string>>): Promise<string> {
    const before = await this.alive();
    const provider = await this.start(config);
    const { inputs, failures } = await provider.check({ ...this.inputs, ...changes });
    expect(failures).toEqual([]);
    const { message, partial } = await refusal(provider.create(inputs));
    expect(partial).toBeUndefined();
    expect(await this.alive()).toEqual(before);
    expect(this.taken()).toEqual([]);
    expect(provider.printed).not.toContain("took the deposit");
    return message;
  }

  /** Ids of deposits that the journal knows, with what it knows. */
  taken(): readonly string[] {
    const folder = join(this.stage.journal, "deposits");
    return namesIn(folder).map(
      (name) => `${name.slice(0, 32)} ${(JSON.parse(readFileSync(join(folder, name), "utf8")) as { status: string }).status}`,
    );
  }

  /** Deposits hold secrets, and show none; then as the stage's. */
  async settle(): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    for (const name of readdirSync(this.folder, { recursive: true, withFileTypes: true })) {
      if (!name.isFile()) continue;
      const text = readFileSync(join(name.parentPath, name.name), "latin1");
      for (const secret of this.stage.secrets) expect(text).not.toContain(secret);
    }
    await this.stage.settle();
    for (const id of this.#made) await this.revoke({ id });
    this.#made.clear();
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function listOf(ips: AllowedIps | readonly string[]): readonly string[] {
  return Array.isArray(ips) ? (ips as readonly string[]) : Object.keys(ips);
}

export function hashOf({ permissions, allowedIps }: Properties): string {
  const list = Array.isArray(allowedIps) ? Object.fromEntries((allowedIps as string[]).map((address) => [address, ""])) : allowedIps;
  return desiredHash(grantsOf(permissions as Properties), list as AllowedIps);
}
