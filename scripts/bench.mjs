// `npm run bench`: the set-up, then test/bench/main.ts. ts-node compiles it without the type check (`npm test` has that), and it
// imports the packages by name, so that what is measured is the built JavaScript and not ts-node's work.

import { environment, root } from "./node.mjs";
import { join } from "node:path";
import { fail, run } from "./process.mjs";
import { setUp } from "./setup.mjs";

async function main() {
  const { node, pulumi } = await setUp();
  const bench = join(root, "test", "bench", "main.ts");
  const args = ["--require", "ts-node/register/transpile-only", bench, ...process.argv.slice(2)];
  const { code } = await run(node, args, { cwd: root, env: environment({ pulumi }) });
  process.exitCode = code;
}

main().catch(fail);
