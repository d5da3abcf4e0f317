// Version numbers, and which Node the scripts accept.

import { execFileSync } from "node:child_process";
import { join } from "node:path";

const scripts = join(__dirname, "..", "..", "scripts");

test.each([
  ["1.9.0", "1.10.0", true],
  ["1.10.0", "1.9.0", false],
  ["3.254.0", "3.254.0", false],
  ["3.253.9", "3.254.0", true],
  ["1.25", "1.25.11", true],
  ["1.26", "1.25.11", false],
  ["2", "10.0.0", true],
])("%s is lower than %s: %s", (version, than, lower) => {
  const program = `import { isLower } from ${JSON.stringify(join(scripts, "version.mjs"))}; console.log(isLower("${version}", "${than}"));`;
  expect(execFileSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" })).toBe(`${lower}\n`);
});

test("an old Node gets one sentence, before anything else happens", () => {
  const program = `
    Object.defineProperty(process.versions, "node", { value: "16.20.2" });
    await import(${JSON.stringify(join(scripts, "test.mjs"))});
  `;
  let failure: { status?: number; stderr?: string; stdout?: string } = {};
  try {
    execFileSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    failure = error as typeof failure;
  }
  expect(failure.status).toBe(2);
  expect(failure.stderr).toMatch(/^Node 16\.20\.2 is too old for this repository: install Node 18 or later .*\n$/);
  expect(failure.stdout).toBe("");
});
