// Labels: the mark comes back out of what was composed, nothing is ever longer than the venue allows, and nothing is cut.

import fc from "fast-check";
import { compose, labelProblem, markIn, MARK_DIGITS, room, textIn, type LabelLimits } from "../../provider/core/label";

const hex = fc.constantFrom(..."0123456789abcdef");
const mark = fc.array(hex, { minLength: MARK_DIGITS, maxLength: MARK_DIGITS }).map((digits) => digits.join(""));
const limits: fc.Arbitrary<LabelLimits> = fc.record({
  max: fc.integer({ min: MARK_DIGITS, max: 64 }),
  alphabet: fc.constantFrom(/^[\w-]+$/, /^[A-Za-z0-9_-]+$/),
  separator: fc.constantFrom("", "-", "_", "--"),
});
const text = fc.option(fc.oneof(fc.string({ minLength: 1, maxLength: 60 }), fc.stringMatching(/^[\w-]{1,60}$/), mark), { nil: undefined });

test("markIn(compose(text, mark)) = mark, never longer than the venue allows, with the text whole", () => {
  fc.assert(
    fc.property(text, mark, limits, (own, given, venue) => {
      fc.pre(own === undefined || labelProblem(own, venue) === undefined);
      const label = compose(own, given, venue);
      expect(markIn(label, venue)).toBe(given);
      expect(textIn(label, venue)).toBe(own);
      expect(label.length).toBeLessThanOrEqual(venue.max);
      expect(label.startsWith(own ?? given)).toBe(true);
      expect(venue.alphabet.test(label)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("a text that has a problem is never composed, one that is too long is never cut", () => {
  fc.assert(
    fc.property(text, mark, limits, (own, given, venue) => {
      fc.pre(own !== undefined && (own.length > room(venue) || !venue.alphabet.test(own)));
      expect(labelProblem(own!, venue)).toEqual(expect.any(String));
      expect(() => compose(own, given, venue)).toThrow("doesn't fit");
    }),
  );
});

const VENUE: LabelLimits = { max: 24, alphabet: /^[\w-]+$/, separator: "-" };

test.each([
  ["hedge-9f86d081884c7d65", "9f86d081884c7d65"],
  ["9f86d081884c7d65", "9f86d081884c7d65"],
  ["hedge", undefined],
  ["hedge9f86d081884c7d65", undefined],
  ["hedge-9F86D081884C7D65", undefined],
  ["9f86d081884c7d65-hedge", undefined],
  ["", undefined],
])("the mark in %j", (label, found) => {
  expect(markIn(label, VENUE)).toBe(found);
});

test.each([
  ["hedge-9f86d081884c7d65", "hedge"],
  ["9f86d081884c7d65", undefined],
  ["edited by hand", "edited by hand"],
  ["", undefined],
])("the text in %j", (label, own) => {
  expect(textIn(label, VENUE)).toBe(own);
});

test("a mark that isn't one of ours, or labels too short for it, are mistakes of ours", () => {
  expect(() => compose(undefined, "short", VENUE)).toThrow("doesn't fit");
  expect(() => compose(undefined, "9f86d081884c7d65", { ...VENUE, max: 15 })).toThrow("doesn't fit");
});

test.each([
  ["hedge", undefined],
  ["hedgers", undefined],
  ["hedgers1", "it has 8 characters, and beside our mark the venue allows 7; shorten it"],
  ["ünder", expect.stringContaining("don't take all of its characters")],
])("the text %j", (own, problem) => {
  expect(labelProblem(own, VENUE)).toEqual(problem);
});

test("labels that hold the mark alone take no text", () => {
  expect(labelProblem("a", { ...VENUE, max: 16 })).toContain("room for our mark alone");
});
