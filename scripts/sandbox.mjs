// `npm run sandbox -- --json …`: packages and build, then the local exchange, with the arguments passed through.

import { environment, root } from "./node.mjs";
import { join } from "node:path";
import { fail, run } from "./process.mjs";
import { prepare } from "./setup.mjs";

async function main() {
  const node = await prepare();
  const command = join(root, "cli", "dist", "main.js");
  const { code } = await run(node, [command, "sandbox", ...process.argv.slice(2)], { env: environment() });
  process.exitCode = code;
}

main().catch(fail);
