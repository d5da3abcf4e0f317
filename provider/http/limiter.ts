// A sliding window over one group of endpoints. Not p-queue's: that one counts by the wall clock, which can be set back, and from
// the start of a task. We count from the end, so that no delay on the way makes the venue's own window see one request too many.

import type { RateLimit } from "../core/capability";

/** Timers and the venue's clock round to milliseconds. */
const LEAST_MARGIN_MS = 5;
const MARGIN = 0.01;

/**
 * Lets at most `requests` into any `perMs`. One caller at a time: `await` the time that `waitMs()` tells, send, call `ended()`.
 *
 * A request that ended at `t` reached the venue before `t`; the one that takes its place starts after `t + perMs`, and so
 * arrives later still.
 */
export class SlidingWindow {
  readonly #limit: RateLimit;
  readonly #now: () => number;
  readonly #ends: number[] = [];
  #heldUntil = -Infinity;

  /** @param now milliseconds that never fall */
  constructor(limit: RateLimit, now: () => number = () => performance.now()) {
    if (!Number.isInteger(limit.requests) || limit.requests < 1 || !(limit.perMs > 0)) {
      throw new Error(`no rate limit: ${limit.requests} requests per ${limit.perMs} ms`);
    }
    this.#limit = limit;
    this.#now = now;
  }

  /** Milliseconds until the next request may start; 0 when it may now. */
  waitMs(): number {
    const oldest = this.#ends.length < this.#limit.requests ? -Infinity : (this.#ends[0] ?? -Infinity);
    const { perMs } = this.#limit;
    const free = oldest + perMs + Math.max(LEAST_MARGIN_MS, perMs * MARGIN);
    return Math.max(0, Math.max(free, this.#heldUntil) - this.#now());
  }

  /** The request is over, whatever became of it. */
  ended(): void {
    this.#ends.push(this.#now());
    if (this.#ends.length > this.#limit.requests) this.#ends.shift();
  }

  /** The venue asked for a pause. */
  hold(ms: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#now() + ms);
  }
}
