// The npm packages: installed from package-lock.json when what is in node_modules isn't what the lock file says.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pinnedNode, root } from "./node.mjs";
import { run, say, SetupError, tail } from "./process.mjs";

const lockFile = join(root, "package-lock.json");
const stamp = join(root, "node_modules", ".exchange-keys-stamp"); // goes when npm clears node_modules, so it never outlives them

/** Installs what is missing. The caller holds the clone's lock: two `npm ci` in one folder break each other. */
export async function installPackages(hold) {
  if (isStamped()) return;
  if (!agrees()) {
    say("Installing packages (npm ci): the compiler, the test tools and Node 24, as package-lock.json pins them. Usually a minute, once.");
    const [command, args] = npm();
    const options = ["ci", "--no-fund", "--no-audit", "--loglevel=error"];
    const { code, output } = await run(command, [...args, ...options], { cwd: root, quiet: true, onStart: hold });
    if (code !== 0) throw new SetupError(`npm ci failed:\n${tail(output)}`);
  }
  if (!existsSync(pinnedNode)) {
    throw new SetupError(
      "The package `node` was installed without its binary, which its install script links. If npm's ignore-scripts is on, run " +
        "`npm rebuild node --ignore-scripts=false` here and then the same command again.",
    );
  }
  writeFileSync(stamp, expected());
}

function isStamped() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === expected() && existsSync(pinnedNode) && nestedAreThere();
}

/** The packages that stand in a workspace's own node_modules, which the stamp doesn't go with. */
function nestedAreThere() {
  const paths = Object.keys(locked()).filter((path) => path.includes("/node_modules/") && !path.startsWith("node_modules/"));
  return paths.every((path) => existsSync(join(root, path)));
}

function locked() {
  return JSON.parse(readFileSync(lockFile, "utf8")).packages;
}

function expected() {
  const hash = createHash("sha256").update(readFileSync(lockFile)).digest("hex");
  return `${hash} ${process.platform}-${process.arch}\n`;
}

/** Whether node_modules holds exactly the locked versions, after an `npm install` by hand say. npm writes its record last. */
function agrees() {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record) || !nestedAreThere()) return false;
  const wanted = locked();
  const found = JSON.parse(readFileSync(record, "utf8")).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith("node_modules/") && !path.includes("/node_modules/")) return true; // the workspaces themselves
    return found[path] ? found[path].version === entry.version : entry.optional === true || entry.devOptional === true;
  });
}

/** The npm that started us, or the one on PATH. */
function npm() {
  const started = process.env.npm_execpath;
  return started && basename(started) === "npm-cli.js" ? [process.execPath, [started]] : ["npm", []];
}
