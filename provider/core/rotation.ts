// When a key gets a successor, why, and how long the predecessor may stay. Pure: times come in as numbers.

import type { Decision } from "./inputs";
import { iso } from "./means";
import type { Reason } from "./model";

/** What is known of the generation that the state holds. */
export interface Previous extends Decision {
  readonly alive: boolean;
  readonly reissue?: string | undefined;
  /** Of the recorded generation; absent for keys that don't end by themselves. */
  readonly lifetimeSeconds?: number | undefined;
}

export interface RotationQuestion {
  /** Milliseconds. */
  readonly now: number;
  readonly previous?: Previous | undefined;
  /** The change of properties that the venue can't update in place. */
  readonly change: "none" | "narrowed" | "changed";
  /** Whether the key is to do less than before, by whichever way: no earlier generation may go on doing more. */
  readonly narrows: boolean;
  readonly reissue?: string | undefined;
  readonly everySeconds?: number | undefined;
  readonly overlapSeconds: number;
  /** `none` holds back what is merely due. */
  readonly renew: "due" | "none";
}

/** How long a predecessor stays where nothing else is said: an hour. */
export const OVERLAP_S = 3_600;

/** Reasons that leave no earlier generation any time: one may be in the wrong hands, or can do too much; a dead one needs none. */
const AT_ONCE: readonly Reason[] = ["reissue", "narrowed", "gone", "lapsed"];

/**
 * Decides the generation. With nothing to decide it carries the previous decision over, less the entries of `keepUntil` whose time has passed.
 *
 * @example
 * decide({ now: Date.parse("2026-01-02T00:00:00Z"), previous, change: "none", narrows: false, everySeconds: 3600, overlapSeconds: 60, renew: "due" })
 * // { generation: 2, reason: "due", decidedAt: "2026-01-02T00:00:00.000Z", keepUntil: { "1": "2026-01-02T00:01:00.000Z" } }
 */
export function decide(question: RotationQuestion): Decision {
  const { now, previous } = question;
  if (previous === undefined) return { generation: 1, decidedAt: iso(now), reason: "first", keepUntil: {} };
  const kept = question.narrows ? {} : stillKept(previous.keepUntil, now);
  const reason = reasonFor(question, previous);
  if (reason === undefined) {
    return { generation: previous.generation, decidedAt: previous.decidedAt, reason: previous.reason, keepUntil: kept };
  }
  const next = { generation: previous.generation + 1, decidedAt: iso(now), reason };
  if (reason === "reissue" || reason === "narrowed" || question.narrows) return { ...next, keepUntil: {} };
  if (AT_ONCE.includes(reason)) return { ...next, keepUntil: kept };
  const end = Math.min(now + question.overlapSeconds * 1000, lapse(previous) ?? Infinity);
  return { ...next, keepUntil: end > now ? { ...kept, [String(previous.generation)]: iso(end) } : kept };
}

function reasonFor(question: RotationQuestion, previous: Previous): Reason | undefined {
  const { now, everySeconds } = question;
  if (question.reissue !== previous.reissue && question.reissue !== undefined) return "reissue";
  if (question.change === "narrowed") return "narrowed";
  const lapsed = lapse(previous);
  if (lapsed !== undefined && now >= lapsed) return "lapsed";
  if (!previous.alive) return "gone";
  if (question.change === "changed") return "changed";
  if (question.renew === "due" && everySeconds !== undefined && now >= Date.parse(previous.decidedAt) + everySeconds * 1000) return "due";
  return undefined;
}

/** When the recorded generation ends by itself, at the earliest. */
function lapse(previous: Previous): number | undefined {
  return previous.lifetimeSeconds === undefined ? undefined : Date.parse(previous.decidedAt) + previous.lifetimeSeconds * 1000;
}

function stillKept(keepUntil: Readonly<Record<string, string>>, now: number): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(keepUntil).filter(([, end]) => Date.parse(end) > now));
}
