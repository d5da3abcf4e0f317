// One account, one request at a time, in the venue's rate limits. Each limit group has a lane, where its calls wait in order;
// only a call that may start now enters the account's queue, and its lane stays shut until it is over, so nothing piles up there.

import { setTimeout as sleep } from "node:timers/promises";
import PQueue from "p-queue";
import type { RateLimit } from "../core/capability";
import { paceOf, type Pace } from "./limiter";

interface Lane {
  readonly queue: PQueue;
  readonly pace: Pace | undefined;
}

/** Group → limit; `"off"` for none; with `share`, one limit for all groups together. */
export type Limits = Readonly<Record<string, RateLimit>> | "off";

export class AccountQueue {
  readonly #account = new PQueue({ concurrency: 1 });
  readonly #lanes = new Map<string, Lane>();
  readonly #limits: Limits;
  readonly #share: RateLimit | undefined;
  readonly #closed: AbortSignal;

  constructor(limits: Limits, share: RateLimit | undefined, closed: AbortSignal) {
    this.#limits = limits;
    this.#share = share;
    this.#closed = closed;
  }

  /** Runs a job when its group's limit and the account's queue let it. Rejects with the signal's reason once that is aborted. */
  async run<T>(group: string, job: () => Promise<T>, weight = 1): Promise<T> {
    const { queue, pace } = this.#lane(group);
    return queue.add(async () => {
      await this.#room(pace, weight);
      return this.#account.add(async () => {
        this.#closed.throwIfAborted();
        try {
          return await job();
        } finally {
          pace?.ended(weight);
        }
      });
    });
  }

  /** Lets a group rest: the venue asked for it. Milliseconds. */
  hold(group: string, ms: number): void {
    this.#lane(group).pace?.hold(ms);
  }

  async #room(pace: Pace | undefined, weight: number): Promise<void> {
    // A timer may fire a little early.
    for (let ms = pace?.waitMs(weight) ?? 0; ms > 0; ms = pace?.waitMs(weight) ?? 0) {
      await sleep(Math.ceil(ms), undefined, { signal: this.#closed });
    }
  }

  #lane(group: string): Lane {
    const name = this.#share === undefined ? group : "all";
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const limit = this.#share ?? (this.#limits === "off" ? undefined : this.#limits[group]);
    if (limit === undefined && this.#limits !== "off") throw new Error(`no rate limit for the group "${group}"`);
    const lane: Lane = { queue: new PQueue({ concurrency: 1 }), pace: limit === undefined ? undefined : paceOf(limit) };
    this.#lanes.set(name, lane);
    return lane;
  }
}
