// One ceremony at a time, with real processes: a live one is respected, a killed one taken over, and of many at once one comes first.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { KeyError } from "../../provider/core/errors";
import { takeLock } from "../../provider/ceremony/lock";
import { failure, newFolder, NOW, removeFolders } from "./deposits";

const STACK = "acme/desk/production";
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  removeFolders();
});

const journal = (): string => join(newFolder(), "exchange-keys", "journal");
const files = (folder: string): readonly string[] => readdirSync(dirname(folder));

/** A process that takes the lock when it is told to, says `held` or `refused`, and stays. */
async function contender(folder: string): Promise<{ readonly child: ChildProcess; go(): Promise<string> }> {
  const program = `require("ts-node").register({ transpileOnly: true, compilerOptions: { module: "commonjs", moduleResolution: "node10", ignoreDeprecations: "6.0" } });
    const { takeLock } = require("./provider/ceremony/lock");
    process.stdin.once("data", () => takeLock(${JSON.stringify(folder)}, ${JSON.stringify(STACK)}, ${NOW}).then(
      () => process.stdout.write("held"), (error) => process.stdout.write(error.code === "configuration" ? "refused" : String(error))));
    process.stdout.write("ready");`;
  const child = spawn(process.execPath, ["-e", program], { cwd: join(__dirname, "../.."), stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const next = async (): Promise<string> => String((await once(child.stdout!, "data"))[0]);
  expect(await next()).toBe("ready");
  return {
    child,
    go() {
      const answer = next();
      child.stdin!.write("go\n");
      return answer;
    },
  };
}

test("held until it is released, for its owner alone, without the stack's name", async () => {
  const folder = journal();
  const lock = await takeLock(folder, STACK, NOW);
  const error = await failure(takeLock(folder, STACK, NOW + 1));
  expect(error).toBeInstanceOf(KeyError);
  expect(error.message).toBe(
    `exchange-keys: begin a ceremony for ${STACK}: process ${process.pid} has one open since 2030-01-02T12:00:00.000Z; finish that one, or end its process`,
  );
  expect(files(folder)).toEqual([expect.stringMatching(/^ceremony-[0-9a-f]{16}\.1\.lock$/)]);
  expect(statSync(join(dirname(folder), files(folder)[0]!)).mode & 0o777).toBe(0o600);
  await lock.release();
  const again = await takeLock(folder, STACK, NOW);
  await lock.release(); // the former holder can't release the next one's
  expect((await failure(takeLock(folder, STACK, NOW))).message).toContain("has one open");
  await again.release();
  expect(files(folder)).toHaveLength(1);
});

test("another stack has its own", async () => {
  const folder = journal();
  await takeLock(folder, STACK, NOW);
  await takeLock(folder, "acme/desk/test", NOW);
  expect(files(folder)).toHaveLength(2);
});

test("a killed holder is taken over; a live one isn't", async () => {
  const folder = journal();
  const { child, go } = await contender(folder);
  expect(await go()).toBe("held");
  expect((await failure(takeLock(folder, STACK, NOW))).message).toContain(`process ${child.pid} has one open`);
  child.kill("SIGKILL");
  await once(child, "exit");
  const lock = await takeLock(folder, STACK, NOW);
  await lock.release();
});

(process.platform === "linux" ? test : test.skip)("a later process with the number of a dead holder doesn't hold", async () => {
  const folder = journal();
  await takeLock(folder, STACK, NOW);
  const file = join(dirname(folder), files(folder)[0]!);
  const holder = JSON.parse(readFileSync(file, "utf8")) as { born?: string };
  writeFileSync(file, JSON.stringify({ ...holder, born: `${holder.born!.split(" ")[0]!} 1` }));
  await expect(takeLock(folder, STACK, NOW)).resolves.toBeDefined();
});

test("many at once: one comes first, also over a dead holder's", async () => {
  const folder = journal();
  const dead = await contender(folder);
  expect(await dead.go()).toBe("held");
  dead.child.kill("SIGKILL");
  await once(dead.child, "exit");
  const contenders = await Promise.all(Array.from({ length: 5 }, () => contender(folder)));
  const answers = await Promise.all(contenders.map(({ go }) => go()));
  expect([...answers].sort()).toEqual(["held", "refused", "refused", "refused", "refused"]);
});

test("many at once in one process, again and again", async () => {
  const folder = journal();
  for (let round = 0; round < 20; round++) {
    const taken = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(folder, STACK, NOW)));
    const held = taken.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(held).toHaveLength(1);
    await held[0]!.release();
  }
  expect(files(folder)).toHaveLength(1);
});

test("a file that isn't a lock is refused, and a folder that can't be written is told", async () => {
  const folder = journal();
  const lock = await takeLock(folder, STACK, NOW);
  await lock.release();
  const file = join(dirname(folder), files(folder)[0]!);
  for (const text of ["", "{}", '{"version":2}', "x".repeat(70_000)]) {
    writeFileSync(file, text);
    expect((await failure(takeLock(folder, STACK, NOW))).message).toContain("isn't a lock of this release; make sure that no other runs");
  }
  const occupied = newFolder();
  writeFileSync(join(occupied, "file"), "");
  expect((await failure(takeLock(join(occupied, "file", "journal"), STACK, NOW))).message).toMatch(/can't be written \((ENOTDIR|EEXIST)\)/);
});
