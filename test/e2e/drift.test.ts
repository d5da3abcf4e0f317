// `exchange-keys drift` on the real engine: what it calls drift, what it doesn't, and what it says nobody knows. No look changes anything.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Market } from "./market";
import type { Ended } from "./processes";
import { start } from "./processes";
import { ok, root, Stack } from "./stack";

const HERE = { "203.0.113.10": "gateway" };

let market: Market;
let stack: Stack<Market>;
beforeAll(async () => {
  market = await Market.open(["bybit"]);
  stack = await Stack.open(market);
  Object.assign(stack.env, market.env);
  stack.configure({ accounts: { main: market.settings("bybit") } });
  declare();
  await ok(stack.up());
});
afterAll(async () => {
  await stack?.close();
  await market?.close();
});

function declare(allowedIps: Readonly<Record<string, string>> = HERE): void {
  const args = {
    access: "read-write",
    permissions: { ContractTrade: ["Order", "Position"] },
    allowedIps,
    rotation: { every: "30d", overlap: "24h" },
  };
  stack.program(
    [
      'const keys = require("pulumi-exchange-keys");',
      'const account = keys.bybit.account("main").subAccount("53888000");',
      `exports.credential = new keys.bybit.SubAccountApiKey("maker", { account, ...${JSON.stringify(args)} }).credential;`,
    ].join("\n"),
  );
}

/** One look; none may write at the venue, change the state's file, or print a secret. */
async function drift(...args: string[]): Promise<Ended> {
  const file = join(stack.folder, "backend/.pulumi/stacks/desk/dev.json");
  const before = readFileSync(file, "utf8");
  let ended: Ended | undefined;
  const asked = await market.during("bybit", async () => {
    ended = await start(process.execPath, [join(root, "cli/dist/main.js"), "drift", "--stack", "dev", ...args], stack.cwd, stack.env).ended;
  });
  expect(asked.filter((request) => market.fixture("bybit").writes(request))).toEqual([]);
  expect(readFileSync(file, "utf8")).toBe(before);
  expect(ended!.text).not.toMatch(/sandbox-[\w-]{8,}/);
  return ended!;
}

async function keyOf(): Promise<string> {
  const [key] = await market.living("bybit");
  return key!.id;
}

test("as declared: 0", async () => {
  expect(await drift()).toMatchObject({ code: 0, stdout: "1 key of desk/dev is as declared.\n", stderr: "" });
});

test("an IP list widened behind Pulumi's back: 1, in the first line; after an up, 0", async () => {
  await market.control.patch(`/venues/bybit/keys/${await keyOf()}`, { allowedIps: ["203.0.113.10", "198.51.100.9"] });
  const { code, stdout } = await drift();
  expect([code, stdout.split("\n")[0]]).toEqual([1, "maker: the IP list lets in 198.51.100.9, which nobody declared"]);
  await ok(stack.up("--refresh"));
  expect(await drift()).toMatchObject({ code: 0 });
});

test("the program alone differs: told apart, and the venue isn't blamed", async () => {
  declare({ ...HERE, "203.0.113.11": "standby" });
  const { code, stdout } = await drift("--json");
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    verdict: "differs",
    findings: [{ kind: "pending", text: "the program lets in 203.0.113.11 (standby) too" }],
  });
  declare();
});

test("due: 0", async () => {
  await market.control.post("/clock", { advance: "31d" });
  expect(await drift()).toMatchObject({ code: 0, stdout: expect.stringContaining("\nmaker: is due; the next up renews it\n") });
  await ok(stack.up());
});

test("a venue in maintenance: 3, and the answer says whose", async () => {
  await market.control.put("/venues/bybit/maintenance", { on: true });
  const { code, stdout } = await drift("--format", "markdown");
  expect(code).toBe(3);
  expect(stdout).toMatch(
    /^<!-- exchange%2Dkeys%20drift desk%2Fdev -->\n### Whether keys of desk\/dev have drifted isn't known\n\n- maker: bybit \\\(sandbox\\\): /,
  );
  await market.control.put("/venues/bybit/maintenance", { on: false });
});

test("the state locked: 3", async () => {
  const locks = join(stack.folder, "backend/.pulumi/locks/organization/desk/dev");
  mkdirSync(locks, { recursive: true });
  writeFileSync(
    join(locks, "another-run.json"),
    JSON.stringify({ pid: 1, username: "somebody", hostname: "elsewhere", timestamp: "2026-01-01T00:00:00Z" }),
  );
  expect(await drift()).toMatchObject({ code: 3, stdout: expect.stringContaining("The state is locked") });
  rmSync(locks, { recursive: true });
});

test("a wrong passphrase: 3; no such stack, no project: 2", async () => {
  const { PULUMI_CONFIG_PASSPHRASE: right } = stack.env;
  stack.env["PULUMI_CONFIG_PASSPHRASE"] = "another";
  expect(await drift()).toMatchObject({
    code: 3,
    stdout: "",
    stderr: expect.stringContaining("the passphrase of the stack's secrets is wrong"),
  });
  stack.env["PULUMI_CONFIG_PASSPHRASE"] = right;
  expect(await drift("--stack", "nope")).toMatchObject({ code: 2, stderr: expect.stringContaining("there is no such stack") });
  expect(await drift("--cwd", stack.folder)).toMatchObject({ code: 2, stderr: expect.stringContaining("there is no Pulumi.yaml here") });
});
