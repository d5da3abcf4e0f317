// Whether a failed call is sent again: the whole decision as a table.

import { type ErrorCode, KeyError } from "../../provider/core/errors";
import { backoffMs, decide } from "../../provider/http/retry";

const PATIENCE = { attempts: 4, deadlineMs: 20_000 };

function error(code: ErrorCode, transient: boolean): KeyError {
  return new KeyError(code, { operation: "ask", cause: "c", wayOut: "w" }, { transient });
}

const NO = { again: false };
const after = (waitMs: number) => ({ again: true, waitMs });

// prettier-ignore
test.each([
  // intent,       code,            transient, attempt, spent, asked,     decision
  ["read",  "unreachable",        true,  1,      0, undefined, after(125)],
  ["read",  "unreachable",        true,  2,      0, undefined, after(250)],
  ["read",  "unreachable",        true,  3,      0, undefined, after(500)],
  ["read",  "unreachable",        true,  4,      0, undefined, NO],
  ["read",  "unreachable",        false, 1,      0, undefined, NO],
  ["read",  "timeout",            true,  1, 10_000, undefined, after(125)],
  ["read",  "timeout",            true,  2, 19_750, undefined, NO],
  ["read",  "timeout",            true,  2, 25_000, undefined, NO],
  ["read",  "broken-answer",      true,  1,      0, undefined, after(125)],
  ["read",  "broken-answer",      false, 1,      0, undefined, NO],
  ["read",  "rate-limited",       true,  1,      0, 3_000,     after(3_125)],
  ["read",  "rate-limited",       true,  1, 15_000, 6_000,     NO],
  ["read",  "rate-limited",       true,  1,      0, 60_000,    NO],
  ["read",  "maintenance",        true,  1,      0, undefined, after(125)],
  ["read",  "permission-refused", false, 1,      0, undefined, NO],
  ["write", "rate-limited",       true,  1,      0, undefined, after(125)],
  ["write", "rate-limited",       true,  1,      0, 2_000,     after(2_125)],
  ["write", "rate-limited",       true,  4,      0, undefined, NO],
  ["write", "rate-limited",       false, 1,      0, undefined, NO],
  ["write", "not-ready",          true,  1,      0, undefined, after(125)],
  ["write", "unreachable",        true,  1,      0, undefined, NO],
  ["write", "timeout",            true,  1,      0, undefined, NO],
  ["write", "broken-answer",      true,  1,      0, undefined, NO],
  ["write", "maintenance",        true,  1,      0, undefined, after(125)],
  ["write", "unknown-outcome",    true,  1,      0, undefined, NO],
  ["write", "engine-gone",        true,  1,      0, undefined, NO],
] as const)("%s, %s, transient %s, attempt %i, spent %i, asked %s", (intent, code, transient, attempt, spentMs, askedMs, decision) => {
  expect(decide({ intent, error: error(code, transient), attempt, spentMs, askedMs }, PATIENCE, 0.5)).toEqual(decision);
});

test("the jitter is full and its ceiling doubles to five seconds", () => {
  const wait = (draw: number) => decide({ intent: "read", error: error("timeout", true), attempt: 1, spentMs: 0 }, PATIENCE, draw);
  expect([wait(0), wait(0.999_999)]).toEqual([after(0), after(250)]);
  expect([1, 2, 3, 4, 5, 6, 20].map(backoffMs)).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
});
