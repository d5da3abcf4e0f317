// Which Node runs what: any Node from 18 on runs the set-up; the pinned one in node_modules runs everything else.
// Imported first by every script, so that an old Node gets one sentence instead of a stack.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const lowest = 18;

if (Number(process.versions.node.split(".")[0]) < lowest) {
  console.error(
    `Node ${process.versions.node} is too old for this repository: install Node ${lowest} or later and run the same command again ` +
      `(the set-up then brings its own Node 24).`,
  );
  process.exit(2);
}

/** The clone's top folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The pinned Node: a development dependency, so that nobody has to install one. There after `installPackages`. */
export const pinnedNode = join(root, "node_modules", "node", "bin", "node");

/** The environment for whatever runs after the set-up: `node` and the packages' commands come from node_modules, then the CLI. */
export function environment({ pulumi } = {}) {
  const first = [join(root, "node_modules", ".bin"), ...(pulumi ? [pulumi.dir] : [])];
  return {
    ...process.env,
    PATH: [...first, process.env.PATH].join(":"),
    ...(pulumi && { EXCHANGE_KEYS_PULUMI: pulumi.bin, PULUMI_SKIP_UPDATE_CHECK: "true" }),
  };
}
