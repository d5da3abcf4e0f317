// A table for ceremonies with the sandbox as the venue: a project's folder, previews of its keys, keys as a person makes them, sittings.

import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ageFiles, open } from "../../provider/ceremony/deposit";
import { identityText } from "../../provider/ceremony/identity";
import { sit, type Sitting } from "../../provider/pulumi/sitting";
import { fingerprint } from "../../provider/core/secret";
import { Bed, type Credentials } from "../sandbox/caller";
import { inputs, preview, step, urnOf, type Written, KIND } from "./documents";

type Values = Readonly<Record<string, unknown>>;

export const HERE = "203.0.113.10"; // as the sandbox sees 127.0.0.1

export class Table {
  readonly folder = mkdtempSync(join(tmpdir(), "ceremony-"));
  private constructor(readonly bed: Bed) {
    writeFileSync(join(this.folder, "Pulumi.yaml"), "name: desk\nruntime: nodejs\nmain: program # where it is\n");
    mkdirSync(join(this.folder, "program"));
    writeFileSync(join(this.folder, "program", "secret"), `${bed.account.apiSecret}\n`, { mode: 0o600 });
  }

  static async open(): Promise<Table> {
    return new Table(await Bed.open());
  }

  async close(): Promise<void> {
    await this.bed.close();
    rmSync(this.folder, { recursive: true });
  }

  get deposits(): string {
    return join(this.folder, ".exchange-keys", "deposits");
  }

  get address(): string {
    return this.bed.url.replace("http://", "");
  }

  get env(): Readonly<Record<string, string>> {
    const guard = join(__dirname, "..", "network-guard.cjs");
    return {
      ...{ PATH: process.env["PATH"] ?? "", HOME: this.folder, NODE_OPTIONS: `--require=${guard}`, CI: "true" },
      BFX_KEY: this.bed.account.apiKey,
    };
  }

  /** The configuration of the stack; the secret's file counts from the program's folder, and so does the journal. */
  config(account: Values = {}): Values {
    const main = { venue: "bitfinex", environment: "sandbox", address: this.address, apiKeyEnv: "BFX_KEY", apiSecretFile: "secret" };
    return { "exchange-keys:accounts": JSON.stringify({ main: { ...main, ...account } }), "exchange-keys:journal": "journal" };
  }

  preview(steps: readonly Values[], account: Values = {}): Values {
    return { ...preview(...steps), config: this.config(account) };
  }

  /** One step: a new key. */
  create(name: string, changes: Values = {}): Values {
    return step("create", undefined, { urn: urnOf(name), type: KIND, inputs: declared(name, changes) });
  }

  /** A key as a person makes it on the page. */
  key(permissions: Values, more: Values = {}): Promise<Credentials & { readonly id: string }> {
    return this.bed.control.post("/venues/bitfinex/keys", { permissions, ...more });
  }

  revoke(id: string): Promise<unknown> {
    return this.bed.control.delete(`/venues/bitfinex/keys/${id}`);
  }

  edit(id: string, changes: Values): Promise<unknown> {
    return this.bed.control.patch(`/venues/bitfinex/keys/${id}`, changes);
  }

  /** A resource in the state whose key this is; with `shown` as an export with its secrets has it. */
  recorded(name: string, key: Credentials, changes: Values = {}, shown?: (value: unknown) => unknown): Written {
    const given = declared(name, changes);
    const { apiKey, apiSecret } = key;
    const credential = { venue: "bitfinex", environment: "sandbox", apiKey, apiSecret };
    const mark = "0123456789abcdef";
    const facts = { generation: 1, mark, fingerprint: fingerprint("bitfinex", key.apiKey), venueLabel: `${name} ${mark}` };
    const outputs = {
      ...given,
      ...facts,
      ...{ createdAt: "2026-11-20T10:00:00.000Z", accountId: "123456", environment: "sandbox", grants: ["orders:read"] },
      ...{ powers: { read: "orders:read" }, retiring: [], warnings: [] },
      credential: shown === undefined ? "[secret]" : shown(credential),
    };
    return { urn: urnOf(name), type: KIND, inputs: given, outputs };
  }

  sit(document: unknown, more: { readonly revoke?: boolean; readonly state?: unknown } = {}): Promise<Sitting> {
    const cwd = join(this.folder, "program");
    const readFile = (path: string): string => readFileSync(resolve(cwd, path), "utf8");
    return sit({ document, revoke: false, ...more, sources: { env: this.env, cwd, readFile }, machineNow: Date.now });
  }

  /** What was sealed, opened as `up` would. */
  async sealed() {
    const identity = await identityText(undefined, join(this.folder, "program", "journal"));
    return { files: await ageFiles(this.deposits), ...(await open(this.deposits, identity)) };
  }
}

export function declared(name: string, changes: Values = {}): Values {
  return inputs(name, { permissions: { orders: "read" }, allowedIps: "anywhere", powers: { read: "orders:read" }, ...changes });
}
