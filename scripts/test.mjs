// `npm test`: the set-up, formatting, lint, types, then Jest. Each step counts as a test in the last line. With arguments
// (`npm test -- ip`) they go to Jest and the other steps are left out.

import { findBrowser } from "./browser.mjs";
import { environment, root } from "./node.mjs";
import { join } from "node:path";
import { fail, run, say, SetupError } from "./process.mjs";
import { setUp } from "./setup.mjs";

const steps = [
  { name: "formatting", command: ["prettier", "bin", "prettier.cjs"], args: ["--check", "--log-level=warn", "."] },
  { name: "lint", command: ["eslint", "bin", "eslint.js"], args: ["--max-warnings=0", "."] },
  { name: "types", command: ["typescript", "bin", "tsc"], args: ["-p", "tsconfig.json"] },
];

async function main() {
  const { node, pulumi } = await setUp();
  const env = environment({ pulumi });
  const passed = [];
  const failed = [];
  const args = process.argv.slice(2);
  const browser = await findBrowser().catch((error) => {
    if (args.length === 0 || !(error instanceof SetupError)) throw error;
    say(`${error.message}\nGoing on without: the tests that were asked for may not need it.`);
  });
  if (browser) env.EXCHANGE_KEYS_CHROME = browser;
  for (const step of args.length > 0 ? [] : steps) {
    say(`Checking ${step.name}.`);
    const { code } = await run(node, [join(root, "node_modules", ...step.command), ...step.args], { cwd: root, env });
    (code === 0 ? passed : failed).push(step.name);
  }
  say(`Running the tests with Pulumi ${pulumi.version} (${pulumi.how}).`);
  env.EXCHANGE_KEYS_STEPS = JSON.stringify({ passed, failed }); // the reporter counts them
  // --experimental-vm-modules lets Jest load packages that are ES modules only (got, p-queue) by require, as Node itself does.
  const flags = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  const { code } = await run(node, [...flags, join(root, "node_modules", "jest", "bin", "jest.js"), ...args], { cwd: root, env });
  process.exitCode = code || (failed.length > 0 ? 1 : 0);
}

main().catch((error) => {
  process.exitCode = 1;
  process.on("exit", () => process.stdout.write("0 passed, 1 failed\n")); // what reads only the last line learns of it too
  fail(error);
});
