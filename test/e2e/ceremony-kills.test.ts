// Ended in the middle: the ceremony between the person's click and the look at the key, and `up` between taking a deposit and recording it.
// Whatever comes next goes on with the same key.

import { Operator } from "./operator";
import { killHard, until } from "./processes";
import { ceremony, credentials, declare, deposits, HERE, noted, type Sitting } from "./sitting";
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
});
afterAll(async () => {
  await operator?.close();
  await stack?.close();
  await venue?.close();
});

const names: string[] = [];
/** Declares one more key. */
function story(name: string): void {
  names.push(name);
  declare(stack, Object.fromEntries(names.map((each) => [each, { permissions: { wallets: "read" }, allowedIps: HERE, label: each }])));
}

async function tabOf(sitting: Sitting) {
  const tab = await operator.follow(await sitting.file());
  await tab.getByRole("button", { name: "Start: " }).click();
  await tab.locator("h1", { hasText: "Make API key" }).waitFor();
  return tab;
}

/** Seals a deposit for the key that waits. */
async function sealed(): Promise<string> {
  const before = deposits(stack);
  const sitting = await ceremony(stack);
  const tab = await tabOf(sitting);
  await operator.bring(tab, await operator.makeQuickly(tab));
  await operator.verified(tab);
  expect((await sitting.ended).code).toBe(0);
  await tab.close();
  return deposits(stack).find((file) => !before.includes(file))!;
}

const keys = async (): Promise<number> => (await venue.apiKeys()).length;
test("the ceremony, between the click at the venue and the look: the next one says that the key may be there, and takes it", async () => {
  story("clicked");
  const first = await ceremony(stack);
  const tab = await tabOf(first);
  const { label } = await operator.read(tab);
  const pair = await operator.make(tab);
  await first.kill();
  await tab.getByText("The command has ended").waitFor();
  await tab.close();
  expect(deposits(stack)).toEqual([]);
  const before = await keys();

  const second = await ceremony(stack);
  const again = await tabOf(second);
  await again.getByRole("heading", { name: "A key labelled so may be there already" }).waitFor();
  expect((await operator.read(again)).label).toBe(label); // the same mark
  await operator.bring(again, pair);
  await operator.verified(again);
  expect((await second.ended).code).toBe(0);
  await again.close();
  await ok(stack.up());
  expect(await keys()).toBe(before);
  expect(Object.values(await credentials(stack))).toMatchObject([pair]);
});

test.each(["engine", "provider"])("up's %s, while the key of a deposit is looked at: the next up takes the same deposit", async (who) => {
  story(`looked-${who}`);
  const file = await sealed();
  const before = await keys();
  const hold = await venue.hold("look", "after", 1); // the account's own look comes first
  const running = stack.start("up", "--yes", "--skip-preview");
  await hold.reached();
  const provider = stack.log.providers().at(-1)!;
  if (who === "engine") await running.kill();
  else killHard(provider);
  await hold.release();
  await venue.noFaults();
  if (who === "engine") {
    await stack.log.ended(provider);
    await ok(stack.run("cancel", "--yes"));
  } else expect((await running.ended).code).not.toBe(0);
  expect(stack.resource(`looked-${who}`)).toBeUndefined();
  expect(deposits(stack)).toContain(file);

  expect((await ok(stack.up())).text).toContain(`took the deposit ${file}`);
  expect(await keys()).toBe(before);
  await ok(stack.up("--refresh", "--expect-no-changes"));
});

test("up's engine, after a deposit was taken and before that is recorded: the next up takes the same deposit", async () => {
  story("taken");
  const file = await sealed();
  const hold = await venue.hold("look", "after", 1);
  const running = stack.start("up", "--yes", "--skip-preview");
  await hold.reached();
  process.kill(running.pid, "SIGSTOP"); // an engine that still answers the door, and hears nothing any more
  await hold.release();
  await until("the deposit is taken", () => (noted(stack, file) === undefined ? undefined : true));
  const provider = stack.log.providers().at(-1)!;
  await running.kill();
  await stack.log.ended(provider);
  await ok(stack.run("cancel", "--yes"));
  expect(stack.resource("taken")).toBeUndefined();
  expect(noted(stack, file)).toMatchObject({ status: "taken" });

  expect((await ok(stack.up())).text).toContain(`took the deposit ${file}`);
  await ok(stack.up("--refresh", "--expect-no-changes"));
  expect(noted(stack, file)).toMatchObject({ status: "recorded" });
});
