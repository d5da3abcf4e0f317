// Durations such as "24h": strict text to seconds and back. Lifetimes, rotation and overlap are written this way.

import ms, { type StringValue } from "ms";
import { quote } from "./quote";

/** A hundred years: any end that is reckoned from it is still a date. */
const LONGEST = 36_500 * 86_400;

const FORM = 'write a whole number and one unit of s, m, h, d, w, such as "90m" or "24h"';

/** Largest first; weeks are read and written as days. */
const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
] as const;

/**
 * Reads one positive whole number with one unit. Nothing else: no fraction, sign, space, exponent, long unit or combination.
 * The canonical text has the largest unit of d, h, m, s that divides exactly, so that equal durations read the same.
 *
 * @example
 * parseDuration("1440m");  // { ok: { seconds: 86400, text: "1d" } }
 * parseDuration("1h30m");  // { problem: '"1h30m" isn\'t a duration; write a whole number …' }
 */
export function parseDuration(
  text: unknown,
): { readonly ok: { readonly seconds: number; readonly text: string } } | { readonly problem: string } {
  if (text === undefined || text === null) return { problem: `the duration is missing; ${FORM}` };
  if (typeof text !== "string" || !/^[0-9]+[smhdw]$/.test(text)) return { problem: `${quote(text)} isn't a duration; ${FORM}` };
  if (/^0+[smhdw]$/.test(text)) return { problem: `${quote(text)} is no time at all; ${FORM}` };
  if (text.startsWith("0")) return { problem: `${quote(text)} has a leading zero; ${FORM}` };
  // ms gives undefined for more than a hundred characters, whatever its type says.
  const seconds = ((ms(text as StringValue) as number | undefined) ?? Infinity) / 1000;
  if (seconds > LONGEST) return { problem: `${quote(text)} is longer than a hundred years; ${FORM}` };
  return { ok: { seconds, text: formatDuration(seconds) } };
}

/** Seconds of a lifetime. Without an end, and where it can't be read, it counts as endless. */
export function lifetimeSeconds(text: string | undefined): number {
  const parsed = parseDuration(text);
  return "ok" in parsed ? parsed.ok.seconds : Infinity;
}

/**
 * The canonical text of a whole number of seconds, zero or more.
 *
 * @throws RangeError for any other number
 * @example formatDuration(5400) // "90m"
 */
export function formatDuration(seconds: number): string {
  if (!Number.isSafeInteger(seconds) || seconds < 0) throw new RangeError(`${seconds} isn't a whole number of seconds`);
  const [unit, size] = UNITS.find(([, length]) => seconds > 0 && seconds % length === 0) ?? ["s", 1];
  return `${seconds / size}${unit}`;
}
