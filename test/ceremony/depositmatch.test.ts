// Which deposit counts: each field that must match, each by itself, and the nearest one for the message.

import fc from "fast-check";
import type { Deed, Wanted } from "../../provider/core/byhand";
import type { Deposit } from "../../provider/ceremony/deposit";
import { choose, mismatch } from "../../provider/ceremony/match";
import { API_SECRET, deposit, IDENTITY, NOW, time, WANTED } from "./deposits";

const identity = (changes: Partial<Deposit["identity"]>): Partial<Deposit> => ({ identity: { ...IDENTITY, ...changes } });

const cases: readonly (readonly [string, Partial<Deposit>])[] = [
  ['it is for venue "okx", and "bitfinex" is wanted', { venue: "okx" }],
  ['it is for environment "production", and "sandbox" is wanted', { environment: "production" }],
  ['it is for account "9", and "123456" is wanted', { accountId: "9" }],
  ['it is for organization "", and "acme" is wanted', identity({ organization: "" })],
  ['it is for project "p", and "desk" is wanted', identity({ project: "p" })],
  ['it is for stack "s", and "production" is wanted', identity({ stack: "s" })],
  [`it is for resource type "t", and "${IDENTITY.type}" is wanted`, identity({ type: "t" })],
  ['it is for resource "taker", and "maker" is wanted', identity({ name: "taker" })],
  ["it is for generation 2, and generation 3 is wanted", { generation: 2 }],
  ["it is for other permissions or addresses than are declared now", { desired: "e".repeat(64) }],
  [`it is for key with the fingerprint "0000000000000000", and "${WANTED.fingerprint}" is wanted`, { fingerprint: "0000000000000000" }],
  ['it is for mark "0000000000000000", and "9f86d081884c7d65" is wanted', { mark: "0000000000000000" }],
  ['it is for label "x", and "maker 9f86d081884c7d65" is wanted', { label: "x" }],
  [`it ended at ${time(0)}`, { endsAt: time(0) }],
  [`it is dated ${time(0.1)}, which is still to come`, { at: time(0.1) }],
];

test("one that matches in everything has no mismatch", () => {
  expect(mismatch(deposit(), WANTED, NOW)).toEqual([]);
  expect(mismatch(deposit({ endsAt: new Date(NOW + 1).toISOString(), at: new Date(NOW + 60_000).toISOString() }), WANTED, NOW)).toEqual([]);
});

test.each(cases)("%s", (reason, changes) => {
  expect(mismatch(deposit(changes), WANTED, NOW)).toEqual([reason]);
  expect(choose([deposit(changes)], "issued", WANTED, NOW).found).toBeUndefined();
});

test("of a revocation nothing is desired; what isn't known of a key to be made isn't compared", () => {
  expect(mismatch(deposit({ deed: "revoked", desired: "e".repeat(64) }), WANTED, NOW)).toEqual([]);
  const { fingerprint: _f, mark: _m, label: _l, ...open } = WANTED;
  expect(mismatch(deposit({ fingerprint: "0".repeat(16), mark: "1".repeat(16), label: "x" }), open, NOW)).toEqual([]);
});

test("any set of differences is told whole, and a deposit counts exactly where there is none", () => {
  fc.assert(
    fc.property(fc.subarray(cases.slice(0, 13).map((_, n) => n)), (chosen) => {
      const changed = chosen.reduce<Deposit>((one, n) => {
        const changes = cases[n]![1];
        return { ...one, ...changes, identity: { ...one.identity, ...(n >= 3 && n <= 7 ? pick(changes.identity!, n) : {}) } };
      }, deposit());
      expect(mismatch(changed, WANTED, NOW)).toEqual(chosen.map((n) => cases[n]![0]));
      expect(choose([changed], "issued", WANTED, NOW).found !== undefined).toBe(chosen.length === 0);
    }),
  );
});

function pick(from: Deposit["identity"], n: number): Partial<Deposit["identity"]> {
  const member = (["organization", "project", "stack", "type", "name"] as const)[n - 3]!;
  return { [member]: from[member] };
}

const COUNTS: readonly (readonly [Deed, readonly Deed[]])[] = [
  ["issued", ["issued"]],
  ["edited", ["edited"]],
  ["relabelled", ["relabelled", "edited"]],
  ["revoked", ["revoked"]],
];

test.each(COUNTS)("%s is attested by %j", (wanted, by) => {
  for (const deed of ["issued", "edited", "relabelled", "revoked"] as const) {
    const { found, nearest } = choose([deposit({ deed })], wanted, WANTED, NOW);
    expect(found?.deed).toBe(by.includes(deed) ? deed : undefined);
    if (found === undefined) expect(nearest!.reasons).toEqual([expect.stringMatching(/^it attests .*, and .* is wanted$/)]);
  }
});

test("of several that match the latest counts, whatever their order", () => {
  const several = [deposit({ at: time(-3) }), deposit({ at: time(-1) }), deposit({ at: time(-2) }), deposit({ generation: 9 })];
  fc.assert(
    fc.property(fc.shuffledSubarray(several, { minLength: 4 }), (order) => {
      expect(choose(order, ["issued", "edited"], WANTED, NOW).found).toBe(several[1]);
    }),
  );
});

test("the nearest is of the same resource, with the fewest differences; of another resource nothing is told", () => {
  const far = deposit({ generation: 2, label: "x" });
  const near = deposit({ generation: 2 });
  const foreign = deposit(identity({ name: "taker" }));
  const { nearest } = choose([far, foreign, near], "issued", WANTED, NOW);
  expect(nearest).toEqual({ deposit: near, reasons: ["it is for generation 2, and generation 3 is wanted"] });
  expect(choose([foreign], "issued", WANTED, NOW)).toEqual({});
  expect(choose([], "issued", WANTED, NOW)).toEqual({});
});

test("no reason holds the secret", () => {
  const other: Wanted = { ...WANTED, venue: "v", environment: "e", accountId: "a", generation: 1, desired: "", mark: "m", label: "l" };
  const reasons = mismatch(deposit(), other, NOW + 1e12);
  expect(reasons).toHaveLength(8);
  expect(reasons.join()).not.toContain(API_SECRET);
});
