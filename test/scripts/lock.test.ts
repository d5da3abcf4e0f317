// The set-up's lock: one holder at a time, a dead one's lock taken over, a living child's respected.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

const module_ = join(__dirname, "..", "..", "scripts", "lock.mjs");
let folder = "";
let path = "";
let log = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "exchange-keys-lock-"));
  path = join(folder, "a.lock");
  log = join(folder, "log");
  writeFileSync(log, "");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process that takes the lock and runs `work` under it. */
function locked(work: string): ChildProcess {
  const program = `
    import { withLock } from ${JSON.stringify(module_)};
    import { appendFileSync } from "node:fs";
    import { spawn } from "node:child_process";
    const log = (line) => appendFileSync(${JSON.stringify(log)}, line + "\\n");
    await withLock(${JSON.stringify(path)}, "testing", async (hold) => { ${work} });
  `;
  return spawn(process.execPath, ["--input-type=module", "--eval", program], { stdio: ["ignore", "ignore", "pipe"] });
}

const lines = (): string[] => readFileSync(log, "utf8").trim().split("\n");

/** Until it says that it waits. */
async function waiting(run: ChildProcess): Promise<void> {
  for await (const text of run.stderr!.setEncoding("utf8")) {
    expect(text).toBe("Another run is testing just now; waiting for it.\n");
    return;
  }
  throw new Error("it ended without waiting");
}

/** Until the log has this line; the processes write it when they get there. */
async function logged(line: string): Promise<void> {
  while (!lines().includes(line)) await new Promise((resolve) => setTimeout(resolve, 20));
}

test("of many at once, each works alone, and nothing stays", async () => {
  const work = 'log("in"); await new Promise((resolve) => setTimeout(resolve, 5)); log("out");';
  const runs = Array.from({ length: 6 }, () => locked(work));
  const codes = await Promise.all(runs.map(async (run) => (await once(run, "exit"))[0] as number));
  expect(codes).toEqual([0, 0, 0, 0, 0, 0]);
  expect(lines()).toEqual(Array.from({ length: 6 }, () => ["in", "out"]).flat());
  expect(existsSync(path)).toBe(false);
}, 30_000);

test("a killed holder's lock is taken over, by one of those who wait", async () => {
  const killed = locked('log("held"); await new Promise((resolve) => setTimeout(resolve, 1e6));');
  await logged("held");
  const next = [locked('log("next");'), locked('log("next");')];
  await Promise.all(next.map(waiting));
  // Listened to before either can end, in whichever order they do.
  const exits = next.map((run) => once(run, "exit"));
  killed.kill("SIGKILL");
  expect((await Promise.all(exits)).map(([code]) => code as number)).toEqual([0, 0]);
  expect(lines()).toEqual(["held", "next", "next"]);
}, 30_000);

test("a killed holder's child still holds it", async () => {
  const child = 'const child = spawn("sleep", ["30"], { stdio: "ignore" }); hold(child); log("child " + child.pid);';
  const killed = locked(`${child} log("held"); await new Promise((resolve) => setTimeout(resolve, 1e6));`);
  await logged("held");
  killed.kill("SIGKILL");
  await once(killed, "exit");
  const next = locked('log("next");');
  await waiting(next);
  const pid = Number(/child (\d+)/.exec(readFileSync(log, "utf8"))![1]);
  appendFileSync(log, "ending the child\n");
  expect(lines()).not.toContain("next");
  process.kill(pid, "SIGKILL");
  expect((await once(next, "exit"))[0]).toBe(0);
  expect(lines().slice(-2)).toEqual(["ending the child", "next"]);
}, 30_000);

test("a lock of another host is respected while it shows life", async () => {
  writeFileSync(path, JSON.stringify({ host: `not-${hostname()}`, pids: [1] }));
  const next = locked('log("next");');
  await waiting(next);
  rmSync(path);
  expect((await once(next, "exit"))[0]).toBe(0);
  expect(lines().at(-1)).toBe("next");
}, 30_000);
