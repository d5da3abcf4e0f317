// The lists of an account's keys, read page by page, once for all who ask at the same time, and forgotten with every write of the run.

import type { AccountScope, Driver, ListPage } from "./driver";
import { KeyError } from "./errors";

/** More pages than this is a venue that goes round in circles. */
const MOST_PAGES = 2_000;
/** A run may wait for a person between preview and update: what was read before isn't known any more. */
const FRESH_MS = 10_000;

/** A whole list. `disturbed`: it has several pages, and a write of this run fell between them, so that a key may have slipped from one to another. */
export interface WholeList {
  readonly keys: ListPage["keys"];
  readonly disturbed: boolean;
}

/** Counts the writes of an account, whoever's hand they are by: what was read before one isn't believed after it. */
export class Writes {
  #begun = 0;
  #under = 0;
  #forgotten = 0;
  #waiting: (() => void)[] = [];

  /** Changes with each write that begins or ends. */
  get stamp(): number {
    return this.#begun;
  }

  /** Changes with the stamp, and where what was read is to be forgotten. */
  get age(): number {
    return this.#begun + this.#forgotten;
  }

  get underWay(): boolean {
    return this.#under > 0;
  }

  async during<T>(write: () => Promise<T>): Promise<T> {
    this.#begun += 1;
    this.#under += 1;
    try {
      return await write();
    } finally {
      this.#begun += 1;
      this.#under -= 1;
      if (this.#under === 0) for (const go of this.#waiting.splice(0)) go();
    }
  }

  /** Until no write is under way. */
  quiet(): Promise<void> {
    return this.#under === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Something may have changed that no write of ours did: what was read is read anew. What is being read isn't disturbed by that. */
  forget(): void {
    this.#forgotten += 1;
  }
}

interface Reading {
  readonly age: number;
  readonly at: number;
  readonly list: Promise<WholeList>;
}

/** One credential's view of the lists. `driver` is to be used instead of the one given: its writes are counted. */
export class Lists {
  readonly driver: Driver;
  readonly #inner: Driver;
  readonly #venue: string;
  readonly #writes: Writes;
  readonly #now: () => number;
  readonly #read = new Map<string, Reading>();

  /** @param now milliseconds that never fall */
  constructor(driver: Driver, venue: string, writes: Writes, now: () => number) {
    this.#inner = driver;
    this.#venue = venue;
    this.#writes = writes;
    this.#now = now;
    const { create, update, revoke } = driver;
    this.driver = {
      ...driver,
      ...(create === undefined ? {} : { create: (desired) => writes.during(() => create(desired)) }),
      ...(update === undefined ? {} : { update: (change) => writes.during(() => update(change)) }),
      ...(revoke === undefined ? {} : { revoke: (ref) => writes.during(() => revoke(ref)) }),
    };
  }

  /** All keys of a scope. Those who ask between two writes share one answer; a failure is shared by none that ask later. */
  all(scope: AccountScope): Promise<WholeList> {
    const name = JSON.stringify([scope.subAccount ?? null]);
    const known = this.#read.get(name);
    const now = this.#now();
    if (known?.age === this.#writes.age && now - known.at < FRESH_MS) return known.list;
    const reading: Reading = { age: this.#writes.age, at: now, list: this.#walk(scope) };
    this.#read.set(name, reading);
    reading.list.catch(() => {
      if (this.#read.get(name) === reading) this.#read.delete(name);
    });
    return reading.list;
  }

  forget(): void {
    this.#writes.forget();
  }

  /** Until no write of the account is under way: who reads then shares one list, and none that a write fell into. */
  quiet(): Promise<void> {
    return this.#writes.quiet();
  }

  async #walk(scope: AccountScope): Promise<WholeList> {
    const { list } = this.#inner;
    if (list === undefined) throw new Error("this driver has no list");
    const before = this.#writes.stamp;
    const busy = this.#writes.underWay;
    const keys: ListPage["keys"][number][] = [];
    const seen = new Set<string>();
    for (let page: string | undefined, pages = 1; ; pages += 1) {
      const answer = await list(scope, page);
      keys.push(...answer.keys);
      page = answer.next;
      if (page === undefined) return { keys, disturbed: pages > 1 && (busy || before !== this.#writes.stamp) };
      if (seen.has(page) || pages >= MOST_PAGES) throw this.#circular();
      seen.add(page);
    }
  }

  #circular(): KeyError {
    return new KeyError("broken-answer", {
      venue: this.#venue,
      operation: "list keys",
      cause: "the venue's pages go round in circles, so that no list is complete",
      wayOut: "try again later; if it stays so, the venue changed its API",
    });
  }
}
