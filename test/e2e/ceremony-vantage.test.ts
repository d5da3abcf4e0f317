// A desk whose address isn't on the key's list: the venue refuses the key there, as it should, and what counts is a probe on a host that is.
// Under both ways in which the venue may put that refusal.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page as Tab } from "playwright-core";
import { Operator, type Pair } from "./operator";
import { ceremony, command, declare, HERE } from "./sitting";
import type { Ended } from "./processes";
import { ok, Stack } from "./stack";
import { Venue } from "./venue";

let venue: Venue;
let stack: Stack;
let operator: Operator;
beforeAll(async () => {
  venue = await Venue.open();
  await venue.switch({ totpTwice: true });
  stack = await Stack.open(venue);
  operator = await Operator.open(venue);
  // The desk is 203.0.113.14, and so is what it manages the account with.
  const managing = await venue.key({ allowedIps: ["203.0.113.14"], label: "managing" });
  Object.assign(stack.env, { BFX_KEY: managing.apiKey, BFX_SECRET: managing.apiSecret });
  stack.configure({ accounts: { main: stack.account({ sourceAddress: "127.0.0.5" }) } });
});
afterAll(async () => {
  await operator?.close();
  await stack?.close();
  await venue?.close();
});

const folder = (): string => join(stack.cwd, ".exchange-keys/deposits");
const names: string[] = [];

async function barred(name: string): Promise<{ tab: Tab; pair: Pair; ended: Promise<Ended> }> {
  names.push(name);
  const one = (label: string) => ({ permissions: { orders: "read-write", wallets: "read" }, allowedIps: HERE, label });
  declare(stack, Object.fromEntries(names.map((each) => [each, one(each)])));
  const sitting = await ceremony(stack);
  const tab = await operator.follow(await sitting.file());
  await operator.onward(tab, name);
  const pair = name === names[0] ? await operator.make(tab) : await operator.makeQuickly(tab);
  await operator.bring(tab, pair);
  await tab.getByRole("heading", { name: "Refused here, as the IP list says it should be" }).waitFor();
  return { tab, pair, ended: sitting.ended };
}

/** On a host: the command that the page shows, with the key from where the bot has it. `host` is the loopback address that it is. */
async function probe(shown: string, { apiKey, apiSecret }: Pair, host: string, ...more: readonly string[]): Promise<Ended> {
  const [, , ...args] = shown.replace(" --prompt", " --key-env BOT_KEY --secret-env BOT_SECRET").split(" ");
  const env = { ...stack.env, BOT_KEY: apiKey, BOT_SECRET: apiSecret };
  return command(stack, [...args, "--source-address", host, ...more], { env }).ended;
}

const shownCommand = (tab: Tab): Promise<string> => tab.locator(".warn .copied code").innerText();

test.each(["apikey-invalid", "own-error"])("a statement brought to the page, refusals said as %s", async (ipRefusal) => {
  await venue.switch({ ipRefusal });
  const { tab, pair, ended } = await barred(ipRefusal);
  expect(await tab.locator(".warn ul.lines").innerText()).toBe("203.0.113.10 (this desk)");
  const shown = await shownCommand(tab);
  expect(shown).toMatch(/^npx exchange-keys probe --venue bitfinex --environment sandbox .*--prompt$/);

  const outside = await probe(shown, pair, "127.0.0.2");
  expect(outside.code).toBe(1);
  await tab.getByLabel("Statement (it holds no secret)").fill("I have seen it work");
  await tab.getByRole("button", { name: "Take the statement" }).click();
  await tab.locator(".findings", { hasText: "This isn't a probe's statement." }).waitFor();
  const inside = await probe(shown, pair, "127.0.0.1");
  expect(inside.text).toMatch(/was let in from 203\.0\.113\.10, and can do: orders:read, orders:write, wallets:read/);
  expect(inside.code).toBe(0);
  await tab.getByLabel("Statement (it holds no secret)").fill(inside.stdout);
  await tab.getByRole("button", { name: "Take the statement" }).click();
  await operator.verified(tab);
  expect((await ended).code).toBe(0);
  await tab.close();
  await ok(stack.up());
  await ok(stack.up("--refresh", "--expect-no-changes"));
  expect(stack.resource(ipRefusal)!.outputs).toMatchObject({
    generation: 1,
    unverified: { permissions: "seen by a probe on a host of its list; this address is barred, as declared" },
  });
  await venue.switch({ ipRefusal: null });
});

test("statements in the folder: the page finds them, and what was refused between two answers is told", async () => {
  const { tab, pair, ended } = await barred("folder");
  const shown = await shownCommand(tab);
  mkdirSync(folder(), { recursive: true });
  for (const host of ["127.0.0.1", "127.0.0.2", "127.0.0.1"]) await probe(shown, pair, host, "--out", folder());
  await tab.getByRole("button", { name: "Look again from here" }).click();
  await operator.verified(tab);
  expect((await ended).code).toBe(0);
  await tab.close();
  await ok(stack.up());
  const { unverified } = stack.resource("folder")!.outputs as { unverified: Record<string, string> };
  expect(unverified["allowedIps"]).toMatch(/^probed \d{4}-\d\d-\d\d: in from 203\.0\.113\.10, refused from 203\.0\.113\.11$/);
  await ok(stack.up("--refresh", "--expect-no-changes"));
});

test("a key that was let in where it mustn't be: its list is too wide, and nothing is sealed before it is mended", async () => {
  names.push("wide");
  declare(stack, { wide: { permissions: { wallets: "read" }, allowedIps: HERE, label: "wide" } });
  const sitting = await ceremony(stack, [], { input: (await stack.run("preview", "--json")).stdout });
  const tab = await operator.follow(await sitting.file());
  await operator.choose(tab, "wide");
  await operator.bring(tab, await operator.make(tab, { addresses: [] }));
  await tab.getByRole("heading", { name: "Not right yet" }).waitFor();
  expect(await tab.locator(".warn .findings").innerText()).toMatch(
    /The key works from 203\.0\.113\.14, which isn't on its list: its IP list is missing or too wide/,
  );
  await operator.edit(tab);
  await tab.getByRole("button", { name: "Look again" }).click();
  await tab.getByRole("heading", { name: "Refused here, as the IP list says it should be" }).waitFor();
  await sitting.kill();
});
