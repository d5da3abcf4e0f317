// Powers: what grants give by a venue's table, and what isn't in it.

import fc from "fast-check";
import { POWERS, powersBeyond, powersOf, type PowerRow } from "../../provider/core/powers";
import type { Power } from "../../provider/core/model";

const row = (...powers: Power[]): PowerRow => ({ powers, source: "a page" });
const TABLE = { "w:read": row("read"), "o:read": row("read"), "o:write": row("trade"), all: row("read", "withdraw") };

test("each power has the grants that give it, from harmless to worst", () => {
  const powers = powersOf(["o:write", "w:read", "all", "o:read"], TABLE);
  expect(Object.entries(powers)).toEqual([
    ["read", "all o:read w:read"],
    ["trade", "o:write"],
    ["withdraw", "all"],
  ]);
});

test.each(["new:write", "constructor", "__proto__", "toString", ""])("a grant without a row is unknown: %j", (grant) => {
  expect(powersOf([grant], TABLE)).toEqual({ unknown: grant });
});

test("no grants, no powers", () => expect(powersOf([], TABLE)).toEqual({}));

test("order and repetition never matter, and no grant is lost", () => {
  const grants = fc.array(fc.constantFrom(...Object.keys(TABLE), "x:write"), { maxLength: 10 });
  fc.assert(
    fc.property(grants, (some) => {
      const powers = powersOf(some, TABLE);
      expect(powersOf([...some, ...some].reverse(), TABLE)).toEqual(powers);
      expect(new Set(Object.values(powers).flatMap((names) => names.split(" ")))).toEqual(new Set(some));
    }),
  );
});

test("beyond is what a ceiling doesn't name, worst last", () => {
  expect(powersBeyond({ withdraw: "all", read: "w:read", unknown: "x" }, ["read"])).toEqual(["withdraw", "unknown"]);
  expect(powersBeyond({ read: "w:read" }, POWERS)).toEqual([]);
  expect(powersBeyond({ read: "w:read" }, [])).toEqual(["read"]);
});
