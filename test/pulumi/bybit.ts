// What the tests of Bybit's keys stand on: the stage with a Bybit account, keys that a person makes there, and what the sandbox was asked.

import type { RequestEntry } from "../../sandbox/index";
import type { ProviderProcess } from "./process";
import { runProgram, type Properties, type Registered } from "./program";
import { Stage, type Held } from "./stage";

export const MASTER = "1448939";
export const SUB = "53888000";
export const HERE = "203.0.113.10";
const KEYS = "/venues/bybit/keys";

/** As the desk shows it, with its secret. */
export interface Made {
  readonly id: string;
  readonly accountId: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly revokedAt: string | null;
}

/** The inputs of keys of one sub-account, by their names, as a program gives them. */
async function inputsOf(names: readonly string[]): Promise<readonly Registered["inputs"][]> {
  const lines = names.map(
    (name) => `new keys.bybit.SubAccountApiKey("${name}", {
      account: keys.bybit.account("main").subAccount("${SUB}"), access: "read-write",
      permissions: { ContractTrade: ["Order", "Position"] }, allowedIps: ["${HERE}"],
    });`,
  );
  return (await runProgram(lines.join("\n"))).registered.map(({ inputs }) => inputs);
}

export class BybitStage {
  private constructor(
    readonly stage: Stage,
    readonly all: readonly Registered["inputs"][],
  ) {}

  static async open(...more: readonly string[]): Promise<BybitStage> {
    const asked = inputsOf(["hedge", ...more]);
    const opened = new BybitStage(await Stage.open(asked.then(([first]) => first!)), await asked);
    await opened.stage.bed.control.patch("/venues/bybit/limits", { enabled: false });
    return opened;
  }

  close(): Promise<void> {
    return this.stage.close();
  }

  /** A provider process with the account `main`, its members changed as wanted. */
  start(changes: Properties = {}, settings: Readonly<Record<string, string>> = {}): Promise<ProviderProcess> {
    const { url, account } = this.stage.bed.sandbox.venues.bybit;
    const { subAccount: _, ...credential } = account;
    const main = { venue: "bybit", environment: "sandbox", address: new URL(url).host, rate: "off", ...credential, ...changes };
    return this.stage.start(this.stage.config({ main }, settings));
  }

  /** A key that a person makes; its credential. */
  async make(body: Properties): Promise<{ readonly apiKey: string; readonly apiSecret: string }> {
    const { apiKey, apiSecret } = await this.stage.bed.control.post<Made>(KEYS, { allowedIps: [HERE], label: "by-hand", ...body });
    this.stage.secrets.add(apiSecret);
    return { apiKey, apiSecret };
  }

  /** Keys of the sub-account that live. */
  async living(): Promise<readonly Made[]> {
    const keys = await this.stage.bed.control.get<Made[]>(`${KEYS}?secrets=true`);
    return keys.filter(({ accountId, revokedAt }) => accountId === SUB && revokedAt === null);
  }

  /** What Bybit was asked since the last `settle` or `forget`, below /v5/user/. */
  async asked(): Promise<readonly string[]> {
    const { requests } = await this.stage.bed.control.get<{ requests: RequestEntry[] }>("/requests?venue=bybit");
    return requests.map(({ path }) => path.replace("/v5/user/", "").replace(/\?.*/, ""));
  }

  forget(): Promise<unknown> {
    return this.stage.bed.control.delete("/requests");
  }

  switches(values: Properties): Promise<unknown> {
    return this.stage.bed.control.patch("/venues/bybit/switches", values);
  }

  issue(provider: ProviderProcess, changes: Properties = {}): Promise<Held> {
    return this.stage.issue(provider, changes);
  }

  /** After each test: the living keys' secrets are nowhere, and the keys gone. */
  async settle(): Promise<void> {
    const left = await this.living();
    for (const { apiSecret } of left) this.stage.secrets.add(apiSecret);
    this.stage.secrets.add(this.stage.bed.sandbox.venues.bybit.account.apiSecret);
    for (const { id } of left) await this.stage.bed.control.delete(`${KEYS}/${id}`);
    const switches = await this.stage.bed.control.get<Properties>("/venues/bybit/switches");
    await this.switches(Object.fromEntries(Object.keys(switches).map((name) => [name, null])));
    await this.stage.settle();
  }
}
