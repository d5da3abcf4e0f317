// Inputs as programs give them: what is a map, what a list of words, and that order is no change.

import { isObject, mapOf, membersOf, refuse, sortedMap, wordsIn } from "../../provider/core/given";

test.each([[undefined], [null], ["text"], [7], [["a"]]])("%j is no map", (given) => {
  expect(isObject(given)).toBe(false);
  expect(membersOf(given)).toBeUndefined();
});

test("a map's members are those that aren't undefined", () => {
  expect(isObject({})).toBe(true);
  expect(membersOf({ b: false, a: undefined, c: null })).toEqual([
    ["b", false],
    ["c", null],
  ]);
});

test("a map is sorted by its names, and what was given stays as it was", () => {
  const given = [["b", 1] as const, ["a", 2] as const];
  expect(Object.entries(sortedMap(given))).toEqual([
    ["a", 2],
    ["b", 1],
  ]);
  expect(given[0]).toEqual(["b", 1]);
});

test.each([
  [
    ["b", 7],
    ["b", 7],
  ],
  [{ b: true, a: true }, ["b", "a"]],
  [{}, []],
  [{ a: false }, undefined],
  [{ a: undefined }, undefined],
  ["a", undefined],
  [null, undefined],
])("the words in %j are %j", (given, words) => {
  expect(wordsIn(given)).toEqual(words);
});

test("words become a map, sorted and once each, whose words they are again", () => {
  expect(Object.keys(mapOf(["b", "a", "b"]))).toEqual(["a", "b"]);
  expect(wordsIn(mapOf(["b", "a"]))).toEqual(["a", "b"]);
});

test("a refusal is one problem", () => {
  expect(refuse("label", "too long")).toEqual({ problems: [{ property: "label", reason: "too long" }] });
});
