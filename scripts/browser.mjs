// Chromium for the tests of the pages: the one that is named, one that is there, or Debian's, installed by root as in CI.

import { existsSync } from "node:fs";
import { isRunnable, whereIs } from "./path.mjs";
import { run, say, SetupError, tail } from "./process.mjs";

const names = [
  "chromium",
  "chromium-browser",
  "google-chrome-stable",
  "google-chrome",
  "google-chrome-beta",
  "chrome",
  "microsoft-edge-stable",
];
const mac = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

const waysOut =
  "Any one of these helps: install Chromium or Google Chrome so that it is on PATH; set CHROME_PATH to its binary; or run this as root on " +
  "Debian or Ubuntu with a package mirror in reach, and it is installed.";

/** The browser's path. */
export async function findBrowser() {
  const given = process.env.CHROME_PATH;
  if (given) {
    const refusal = await refusalOf(given);
    if (refusal) throw new SetupError(`CHROME_PATH names a browser that can't be used: ${refusal}.\n${waysOut}`);
    return given;
  }
  const refusals = [];
  for (const path of candidates()) {
    const refusal = await refusalOf(path);
    if (!refusal) return path;
    refusals.push(refusal);
  }
  if (refusals.length === 0) refusals.push(`PATH has none of ${names.join(", ")}`);
  const installed = await install();
  if (installed.bin) return installed.bin;
  const lines = [...refusals, installed.refusal].map((refusal) => `  - ${refusal}`);
  throw new SetupError(["The tests of the pages need a real browser, and there is none:", ...lines, waysOut].join("\n"));
}

function candidates() {
  return [...new Set([...names.flatMap(whereIs), ...mac.filter(isRunnable)])];
}

/** Ubuntu's chromium-browser may be a script that only asks for a snap, so each is asked for its version. */
async function refusalOf(path) {
  try {
    const { code, output } = await run(path, ["--version"], { quiet: true });
    return code === 0 && /\d+\.\d+\.\d+/.test(output) ? undefined : `${path} --version answers: ${tail(output, 1) || `code ${code}`}`;
  } catch (error) {
    return `${path} can't be run (${error.code ?? error.message})`;
  }
}

async function install() {
  if (!existsSync("/usr/bin/apt-get")) return { refusal: "there is no apt-get to install one with" };
  if (process.getuid?.() !== 0) return { refusal: "apt-get could install one, but only root may" };
  say("Installing Chromium for the tests of the pages (apt-get install chromium). Usually a minute, once.");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options = ["-qq", "-o", "Acquire::Retries=2", "-o", "DPkg::Lock::Timeout=120"];
  const update = await run("/usr/bin/apt-get", [...options, "update"], { quiet: true, env });
  const { code, output } = await run("/usr/bin/apt-get", [...options, "install", "--yes", "--no-install-recommends", "chromium"], {
    quiet: true,
    env,
  });
  if (code !== 0)
    return { refusal: `apt-get install chromium failed:\n${tail(`${update.code === 0 ? "" : update.output}\n${output}`, 8)}` };
  const refusals = [];
  for (const path of candidates()) {
    const refusal = await refusalOf(path);
    if (!refusal) return { bin: path };
    refusals.push(refusal);
  }
  return { refusal: `apt-get installed chromium, but ${refusals.join("; ") || "PATH hasn't got it"}` };
}
