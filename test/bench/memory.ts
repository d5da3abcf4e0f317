// The provider process's memory: bare, after many bare resources, and while the real engine creates and refreshes as many tokens. The
// sandbox holds the last request of a run back, so that the process is looked at when all else is done.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { FaultView } from "exchange-keys-sandbox";
import type { Bench } from "./bench";
import type { BenchSandbox } from "./sandbox";
import type { BenchStack, Operation } from "./stack";
import { table, within } from "./table";

const root = join(__dirname, "../..");
const ADDED_MB = 60;
const PATIENCE_MS = 300_000;

/** What provider.cjs tells, in bytes. */
interface Seen {
  readonly resident: number;
  readonly live: number;
}

export async function memory(bench: Bench): Promise<string> {
  const { many } = bench.extent;
  bench.say(`memory, with ${many} resources`);
  const idle = await idleProvider();
  const bare = await bench.with("watched", "off", async (stack) => {
    stack.watch();
    stack.declare(many);
    await stack.time("up");
    return JSON.parse(readFileSync(`${stack.socket}.json`, "utf8")) as Seen;
  });
  const [created, refreshed] = await bench.with("tokens", "off", async (stack) => {
    stack.watch();
    stack.declare(many);
    return [await atTheEnd(bench, stack, "up"), await atTheEnd(bench, stack, "refresh")] as const;
  });
  const row = (title: string, seen: Seen, mark = true) => {
    const more = [idle, bare].map(({ resident }) => (seen.resident - resident) / 2 ** 20);
    const verdicts = mark ? more.map((mb) => within(mb, ADDED_MB)) : ["", ""];
    return [
      title,
      ...[seen.resident, seen.live].map((bytes) => (bytes / 2 ** 20).toFixed(0)),
      ...more.map((mb) => mb.toFixed(0)),
      ...verdicts,
    ];
  };
  return table(
    ["provider process", "resident, MB", "live heap, MB", "over idle", `over ${many} bare`, `≤ idle + ${ADDED_MB}`, `≤ bare + ${ADDED_MB}`],
    [
      row("idle, no operation", idle, false),
      row(`after creating ${many} bare resources`, bare, false),
      row(`after creating ${many} tokens`, created),
      row(`after refreshing ${many} tokens`, refreshed),
    ],
  );
}

/** As the engine starts it, before the first question. */
async function idleProvider(): Promise<Seen> {
  const folder = mkdtempSync(join(tmpdir(), "exchange-keys-bench-"));
  const socket = join(folder, "provider");
  const args = [
    "--require",
    join(__dirname, "provider.cjs"),
    join(root, "node_modules/@pulumi/pulumi/cmd/dynamic-provider"),
    "127.0.0.1:1",
  ];
  const env = { PATH: process.env["PATH"], BENCH_PROVIDER: socket };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  try {
    await once(child.stdout, "data"); // its port: it is ready
    return await look(socket);
  } finally {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** While the last token's look at itself is held back. The managing key's look is one more. */
function atTheEnd({ sandbox, extent }: Bench, stack: BenchStack, operation: Operation): Promise<Seen> {
  return held(sandbox, stack, operation, { path: "/v2/auth/r/permissions", after: extent.many });
}

/** While one request of the run is held back. */
export async function held(
  sandbox: BenchSandbox,
  stack: BenchStack,
  operation: Operation,
  match: { readonly path: string; readonly after: number },
): Promise<Seen> {
  const { id } = await sandbox.control.post<FaultView>("/faults", { venue: sandbox.venue, match, kind: "hold" });
  const run = stack.time(operation);
  await Promise.race([run, sandbox.control.get(`/faults/${id}/wait?hits=1&timeoutMs=${PATIENCE_MS}`)]);
  const seen = await look(stack.socket);
  await sandbox.control.post(`/faults/${id}/release`);
  await sandbox.control.delete(`/faults/${id}`);
  await run;
  return seen;
}

async function look(socket: string): Promise<Seen> {
  return JSON.parse(await text(connect(socket))) as Seen;
}
