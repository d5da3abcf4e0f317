// When a key gets a successor: a table of the reasons, and laws over many histories.

import fc from "fast-check";
import { decide, type Previous, type RotationQuestion } from "../../provider/core/rotation";

const T0 = Date.parse("2030-01-01T00:00:00Z");
const HOUR = 3_600_000;
const at = (ms: number): string => new Date(ms).toISOString();

const previous: Previous = {
  generation: 3,
  decidedAt: at(T0),
  reason: "first",
  keepUntil: { "2": at(T0 + 30 * HOUR) },
  alive: true,
  lifetimeSeconds: 24 * 3600,
};
const quiet: RotationQuestion = {
  now: T0 + HOUR,
  previous,
  change: "none",
  narrows: false,
  everySeconds: 16 * 3600,
  overlapSeconds: 3600,
  renew: "due",
};

test("a key that never was is the first generation, with nothing to keep", () => {
  const { previous: _, ...question } = quiet;
  expect(decide({ ...question, reissue: "now" })).toEqual({ generation: 1, reason: "first", decidedAt: at(T0 + HOUR), keepUntil: {} });
});

const kept = previous.keepUntil;
const own = (hours: number): Record<string, string> => ({ ...kept, "3": at(T0 + hours * HOUR) });

test.each([
  ["nothing to decide", {}, { generation: 3, reason: "first", decidedAt: at(T0), keepUntil: kept }],
  ["due, to the second", { now: T0 + 16 * HOUR }, { generation: 4, reason: "due", decidedAt: at(T0 + 16 * HOUR), keepUntil: own(17) }],
  ["not due a millisecond before", { now: T0 + 16 * HOUR - 1 }, { generation: 3, reason: "first", decidedAt: at(T0), keepUntil: kept }],
  ["due, but held back", { now: T0 + 16 * HOUR, renew: "none" }, { generation: 3, reason: "first", decidedAt: at(T0), keepUntil: kept }],
  [
    "an overlap is cut at the predecessor's own end",
    { now: T0 + 16 * HOUR, overlapSeconds: 12 * 3600 },
    { generation: 4, reason: "due", decidedAt: at(T0 + 16 * HOUR), keepUntil: own(24) },
  ],
  ["lapsed", { now: T0 + 24 * HOUR }, { generation: 4, reason: "lapsed", decidedAt: at(T0 + 24 * HOUR), keepUntil: kept }],
  ["changed", { change: "changed" }, { generation: 4, reason: "changed", decidedAt: at(T0 + HOUR), keepUntil: own(2) }],
  ["narrowed", { change: "narrowed" }, { generation: 4, reason: "narrowed", decidedAt: at(T0 + HOUR), keepUntil: {} }],
  [
    "narrowed in place: earlier ones have no time left",
    { narrows: true },
    { generation: 3, reason: "first", decidedAt: at(T0), keepUntil: {} },
  ],
  [
    "due, and narrowed in place",
    { now: T0 + 16 * HOUR, narrows: true },
    { generation: 4, reason: "due", decidedAt: at(T0 + 16 * HOUR), keepUntil: {} },
  ],
  ["reissue", { reissue: "leaked" }, { generation: 4, reason: "reissue", decidedAt: at(T0 + HOUR), keepUntil: {} }],
  ["gone", { previous: { ...previous, alive: false } }, { generation: 4, reason: "gone", decidedAt: at(T0 + HOUR), keepUntil: kept }],
  [
    "the same text of reissue",
    { reissue: "leaked", previous: { ...previous, reissue: "leaked" } },
    { generation: 3, reason: "first", decidedAt: at(T0), keepUntil: kept },
  ],
  [
    "a text of reissue taken away",
    { previous: { ...previous, reissue: "leaked" } },
    { generation: 3, reason: "first", decidedAt: at(T0), keepUntil: kept },
  ],
  [
    "an entry whose time has passed",
    { now: T0 + 30 * HOUR, renew: "none", previous: { ...previous, lifetimeSeconds: undefined } },
    { generation: 3, reason: "first", decidedAt: at(T0), keepUntil: {} },
  ],
  [
    "no overlap at all",
    { change: "changed", overlapSeconds: 0 },
    { generation: 4, reason: "changed", decidedAt: at(T0 + HOUR), keepUntil: kept },
  ],
] satisfies [string, Partial<RotationQuestion>, unknown][])("%s", (_, more, expected) => {
  expect(decide({ ...quiet, ...more })).toEqual(expected);
});

test("with all reasons at once, the one that leaves the least time is told, and each next one when it is taken away", () => {
  const all: RotationQuestion = {
    ...quiet,
    now: T0 + 25 * HOUR,
    reissue: "x",
    change: "narrowed",
    previous: { ...previous, alive: false },
  };
  const living = { ...previous, lifetimeSeconds: undefined };
  const reasons = [
    all,
    { ...all, reissue: undefined },
    { ...all, reissue: undefined, change: "changed" as const },
    { ...all, reissue: undefined, change: "changed" as const, previous: { ...living, alive: false } },
    { ...all, reissue: undefined, change: "changed" as const, previous: living },
    { ...all, reissue: undefined, change: "none" as const, previous: living },
    { ...all, reissue: undefined, change: "none" as const, previous: living, renew: "none" as const },
  ].map((question) => decide(question).reason);
  expect(reasons).toEqual(["reissue", "narrowed", "lapsed", "gone", "changed", "due", "first"]);
});

describe("laws", () => {
  const seconds = fc.integer({ min: 1, max: 40 * 86_400 });
  const moment = fc.integer({ min: 0, max: 80 * 86_400 }).map((after) => T0 + after * 1000);
  const earlier = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), moment), { maxLength: 4 });
  const history: fc.Arbitrary<Previous> = fc
    .record({
      generation: fc.integer({ min: 1, max: 7 }),
      decided: moment,
      reason: fc.constantFrom("first", "due", "lapsed", "gone", "reissue", "narrowed", "changed"),
      ends: earlier,
      alive: fc.boolean(),
      reissue: fc.option(fc.constantFrom("a", "b"), { nil: undefined }),
      lifetimeSeconds: fc.option(seconds, { nil: undefined }),
    })
    .map(({ decided, ends, ...rest }) => ({
      ...rest,
      decidedAt: at(decided),
      keepUntil: Object.fromEntries(ends.filter(([number]) => number < rest.generation).map(([number, end]) => [number, at(end)])),
    }));
  const asked: fc.Arbitrary<RotationQuestion & { readonly previous: Previous }> = fc.record({
    now: moment,
    previous: history,
    change: fc.constantFrom("none", "narrowed", "changed"),
    narrows: fc.boolean(),
    reissue: fc.option(fc.constantFrom("a", "b"), { nil: undefined }),
    everySeconds: fc.option(seconds, { nil: undefined }),
    overlapSeconds: fc.integer({ min: 0, max: 40 * 86_400 }),
    renew: fc.constantFrom("due", "none"),
  });
  const law = (name: string, holds: (question: RotationQuestion & { readonly previous: Previous }) => void) =>
    test(name, () => fc.assert(fc.property(asked, holds), { numRuns: 1_000 }));
  /** What `check` asks right after its answer has been carried out. */
  const again = (question: RotationQuestion & { readonly previous: Previous }): RotationQuestion => ({
    ...question,
    change: "none",
    previous: { ...question.previous, ...decide(question), alive: true, reissue: question.reissue },
  });

  law("the generation stays or rises by one", (question) => {
    const risen = decide(question).generation - question.previous.generation;
    expect([0, 1]).toContain(risen);
  });

  law("carried over, but for entries whose time has passed, when the generation stays", (question) => {
    const { keepUntil, ...decision } = decide(question);
    if (decision.generation !== question.previous.generation) return;
    const { generation, decidedAt, reason } = question.previous;
    expect(decision).toEqual({ generation, decidedAt, reason });
    const left = Object.entries(question.previous.keepUntil).filter(([, end]) => Date.parse(end) > question.now);
    expect(keepUntil).toEqual(question.narrows ? {} : Object.fromEntries(left));
  });

  law("a key that is to do less leaves no earlier one any time", (question) => {
    expect(decide({ ...question, narrows: true }).keepUntil).toEqual({});
  });

  law("asked again at the same instant, the answer is the same", (question) => {
    const first = decide(question);
    expect(decide(again(question))).toEqual(first);
  });

  law("no entry for the current generation, none whose time has passed", (question) => {
    const { generation, keepUntil } = decide(question);
    for (const [number, end] of Object.entries(keepUntil)) {
      expect(Number(number)).toBeLessThan(generation);
      expect(Date.parse(end)).toBeGreaterThan(question.now);
    }
  });

  law("nobody is given more time than before, and the predecessor no more than its overlap and its own end", (question) => {
    const { keepUntil } = decide(question);
    for (const [number, end] of Object.entries(keepUntil)) {
      const before = question.previous.keepUntil[number];
      if (before !== undefined) expect(end).toBe(before);
      else {
        expect(Number(number)).toBe(question.previous.generation);
        expect(Date.parse(end)).toBeLessThanOrEqual(question.now + question.overlapSeconds * 1000);
        const { decidedAt, lifetimeSeconds = Infinity } = question.previous;
        expect(Date.parse(end)).toBeLessThanOrEqual(Date.parse(decidedAt) + lifetimeSeconds * 1000);
      }
    }
  });

  law("narrowed and reissue leave no earlier generation any time; gone and lapsed none to the predecessor", (question) => {
    const { generation, reason, keepUntil } = decide(question);
    if (generation === question.previous.generation) return;
    if (reason === "narrowed" || reason === "reissue") expect(keepUntil).toEqual({});
    if (reason === "gone" || reason === "lapsed") expect(keepUntil).not.toHaveProperty(String(question.previous.generation));
  });

  law("`renew: none` holds back `due` alone", (question) => {
    const [due, none] = [decide({ ...question, renew: "due" }), decide({ ...question, renew: "none" })];
    const newly = due.generation > question.previous.generation;
    if (newly && due.reason === "due") expect(none.generation).toBe(question.previous.generation);
    else expect(none).toEqual(due);
  });

  law("a narrowing is never put off, whatever else there is to decide", (question) => {
    const decision = decide({ ...question, change: "narrowed" });
    expect(decision.generation).toBe(question.previous.generation + 1);
    expect(decision.keepUntil).toEqual({});
  });
});
