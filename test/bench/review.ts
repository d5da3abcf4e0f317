// The review of a large plan, as the command does it: the time of the whole process, and the most memory that it had. The plan has what the
// engine writes, __provider included.

import { spawn } from "node:child_process";
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench } from "./bench";
import { median, spread, table, within } from "./table";

const STEPS = 10_000;
const SECONDS = 2;
const MEGABYTES = 300;
const root = join(__dirname, "../..");
/** As long as the shim's text. */
const PROVIDER = `exports.handler = __f0;\n${"x".repeat(1_000)}`;

export async function review(bench: Bench): Promise<string> {
  bench.say(`A review of ${STEPS} steps`);
  const folder = mkdtempSync(join(tmpdir(), "exchange-keys-bench-"));
  try {
    const rows: string[][] = [];
    for (const op of ["create", "update"] as const) {
      const file = join(folder, `${op}.json`);
      await write(file, op);
      const runs = [];
      for (let index = 0; index < 5; index += 1) runs.push(await reviewed(file));
      const seconds = runs.map((run) => run.seconds);
      const processor = runs.map((run) => run.processor);
      const most = runs.map((run) => run.megabytes);
      const size = (statSync(file).size / 2 ** 20).toFixed(0);
      rows.push([
        `${STEPS} × ${op}`,
        size,
        spread(seconds),
        within(median(seconds), SECONDS),
        spread(processor),
        spread(most, 0),
        within(median(most), MEGABYTES),
      ]);
    }
    return table(["plan", "MB", "seconds", `≤ ${SECONDS} s`, "processor, s", "most memory, MB", `≤ ${MEGABYTES} MB`], rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function write(file: string, op: "create" | "update"): Promise<void> {
  const out = createWriteStream(file);
  out.write('{\n    "config": {},\n    "steps": [\n');
  for (let index = 0; index < STEPS; index += 1) {
    const text = JSON.stringify(step(op, `key-${index}`), undefined, 4);
    if (!out.write(`${index === 0 ? "" : ",\n"}${text}`)) await once(out, "drain");
  }
  out.end(`],\n    "changeSummary": { "${op}": ${STEPS} }\n}\n`);
  await once(out, "close");
}

function step(op: "create" | "update", name: string) {
  const type = "pulumi-nodejs:dynamic/exchange-keys/bitfinex:ApiKey";
  const urn = `urn:pulumi:bench::bench::${type}::${name}`;
  const identity = { organization: "bench", project: "bench", stack: "bench", type, name };
  const decided = { alive: true, generation: 1, decidedAt: "2026-11-23T00:00:00.000Z", reason: "first", keepUntil: {} };
  const inputs = (permissions: object) => ({
    ...{ __provider: PROVIDER, venue: "bitfinex", kind: "ApiKey", identity, account: "main", permissions, ...decided },
    allowedIps: { "203.0.113.10": "gateway" },
  });
  const side = (permissions: object) => ({ urn, custom: true, type, inputs: inputs(permissions), additionalSecretOutputs: ["credential"] });
  const is = side({ account: "read", orders: "read-write" });
  if (op === "create") return { op, urn, newState: is, detailedDiff: null };
  const was = side({ account: "read" });
  const outputs = {
    ...was.inputs,
    credential: "[secret]",
    fingerprint: "00112233445566aa",
    mark: "0".repeat(16),
    retiring: [],
    grants: ["account:read"],
  };
  return { op, urn, oldState: { ...was, outputs }, newState: is, detailedDiff: null };
}

/** By a pipe, as it comes from the CLI. */
async function reviewed(file: string): Promise<{ readonly seconds: number; readonly processor: number; readonly megabytes: number }> {
  const start = performance.now();
  const child = spawn(
    process.execPath,
    ["--require", join(__dirname, "peak.cjs"), join(root, "cli/dist/main.js"), "review", "--format", "markdown"],
    {
      stdio: ["pipe", "ignore", "pipe"],
    },
  );
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  createReadStream(file).pipe(child.stdin);
  const [code] = (await once(child, "close")) as [number];
  const seconds = (performance.now() - start) / 1_000;
  const [, kilobytes, micros] = /peak (\d+) (\d+)\n$/.exec(said) ?? [];
  if (code !== 0 || kilobytes === undefined) throw new Error(`the review ended with ${code}: ${said}`);
  return { seconds, processor: Number(micros) / 1e6, megabytes: Number(kilobytes) / 1_024 };
}
