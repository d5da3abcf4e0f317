// Whether a failed call is sent again, and when: a pure decision, so that it can be tested as a table.

import type { KeyError } from "../core/errors";

const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 5_000;

/** What has been tried of one call. */
export interface Tried {
  readonly intent: "read" | "write";
  readonly error: KeyError;
  /** Requests sent so far. */
  readonly attempt: number;
  /** Time in requests and pauses since the first sending, without the time in queues. Milliseconds. */
  readonly spentMs: number;
  /** The pause that the venue asked for. Milliseconds. */
  readonly askedMs?: number | undefined;
}

export interface Patience {
  readonly attempts: number;
  readonly deadlineMs: number;
}

export type Next = { readonly again: false } | { readonly again: true; readonly waitMs: number };

/** The longest that the pause after an attempt may be, when the venue asks for none. Milliseconds. */
export function backoffMs(attempt: number): number {
  return Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1));
}

/**
 * A read is tried again after what may pass; a write only after a refusal that had no effect. Never before the time that the venue
 * asked for, and not at all when that is past the deadline.
 *
 * @param draw from [0, 1): the jitter
 * @example decide({ intent: "write", error: timeout, attempt: 1, spentMs: 9000 }, { attempts: 4, deadlineMs: 20000 }, 0.5) // { again: false }
 */
export function decide(tried: Tried, patience: Patience, draw: number): Next {
  const { intent, error, attempt, spentMs, askedMs = 0 } = tried;
  const harmless = error.transient && (intent === "read" || error.branch === "refused");
  if (!harmless || attempt >= patience.attempts) return { again: false };
  const waitMs = askedMs + Math.round(draw * backoffMs(attempt));
  return spentMs + waitMs < patience.deadlineMs ? { again: true, waitMs } : { again: false };
}
