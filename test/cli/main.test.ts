// What nobody foresaw: the command ends with "unknown", never with Node's own 1, which would say that something differs.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./command";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "exchange-keys-main-"))));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["an exception that nobody catches", 'setImmediate(() => { throw new RangeError("sandbox-secret"); });', "RangeError"],
  ["a promise that nobody awaits", 'setImmediate(() => void Promise.reject(new TypeError("sandbox-secret")));', "TypeError"],
  ["what is no error", 'setImmediate(() => { throw "sandbox-secret"; });', "no error"],
  [
    "a module that isn't there",
    'const Module = require("module"); const load = Module._load; Module._load = (name, ...rest) => { if (name.includes("extra-typings")) throw Object.assign(new Error("x"), { code: "MODULE_NOT_FOUND" }); return load(name, ...rest); };',
    "MODULE_NOT_FOUND",
  ],
])("%s: exit code 3", async (_, preload, what) => {
  const file = join(folder, "preload.cjs");
  writeFileSync(file, preload);
  const env = { PATH: process.env["PATH"] ?? "", NODE_OPTIONS: `--require=${file}` };
  const { code, out, err } = await run(["drift", "--from", "-"], { cwd: folder, env, stdin: "" });
  expect({ code, out }).toEqual({ code: 3, out: "" });
  expect(err).toContain(
    `exchange-keys ended by a mistake of its own (${what}), so that nothing is known; install it again, or report it.\n`,
  );
  expect(err).not.toContain("sandbox-secret");
});

test("whoever reads has gone: nothing is said of a mistake", async () => {
  const file = join(folder, "preload.cjs");
  writeFileSync(file, 'setImmediate(() => { throw Object.assign(new Error("write EPIPE"), { code: "EPIPE" }); });');
  const env = { PATH: process.env["PATH"] ?? "", NODE_OPTIONS: `--require=${file}` };
  const { code, err } = await run(["drift", "--help"], { cwd: folder, env, stdin: "" });
  expect(code).toBe(3);
  expect(err).not.toContain("mistake");
});
