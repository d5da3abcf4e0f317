// What a run writes into the journal, and the room that it takes there: a claim a key, from before it is asked for until it is written down.

import { KeyError } from "../core/errors";
import { iso, type LostKey, type Means } from "../core/means";
import type { Recorded } from "../core/record";
import { withUnsettled } from "../core/update";
import { fileName, lostBefore, sameIdentity, type Entry, type Journal } from "../journal/journal";
import { venueName } from "./account";
import type { Leftovers } from "./leftovers";
import type { Recovery } from "./recovery";
import type { Subject } from "./subject";

/** What a journal's entry says of a key before it is asked for. */
export type Claim = Pick<Entry, "identity" | "venue" | "environment" | "account" | "accountId" | "kind" | "subAccount">;

/** What is claimed for a resource. */
export function claimOf({ identity, account, alias, kindName, scope }: Subject, accountId: string): Claim {
  const { subAccount } = scope;
  const within = subAccount === undefined ? {} : { subAccount };
  return { ...within, identity, venue: account.venue, environment: account.environment, account: alias, accountId, kind: kindName };
}

export class Books {
  readonly #journal: Journal;
  readonly #leftovers: Leftovers;
  readonly #clock: () => number;
  /** Marks of keys that this run has asked for. */
  readonly #begunHere = new Set<string>();
  /** Keys that are about to be begun. */
  readonly #claims = new Set<Claim>();
  /** Those whose keys the venue lists, and which of them were asked for, by mark. */
  readonly #listed = new Set<Claim>();
  readonly #asked = new Map<string, Claim>();

  readonly #recovery: Recovery;

  constructor(journal: Journal, leftovers: Leftovers, recovery: Recovery, clock: () => number) {
    this.#journal = journal;
    this.#recovery = recovery;
    this.#leftovers = leftovers;
    this.#clock = clock;
  }

  /** The journal, as acting on one resource writes it. */
  ledger(claim: Claim): Means["ledger"] {
    const begunAt = () => iso(this.#clock());
    return {
      begin: ({ passphrase, ...entry }) => {
        this.#begunHere.add(entry.mark);
        this.#leftovers.begun(entry.mark);
        const write = async (): Promise<void> => {
          const sealed = passphrase === undefined ? undefined : await this.#recovery.seal(passphrase);
          const kept = sealed === undefined ? {} : { sealedPassphrase: sealed };
          await this.#journal.begin({ ...claim, ...entry, ...kept, begunAt: begunAt() });
        };
        return write().finally(() => this.#begun(entry.mark, claim));
      },
      took: (key) => {
        this.#leftovers.begun(key.mark);
        return this.#journal.took({ ...claim, ...key, begunAt: begunAt() }).finally(() => this.#claims.delete(claim));
      },
      issued: (mark, issued) => this.#journal.issued(mark, issued).finally(() => this.#ended(mark)),
      close: (mark) => this.#closed(mark).finally(() => this.#ended(mark)),
      changing: async ({ mark, generation, fingerprint }, change) => {
        const at = iso(this.#clock());
        await this.#journal.changing({ ...claim, mark, generation, fingerprint, begunAt: at, changing: { change, at } });
        return at;
      },
      unchanged: (mark) => this.#journal.unchanged(mark),
      open: async () => {
        return Promise.all((await this.lost(claim)).map((entry) => this.#lost(entry)));
      },
    };
  }

  /** The record, with what the journal knows of a change that was never recorded. */
  async withUnsettled(recorded: Recorded): Promise<Recorded> {
    const { mark } = recorded.current;
    const entries = await this.#journal.entries(this.#clock());
    const known = entries.find((entry) => entry.mark === mark);
    // Nobody knows what a file said that can't be read: the next change of its key writes it anew.
    const garbled = known === undefined && (await this.#journal.unreadable()).includes(fileName(mark));
    return withUnsettled(recorded, garbled ? { change: Infinity, at: iso(this.#clock()) } : known?.changing);
  }

  /** What earlier runs asked for, and lost the answer of. */
  async lost(claim: Claim): Promise<readonly Entry[]> {
    return lostBefore(this.#begunHere, await this.#journal.entries(this.#clock()), claim);
  }

  async #lost({ mark, begunAt, sealedPassphrase }: Entry): Promise<LostKey> {
    return { mark, begunAt, ...(sealedPassphrase === undefined ? {} : await this.#recovery.open(sealedPassphrase)) };
  }

  /** A key that is listed takes its room until the list can show it; another one until the journal has it. */
  #begun(mark: string, claim: Claim): void {
    if (!this.#listed.has(claim)) this.#claims.delete(claim);
    else this.#asked.set(mark, claim);
  }

  async #closed(mark: string): Promise<void> {
    await this.#journal.close(mark);
    this.#leftovers.closed(mark);
  }

  #ended(mark: string): void {
    const claim = this.#asked.get(mark);
    if (claim !== undefined) this.#claims.delete(claim);
    this.#asked.delete(mark);
  }

  /** The same, on the keys that the venue lists where the resource's keys are. */
  async takeListedRoom(subject: Subject, claim: Claim, list: () => Promise<readonly string[]>): Promise<void> {
    const { account, identity } = subject;
    const most = account.ceiling?.maxKeys;
    this.#listed.add(claim);
    if (most === undefined) return;
    const fingerprints = await list();
    const entries = await this.#journal.entries(this.#clock());
    const own = entries.filter((entry) => entry.status === "recorded" && sameIdentity(entry.identity, identity));
    const others = fingerprints.filter((fingerprint) => !own.some((entry) => entry.fingerprint === fingerprint));
    const asked = [...this.#claims].filter((one) => one.accountId === claim.accountId && one.subAccount === claim.subAccount);
    const count = others.length + asked.length;
    if (count < most) {
      this.#claims.add(claim);
      return;
    }
    const where = claim.subAccount === undefined ? "there" : `in sub-account ${claim.subAccount}`;
    throw full(subject, `${most} keys, and the venue lists ${others.length} ${where}, with ${asked.length} being made`);
  }

  /**
   * `maxKeys` counts what the journal knows, where the venue can't list. Creates run at once: the room is taken in the step that finds it,
   * and stays so until the journal has the key.
   */
  async takeRoom(subject: Subject, claim: Claim, mark: string | undefined): Promise<void> {
    const { account, identity } = subject;
    const most = account.ceiling?.maxKeys;
    const all = await this.#journal.entries(this.#clock());
    const entries = all.filter((entry) => entry.mark !== mark);
    // A successor takes its predecessor's place: a ceiling that is met would otherwise let every key lapse.
    const others = entries.filter((entry) => entry.status !== "recorded" || !sameIdentity(entry.identity, identity));
    const known: readonly Claim[] = [...others, ...this.#claims];
    const { venue: id, environment, accountId } = claim;
    const count = known.filter((one) => one.venue === id && one.environment === environment && one.accountId === accountId).length;
    if (most === undefined || count < most) {
      // What a ceremony has journalled is counted there.
      if (entries.length === all.length) this.#claims.add(claim);
      return;
    }
    throw full(subject, `${most} keys, and this run and its journal know ${count} (the venue can't list them)`);
  }
}

function full({ account, alias, title }: Subject, most: string): KeyError {
  return new KeyError("ceiling", {
    venue: venueName(account),
    operation: `create ${title}`,
    cause: `account "${alias}" may have ${most}`,
    wayOut: "take some away, or raise maxKeys",
  });
}
