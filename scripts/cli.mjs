// The Pulumi CLI: the first of four ways that gives one which is new enough. The cache folder stands outside the clone and is keyed by version.

import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { buildFromModules } from "./modules.mjs";
import { isRunnable, whereIs } from "./path.mjs";
import { run, say, SetupError } from "./process.mjs";
import { downloadRelease } from "./release.mjs";
import { isLower } from "./version.mjs";

/** `pulumi import --file` takes dynamic resources from this version on. */
export const lowest = "3.254.0";

/** The CLI as { bin, dir, version, how }; `how` is "path", "release" or "modules". */
export async function findPulumi() {
  const refusals = [];
  for (const way of [onPath, downloadRelease, buildFromModules]) {
    const found = await way(cacheFolder(), inspect);
    if (found.bin) return found;
    refusals.push(found.refusal);
  }
  throw new SetupError(
    [
      "There is no usable Pulumi CLI, and none could be got:",
      ...refusals.map((refusal) => `  - ${refusal}`),
      `Any one of these helps: install the Pulumi CLI ${lowest} or later and put it on PATH (https://www.pulumi.com/docs/install/); ` +
        "let this machine reach the Pulumi release site; or install Go 1.25.11 or later, where a Go module proxy can be reached.",
    ].join("\n"),
  );
}

/** $XDG_CACHE_HOME/exchange-keys/pulumi; a relative XDG_CACHE_HOME is to be ignored, says its specification. */
function cacheFolder() {
  const given = process.env.XDG_CACHE_HOME ?? "";
  return join(isAbsolute(given) ? given : join(homedir(), ".cache"), "exchange-keys", "pulumi");
}

/** Way 1: what the user has. */
async function onPath() {
  const [bin] = whereIs("pulumi");
  if (!bin) return { refusal: "PATH has no pulumi" };
  const found = await inspect(bin, "path");
  if (found.refusal) say(`Not using ${bin}: ${found.refusal}.`);
  return found;
}

/** Runs `pulumi version` and looks for the language host: { bin, dir, version, how }, or { refusal }. */
async function inspect(bin, how) {
  let answer;
  try {
    answer = await run(bin, ["version"], { quiet: true, env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" } });
  } catch (error) {
    return { refusal: `${bin} can't be run (${error.code ?? error.message})` };
  }
  const version = /^v?(\d+\.\d+\.\d+)/m.exec(answer.output)?.[1];
  if (answer.code !== 0 || !version) return { refusal: `${bin} version failed` };
  if (isLower(version, lowest)) return { refusal: `pulumi ${version} is older than ${lowest}` };
  const host = "pulumi-language-nodejs";
  if (!isRunnable(join(dirname(bin), host)) && whereIs(host).length === 0)
    return { refusal: `${host} is neither beside ${bin} nor on PATH` };
  return { bin, dir: dirname(bin), version, how };
}
