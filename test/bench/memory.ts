// The provider process's resident set: bare, and while the real engine creates and refreshes many tokens. The sandbox holds the last
// request of a run back, so that the process is looked at when all else is done.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultView } from "exchange-keys-sandbox";
import type { Bench } from "./bench";
import type { BenchStack, Operation } from "./stack";
import { spread, table, within } from "./table";

const root = join(__dirname, "../..");
const ADDED_MB = 60;
const PATIENCE_MS = 240_000;

export async function memory(bench: Bench): Promise<string> {
  const { many } = bench.extent;
  bench.say(`memory, with ${many} tokens`);
  const bare = await bareProvider();
  const rows = await bench.with("tokens", "off", async (tokens) => {
    tokens.declare(many);
    const create = await atTheEnd(bench, tokens, "up");
    const refresh = await atTheEnd(bench, tokens, "refresh");
    await tokens.time("destroy");
    return [row(`after creating ${many} tokens`, create, bare), row(`after refreshing ${many} tokens`, refresh, bare)];
  });
  return table(
    ["provider process", "resident, MB", "more than bare", "allowed", "within"],
    [["bare", spread([bare], 0), "", "", ""], ...rows],
  );
}

function row(title: string, resident: number, bare: number): string[] {
  const more = resident - bare;
  return [title, resident.toFixed(0), more.toFixed(0), String(ADDED_MB), within(more, ADDED_MB)];
}

/** As the engine starts it, before the first question. */
async function bareProvider(): Promise<number> {
  const command = join(root, "node_modules/@pulumi/pulumi/cmd/dynamic-provider");
  const child = spawn(process.execPath, [command, "127.0.0.1:1"], { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
  try {
    await once(child.stdout, "data"); // its port: it is ready
    return residentMb(child.pid!);
  } finally {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
}

/** Megabytes while the last token's look at itself is held back. The managing key's look is one more. */
async function atTheEnd({ sandbox, extent }: Bench, stack: BenchStack, operation: Operation): Promise<number> {
  const match = { path: "/v2/auth/r/permissions", after: extent.many };
  const { id } = await sandbox.control.post<FaultView>("/faults", { venue: "bitfinex", match, kind: "hold" });
  const run = stack.time(operation);
  await Promise.race([run, sandbox.control.get(`/faults/${id}/wait?hits=1&timeoutMs=${PATIENCE_MS}`)]);
  const resident = residentMb(stack.providerPid());
  await sandbox.control.post(`/faults/${id}/release`);
  await sandbox.control.delete(`/faults/${id}`);
  await run;
  return resident;
}

function residentMb(pid: number): number {
  const status = `/proc/${pid}/status`;
  const kilobytes = existsSync(status)
    ? /^VmRSS:\s*(\d+)/m.exec(readFileSync(status, "utf8"))![1]
    : execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  return Number(kilobytes) / 1024;
}
