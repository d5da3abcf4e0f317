// The sandbox's time: the machine's clock plus an offset that tests move. Apart, because everything that expires,
// counts per minute or dates an answer asks here and nowhere else.

/** The part of the clock that survives a restart. */
export interface ClockState {
  offsetMs: number;
}

/** Milliseconds of each unit that {@link parseDuration} knows. */
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Reads a duration such as `"16h"`, `"1h30m"`, `"90s"` or `"-5m"` as milliseconds; `undefined` when it is none.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(-?)((?:\d+(?:ms|s|m|h|d|w))+)$/.exec(text.trim());
  if (!match) return undefined;
  let total = 0;
  for (const [, amount, unit] of (match[2] ?? "").matchAll(/(\d+)(ms|s|m|h|d|w)/g)) {
    total += Number(amount) * (UNITS[unit ?? ""] ?? 0);
  }
  return match[1] === "-" ? -total : total;
}

/** A clock that runs as the machine's does, `offsetMs` ahead of it (or behind, when negative). */
export class Clock {
  constructor(
    private readonly state: ClockState = { offsetMs: 0 },
    private readonly machine: () => number = Date.now,
  ) {}

  /** Now, in milliseconds since 1970 (UTC). */
  now(): number {
    return this.machine() + this.state.offsetMs;
  }

  get offsetMs(): number {
    return this.state.offsetMs;
  }

  setOffset(offsetMs: number): void {
    this.state.offsetMs = offsetMs;
  }

  advance(ms: number): void {
    this.state.offsetMs += ms;
  }

  /** Makes it `at` (milliseconds since 1970) now; the clock runs on from there. */
  set(at: number): void {
    this.state.offsetMs = at - this.machine();
  }
}

/** ISO 8601, UTC, of milliseconds since 1970; null stays null. */
export function iso(at: number): string;
export function iso(at: number | null): string | null;
export function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
