// Durations: what is read, what is refused, and the laws of their canonical text.

import fc from "fast-check";
import { formatDuration, parseDuration } from "../../provider/core/duration";

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 } as const;
const HUNDRED_YEARS = 36_500 * 86_400;

function problem(given: unknown): string {
  const parsed = parseDuration(given);
  if ("ok" in parsed) throw new Error(`accepted as ${parsed.ok.text}`);
  return parsed.problem;
}

test.each([
  ["24h", 86_400, "1d"],
  ["1440m", 86_400, "1d"],
  ["90m", 5_400, "90m"],
  ["60s", 60, "1m"],
  ["61s", 61, "61s"],
  ["2w", 1_209_600, "14d"],
  ["30d", 2_592_000, "30d"],
  ["36h", 129_600, "36h"],
  ["36500d", HUNDRED_YEARS, "36500d"],
])("%s is %d seconds, canonically %s", (given, seconds, text) => {
  expect(parseDuration(given)).toEqual({ ok: { seconds, text } });
});

test.each([
  ["1.5h"],
  ["-1h"],
  ["+1h"],
  ["0s"],
  ["000d"],
  ["024h"],
  [""],
  ["24"],
  [" 24h"],
  ["24h "],
  ["24 h"],
  ["24h\n"],
  ["24h\0"],
  ["1e3s"],
  ["24 hours"],
  ["24hours"],
  ["24H"],
  ["1M"],
  ["1h30m"],
  ["1h 30m"],
  ["PT24H"],
  ["5ms"],
  ["1y"],
  ["0x10s"],
  ["1_000s"],
  ["1,000s"],
  ["h"],
  ["Infinityd"],
  ["NaNs"],
  ["٢٤h"],
  ["24ｈ"],
  [24],
  [Number.NaN],
  [true],
  [["24h"]],
  [{ hours: 24 }],
  [undefined],
  [null],
])("refuses %j and names the allowed form", (given) => {
  expect(problem(given)).toMatch(/; write a whole number and one unit of s, m, h, d, w, such as "90m" or "24h"$/);
});

test.each([["36501d"], ["9007199254740993s"], ["99999999999999999999w"], [`${"9".repeat(99)}d`], [`${"9".repeat(500)}s`]])(
  "refuses %s, which is too long for a date",
  (given) => {
    expect(problem(given)).toMatch(/is longer than a hundred years; write/);
  },
);

test.each([["0s"], ["000d"]])("refuses %s as no time at all, not for its form", (given) => {
  expect(problem(given)).toMatch(/^"0+[sd]" is no time at all; write/);
});

test("the message shows what was given, escaped and cut", () => {
  expect(problem("24\u202eh")).toContain('"24\\u202eh" isn\'t a duration');
  expect(problem("x".repeat(10_000)).length).toBeLessThan(250);
});

const unit = fc.constantFrom(...(Object.keys(SECONDS) as (keyof typeof SECONDS)[]));

test("law: value, canonical text and value agree; equal durations have equal texts", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), unit, unit, (count, one, other) => {
      const total = count * SECONDS[one];
      const parsed = parseDuration(`${count}${one}`);
      if ("problem" in parsed) throw new Error(parsed.problem);
      expect(parsed.ok.seconds).toBe(total);
      expect(parseDuration(parsed.ok.text)).toEqual(parsed);
      expect(parsed.ok.text).toBe(formatDuration(total));
      if (total % SECONDS[other] === 0) expect(parseDuration(`${total / SECONDS[other]}${other}`)).toEqual(parsed);
    }),
  );
});

test("law: the canonical text has the largest unit of d, h, m, s that divides exactly", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.integer({ min: 1, max: HUNDRED_YEARS }),
        fc.integer({ min: 1, max: 36_500 }).map((days) => days * 86_400),
      ),
      (seconds) => {
        const largest = (["d", "h", "m", "s"] as const).find((name) => seconds % SECONDS[name] === 0);
        expect(formatDuration(seconds)).toMatch(new RegExp(`^[1-9][0-9]*${largest}$`));
        expect(parseDuration(formatDuration(seconds))).toEqual({ ok: { seconds, text: formatDuration(seconds) } });
      },
    ),
  );
});

test("law: anything else is refused, and nothing throws", () => {
  const near = fc.stringMatching(/^[-+ ]?[0-9]{0,25}\.?[0-9]{0,3}(e[0-9])? ?([smhdwy]|ms|hours)?$/);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), near, fc.anything()), (given) => {
      const parsed = parseDuration(given);
      if (typeof given !== "string" || !/^[1-9][0-9]*[smhdw]$/.test(given)) expect(parsed).toHaveProperty("problem");
      if ("ok" in parsed) {
        expect(Number.isSafeInteger(parsed.ok.seconds * 1000)).toBe(true);
        expect(new Date(1e12 + parsed.ok.seconds * 1000).toISOString()).toMatch(/^[0-9]{4}-/);
      }
    }),
    { numRuns: 1_000 },
  );
});

test("formatDuration takes whole seconds from zero on", () => {
  expect(formatDuration(0)).toBe("0s");
  for (const bad of [-1, 1.5, Number.NaN, Infinity, 2 ** 60]) expect(() => formatDuration(bad)).toThrow(RangeError);
});
