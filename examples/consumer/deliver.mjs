// Puts a stack's credential where its bot reads it: node deliver.mjs <stack> <file>. Run it after each `pulumi up`, on the bot's host or where its
// secrets are mounted from. The file appears whole or not at all, and nobody but its owner can read it at any moment.

import { execFileSync } from "node:child_process";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";

const [stack, file] = process.argv.slice(2);
if (stack === undefined || file === undefined) {
  console.error("usage: node deliver.mjs <stack> <file>");
  process.exit(2);
}

// By a pipe: as an argument or in a shell's variable it would show in process listings and histories.
const text = execFileSync("pulumi", ["stack", "output", "credential", "--show-secrets", "--json", "--non-interactive", `--stack=${stack}`]);
JSON.parse(text.toString("utf8")); // half an answer never replaces a credential that works

const fresh = `${file}.${process.pid}.new`;
try {
  const handle = openSync(fresh, "wx", 0o600);
  writeSync(handle, text);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(fresh, file);
} finally {
  rmSync(fresh, { force: true });
}
