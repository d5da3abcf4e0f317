// That the rules of the house in eslint.config.mjs bite: who may print, who may read the environment, and that core is pure.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(__dirname, "..");
const prints = "no-restricted-globals";
const reads = "no-restricted-syntax";

const cases: [file: string, text: string, broken: string[]][] = [
  ["sandbox/server.ts", "console.log(1);", [prints]],
  ["sandbox/server.ts", "const { log } = console; log(1);", [prints]],
  ["sandbox/server.ts", "export const home = process.env.HOME;", [reads]],
  ["sandbox/server.ts", 'export const home = process["env"];', [reads]],
  ["sandbox/server.ts", "const { env } = process; export const home = env.HOME;", [reads]],
  ["sandbox/server.ts", 'import { env } from "node:process"; export const home = env.HOME;', [reads]],
  ["provider/venues/one/api.ts", "export const home = process.env.HOME;", [reads]],
  ["provider/pulumi/runtime.ts", "export const home = process.env.HOME;", []],
  ["provider/pulumi/runtime.ts", "console.log(1);", [prints]],
  ["provider/pulumi/say.ts", "console.log(1);", []],
  ["provider/core/model.ts", "export const home = process.env.HOME;", [prints]],
  ["provider/core/model.ts", "export const now = Date.now();", [reads]],
  ["provider/core/model.ts", "export const now = new Date();", [reads]],
  ["provider/core/model.ts", "export const day = new Date(0);", []],
  ["provider/core/model.ts", 'import { randomBytes } from "node:crypto"; export const mark = randomBytes(8);', [reads]],
  ["cli/main.ts", "console.log(process.env.HOME);", []],
  ["scripts/node.mjs", "console.log(process.env.HOME);", []],
  ["jest.config.js", "console.log(process.env.HOME);", [prints]],
];

/** Lints all texts in one process of ESLint's own (its configuration is an ES module), with these two rules and without types. */
const program = `
  import { ESLint } from "eslint";
  const overrideConfig = { languageOptions: { parserOptions: { projectService: false } } };
  const eslint = new ESLint({ cwd: ${JSON.stringify(root)}, overrideConfig, ruleFilter: ({ ruleId }) => ruleId.startsWith("no-restricted-") });
  const results = [];
  for (const [filePath, text] of ${JSON.stringify(cases)}) {
    const [{ messages }] = await eslint.lintText(text, { filePath });
    results.push(messages.map(({ ruleId, message }) => ruleId ?? message));
  }
  console.log(JSON.stringify(results));
`;

let results: string[][] = [];

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], { cwd: root });
  results = JSON.parse(stdout) as string[][];
}, 60_000);

test.each(cases.map((row, index) => [...row, index] as const))("%s: %j breaks %j", (_file, _text, broken, index) => {
  expect(results[index]).toEqual(broken);
});
