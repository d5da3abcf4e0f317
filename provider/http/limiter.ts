// A sliding window over one group of endpoints. Not p-queue's: that one counts by the wall clock, which can be set back, and from
// the start of a task. We count from the end, so that no delay on the way makes the venue's own window see one request too many.

import type { RateLimit } from "../core/capability";

/** Timers and the venue's clock round to milliseconds. */
const LEAST_MARGIN_MS = 5;
const MARGIN = 0.01;

/** What a group of endpoints lets through. One caller at a time: `await` the time that `waitMs()` tells, send, call `ended()`. */
export interface Pace {
  /** Milliseconds until the next request of this weight may start; 0 when it may now. One heavier than the limit waits until all of it is free. */
  waitMs(weight?: number): number;
  /** The request is over, whatever became of it. */
  ended(weight?: number): void;
  /** The venue asked for a pause. */
  hold(ms: number): void;
}

/** @param now milliseconds that never fall */
export function paceOf(limit: RateLimit, now: () => number = () => performance.now()): Pace {
  return limit.burst === undefined ? new SlidingWindow(limit, now) : new Credits({ ...limit, burst: limit.burst }, now);
}

/**
 * Lets at most `requests` into any `perMs`.
 *
 * A request that ended at `t` reached the venue before `t`; the one that takes its place starts after `t + perMs`, and so
 * arrives later still.
 */
export class SlidingWindow implements Pace {
  readonly #limit: RateLimit;
  readonly #now: () => number;
  #ends: { readonly at: number; readonly weight: number }[] = [];
  #heldUntil = -Infinity;

  /** @param now milliseconds that never fall */
  constructor(limit: RateLimit, now: () => number = () => performance.now()) {
    this.#limit = checked(limit);
    this.#now = now;
  }

  waitMs(weight = 1): number {
    const { requests, perMs } = this.#limit;
    const now = this.#now();
    const restMs = perMs + Math.max(LEAST_MARGIN_MS, perMs * MARGIN);
    let over = this.#ends.reduce((sum, end) => sum + end.weight, 0) + Math.min(weight, requests) - requests;
    let free = -Infinity;
    for (const end of this.#ends) {
      if (over <= 0) break;
      over -= end.weight;
      free = end.at + restMs;
    }
    return Math.max(0, Math.max(free, this.#heldUntil) - now);
  }

  ended(weight = 1): void {
    const { requests, perMs } = this.#limit;
    const now = this.#now();
    this.#ends = this.#ends.filter(({ at }) => at + 2 * perMs > now);
    this.#ends.push({ at: now, weight: Math.min(weight, requests) });
  }

  hold(ms: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#now() + ms);
  }
}

/**
 * Credits that come back steadily, up to `burst`. They are taken when a request ends, which is after the venue took them: what we count is
 * never more than what the venue counts.
 */
export class Credits implements Pace {
  readonly #limit: Required<RateLimit>;
  readonly #now: () => number;
  #left: number;
  #at: number;
  #heldUntil = -Infinity;

  /** @param now milliseconds that never fall */
  constructor(limit: Required<RateLimit>, now: () => number = () => performance.now()) {
    this.#limit = { ...checked(limit), burst: limit.burst };
    this.#now = now;
    this.#left = limit.burst;
    this.#at = now();
  }

  waitMs(weight = 1): number {
    const { requests, perMs, burst } = this.#limit;
    const missing = Math.min(weight, burst) - this.#count();
    const backMs = missing <= 0 ? 0 : (missing / requests) * perMs * (1 + MARGIN) + LEAST_MARGIN_MS;
    return Math.max(0, backMs, this.#heldUntil - this.#now());
  }

  ended(weight = 1): void {
    this.#left = Math.max(0, this.#count() - weight);
  }

  hold(ms: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#now() + ms);
  }

  #count(): number {
    const { requests, perMs, burst } = this.#limit;
    const now = this.#now();
    this.#left = Math.min(burst, this.#left + ((now - this.#at) / perMs) * requests);
    this.#at = now;
    return this.#left;
  }
}

function checked<T extends RateLimit>(limit: T): T {
  if (!Number.isInteger(limit.requests) || limit.requests < 1 || !(limit.perMs > 0)) {
    throw new Error(`no rate limit: ${limit.requests} requests per ${limit.perMs} ms`);
  }
  return limit;
}
