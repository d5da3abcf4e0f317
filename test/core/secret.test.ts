// A Secret must not get out by any of the ways in which values become text.

import { createHash } from "node:crypto";
import { format, inspect } from "node:util";
import { serialize } from "node:v8";
import { fingerprint, Secret } from "../../provider/core/secret";

const TEXT = "sandbox-5up3r";
const secret = new Secret(TEXT);

test("reveal, and only reveal, gives the text", () => {
  expect(secret.reveal()).toBe(TEXT);
});

test.each<[string, () => string]>([
  ["a template", () => `${secret}`],
  ["String()", () => String(secret)],
  ["concatenation", () => "" + secret],
  ["toString", () => secret.toString()],
  ["a joined list", () => [secret].join()],
  ["util.inspect", () => inspect(secret)],
  ["util.inspect with showHidden", () => inspect(secret, { showHidden: true })],
  ["format %s", () => format("%s", secret)],
  ["format %o", () => format("%o", secret)],
  ["format %O", () => format("%O", secret)],
])("%s gives ***", (_, written) => {
  expect(written()).toBe("***");
});

test("JSON gives ***, however deep", () => {
  expect(JSON.stringify(secret)).toBe('"***"');
  expect(JSON.stringify({ a: [{ b: secret }] }, null, 2)).toContain('"b": "***"');
});

test("util.inspect gives *** in objects, lists, maps and sets", () => {
  const nested = { a: [{ b: secret }], map: new Map([["k", secret]]), set: new Set([secret]) };
  for (const options of [{ depth: null }, { depth: null, showHidden: true }, { depth: null, showHidden: true, getters: true }]) {
    const written = inspect(nested, options);
    expect(written.match(/\*\*\*/g)).toHaveLength(3);
    expect(written).not.toContain(TEXT);
  }
});

test.each<[string, () => string]>([
  [
    "util.inspect without custom inspection",
    () => inspect({ secret }, { customInspect: false, showHidden: true, depth: null, getters: true }),
  ],
  ["the message of an error", () => inspect(new Error(`refused ${secret}`))],
  ["a property of an error", () => inspect(Object.assign(new Error("refused"), { secret }), { showHidden: true })],
  ["the cause of an error", () => inspect(new Error("refused", { cause: secret }), { showHidden: true })],
  ["a structured clone", () => inspect(structuredClone({ secret }), { showHidden: true, depth: null })],
  ["v8.serialize", () => serialize({ secret }).toString("latin1")],
  ["a spread", () => inspect({ ...secret }, { showHidden: true })],
  ["its own properties", () => Reflect.ownKeys(secret).map(String).join() + Object.values(secret).join()],
  ["format %j", () => format("%j", { secret })],
])("%s doesn't have the text", (_, written) => {
  expect(written()).not.toContain(TEXT);
});

test("a fingerprint is the first 16 hex digits of SHA-256 over venue and public part", () => {
  expect(fingerprint("bitfinex", "sandbox-key")).toBe(createHash("sha256").update("bitfinex\nsandbox-key").digest("hex").slice(0, 16));
  // printf 'bitfinex\nsandbox-key' | sha256sum
  expect(fingerprint("bitfinex", "sandbox-key")).toBe("fd316e45e25133aa");
});

test("fingerprints tell venues and keys apart, and where the one ends", () => {
  const all = [fingerprint("okx", "abc"), fingerprint("okxa", "bc"), fingerprint("bybit", "abc"), fingerprint("okx", "abd")];
  expect(new Set(all).size).toBe(4);
});
