// `npm run quickstart`: the set-up, the type check of the examples, then the story of examples/quickstart on the real engine.

import { environment, root } from "./node.mjs";
import { join } from "node:path";
import { checkTypes } from "./build.mjs";
import { fail, run, say } from "./process.mjs";
import { setUp } from "./setup.mjs";

async function main() {
  const { node, pulumi } = await setUp();
  say("Checking the examples' types, in a step of its own so that each `pulumi up` starts in a second. Usually 5 seconds.");
  await checkTypes("tsconfig.examples.json");
  const story = join(root, "examples", "quickstart", "story.mjs");
  const { code } = await run(node, [story, ...process.argv.slice(2)], { cwd: root, env: environment({ pulumi }) });
  process.exitCode = code;
}

main().catch(fail);
