// The input `label`: of kinds that have one alone, whole or refused.

import { KeyError } from "../../provider/core/errors";
import { check } from "../../provider/pulumi/check";
import { inputNames } from "../../provider/pulumi/state";
import { kindOf } from "../core/venue";
import { manifest } from "../../provider/venues/bitfinex/capabilities";

const settings = new KeyError("configuration", { operation: "read", cause: "none", wayOut: "none" });

function problems(listed: boolean, label: unknown): readonly string[] {
  const kind = kindOf({ inPlace: true, listed });
  const { failures } = check({ olds: {}, news: { label }, manifest, kindName: "Key", kind, settings, now: 0 });
  return failures.filter(({ property }) => property === "label").map(({ reason }) => reason);
}

test.each([
  ["hedge", []],
  [undefined, []],
  ["much too long", ["bitfinex: it has 13 characters, and beside our mark the venue allows 7; shorten it"]],
  ["ünder", [expect.stringContaining("don't take all of its characters")]],
  ["", ["bitfinex: label is a text; write one, or leave it out"]],
  [7, ["bitfinex: label is a text; write one, or leave it out"]],
])("%j", (label, expected) => {
  expect(problems(true, label)).toEqual(expected);
});

test("a kind without labels has no such input", () => {
  expect(problems(false, "hedge")).toEqual(["bitfinex: there is no input label; leave it out or correct its name"]);
  expect(inputNames(kindOf({ inPlace: true, listed: false }))).not.toContain("label");
  expect(inputNames(kindOf({ inPlace: true, listed: true }))).toContain("label");
});
