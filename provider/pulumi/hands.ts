// What a person left for this run: deposits and statements in a folder, opened once. With `ceremony: wait` a page asks for the rest meanwhile.

import type { Deposited, Hands, Sought, Statement, Wanted, Weighed } from "../core/byhand";
import { KeyError } from "../core/errors";
import type { Generation } from "../core/record";
import type { AllowedIps } from "../core/model";
import { depositFolder } from "../ceremony/folder";
import { ageFiles, LONGEST_MS, open, type Deposit, type Unreadable } from "../ceremony/deposit";
import { identityText } from "../ceremony/identity";
import { choose } from "../ceremony/match";
import { readStatements, weigh } from "../ceremony/statement";
import type { Journal } from "../journal/journal";
import type { Settings, Sources } from "./settings";

export interface LeftNeeds {
  readonly settings: Pick<Settings, "ceremony">;
  readonly sources: Pick<Sources, "env" | "cwd">;
  readonly journal: Journal;
  readonly journalFolder: string;
  readonly clock: () => number;
  readonly say: (line: string) => void;
}

/** Whose keys are meant: what of {@link Wanted} is the resource's own. */
export type Whose = Pick<Wanted, "venue" | "environment" | "accountId" | "identity"> & {
  /** How messages name venue and resource: `bitfinex (sandbox)`, `API key "maker"`. */
  readonly display: string;
  readonly title: string;
};

/** Has a person do it now, where the configuration says so. Answers what was done. */
export type Ask = (deed: Deposited["deed"], sought: Sought) => Promise<Deposited | undefined>;

interface Opened {
  readonly deposits: readonly (Deposit & { readonly file: string })[];
  readonly unreadable: readonly Unreadable[];
}

export class Left {
  readonly #needs: LeftNeeds;
  #opened: Promise<Opened> | undefined;

  constructor(needs: LeftNeeds) {
    this.#needs = needs;
  }

  /** Absolute; needn't be there. */
  get folder(): string {
    return depositFolder(this.#needs.sources.env["EXCHANGE_KEYS_DEPOSITS"], this.#needs.sources.cwd);
  }

  /** What is left for one resource's keys. `ask` is given where a page may be served. */
  hands(whose: Whose, wayOut: string, ask: Ask | undefined): Hands {
    return {
      wayOut,
      issued: async (sought) => {
        const found = (await this.#find("issued", whose, sought, wayOut)) ?? (await ask?.("issued", sought));
        if (found !== undefined) return found;
        const cause = `it is made by a person, and nobody has done that yet${await this.#others()}`;
        throw new KeyError("ceremony-waits", { venue: whose.display, operation: `create ${whose.title}`, cause, wayOut });
      },
      attested: async (deed, sought) => (await this.#find(deed, whose, sought, wayOut)) ?? (await ask?.(deed, sought)),
      evidence: (key) => this.evidence(whose, key),
      used: async ({ id, file }) => {
        const { journal, clock, say } = this.#needs;
        await journal.noteDeposit(id, "taken", clock() + LONGEST_MS);
        if (file !== undefined)
          say(`${whose.display}: ${whose.title}: took the deposit ${file}; delete that file when this run is through`);
      },
    };
  }

  async evidence(whose: Whose, key: { readonly fingerprint: string; readonly allowedIps: AllowedIps }): Promise<Weighed> {
    const { venue, environment } = whose;
    const weighed = weigh(await this.statements(), { venue, environment, ...key, now: this.#needs.clock() });
    const addresses = (given: readonly { readonly address: string }[]) => given.map(({ address }) => address);
    return { ...weighed, in: addresses(weighed.in), refused: addresses(weighed.refused) };
  }

  async statements(): Promise<readonly Statement[]> {
    return (await readStatements(this.folder)).statements;
  }

  /** Deposits that stand in the state have been used for good. */
  async held(keys: readonly Pick<Generation, "deposit" | "attested">[]): Promise<void> {
    const { journal, clock } = this.#needs;
    const ids = new Set(keys.flatMap(({ deposit, attested }) => [deposit, attested?.by]).filter((id) => id !== undefined));
    for (const id of ids) if ((await journal.deposit(id)) === "taken") await journal.noteDeposit(id, "recorded", clock() + LONGEST_MS);
    if (ids.size > 0) await journal.forgetDeposits(clock());
  }

  async #find(deed: Deposited["deed"], whose: Whose, sought: Sought, wayOut: string): Promise<Deposited | undefined> {
    const { journal, clock } = this.#needs;
    const { venue, environment, accountId, identity } = whose;
    const { recorded: _, why: __, ...fields } = sought;
    const { deposits } = await this.#open();
    const fresh = [];
    for (const deposit of deposits) if ((await journal.deposit(deposit.id)) !== "recorded") fresh.push(deposit);
    const { found, nearest } = choose(fresh, deed, { venue, environment, accountId, identity, ...fields }, clock());
    if (found !== undefined) return found;
    const meant = nearest?.deposit.deed === deed && nearest.deposit.generation === sought.generation;
    if (nearest === undefined || !meant) return undefined;
    throw new KeyError("deposit-refused", {
      venue: whose.display,
      operation: whose.title,
      cause: `the deposit ${nearest.deposit.file} isn't the one: ${nearest.reasons.join("; ")}`,
      wayOut: `delete that file, then ${wayOut}`,
    });
  }

  /** Once a run, and again where nothing was there: without a file, no identity is asked for. */
  async #open(): Promise<Opened> {
    this.#opened ??= this.#read().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async #read(): Promise<Opened> {
    if ((await ageFiles(this.folder)).length === 0) return { deposits: [], unreadable: [] };
    const { sources, journalFolder } = this.#needs;
    return open(this.folder, await identityText(sources.env["EXCHANGE_KEYS_IDENTITY"], journalFolder));
  }

  /** Files that couldn't be opened may be the ones that are missed. */
  async #others(): Promise<string> {
    const { unreadable } = await this.#open();
    const { journal } = this.#needs;
    const used = [];
    for (const { id, file } of (await this.#open()).deposits) if ((await journal.deposit(id)) === "recorded") used.push(file);
    return [
      ...unreadable.map(({ file, why }) => ` (${file}: ${why})`),
      ...used.map((file) => ` (${file} was used already; delete it)`),
    ].join("");
  }
}

/** The way out of every error that a person's step mends. */
export const WAY_OUT = "run `pulumi preview --json | npx exchange-keys ceremony --from -`, then `pulumi up` again";
export const WAY_OUT_OF_DELETE = "run `pulumi stack export | npx exchange-keys ceremony --revoke --from -`, then this again";
