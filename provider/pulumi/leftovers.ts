// Keys that the journal knows and the state doesn't: told by each run that meets them, until they have surely ended.

import type { Identity } from "../core/model";
import type { Generation, Recorded, Unsettled, Warning } from "../core/record";
import { sameIdentity, type Entry, type Journal } from "../journal/journal";
import { venueName } from "./account";
import type { Subject } from "./subject";

export class Leftovers {
  readonly #journal: Journal;
  readonly #clock: () => number;
  readonly #say: (line: string) => void;
  /** Marks that the state of this run holds. */
  readonly #held = new Set<string>();
  /** Marks of keys that this run has asked for: told when it happens, if anything is. */
  readonly #begun = new Set<string>();
  /** What was told, by mark or another name: whose key it is, as messages begin. */
  readonly #told = new Map<string, string>();
  /** Fingerprints of keys that this run records. */
  readonly #taken: ReadonlySet<string>;

  constructor(journal: Journal, clock: () => number, say: (line: string) => void, taken: ReadonlySet<string>) {
    this.#journal = journal;
    this.#clock = clock;
    this.#say = say;
    this.#taken = taken;
  }

  /** What stands in the state is lost no more. */
  async held(keys: readonly Pick<Generation, "mark">[]): Promise<void> {
    for (const { mark } of keys) {
      this.#held.add(mark);
      await this.#journal.recorded(mark);
    }
  }

  begun(mark: string): void {
    this.#begun.add(mark);
  }

  /**
   * Prints what is left of this resource, and what was lost by others of its stack: a resource that was renamed or taken out of the program
   * has no run of its own any more. Those that merely haven't been seen recorded yet are told by their own resource alone. Each once a run.
   */
  async tell(identity: Identity): Promise<void> {
    const entries = await this.#entries();
    const lost = entries.filter(
      (entry) =>
        entry.status === "begun" &&
        !this.#begun.has(entry.mark) &&
        sameStack(entry.identity, identity) &&
        !sameIdentity(entry.identity, identity),
    );
    for (const entry of [...this.#own(entries, identity), ...lost]) this.#tell(entry.mark, subjectOf(entry), fate(entry));
    for (const name of await this.#journal.unreadable()) this.#tell(name, name, unreadable(name));
  }

  /** A key whose last change nobody knows the end of. */
  tellUnsettled(mark: string, { cause }: Unsettled, { account, title }: Pick<Subject, "account" | "title">): void {
    const subject = `${venueName(account)}: ${title}`;
    const until = "the key may differ from the state until `pulumi up` sets it to what is declared";
    this.#tell(`change of ${mark}`, subject, `${subject}: unknown outcome of a change: ${cause}; ${until}`);
  }

  #tell(what: string, subject: string, message: string): void {
    if (this.#told.has(what)) return;
    this.#told.set(what, subject);
    this.#say(message);
  }

  /** An entry is closed where nothing is left of its key: what was told of it before is taken back. */
  closed(mark: string): void {
    const subject = this.#told.get(mark);
    if (subject !== undefined)
      this.#say(`${subject}: settled: the key of journal mark ${mark} was revoked, or never made; nothing of it lives`);
  }

  /** What is left of this resource, as remarks for its outputs. */
  async warnings(identity: Identity): Promise<readonly Warning[]> {
    const own = this.#own(await this.#entries(), identity).map((entry) => ({
      ...LEFTOVER,
      message: fate(entry),
      ...(entry.expiresAt === undefined ? {} : { until: entry.expiresAt }),
    }));
    return [...own, ...(await this.#journal.unreadable()).map((name) => ({ ...LEFTOVER, message: unreadable(name) }))];
  }

  /**
   * The remarks of a record, with those about leftovers as they are by now: what has gone meanwhile is told no more. A journal that doesn't
   * know the key itself isn't the one that remembers its leftovers; then all remarks stay.
   */
  async renewed({ current, warnings }: Pick<Recorded, "current" | "warnings">, identity: Identity): Promise<readonly Warning[]> {
    const entries = await this.#journal.entries(this.#clock());
    if (!entries.some(({ mark }) => mark === current.mark)) return warnings;
    return [...warnings.filter(({ about }) => about !== "leftover"), ...(await this.warnings(identity))];
  }

  #own(entries: readonly Entry[], identity: Identity): readonly Entry[] {
    return entries.filter((entry) => !this.#taken.has(entry.fingerprint ?? "") && sameIdentity(entry.identity, identity));
  }

  async #entries(): Promise<readonly Entry[]> {
    const now = this.#clock();
    return (await this.#journal.entries(now)).filter((entry) => !this.#held.has(entry.mark) && !underWay(entry, now));
  }
}

const LEFTOVER = { about: "leftover" } as const;

function unreadable(name: string): string {
  return `exchange-keys: the journal's file ${name} isn't an entry that this release can read; a key may hide behind it: mend or remove it`;
}

/** How long a ceremony may take until a run has its key, in milliseconds: as long as a deposit counts. */
const CEREMONY_MS = 72 * 3_600_000;

/** A key that a person is about to make: its own `up` asks for it, and nothing is lost yet. */
function underWay({ label, status, begunAt }: Entry, now: number): boolean {
  return label !== undefined && status !== "recorded" && now < Date.parse(begunAt) + CEREMONY_MS;
}

function sameStack(one: Identity, other: Identity): boolean {
  return one.organization === other.organization && one.project === other.project && one.stack === other.stack;
}

const FATES: Readonly<Record<Entry["status"], string>> = {
  begun: "its answer was lost",
  issued: "it was issued, and isn't known to be recorded",
  recorded: "it was recorded once, and isn't in the state that this run has seen",
};

function subjectOf(entry: Entry): string {
  return `${venueName(entry)}: ${entry.kind} "${entry.identity.name}"`;
}

function fate(entry: Entry): string {
  const end = entry.expiresAt === undefined ? "until it is revoked by hand" : `until ${entry.expiresAt} at the latest`;
  const key = entry.fingerprint === undefined ? "a key" : `the key ${entry.fingerprint}`;
  const what = entry.label !== undefined && entry.status === "begun" ? `a ceremony showed the label "${entry.label}"` : FATES[entry.status];
  return `${subjectOf(entry)}: unknown outcome of ${entry.begunAt}: ${what}; ${key} may be alive ${end} (journal mark ${entry.mark}); docs/configuration.md#journal says how to settle it`;
}
