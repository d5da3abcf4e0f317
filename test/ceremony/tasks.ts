// A ceremony of one key over a pretended venue and a real journal: what the tests of tasks stand on. Each `sit` is another process's
// sitting over the same journal and folder.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Deposited, Statement } from "../../provider/core/byhand";
import { KeyError } from "../../provider/core/errors";
import type { AllowedIps, Grants } from "../../provider/core/model";
import { fingerprint, Secret } from "../../provider/core/secret";
import { Ceremony, type CeremonyNeeds } from "../../provider/ceremony/ceremony";
import type { Deposit } from "../../provider/ceremony/deposit";
import type { TaskView } from "../../provider/ceremony/session";
import { statementText } from "../../provider/ceremony/statement";
import type { Order } from "../../provider/ceremony/task";
import { openJournal, type Entry } from "../../provider/journal/journal";
import { manifest } from "../../provider/venues/bitfinex/capabilities";
import { ACCOUNT, Eyes, HERE, NOW, THERE } from "../core/witness";
import { IDENTITY, newFolder } from "./deposits";

export { HERE, NOW, THERE };
export const KEY = "sandbox-public-part";
export const SECRET = "sandbox-secret-part";
export const GRANTS: Grants = ["orders:read", "orders:write", "wallets:read"];
export const PRINT = fingerprint("bitfinex", KEY);
const MARK = "9f86d081884c7d65";

export type Killed = "journal" | "keep" | undefined;

export class Sitting {
  readonly folder = newFolder();
  readonly deposits: Deposit[] = [];
  readonly statements: Statement[] = [];
  readonly seen: string[] = [];
  readonly done: Deposited[] = [];
  holder: string | undefined;
  now = NOW;
  /** Where writing fails. */
  broken: Killed;
  eyes = new Eyes();
  #ceremony: Ceremony | undefined;
  #id = "";

  constructor(readonly changes: Partial<Order> = {}) {}

  get journal(): string {
    return join(this.folder, "journal");
  }

  /** Another sitting, with the order changed as wanted. */
  async sit(changes: Partial<Order> = {}): Promise<TaskView> {
    const journal = openJournal(this.journal);
    const needs: CeremonyNeeds = {
      stack: "acme/desk/production",
      now: () => this.now,
      journal: { ...journal, begin: (entry) => this.#write("journal", () => journal.begin(entry)) },
      keep: (deposit) =>
        this.#write("keep", () => {
          this.deposits.push(deposit);
          return Promise.resolve({ file: join(this.folder, `${deposit.id}.age`), endsAt: deposit.endsAt });
        }),
      holder: () => Promise.resolve(this.holder),
      statements: () => Promise.resolve(this.statements),
      lies: (id) => Promise.resolve(this.deposits.some((deposit) => deposit.id === id)),
    };
    this.#ceremony = new Ceremony(needs);
    this.#ceremony.subscribe(() => this.seen.push(JSON.stringify(this.#ceremony?.tasks())));
    const { id, done } = await this.#ceremony.add({ ...order(), witness: this.eyes, ...this.changes, ...changes });
    void done.then((deposited) => this.done.push(deposited));
    this.#id = id;
    return this.view;
  }

  get view(): TaskView {
    return this.#ceremony!.tasks()[0]!;
  }

  begin = () => this.#ceremony!.begin(this.#id);
  submit = (key = KEY, secret = SECRET) => this.#ceremony!.submit(this.#id, key, secret);
  again = () => this.#ceremony!.again(this.#id);
  attest = () => this.#ceremony!.attest(this.#id);
  discard = () => this.#ceremony!.discard(this.#id);
  evidence = (text: string) => this.#ceremony!.evidence(this.#id, text);
  probe = (address: string, answer: Statement["answer"], minutesAgo: number, grants?: Grants) =>
    this.evidence(statementText(statement(this.now, address, answer, minutesAgo, grants)));

  entries(): Promise<readonly Entry[]> {
    return openJournal(this.journal).entries(this.now);
  }

  /** Nothing secret in what was shown, journalled or told. */
  assertSilent(...secrets: readonly string[]): void {
    const files = readdirSync(this.folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    const texts = [...this.seen, ...files.map((file) => readFileSync(join(file.parentPath, file.name), "utf8"))];
    for (const secret of [SECRET, KEY, ...secrets]) for (const text of texts) expect(text).not.toContain(secret);
  }

  #write<T>(what: Killed, act: () => Promise<T>): Promise<T> {
    if (this.broken !== what) return act();
    throw new KeyError("configuration", { operation: "write", cause: "the disk is full", wayOut: "make room" });
  }
}

export function statement(now: number, address: string, answer: Statement["answer"], minutesAgo: number, grants?: Grants): Statement {
  const about = { venue: "bitfinex", environment: "sandbox", fingerprint: PRINT };
  return { ...about, address, answer, at: new Date(now - minutesAgo * 60_000).toISOString(), ...(grants === undefined ? {} : { grants }) };
}

function order(): Order {
  const kind = manifest.kinds["ApiKey"]!;
  return {
    ...{ does: "create", title: 'API key "maker"', why: "it is new", venue: "bitfinex (sandbox)", account: "main", kindName: "ApiKey" },
    ...{ kind, page: kind.byHand! },
    wanted: { venue: "bitfinex", environment: "sandbox", accountId: ACCOUNT, identity: IDENTITY, generation: 1 },
    declared: declared(),
  };
}

export function declared(changes: { grants?: Grants; allowedIps?: AllowedIps; label?: string } = {}): Order["declared"] {
  return { grants: GRANTS, allowedIps: { [HERE]: "fra1" }, options: {}, label: "maker", ...changes };
}

/** An order about the recorded key. */
export function about(does: "edit" | "revoke", changes: Parameters<typeof declared>[0] = {}): Partial<Order> {
  return {
    does,
    wanted: { ...order().wanted, fingerprint: PRINT, mark: MARK },
    recorded: { grants: GRANTS, allowedIps: { [HERE]: "fra1" }, label: `maker ${MARK}` },
    credential: { kind: "api-key", apiKey: KEY, apiSecret: new Secret(SECRET) },
    declared: declared(changes),
  };
}
