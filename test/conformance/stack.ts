// A stack of one resource, as the engine keeps it, on the provider's own runtime parts: each operation is a new run over the same
// journal, against a sandbox. What the engine records, and when, is written here once more: `up`, `refresh`, `destroy`.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KindManifest, Manifest, Problem } from "../../provider/core/capability";
import { KeyError } from "../../provider/core/errors";
import { openJournal, type Entry } from "../../provider/journal/journal";
import { check } from "../../provider/pulumi/check";
import { create, diff, read, remove, update } from "../../provider/pulumi/operations";
import { Partial } from "../../provider/pulumi/partial";
import { Run } from "../../provider/pulumi/run";
import { readSettings } from "../../provider/pulumi/settings";
import { VENUES } from "../../provider/venues/registry";
import { Control, startSandbox, type RequestEntry, type Sandbox, type VenueName } from "../../sandbox/index";
import { fixtureOf, type KindFixture, type LivingKey, type Program, type VenueFixture } from "./fixture";

type Properties = Readonly<Record<string, unknown>>;

/** What the state holds of the resource. `unfinished`: the last operation failed, and what it had done was recorded. */
export interface Held {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  readonly unfinished: boolean;
}

export interface Done {
  readonly did: "create" | "update" | "same" | "refresh" | "delete" | "refused";
  readonly error?: KeyError | Partial;
  readonly failures?: readonly Problem[];
}

/** All venues and kinds of the registry. */
export const KINDS: readonly { readonly venue: string; readonly kind: string }[] = Object.entries(VENUES).flatMap(([venue, entry]) =>
  Object.keys(entry.manifest().kinds).map((kind) => ({ venue, kind })),
);

/** Those that our machine makes: the others wait for a person, in `test/pulumi/apikey-*.test.ts`. */
export const ISSUED = KINDS.filter(({ venue, kind }) => VENUES[venue]!.manifest().kinds[kind]!.byHand === undefined);

export class Stack {
  held: Held | undefined;
  readonly told: string[] = [];
  /** Changes of the account's settings, such as its ceiling. */
  account: Readonly<Record<string, unknown>> = {};
  readonly #strangers = new Set<string>();
  readonly #folder = mkdtempSync(join(tmpdir(), "exchange-keys-"));
  #offsetMs = 0;

  private constructor(
    readonly venue: string,
    readonly kindName: string,
    readonly sandbox: Sandbox,
    readonly control: Control,
    readonly fixture: VenueFixture,
  ) {}

  static kindOf({ venue, kind }: (typeof KINDS)[number]): KindManifest {
    return VENUES[venue]!.manifest().kinds[kind]!;
  }

  static async open({ venue, kind }: (typeof KINDS)[number]): Promise<Stack> {
    const sandbox = await startSandbox({ venues: [venue as VenueName] });
    const control = new Control(sandbox.control);
    await control.patch(`/venues/${venue}/limits`, { enabled: false });
    return new Stack(venue, kind, sandbox, control, fixtureOf(venue));
  }

  /** A stack for one story, closed at its end. */
  static async during<T>(kind: (typeof KINDS)[number], story: (stack: Stack) => Promise<T>): Promise<T> {
    const stack = await Stack.open(kind);
    try {
      return await story(stack);
    } finally {
      await stack.close();
    }
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    rmSync(this.#folder, { recursive: true });
  }

  get manifest(): Manifest {
    return VENUES[this.venue]!.manifest();
  }
  get kind(): KindManifest {
    return this.manifest.kinds[this.kindName]!;
  }
  get given(): KindFixture {
    return this.fixture.kinds[this.kindName]!;
  }
  get now(): number {
    return Date.now() + this.#offsetMs;
  }

  /** `pulumi up --skip-preview`, without refresh. */
  async up(program: Program): Promise<Done> {
    const { manifest, kind, kindName } = this;
    const identity = { organization: "", project: "p", stack: "s", type: `t:${this.venue}:${kindName}`, name: "key" };
    const news = { venue: this.venue, kind: kindName, identity, account: "main", ...program };
    const before = this.held;
    const { inputs, failures } = check({
      olds: before?.inputs ?? {},
      news,
      manifest,
      kindName,
      kind,
      settings: this.#settings(),
      now: this.now,
    });
    if (failures.length > 0) return { did: "refused", failures };
    const run = this.run();
    if (before === undefined) {
      return this.#carryOut("create", inputs, async () => {
        const { id, outs } = await create(run, inputs);
        this.held = { id, inputs, outputs: plain(outs), unfinished: false };
      });
    }
    const { changes, replaces } = await diff(run, before.outputs, inputs);
    if (replaces.length > 0) throw new Error(`the suite has no replacement: ${replaces.join(", ")}`);
    if (!changes && !before.unfinished) {
      this.held = { ...before, inputs };
      return { did: "same" };
    }
    return this.#carryOut("update", inputs, async () => {
      const { outs } = await update(run, before.id, before.outputs, inputs);
      this.held = { id: before.id, inputs, outputs: plain(outs), unfinished: false };
    });
  }

  /** `pulumi refresh`. */
  async refresh(): Promise<Done> {
    const before = this.held;
    if (before === undefined) return { did: "same" };
    return this.#carryOut("refresh", before.inputs, async () => {
      const { id, props, inputs } = (await read(this.run(), before.id, before.outputs)) as {
        id?: string;
        props: Properties;
        inputs: Properties;
      };
      this.held = id === undefined ? undefined : { id, inputs: plain(inputs), outputs: plain(props), unfinished: false };
    });
  }

  /** `pulumi destroy`. */
  async destroy(): Promise<Done> {
    const before = this.held;
    if (before === undefined) return { did: "same" };
    return this.#carryOut("delete", before.inputs, async () => {
      await remove(this.run(), before.outputs);
      this.held = undefined;
    });
  }

  /** What was begun and isn't known to be recorded. */
  async open(): Promise<readonly Entry[]> {
    return (await openJournal(this.journal).entries(this.now)).filter(({ status }) => status !== "recorded");
  }

  /** The keys at the venue, but for those that were there before. */
  async living(): Promise<readonly LivingKey[]> {
    return (await this.given.living(this.control)).filter(({ id }) => !this.#strangers.has(id));
  }

  /** Takes all keys that are there for somebody else's. */
  async meet(): Promise<void> {
    for (const { id } of await this.given.living(this.control)) this.#strangers.add(id);
  }

  /** Those that are somebody else's and still there. */
  async others(): Promise<number> {
    return (await this.given.living(this.control)).filter(({ id }) => this.#strangers.has(id)).length;
  }

  /** The keys that the state has credentials of, the current one first. */
  get recorded(): readonly string[] {
    if (this.held === undefined) return [];
    const { credential, retiringCredentials } = this.held.outputs as Record<string, Record<string, unknown>>;
    return [credential, ...Object.values(retiringCredentials ?? {})].map((parts) => String(Object(parts).token ?? Object(parts).apiKey));
  }

  async requests(): Promise<readonly RequestEntry[]> {
    return (await this.control.get<{ requests: RequestEntry[] }>(`/requests?venue=${this.venue}`)).requests;
  }
  /** Requests that were for a write. */
  async writes(): Promise<readonly RequestEntry[]> {
    return (await this.requests()).filter((request) => this.fixture.writes(request));
  }
  forget(): Promise<unknown> {
    return this.control.delete("/requests");
  }

  async advance(by: string): Promise<void> {
    const { offsetMs } = await this.control.post<{ offsetMs: number }>("/clock", { advance: by });
    this.#offsetMs = offsetMs;
  }
  /** Moves the venue's clock alone. */
  skew(by: string): Promise<unknown> {
    return this.control.post("/clock", { advance: by });
  }
  /** Until the venue shows what was done behind our back. */
  async settle(): Promise<void> {
    const ms = this.kind.settleMs ?? 0;
    if (ms > 0) await this.advance(`${Math.ceil(ms / 1000)}s`);
  }
  switches(values: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.control.patch(`/venues/${this.venue}/switches`, values);
  }

  /** A new process of the provider. */
  run(): Run {
    return new Run({
      settings: this.#settings(),
      sources: { env: {}, cwd: "/", readFile: () => "" },
      engine: { alive: () => Promise.resolve(true), whenGone: () => undefined },
      say: (line) => void this.told.push(line),
      clock: () => this.now,
      // The sandbox's clock moves instead of ours, so that minutes of settling take none.
      pause: async (ms) => this.advance(`${Math.max(1, Math.ceil(ms / 1000))}s`),
    });
  }

  get journal(): string {
    return join(this.#folder, "journal");
  }

  #settings(): ReturnType<typeof readSettings> {
    const main = { venue: this.venue, environment: "sandbox", rate: "off", ...this.fixture.account(this.sandbox), ...this.account };
    return readSettings({ "exchange-keys:accounts": JSON.stringify({ main }), "exchange-keys:journal": this.journal });
  }

  async #carryOut(did: Done["did"], inputs: Properties, act: () => Promise<void>): Promise<Done> {
    try {
      await act();
      return { did };
    } catch (error) {
      if (error instanceof Partial) {
        this.held = { id: error.id, inputs, outputs: plain(error.properties), unfinished: true };
        return { did, error };
      }
      if (error instanceof KeyError) return { did, error };
      throw error;
    }
  }
}

/** As it comes back from the engine's state. */
function plain(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties)) as Properties;
}

/** Living keys that neither the state nor an open entry of the journal knows. */
export async function orphans(stack: Stack): Promise<readonly string[]> {
  const unrecorded = (await stack.living()).filter(({ publicPart }) => !stack.recorded.includes(publicPart));
  const open = await stack.open();
  // An entry whose answer was lost doesn't know its key: it can stand for one.
  return unrecorded.slice(open.length).map(({ id }) => id);
}

/**
 * The recorded key is alive and can do what is declared: nothing wider by the venue's own rule, nothing narrower, and nothing that another
 * program of the fixture declares.
 */
export async function expectAsDeclared(stack: Stack, program: Program, unrecorded = 0): Promise<void> {
  const { kind, recorded, given } = stack;
  const grantsOf = (given: Program): readonly string[] => {
    const judged = kind.permissions(given["permissions"]);
    if (!("ok" in judged)) throw new Error("the program's permissions aren't right");
    return kind.grants(judged.ok, given);
  };
  const living = await stack.living();
  const current = living.find(({ publicPart }) => publicPart === recorded[0]);
  if (current === undefined) throw new Error("the recorded key isn't alive");
  const declared = grantsOf(program);
  const { wider, narrower } = kind.compare(declared, current.grants, kind.options?.(program) ?? {});
  const others = grantsOf(given.wider).filter((grant) => !declared.includes(grant) && current.grants.includes(grant));
  expect({ wider, narrower, others }).toEqual({ wider: [], narrower: [], others: [] });
  const beside = living.filter(({ publicPart }) => !recorded.includes(publicPart));
  expect(beside.length).toBeLessThanOrEqual(unrecorded);
}
