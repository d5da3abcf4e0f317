// Plans as data: their order is the safety of a renewal.

import fc from "fast-check";
import type { Difference } from "../../provider/core/diff";
import type { Decision } from "../../provider/core/inputs";
import { kept, plan, type Step } from "../../provider/core/plan";
import type { Generation, Recorded } from "../../provider/core/record";
import { Secret } from "../../provider/core/secret";

const END = "2030-01-02T00:00:00.000Z";
const key = (generation: number, mark = `m${generation}`): Generation => ({
  generation,
  mark,
  fingerprint: mark.padStart(16, "0"),
  credential: { kind: "token", token: new Secret(`sandbox-${mark}`) },
  createdAt: "2030-01-01T00:00:00.000Z",
});
const record = (current: number, retiring: readonly Generation[] = [], unproved?: string): Recorded => ({
  accountId: "1",
  current: key(current),
  retiring,
  grants: [],
  powers: {},
  unverified: {},
  warnings: [],
  ...(unproved === undefined ? {} : { unproved }),
});
const unsettled = (current: number): Recorded => ({ ...record(current), unsettled: { since: END, cause: "no answer came" } });
const decision = (generation: number, keep: readonly number[] = []): Decision => ({
  generation,
  decidedAt: "2030-01-01T00:00:00.000Z",
  reason: "changed",
  keepUntil: Object.fromEntries(keep.map((number) => [number, END])),
});
const narrowing: Difference = { property: "permissions", narrows: true, widens: false };

const told = (steps: readonly Step[]): string[] =>
  steps.map((step) => {
    if (step.do === "revoke") return `revoke ${step.key.mark}`;
    if (step.do === "update") return `update ${step.differences.map(({ property }) => property).join(" ")}`;
    return `issue ${step.generation}`;
  });

test.each([
  ["the first", undefined, decision(1), [], ["issue 1"]],
  ["nothing", record(2), decision(2), [], []],
  ["a successor with overlap", record(1), decision(2, [1]), [], ["issue 2"]],
  ["a successor at once", record(1), decision(2), [], ["issue 2", "revoke m1"]],
  ["a successor, an earlier one kept, another not", record(3, [key(1), key(2)]), decision(4, [2, 3]), [], ["issue 4", "revoke m1"]],
  ["reissue: all earlier ones", record(3, [key(1), key(2)]), decision(4), [], ["issue 4", "revoke m1", "revoke m2", "revoke m3"]],
  ["an earlier one whose time has passed", record(3, [key(1), key(2)]), decision(3, [2]), [], ["revoke m1"]],
  ["in place", record(2), decision(2), [narrowing], ["update permissions"]],
  ["in place, and an earlier one", record(2, [key(1)]), decision(2), [narrowing], ["update permissions", "revoke m1"]],
  ["nobody knows what became of a change", unsettled(2), decision(2), [], ["update "]],
  ["the same, and a successor at once", unsettled(1), decision(2), [narrowing], ["issue 2", "revoke m1"]],
  ["the same, and a successor with overlap", unsettled(1), decision(2, [1]), [], ["update ", "issue 2"]],
  ["an unproved one", record(2, [], "cut off"), decision(2), [], ["revoke m2", "issue 2"]],
  ["an unproved one, even if it differs", record(2, [key(1)], "cut off"), decision(2), [narrowing], ["revoke m2", "issue 2", "revoke m1"]],
  ["an unproved one with a successor is given no time", record(2, [], "cut off"), decision(3, [2]), [], ["revoke m2", "issue 3"]],
  ["a birth that failed and couldn't be revoked", record(1, [key(2, "failed")]), decision(2, [1]), [], ["revoke failed", "issue 2"]],
] satisfies [string, Recorded | undefined, Decision, Difference[], string[]][])("%s", (_, recorded, desired, found, expected) => {
  expect(told(plan(recorded, desired, found))).toEqual(expected);
});

test("no key of the current number is ever kept, whatever `keepUntil` says", () => {
  expect(kept(key(2), decision(2, [2]))).toBe(false);
  expect(kept(key(3), decision(2, [3]))).toBe(false);
  expect(kept(key(1), decision(2, [1]))).toBe(true);
});

test("laws: issue first, each key at most once, kept ones never, and with nothing to do no step", () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 7 }).filter((number) => number !== 5));
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 5 }), numbers, fc.boolean(), fc.boolean(), (retiring, step, keep, differs, unproved) => {
      const recorded = record(
        5,
        retiring.map((number) => key(number)),
        unproved ? "why" : undefined,
      );
      const desired = decision(step === 5 ? 6 : 5, keep);
      const steps = plan(recorded, desired, differs ? [narrowing] : []);
      const before = steps.slice(
        0,
        Math.max(
          0,
          steps.findIndex(({ do: what }) => what === "issue"),
        ),
      );
      const revoked = steps.flatMap((one) => (one.do === "revoke" ? [one.key] : []));
      // Nothing goes before the issue but a key that failed its proof.
      const failed = [...(unproved ? [recorded.current] : []), ...recorded.retiring.filter((one) => one.generation > 5)];
      const issues = steps.some(({ do: what }) => what === "issue");
      expect(before).toEqual(issues ? failed.map((one) => ({ do: "revoke", key: one, first: true })) : []);
      expect(new Set(revoked).size).toBe(revoked.length);
      for (const one of revoked) expect(kept(one, desired) && !(unproved && one === recorded.current)).toBe(false);
      for (const one of recorded.retiring) expect(revoked.includes(one)).toBe(!kept(one, desired));
      expect(revoked.includes(recorded.current)).toBe(unproved || (desired.generation > 5 && !kept(recorded.current, desired)));
      expect(steps.length === 0).toBe(desired.generation === 5 && !differs && !unproved && revoked.length === 0);
    }),
  );
});
