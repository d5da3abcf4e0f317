// Desired against recorded: what differs, in which direction, and whether the venue can change it in place.

import fc from "fast-check";
import type { Ability, CapabilityTable } from "../../provider/core/capability";
import { changeWithoutUpdate, differences, updatable, type VenueSide } from "../../provider/core/diff";

const can = { answer: "can", source: "a page", verified: "2030-01-01" } as const;
const cannot = { answer: "cannot", reason: "no endpoint", source: "a page", verified: "2030-01-01" } as const;
const table = (...abilities: Ability[]): CapabilityTable => Object.fromEntries(abilities.map((ability) => [ability, can]));
const ALL = table("update-permissions", "update-ips", "update-lifetime");

const side: VenueSide = { grants: ["o:read"], allowedIps: { "203.0.113.10": "" }, lifetimeSeconds: 3600 };

test.each([
  ["nothing", {}, []],
  ["a purpose alone", { allowedIps: { "203.0.113.10": "gateway" } }, []],
  ["another grant", { grants: ["o:read", "o:write"] }, ["permissions widens"]],
  ["a grant less", { grants: [] }, ["permissions narrows"]],
  ["another grant for one", { grants: ["w:read"] }, ["permissions narrows widens"]],
  ["another address too", { allowedIps: { "203.0.113.10": "", "203.0.113.11": "" } }, ["allowedIps widens"]],
  ["another address instead", { allowedIps: { "203.0.113.11": "" } }, ["allowedIps narrows widens"]],
  ["no limit of addresses", { allowedIps: "anywhere" }, ["allowedIps widens"]],
  ["a longer life", { lifetimeSeconds: 7200 }, ["lifetime widens"]],
  ["a life without end", { lifetimeSeconds: undefined }, ["lifetime widens"]],
  ["a shorter life", { lifetimeSeconds: 60 }, ["lifetime narrows"]],
] satisfies [string, Partial<VenueSide>, string[]][])("%s", (_, more, expected) => {
  const told = (from: VenueSide, to: VenueSide) =>
    differences(from, to).map(({ property, narrows, widens }) => `${property}${narrows ? " narrows" : ""}${widens ? " widens" : ""}`);
  expect(told(side, { ...side, ...more })).toEqual(expected);
});

const ip = fc.constantFrom("203.0.113.10", "203.0.113.11", "203.0.113.0/28", "2001:db8::1");
const ips = fc.oneof(
  fc.constant("anywhere" as const),
  fc.uniqueArray(ip, { minLength: 1 }).map((list) => Object.fromEntries(list.map((one) => [one, ""]))),
);
const sides: fc.Arbitrary<VenueSide> = fc.record({
  grants: fc.uniqueArray(fc.constantFrom("o:read", "o:write", "w:read", "w:write")),
  allowedIps: ips,
  lifetimeSeconds: fc.option(fc.integer({ min: 60, max: 100 }), { nil: undefined }),
});

test("a side doesn't differ from itself, and from the other end each difference looks the other way", () => {
  fc.assert(
    fc.property(sides, sides, (one, other) => {
      expect(differences(one, one)).toEqual([]);
      const turned = differences(other, one).map(({ property, narrows, widens }) => ({ property, narrows: widens, widens: narrows }));
      expect(differences(one, other)).toEqual(turned);
    }),
  );
});

test("each difference is either updated in place or makes a successor, never both and never neither", () => {
  const tables = fc.subarray(["update-permissions", "update-ips", "update-lifetime"] as const).map((some) => table(...some));
  fc.assert(
    fc.property(sides, sides, tables, (one, other, capabilities) => {
      const found = differences(one, other);
      const inPlace = updatable(found, capabilities);
      const stuck = found.filter((difference) => !inPlace.includes(difference));
      expect(changeWithoutUpdate(found, capabilities)).toBe(
        stuck.length === 0 ? "none" : stuck.some(({ narrows }) => narrows) ? "narrowed" : "changed",
      );
      expect(changeWithoutUpdate(found, ALL)).toBe("none");
      expect(updatable(found, {})).toEqual([]);
    }),
  );
});

test("`cannot` and what isn't listed are the same, `partly` can", () => {
  const [narrowed] = [differences(side, { ...side, grants: [] })];
  expect(changeWithoutUpdate(narrowed, {})).toBe("narrowed");
  expect(changeWithoutUpdate(narrowed, { "update-permissions": cannot })).toBe("narrowed");
  expect(changeWithoutUpdate(narrowed, { "update-permissions": { ...cannot, answer: "partly" } })).toBe("none");
});
