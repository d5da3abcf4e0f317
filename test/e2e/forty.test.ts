// A pull request that lets one key of forty withdraw: the pack stops its preview, and the first line of the review says so.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Market } from "./market";
import { copyPack, violations } from "./pack";
import { start } from "./processes";
import { fails, ok, root, Stack } from "./stack";

let market: Market;
let stack: Stack<Market>;
beforeAll(async () => {
  market = await Market.open(["bitfinex"]);
  stack = await Stack.open(market);
  Object.assign(stack.env, market.env);
  stack.configure({ accounts: { main: market.settings("bitfinex", { rate: "off" }) } });
});
afterAll(async () => {
  await stack?.close();
  await market?.close();
});

/** A token that writes can mint others, and so administers: this company knows. Forty desks' tokens; the nineteenth may have more. */
function declare(more: Readonly<Record<string, string>> = {}): void {
  stack.program(`const { bitfinex } = require("pulumi-exchange-keys");
for (let desk = 1; desk <= 40; desk += 1) {
  const permissions = { orders: "read-write", ...(desk === 19 ? ${JSON.stringify(more)} : {}) };
  new bitfinex.AccessToken("desk-" + desk, {
    account: bitfinex.account("main"), permissions, lifetime: "24h", allowedIps: { "203.0.113.10": "fra1 gateway" }, holder: "desk " + desk, purpose: "orders",
  });
}`);
}

test("the pack stops it, and the review's first line says what it would let somebody do", async () => {
  declare();
  await ok(stack.up());
  const living = (await market.living("bitfinex")).length;

  declare({ withdraw: "read-write" });
  const told = join(stack.folder, "policy.json");
  writeFileSync(told, JSON.stringify({ "no-administer": "disabled" }));
  const stopped = await fails(stack.run("preview", "--policy-pack", copyPack(stack, "pack"), "--policy-pack-config", told));
  const mandatory = violations(stopped.text).filter((line) => line.startsWith("[mandatory]"));
  expect(mandatory.map((line) => line.replace(/^\[mandatory\] \[severity: (\w+)\] (\S+) \(([\w-]+)\).*/, "$1 $2 $3"))).toEqual([
    "critical no-withdraw desk-19",
    "critical trade-or-withdraw desk-19",
    "critical withdraw-bound desk-19",
  ]);

  const { stdout } = await ok(stack.run("preview", "--json", "--show-sames"));
  const command = [join(root, "cli/dist/main.js"), "review", "--format", "markdown", "--fail-on", "withdraw"];
  const review = await start(process.execPath, command, stack.cwd, stack.env, stdout).ended;
  const [marker, first] = review.stdout.split("\n").filter((line) => line !== "");
  expect(marker).toMatch(/^<!-- .* -->$/);
  expect(first).toMatch(/^\*\*.*desk-19.* may now withdraw/);
  expect(review.code).toBe(1);
  expect((await market.living("bitfinex")).length).toBe(living);
});
