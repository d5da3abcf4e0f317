// What a person left for this run: deposits and statements in a folder, opened once. With `ceremony: wait` a page asks for the rest meanwhile.

import type { Deposited, Hands, Probed, Sought, Statement, Wanted, Weighed } from "../core/byhand";
import { KeyError } from "../core/errors";
import type { Generation } from "../core/record";
import { depositFolder } from "../ceremony/folder";
import { ageFiles, LONGEST_MS, open, type Deposit, type Unreadable } from "../ceremony/deposit";
import { identityText } from "../ceremony/identity";
import { choose, type Choice } from "../ceremony/match";
import { readStatements, standing, weigh } from "../ceremony/statement";
import { sameIdentity, type Journal } from "../journal/journal";
import type { Sources } from "./settings";

export interface LeftNeeds {
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
  /** Ids of deposits that the state was seen to have: the journal is told once a run. */
  readonly #noted = new Set<string>();
  /** Fingerprints that the state of this run has: a deposit with one of them was used, whatever the journal knows. */
  readonly #recorded = new Set<string>();
  /** Fingerprint → the resource that this run gave the key to: creates run at once. */
  readonly #given = new Map<string, string>();

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
        if (found !== undefined) return this.#unused(found, whose, wayOut);
        const cause = `it is made by a person, and nobody has done that yet${await this.#others(whose, sought)}`;
        throw new KeyError("ceremony-waits", { venue: whose.display, operation: `create ${whose.title}`, cause, wayOut });
      },
      lying: (deed, sought) => this.#find(deed, whose, sought, wayOut).catch(() => undefined),
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

  async evidence(whose: Whose, { since, ...key }: Probed): Promise<Weighed> {
    const { venue, environment } = whose;
    const weighed = weigh(standing(await this.statements(), key.allowedIps, since), {
      venue,
      environment,
      ...key,
      now: this.#needs.clock(),
    });
    const addresses = (given: readonly { readonly address: string }[]) => given.map(({ address }) => address);
    return { ...weighed, in: addresses(weighed.in), refused: addresses(weighed.refused) };
  }

  async statements(): Promise<readonly Statement[]> {
    return (await readStatements(this.folder)).statements;
  }

  /** Deposits that stand in the state have been used for good. */
  async held(keys: readonly Pick<Generation, "deposit" | "attested" | "fingerprint">[]): Promise<void> {
    const { journal, clock } = this.#needs;
    for (const { fingerprint } of keys) this.#recorded.add(fingerprint);
    const ids = new Set(keys.flatMap(({ deposit, attested }) => [deposit, attested?.by]).filter((id) => id !== undefined));
    const fresh = [...ids].filter((id) => !this.#noted.has(id));
    if (fresh.length > 0 && this.#noted.size === 0) await journal.forgetDeposits(clock());
    for (const id of fresh) {
      if ((await journal.deposit(id)) === "taken") await journal.noteDeposit(id, "recorded", clock() + LONGEST_MS);
      this.#noted.add(id);
    }
  }

  /** One key for one resource. */
  #unused(found: Deposited, whose: Whose, wayOut: string): Deposited {
    const { fingerprint, file } = found;
    const me = JSON.stringify(whose.identity);
    const holder = this.#given.get(fingerprint) ?? me;
    if (holder === me && !this.#recorded.has(fingerprint)) {
      this.#given.set(fingerprint, me);
      return found;
    }
    throw new KeyError("deposit-refused", {
      venue: whose.display,
      operation: `create ${whose.title}`,
      cause: `the deposit ${file ?? "of this run"} holds a key that ${holder === me ? "stands in the state already" : "another resource of this stack has"}`,
      wayOut: `delete that file, then ${wayOut}`,
    });
  }

  async #find(deed: Deposited["deed"], whose: Whose, sought: Sought, wayOut: string): Promise<Deposited | undefined> {
    const { found, nearest } = await this.#choose(deed, whose, sought);
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

  async #choose(deed: Deposited["deed"], whose: Whose, sought: Sought): Promise<Choice<Deposit & { readonly file: string }>> {
    const { venue, environment, accountId, identity } = whose;
    const { recorded: _, why: __, ...fields } = sought;
    const { unused } = await this.#own(whose);
    return choose(unused, deed, { venue, environment, accountId, identity, ...fields }, this.#needs.clock());
  }

  /** The deposits of one resource: those that count still, and those that a state has recorded. */
  async #own({ identity }: Whose): Promise<Readonly<Record<"unused" | "used", readonly (Deposit & { readonly file: string })[]>>> {
    const own = (await this.#open()).deposits.filter((deposit) => sameIdentity(deposit.identity, identity));
    const states = await Promise.all(own.map(({ id }) => this.#needs.journal.deposit(id)));
    return {
      unused: own.filter((_, index) => states[index] !== "recorded"),
      used: own.filter((_, index) => states[index] === "recorded"),
    };
  }

  /** Once a run: without a file, no identity is asked for. */
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

  /** Files that couldn't be opened, were used or are of another generation may be the ones that are missed. */
  async #others(whose: Whose, sought: Sought): Promise<string> {
    const { unreadable } = await this.#open();
    const { used } = await this.#own(whose);
    const { nearest } = await this.#choose("issued", whose, sought);
    return [
      ...(nearest === undefined ? [] : [` (${nearest.deposit.file}: ${nearest.reasons.join("; ")})`]),
      ...unreadable.map(({ file, why }) => ` (${file}: ${why})`),
      ...used.map(({ file }) => ` (${file} was used already; delete it)`),
    ].join("");
  }
}

/** The way out of every error that a person's step mends. */
export const WAY_OUT = "run `pulumi preview --json | npx exchange-keys ceremony --from -`, then `pulumi up` again";
export const WAY_OUT_OF_DELETE = "run `pulumi stack export | npx exchange-keys ceremony --revoke --from -`, then this again";
