// What a policy pack adds to a preview: none, one without a rule (the engine's and the SDK's own share), and the example with all rules.
// They take turns, so that what else the machine does falls on each.

import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Bench } from "./bench";
import type { BenchStack } from "./stack";
import { median, spread, table, within } from "./table";

const root = join(__dirname, "../..");
const EMPTY = 'const { PolicyPack } = require("@pulumi/policy");\nnew PolicyPack("empty", { policies: [] });\n';

/** Adds at most so much to a preview, in seconds. */
const allowed = (keys: number): number => 1 + 0.002 * keys;

export function policy(bench: Bench): Promise<string> {
  return bench.with("written", "off", async (stack) => {
    const bin = stack.place("bin");
    script(bin);
    stack.search(bin);
    const packs = { none: [], empty: pack(stack, "empty", EMPTY), rules: pack(stack, "rules") };
    const rows: string[][] = [];
    for (const keys of [1, 100]) {
      stack.program(program(keys));
      const took = { none: [] as number[], empty: [] as number[], rules: [] as number[] };
      for (let time = 1; time <= (bench.extent.sizes.get(100) ?? 1) + 2; time += 1) {
        bench.say(`preview of ${keys} key(s) under a policy pack, time ${time}`);
        for (const name of ["none", "empty", "rules"] as const) took[name].push(await preview(stack, packs[name]));
      }
      const added = median(took.rules) - median(took.none);
      const share = median(took.rules) - median(took.empty);
      const figures = [added.toFixed(2), share.toFixed(2), allowed(keys).toFixed(2), within(added, allowed(keys))];
      rows.push([String(keys), spread(took.none), spread(took.empty), spread(took.rules), ...figures]);
    }
    return table(["keys", "no pack, s", "empty pack, s", "all rules, s", "added, s", "by the rules, s", "allowed, s", "within"], rows);
  });
}

async function preview(stack: BenchStack, args: readonly string[]): Promise<number> {
  const start = performance.now();
  await stack.run("preview", "--stack", "dev", ...args);
  return (performance.now() - start) / 1000;
}

/** Keys that keep every rule but the advisory ones, so that reports are in the figures too. */
function program(count: number): string {
  return `const { bitfinex } = require("pulumi-exchange-keys");
const account = bitfinex.account("main");
for (let n = 0; n < ${count}; n += 1)
  new bitfinex.AccessToken("token-" + n, { account, permissions: { account: "read" }, lifetime: "24h", allowedIps: ["203.0.113." + (n + 1)] });
`;
}

/** A copy of the example, or of it with another program, for the SDK's own script: not every language host runs packs. */
function pack(stack: BenchStack, name: string, text?: string): readonly string[] {
  const folder = stack.place(name);
  cpSync(join(root, "examples/policy-pack"), folder, { recursive: true });
  const manifest = join(folder, "PulumiPolicy.yaml");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace("runtime: nodejs", "runtime: nodepack"));
  if (text !== undefined) writeFileSync(join(folder, "index.js"), text);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return ["--policy-pack", folder];
}

function script(folder: string): void {
  const to = join(folder, "pulumi-analyzer-policy-nodepack");
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(dirname(process.env["EXCHANGE_KEYS_PULUMI"] ?? ""), "pulumi-analyzer-policy"), to);
  chmodSync(to, 0o755);
}
