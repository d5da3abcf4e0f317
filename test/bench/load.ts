// What the package adds to a program, in fresh processes: its import on top of the SDK's, and its resources' way to the engine, which
// includes the serializing of the provider. Mocks stand in for the engine.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Bench } from "./bench";
import { median, spread, table, within } from "./table";

const root = join(__dirname, "../..");
const IMPORT_MS = 60;
const COUNT = 100;

/** Prints milliseconds as a JSON list. */
const IMPORT = `const start = performance.now();
require("@pulumi/pulumi");
const sdk = performance.now();
require("pulumi-exchange-keys");
console.log(JSON.stringify([sdk - start, performance.now() - sdk]));`;

/** The first resource, then a hundred more, from the constructor until the engine has answered. */
const register = (make: string): string => `const pulumi = require("@pulumi/pulumi");
const { bitfinex } = require("pulumi-exchange-keys");
const mocks = { newResource: ({ inputs }) => ({ id: "id", state: inputs }), call: () => ({}) };
const args = { account: bitfinex.account("main"), permissions: { wallets: "read" }, lifetime: "24h", allowedIps: "anywhere" };
const provider = { create: async () => ({ id: "nothing", outs: {} }) };
const made = (resources) => new Promise((resolve) => pulumi.all(resources.map(({ urn }) => urn)).apply(resolve));
const names = Array.from({ length: ${COUNT} }, (_, n) => "more-" + n);
void pulumi.runtime.setMocks(mocks, "fleet", "live", false, "acme").then(async () => {
  const start = performance.now();
  await made(["first"].map((name) => ${make}));
  const first = performance.now();
  await made(names.map((name) => ${make}));
  console.log(JSON.stringify([first - start, performance.now() - first]));
});`;

export async function load(bench: Bench): Promise<string> {
  bench.say(`the import, in ${bench.extent.processes} processes`);
  const [sdk, ours] = await repeat(bench, [IMPORT]).then(([figures]) => figures!);
  const made = ["new pulumi.dynamic.Resource(provider, name, {})", "new bitfinex.AccessToken(name, args)"].map(register);
  const [bare, tokens] = await repeat(bench, made);
  const row = (title: string, [first, more]: Figures) => [title, spread(first, 0), spread(more, 0), (median(more) / COUNT).toFixed(2)];
  return [
    table(
      ["import", "ms", "allowed, ms", "within"],
      [
        ["@pulumi/pulumi", spread(sdk, 0), "", ""],
        ["pulumi-exchange-keys on top of it", spread(ours, 1), String(IMPORT_MS), within(median(ours), IMPORT_MS)],
      ],
    ),
    table(["registering", "the first, ms", `${COUNT} more, ms`, "each, ms"], [row("bare", bare!), row("tokens", tokens!)]),
  ].join("\n\n");
}

type Figures = readonly [first: readonly number[], second: readonly number[]];

/** Each program so often, in turns; what they print, by program and place. */
async function repeat(bench: Bench, programs: readonly string[]): Promise<readonly Figures[]> {
  const printed: [number, number][][] = programs.map(() => []);
  for (let time = 0; time < bench.extent.processes; time += 1) {
    for (const [index, program] of programs.entries()) {
      const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { cwd: root });
      printed[index]!.push(JSON.parse(stdout) as [number, number]);
    }
  }
  return printed.map((pairs) => [pairs.map(([first]) => first), pairs.map(([, second]) => second)]);
}
