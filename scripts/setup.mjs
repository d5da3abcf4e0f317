// The whole set-up, each step only when it is needed: packages, build, Pulumi CLI.

import { join } from "node:path";
import { build } from "./build.mjs";
import { findPulumi } from "./cli.mjs";
import { withLock } from "./lock.mjs";
import { pinnedNode, root } from "./node.mjs";
import { installPackages } from "./packages.mjs";

/** Packages and build: what runs without the engine. Returns the pinned Node's path. */
export async function prepare() {
  await withLock(join(root, ".exchange-keys", "setup.lock"), "setting up this clone", async (hold) => {
    await installPackages(hold);
    await build(hold);
  });
  return pinnedNode;
}

/** All of it: { node, pulumi: { bin, dir, version, how } }. */
export async function setUp() {
  const node = await prepare();
  return { node, pulumi: await findPulumi() };
}
