// The three packages as JavaScript: the engine's provider process is plain Node and loads dist/.

import { chmodSync, existsSync, lstatSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { pinnedNode, root } from "./node.mjs";
import { run, say, SetupError } from "./process.mjs";

const workspaces = ["provider", "sandbox", "cli"];
const projects = [...workspaces, "provider/ceremony/page/client"]; // the last for browsers: another library of types
const compiler = join(root, "node_modules", "typescript", "bin", "tsc");

/** Compiles what changed; what changed is the compiler's own business (`tsc -b`). */
export async function build(hold) {
  if (workspaces.some((name) => !existsSync(join(root, name, "dist", "tsconfig.tsbuildinfo")))) {
    say("Compiling the three packages (tsc -b), since the engine runs JavaScript. Usually 15 seconds, later only what changed.");
  }
  const { code, output } = await run(pinnedNode, [compiler, "-b", ...projects], { cwd: root, quiet: true, onStart: hold });
  if (code !== 0) throw new SetupError(`The packages don't compile:\n${output.trimEnd()}`);
  for (const name of workspaces) removeOrphans(join(root, name), join(root, name, "dist"));
  linkCommand();
}

/** Removes what was built from sources that are gone; the compiler leaves it, and it would be published. */
function removeOrphans(sources, built) {
  for (const entry of readdirSync(built, { withFileTypes: true })) {
    const path = join(built, entry.name);
    if (entry.isDirectory()) removeOrphans(join(sources, entry.name), path);
    else if (/\.(js|d\.ts)$/.test(entry.name) && !existsSync(join(sources, entry.name.replace(/\.(js|d\.ts)$/, ".ts")))) rmSync(path);
  }
}

/** npm links a workspace's command only if the file is there when it installs; ours is built later. */
function linkCommand() {
  const target = join(root, "cli", "dist", "main.js");
  const link = join(root, "node_modules", ".bin", "exchange-keys");
  if (!existsSync(target)) return;
  chmodSync(target, 0o755);
  if (!lstatSync(link, { throwIfNoEntry: false })) symlinkSync(join("..", "..", "cli", "dist", "main.js"), link);
}

/** Type check of one project file, without output. */
export async function checkTypes(project) {
  const { code, output } = await run(pinnedNode, [compiler, "-p", project, "--noEmit"], { cwd: root, quiet: true });
  if (code !== 0) throw new SetupError(`${project} doesn't type-check:\n${output.trimEnd()}`);
}
