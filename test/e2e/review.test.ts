// A review of live plans: a wider key and a rename are told, and a run under an approval does what was approved and nothing else.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Market } from "./market";
import { start, type Ended } from "./processes";
import { fails, ok, root, Stack } from "./stack";

let market: Market;
let stack: Stack<Market>;
beforeAll(async () => {
  market = await Market.open(["bybit"]);
  stack = await Stack.open(market);
  Object.assign(stack.env, market.env);
  configure();
});
afterAll(async () => {
  await stack?.close();
  await market?.close();
});

const configure = (more: Readonly<Record<string, unknown>> = {}): void =>
  stack.configure({ accounts: { main: market.settings("bybit") }, ...more });
const declare = (name: string, access: string, contract: readonly string[]): void =>
  stack.program(`const { bybit } = require("pulumi-exchange-keys");
new bybit.SubAccountApiKey(${JSON.stringify(name)}, { account: bybit.account("main").subAccount("53888000"), access: "${access}", permissions: { ContractTrade: ${JSON.stringify(contract)} }, allowedIps: { "203.0.113.10": "fra1 gateway" } });`);

async function review(...args: string[]): Promise<Ended> {
  const { stdout } = await ok(stack.run("preview", "--json", "--show-sames"));
  return start(process.execPath, [join(root, "cli/dist/main.js"), "review", ...args], stack.cwd, stack.env, stdout).ended;
}

test("a wider key and a rename are told before they happen; under an approval nothing else happens", async () => {
  declare("hedge", "read-only", ["Order"]);
  await ok(stack.up());
  const before = await market.living("bybit");

  declare("hedge", "read-write", ["Order"]);
  const wider = await review("--fail-on", "widen");
  expect(wider.code).toBe(1);
  expect(wider.stdout).toMatch(/^Widens: hedge may now trade \([\w:, -]+\); was: read — 1 key in the plan, 1 wider\.\n/);

  declare("hedge-2", "read-only", ["Order"]);
  const renamed = await review("--fail-on", "revoke>0", "--format", "markdown");
  expect(renamed.code).toBe(1);
  expect(renamed.stdout).toContain(
    '`hedge-2` is `hedge` renamed without alias: revokes a live key; add to its options `aliases: [{ name: "hedge" }]`',
  );

  declare("hedge", "read-write", ["Order"]);
  const approved = await ok(review("--approve", "approved.json"));
  const [, sha256] = /sha256: (\w+)/.exec(approved.stderr)!;
  expect(readFileSync(join(stack.cwd, "approved.json"), "utf8")).toContain('"revoke": false');
  configure({ approved: { file: "approved.json", sha256 } });

  declare("hedge", "read-write", ["Order", "Position"]);
  const more = await fails(stack.up());
  expect(more.text).toContain("not in the approved plan: permissions ContractTrade:Position; nothing was sent");
  declare("hedge-2", "read-only", ["Order"]);
  const other = await fails(stack.up());
  expect(other.text).toContain("not in the approved plan: the resource itself, which has no approved key");
  expect(await market.living("bybit")).toEqual(before);

  declare("hedge", "read-write", ["Order"]);
  await ok(stack.up());
  const [key] = (await market.living("bybit")).filter(({ publicPart }) => before.some((each) => each.publicPart === publicPart));
  expect(key!.grants).toContain("read-write");
  // Another plan, another approval: the rename as it is, with the revocation that goes with it.
  declare("hedge-2", "read-only", ["Order"]);
  const again = await ok(review("--approve", "approved.json"));
  configure({ approved: { file: "approved.json", sha256: /sha256: (\w+)/.exec(again.stderr)![1] } });
  await ok(stack.up());
  const after = await market.living("bybit");
  expect(after).toHaveLength(before.length);
  expect(after.map(({ publicPart }) => publicPart)).not.toContain(key!.publicPart);
});

test("what the plan doesn't make isn't made, what nobody approved isn't revoked: whatever the program says later", async () => {
  const bound = async (...args: string[]): Promise<void> => {
    const { stderr } = await ok(review("--approve", "approved.json", ...args));
    stack.env["EXCHANGE_KEYS_APPROVED"] = JSON.parse(/EXCHANGE_KEYS_APPROVED=(".*")/.exec(stderr)![1]!) as string;
  };
  configure();
  declare("hedge", "read-only", ["Order"]);
  await ok(stack.up());
  const before = await market.living("bybit");
  const alive = async () => (await market.living("bybit")).map(({ publicPart }) => publicPart);
  const same = before.map(({ publicPart }) => publicPart);
  await bound();

  const [urn] = stack.resources().flatMap((each) => (each.urn.endsWith("::hedge") ? [each.urn] : []));
  expect((await fails(stack.up("--replace", urn!))).text).toContain("not in the approved plan: a new key, where the plan makes none");
  expect(await alive()).toEqual(same);
  // The program declares no key: the engine hands on the configuration of the state, which knows no approval.
  stack.program("");
  for (const gone of [() => stack.up(), () => stack.destroy()])
    expect((await fails(gone())).text).toContain("not in the approved plan: the revocation of its keys");
  expect(await alive()).toEqual(same);

  // A replacement that is approved, and whose deletion fails: the next preview doesn't show what is left to delete.
  delete stack.env["EXCHANGE_KEYS_APPROVED"];
  declare("hedge", "read-only", ["Order"]);
  await market.control.post("/faults", { venue: "bybit", match: { path: "/v5/user/delete-sub-api" }, kind: "500", times: "always" });
  await fails(stack.up("--replace", urn!));
  await market.control.delete("/faults");
  expect(await alive()).toHaveLength(same.length + 1);
  await bound();
  expect((await fails(stack.up())).text).toMatch(/the revocation of its keys; .* --revoke \\?"hedge/);
  await bound("--revoke", "hedge");
  await ok(stack.up());
  expect(await alive()).toHaveLength(same.length);
  delete stack.env["EXCHANGE_KEYS_APPROVED"];
});
