// Answers that aren't what was documented are described, never quoted.

import { inspect } from "node:util";
import { z } from "zod";
import type { KeyError } from "../../provider/core/errors";
import { httpDate, json, member, retryAfterMs } from "../../provider/http/answer";

const asked = { venue: "acme", operation: "mint token" };
const HIDDEN = "pub:api:5ecret";

function answer(text: string, type = "application/json", status = 200) {
  return { status, headers: { "content-type": type }, text, at: 0 };
}

test("gives what the schema makes of it", () => {
  expect(json(answer('[["a",1]]'), z.array(z.tuple([z.string(), z.number()])), asked)).toEqual([["a", 1]]);
});

test("gives one member of an envelope", () => {
  expect(member(answer('{"code":0,"result":["a"]}'), "result", z.tuple([z.string()]), asked)).toEqual(["a"]);
  expect(() => member(answer('{"code":0}'), "result", z.tuple([z.string()]), asked)).toThrow("at .result (invalid_type, expected tuple)");
});

test.each([
  ["HTML", `<!DOCTYPE html><p>${HIDDEN}`, "text/html; charset=utf-8", 200, "HTTP 200, text/html: HTML", false],
  ["HTML with a 502", `<html>${HIDDEN}`, "text/html", 502, "HTTP 502, text/html: HTML", true],
  ["a text cut in a string", `["${HIDDEN}`, "application/json", 200, "truncated JSON at byte 16", true],
  ["a text cut after a comma", `["${HIDDEN}",`, "application/json", 200, "truncated JSON at byte 18", true],
  ["a text cut in an object", `{"${HIDDEN}":1`, "application/json", 200, "truncated JSON at byte 19", true],
  ["a text cut in a literal", "tru", "application/json", 200, "truncated JSON at byte 3", true],
  ["nothing", "", "application/json", 200, "an empty body", true],
  ["words", `sorry ${HIDDEN}`, "text/plain", 200, "HTTP 200, text/plain: no JSON", false],
  ["no content type", `sorry ${HIDDEN}`, "", 200, "no content type: no JSON", false],
  ["another shape", `{"id":"${HIDDEN}"}`, "application/json", 200, "at .id (invalid_type, expected number)", false],
  ["a shape wrong at the top", `["${HIDDEN}"]`, "application/json", 200, "at the top (invalid_type, expected object)", false],
])("%s is a broken answer", (_, text, type, status, says, transient) => {
  let caught: unknown;
  try {
    json(answer(text, type, status), z.object({ id: z.number() }), asked);
  } catch (error) {
    caught = error;
  }
  expect(caught).toMatchObject({ code: "broken-answer", transient });
  expect((caught as KeyError).message).toMatch(/^acme: mint token: the venue answered with HTTP /);
  expect((caught as KeyError).message).toContain(says);
  expect(inspect(caught, { depth: 20, showHidden: true }) + (caught as Error).stack).not.toContain("5ecret");
});

test("a name that the answer chose isn't shown when it is long", () => {
  const body = JSON.stringify({ [`${HIDDEN}-and-more-of-it-so-that-it-is-long`]: "x" });
  expect(() => json(answer(body), z.record(z.string(), z.number()), asked)).toThrow(/at \.… \(invalid_type, expected number\)/);
});

test.each([
  ["2", 2_000],
  ["0", 0],
  ["Sun, 22 Nov 2026 12:00:05 GMT", 5_000],
  ["Sun, 22 Nov 2026 11:00:00 GMT", 0],
  ["soon", undefined],
  ["-3", undefined],
  ["1e9", undefined],
  ["", undefined],
  [undefined, undefined],
])("Retry-After: %s", (header, ms) => {
  const headers: Record<string, string> = header === undefined ? {} : { "retry-after": header };
  expect(retryAfterMs({ headers, at: Date.UTC(2026, 10, 22, 12) })).toBe(ms);
});

test.each(["2026-11-22", "0", "Sun, 99 Foo 2026 12:00:00 GMT", "Sunday"])("%s is no HTTP date", (text) => {
  expect(httpDate(text)).toBeUndefined();
});
