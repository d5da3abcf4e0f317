// Request numbers, and the venue's time that bounds them. Apart, since a number sent too high locks its key for ever.

import type { NonceUnit } from "../core/capability";
import type { Clock } from "../core/model";
import { httpDate } from "./answer";

const BEHIND_MS = 1_000;
const AHEAD_MS = 60_000;
const PER_MS: Readonly<Record<NonceUnit, number>> = { ms: 1, us: 1_000 };

/** The last number of each credential: of the process, since two channels may use one credential. */
const lastNumbers = new Map<string, number>();

/** The venue's time as its Date headers tell it, carried on between answers by a clock that can't be set. */
export class VenueTime {
  readonly #elapsed: () => number;
  #offset: number | undefined;

  /** @param elapsed milliseconds that never fall */
  constructor(elapsed: () => number = () => performance.now()) {
    this.#elapsed = elapsed;
  }

  /** Notes a Date header and when it came; returns its milliseconds, or undefined where it isn't one. */
  heard(date: string | undefined, cameAt = this.#elapsed()): number | undefined {
    const at = httpDate(date);
    if (at !== undefined) this.#offset = at - cameAt;
    return at;
  }

  /** Milliseconds since 1970, up to a second behind the truth (that is how Date headers round); undefined before the first. */
  now(): number | undefined {
    return this.#offset === undefined ? undefined : Math.floor(this.#offset + this.#elapsed());
  }
}

/**
 * Numbers requests by our clock, held to 60 s ahead of the venue's time. Only after the venue refused a number as too small do they also
 * rise to 1 s behind its time: our clock may have been set back, but one wrong Date header mustn't drive the numbers ahead of the clock.
 */
export class Nonces {
  readonly #unit: NonceUnit | undefined;
  readonly #clock: Clock;
  readonly #venueNow: () => number | undefined;
  readonly #tooSmall = new Set<string>();

  constructor(unit: NonceUnit | undefined, clock: Clock, venueNow: () => number | undefined) {
    this.#unit = unit;
    this.#clock = clock;
    this.#venueNow = venueNow;
  }

  /** The venue refused this credential's number as too small. */
  tooSmall(fingerprint: string): void {
    this.#tooSmall.add(fingerprint);
  }

  /**
   * The next number of a credential: greater than all before it in this process, whatever becomes of our clock.
   *
   * @param fingerprint of the credential
   * @param unit what its holder counts in, where that isn't the account's
   * @throws Error when the venue's time isn't known: ask something unsigned first; and where nothing says what is counted.
   * @example nonces.next("0f3b…") // "1700000000000" in milliseconds, "1700000000000000" in microseconds
   */
  next(fingerprint: string, unit: NonceUnit | undefined = this.#unit): string {
    if (unit === undefined) throw new Error("a numbered request needs a unit, and its venue's manifest names none");
    const venue = this.#venueNow();
    if (venue === undefined) throw new Error("a numbered request needs the venue's time: ask something unsigned first");
    const ours = this.#tooSmall.has(fingerprint) ? Math.max(this.#clock(), venue - BEHIND_MS) : this.#clock();
    const base = Math.min(ours, venue + AHEAD_MS);
    const number = Math.max(Math.floor(base) * PER_MS[unit], (lastNumbers.get(fingerprint) ?? 0) + 1);
    lastNumbers.set(fingerprint, number);
    return String(number);
  }
}
