// Puts a stack's credential where its bot reads it: node deliver.mjs <stack> <file>. Run it after each `pulumi up`, on the bot's host or where its
// secrets are mounted from. The file appears whole or not at all, and nobody but its owner can read it at any moment.

import { spawnSync } from "node:child_process";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

const [stack, file] = process.argv.slice(2);
if (stack === undefined || file === undefined) {
  console.error("usage: node deliver.mjs <stack> <file>");
  process.exit(2);
}

// By a pipe: as an argument or in a shell's variable it would show in process listings and histories. What pulumi says stays here, whatever it is:
// an error that isn't caught has it all in it.
const args = ["stack", "output", "credential", "--show-secrets", "--json", "--non-interactive", `--stack=${stack}`];
const { status, signal, error, stdout } = spawnSync("pulumi", args, { stdio: ["ignore", "pipe", "ignore"] });
if (status !== 0) {
  console.error(`pulumi ended with ${error?.code ?? signal ?? status}; it says why by: pulumi ${args.join(" ")} > /dev/null`);
  process.exit(1);
}
if (!isCredential(stdout.toString("utf8"))) {
  console.error(`the output credential of ${stack} is none; what was delivered stays`);
  process.exit(1);
}

const fresh = `${file}.${process.pid}.new`;
try {
  const handle = openSync(fresh, "wx", 0o600);
  writeFileSync(handle, stdout);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(fresh, file);
} finally {
  rmSync(fresh, { force: true });
}

/** Half an answer, or `null`, never replaces a credential that works. */
function isCredential(text) {
  try {
    const { apiKey, apiSecret, token } = JSON.parse(text);
    return [[apiKey, apiSecret], [token]].some((parts) => parts.every((part) => typeof part === "string" && part !== ""));
  } catch {
    return false; // never the error itself: it quotes the text
  }
}
