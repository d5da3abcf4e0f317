// Grants as sets: order and repetition never matter.

import fc from "fast-check";
import { compareExactly, grantDelta, grantSet, withDelta } from "../../provider/core/permission";

const grants = fc.array(fc.constantFrom("a:read", "a:write", "b:read", "b:write", "Spot:SpotTrade", "trade"), { maxLength: 8 });

test("sorted, without duplicates, and a second time nothing changes", () => {
  expect(grantSet(["b:read", "a:write", "b:read"])).toEqual(["a:write", "b:read"]);
  fc.assert(fc.property(grants, (some) => expect(grantSet(grantSet(some))).toEqual(grantSet(some))));
});

test("what came and what went lead from one set to the other", () => {
  fc.assert(
    fc.property(grants, grants, (from, to) => {
      const { added, removed } = grantDelta(from, to);
      expect(withDelta(from, added, removed)).toEqual(grantSet(to));
      expect(added.filter((grant) => removed.includes(grant))).toEqual([]);
      expect(grantDelta(to, from)).toEqual({ added: removed, removed: added });
    }),
  );
});

test("the order of what is given never matters", () => {
  const shuffled = fc
    .tuple(grants, grants)
    .chain(([from, to]) => fc.tuple(fc.constant([from, to] as const), fc.shuffledSubarray(from, { minLength: from.length })));
  fc.assert(fc.property(shuffled, ([[from, to], other]) => expect(grantDelta(other, to)).toEqual(grantDelta(from, to))));
});

test("compared exactly, what isn't on both sides is wider or narrower, and nothing is harmless", () => {
  expect(compareExactly(["a:read", "b:read"], ["a:read", "a:write"])).toEqual({ wider: ["a:write"], narrower: ["b:read"], undeclared: [] });
  fc.assert(
    fc.property(grants, grants, (declared, observed) => {
      const { added, removed } = grantDelta(declared, observed);
      expect(compareExactly(declared, observed)).toEqual({ wider: added, narrower: removed, undeclared: [] });
    }),
  );
});
