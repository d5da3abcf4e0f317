// Way 2 to the Pulumi CLI: the official release, by the installer that comes with @pulumi/pulumi.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { pinnedNode, root } from "./node.mjs";
import { killGroup, run, say } from "./process.mjs";

const patience = 15_000; // ms without a new byte
const limit = 10 * 60_000; // ms in all
const memory = 24 * 3_600_000; // ms until a failed download is tried again

/** The release that belongs to the installed SDK, from the cache or downloaded: { bin, dir, version, how }, or { refusal }. */
export async function downloadRelease(cache, inspect) {
  const version = JSON.parse(readFileSync(join(root, "node_modules", "@pulumi", "pulumi", "package.json"), "utf8")).version;
  const folder = join(cache, `${version}-release`);
  const failure = join(cache, `${version}-release.failed`);
  const inCache = () => (existsSync(folder) ? inspect(join(folder, "bin", "pulumi"), "release") : undefined);

  const cached = await inCache();
  if (cached?.bin) return cached;
  if (isRecent(failure)) return { refusal: readFileSync(failure, "utf8").trim() };

  return withLock(join(cache, "release.lock"), "downloading the Pulumi CLI", async (hold) => {
    const meanwhile = await inCache();
    if (meanwhile?.bin) return meanwhile;
    if (isRecent(failure)) return { refusal: readFileSync(failure, "utf8").trim() };
    say(
      `Downloading the Pulumi CLI ${version} to ${cache}, since PATH has none. Usually a minute, once; gives up after 15 s without an answer.`,
    );
    const work = workFolder(cache);
    try {
      const reason = await install(version, work, hold);
      if (reason) return remember(failure, `the official Pulumi CLI ${version} could not be downloaded (${reason})`);
      rmSync(folder, { recursive: true, force: true });
      renameSync(join(work, "root"), folder);
      rmSync(failure, { force: true });
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    return inspect(join(folder, "bin", "pulumi"), "release");
  });
}

/** Runs the installer in its own process group with a home of its own, so that it can be ended whole and changes nothing of the user's. */
async function install(version, work, hold) {
  const script = join(root, "scripts", "installer.cjs");
  const env = { ...process.env, HOME: work, TMPDIR: work, PULUMI_SKIP_UPDATE_CHECK: "true" };
  let late;
  let watch;
  const onStart = (child) => {
    hold(child);
    const started = Date.now();
    let seen = { bytes: 0, at: started };
    watch = setInterval(() => {
      const now = Date.now();
      const bytes = size(work);
      if (bytes !== seen.bytes) seen = { bytes, at: now };
      if (now - seen.at < patience && now - started < limit) return;
      late = now - started < limit ? `nothing came for ${patience / 1000} s` : `not done after ${limit / 60_000} minutes`;
      killGroup(child, "SIGKILL");
    }, 500);
  };
  const { code, output } = await run(pinnedNode, [script, version, join(work, "root")], {
    cwd: work,
    env,
    quiet: true,
    detached: true,
    onStart,
  });
  clearInterval(watch);
  if (late) return late;
  if (code !== 0) return output.trim().split("\n").pop() || `exit code ${code}`;
  return undefined;
}

/** Bytes below a folder; the installer's progress. */
function size(folder) {
  let sum = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      sum += entry.isDirectory() ? size(path) : statSync(path).size;
    }
  } catch {
    // a file that went meanwhile
  }
  return sum;
}

/** A new folder for unfinished work in the cache, on the same file system as the finished. The caller holds the lock: older ones are dead. */
export function workFolder(cache, kind = "release") {
  mkdirSync(cache, { recursive: true });
  for (const name of readdirSync(cache)) {
    if (name.startsWith(`unfinished-${kind}-`)) rmSync(join(cache, name), { recursive: true, force: true });
  }
  return mkdtempSync(join(cache, `unfinished-${kind}-`));
}

function isRecent(failure) {
  return existsSync(failure) && Math.abs(Date.now() - statSync(failure).mtimeMs) < memory;
}

function remember(failure, refusal) {
  writeFileSync(failure, `${refusal}\n`);
  return { refusal };
}
