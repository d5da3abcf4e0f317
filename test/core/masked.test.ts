// A key held against what is declared, where the venue doesn't tell its addresses.

import type { DesiredKey, ObservedKey } from "../../provider/core/driver";
import { fits, mismatch } from "../../provider/core/seen";
import { declared, HERE, kindOf } from "./venue";

const kind = kindOf({ inPlace: true, listed: true });
const differs = (allowedIps: DesiredKey["allowedIps"], seen: Partial<ObservedKey>) => {
  const wanted = declared(["w"], allowedIps);
  return mismatch({ grants: ["w"], ...seen }, wanted, wanted.key, { kind });
};

test("a list that isn't told can't differ from a declared one", () => {
  expect(fits(differs({ [HERE]: "" }, { bound: true }))).toBe(true);
  expect(fits(differs({ [HERE]: "" }, {}))).toBe(true);
});

test("one that is declared for anywhere isn't, where there is a list all the same", () => {
  expect(fits(differs("anywhere", {}))).toBe(true);
  const found = differs("anywhere", { bound: true });
  expect([fits(found), found.bars, found.letsIn]).toEqual([false, ["all addresses but those of a list"], []]);
});
