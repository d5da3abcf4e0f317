// What page and terminal make of a paste: one table of cases for both parsers.

import * as terminal from "../../cli/terminal/paste";
import * as page from "../../provider/ceremony/page/client/paste";

const key = "sandbox-key-0123456789abcdefghij";
const secret = "sandbox-secret-0123456789abcdefghij";
const pair = { apiKey: key, apiSecret: secret };

const both: readonly (readonly [string, page.Pair | undefined])[] = [
  [`${key}\n${secret}`, pair],
  [`${key} ${secret}`, pair],
  [`${key}\t${secret}\r\n`, pair],
  [`API key\n${key}\nAPI key secret\n${secret}\n`, pair],
  [`API Key: ${key}\nAPI Key Secret: ${secret}`, pair],
  [`API key: ${key} API secret: ${secret}`, pair],
  [`Secret: ${secret}\nKey: ${key}`, pair],
  [`API key secret\n${secret}\nAPI key\n${key}`, pair],
  [JSON.stringify(pair), pair],
  [`${key}\n${key}`, undefined],
  [key, undefined],
  [`API key: ${key}`, undefined],
  [`${key}\n${secret}\n${key}x`, undefined],
  ["API key", undefined],
  ["", undefined],
];

test.each(both)("both in %j", (text, is) => {
  expect(page.splitPaste(text)).toEqual(is);
  expect(terminal.splitPaste(text)).toEqual(is);
});

test.each([
  [`API key: ${key}`, key],
  [`API key\n${key}\n`, key],
  [`"apiSecret": "${secret}",`, secret],
  [`API_KEY=${key}`, key],
  [key, undefined],
  [`what is ${key}`, undefined],
  [`${key}\n${secret}`, undefined],
  ["API key", undefined],
])("one value with its name in %j", (text, is) => {
  expect(page.namedPaste(text)).toBe(is);
  expect(terminal.namedPaste(text)).toBe(is);
});

test.each([
  [key, { apiKey: key }],
  ["short", { apiKey: "short" }],
  ["short too", { apiKey: "short", apiSecret: "too" }],
  [`${key} ${key}`, { apiKey: key, apiSecret: key }],
  [`API key: ${key}`, { apiKey: key }],
  [`API key secret: ${secret}`, undefined],
  ["API key", undefined],
  ["three short words", undefined],
  ["", undefined],
])("in a terminal, %j", (text, is) => {
  expect(terminal.givenIn(text)).toEqual(is);
});
