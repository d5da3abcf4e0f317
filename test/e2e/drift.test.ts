// `exchange-keys drift` on the real engine: what it calls drift, what it doesn't, and what it says nobody knows. No look changes anything.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint } from "../../provider/core/secret";
import { Market } from "./market";
import type { Ended } from "./processes";
import { start } from "./processes";
import { fails, ok, root, Stack } from "./stack";

const HERE = { "203.0.113.10": "gateway" };

let market: Market;
let stack: Stack<Market>;
beforeAll(async () => {
  market = await Market.open(["bybit", "okx"]);
  stack = await Stack.open(market);
  Object.assign(stack.env, market.env);
  stack.configure({ accounts: { main: market.settings("bybit"), okx: market.settings("okx") } });
  declare();
  await ok(stack.up());
});
afterAll(async () => {
  await stack?.close();
  await market?.close();
});

function declare(allowedIps: Readonly<Record<string, string>> = HERE, options = "{}"): void {
  const args = {
    access: "read-write",
    permissions: { ContractTrade: ["Order", "Position"] },
    allowedIps,
    rotation: { every: "30d", overlap: "24h" },
  };
  declared = [
    'const keys = require("pulumi-exchange-keys");',
    'const account = keys.bybit.account("main").subAccount("53888000");',
    `exports.credential = new keys.bybit.SubAccountApiKey("maker", { account, ...${JSON.stringify(args)} }, ${options}).credential;`,
  ].join("\n");
  stack.program(declared);
}

/** What was declared last, and more. */
function program(more: string): void {
  stack.program(`${declared}\n${more}`);
}
let declared: string;

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

test("changes of the list are ignored: what somebody added isn't the program's", async () => {
  declare(HERE, '{ ignoreChanges: ["allowedIps"] }');
  await market.control.patch(`/venues/bybit/keys/${await keyOf()}`, { allowedIps: ["203.0.113.10", "198.51.100.9"] });
  const { code, stdout } = await drift();
  expect([code, stdout.split("\n")[0]]).toEqual([1, "maker: the IP list lets in 198.51.100.9, which nobody declared"]);
  declare();
  await ok(stack.up("--refresh"));
});

test("due: 0", async () => {
  await market.control.post("/clock", { advance: "31d" });
  expect(await drift()).toMatchObject({ code: 0, stdout: expect.stringContaining("\nmaker: is due; the next up renews it\n") });
  await ok(stack.up());
});

test("a former key with time left, widened at the venue: 1; the next up revokes it", async () => {
  expect(await drift()).toMatchObject({ code: 0 });
  const [retiring] = stack.resource("maker")!.outputs!["retiring"] as { fingerprint: string }[];
  const former = (await market.living("bybit")).find(({ publicPart }) => fingerprint("bybit", publicPart) === retiring!.fingerprint)!;
  await market.control.patch(`/venues/bybit/keys/${former.id}`, { allowedIps: ["203.0.113.10", "198.51.100.9"] });
  const { code, stdout } = await drift();
  expect([code, stdout.split("\n")[0]]).toEqual([
    1,
    "maker: generation 1, which has time left, can do more than is declared, or from elsewhere; the next up revokes it",
  ]);
  await ok(stack.up("--refresh"));
  expect(await market.living("bybit")).toHaveLength(1);
  expect(await drift()).toMatchObject({ code: 0 });
});

test("a former key that couldn't be revoked, beside one that was widened: 1, and both are told", async () => {
  await market.control.post("/faults", { venue: "bybit", match: { path: "/v5/user/delete-sub-api" }, times: "always", kind: "500" });
  await fails(stack.up("--replace", stack.resource("maker")!.urn));
  const { code, stdout } = await drift();
  expect([code, stdout]).toEqual([1, expect.stringMatching(/^maker: a former key of it \([0-9a-f]{16}\) is still alive/m)]);
  const key = stack.resources().find((each) => !("delete" in each))!;
  const { id } = (await market.living("bybit")).find(({ publicPart }) => fingerprint("bybit", publicPart) === key.outputs!["fingerprint"])!;
  await market.control.patch(`/venues/bybit/keys/${id}`, { allowedIps: ["203.0.113.10", "198.51.100.9"] });
  const widened = await drift();
  expect([widened.code, widened.stdout.split("\n")[0]]).toEqual([1, "maker: the IP list lets in 198.51.100.9, which nobody declared"]);
  await market.control.delete("/faults");
  await ok(stack.up("--refresh"));
  expect(await drift()).toMatchObject({ code: 0 });
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

test("one venue in maintenance: what another one shows is told first, and still it is 3", async () => {
  program(
    'new keys.okx.SubAccountApiKey("hedge", { account: keys.okx.account("okx").subAccount("deskalpha"), permissions: ["read_only"], allowedIps: "anywhere" });',
  );
  await ok(stack.up());
  await market.control.put("/venues/okx/maintenance", { on: true });
  await market.control.patch(`/venues/bybit/keys/${await keyOf()}`, { allowedIps: ["203.0.113.10", "198.51.100.9"] });
  const { code, stdout } = await drift();
  expect(code).toBe(3);
  expect(stdout).toMatch(
    /^maker: the IP list lets in 198\.51\.100\.9, which nobody declared\n\nNot known:\nhedge: couldn't be looked at\n\n.*\nhedge: okx \(sandbox\): /,
  );
  await market.control.put("/venues/okx/maintenance", { on: false });
  declare();
  await ok(stack.up("--refresh"));
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
