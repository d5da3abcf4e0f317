// `exchange-keys:ceremony: wait`: `up` itself serves the page, for a person at this very desk; and what becomes of it where nobody comes,
// where the tab is closed, and where there is no desktop.

import { existsSync, readFileSync } from "node:fs";
import { Operator } from "./operator";
import type { Ended } from "./processes";
import { command, credentials, declare, deposits, desktop, HERE, opened, preview, watched, type Sitting } from "./sitting";
import { fails, ok, Stack } from "./stack";
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

const key = (name: string) => ({ permissions: { wallets: "read", orders: "read-write" }, allowedIps: HERE, label: name });
const WAITED = /exchange-keys: a person is waited for at (http:\/\/127\.0\.0\.1:\d+); the page shows the words (\w+ \w+ \w+ \w+)/;

/** `up` at a desk. */
function waiting(timeout = "5m"): Sitting {
  stack.configure({ ceremony: "wait", ceremonyTimeout: timeout });
  Object.assign(stack.env, desktop(stack));
  const before = opened(stack).length;
  return watched(stack, stack.start("up", "--yes", "--skip-preview", "--continue-on-error"), before);
}

const linesOf = (ended: Ended): number => new Set(ended.text.match(new RegExp(WAITED, "g"))).size;

test("two keys within up: one line with the address and four words, one page; up goes on by itself", async () => {
  declare(stack, { first: key("first"), second: key("second") });
  const up = waiting();
  const tab = await operator.follow(await up.file());
  const [, address, words] = await up.prints(WAITED);
  expect(tab.url()).toBe(`${address}/`);
  expect(await tab.locator(".words").innerText()).toContain(words);
  for (const name of ["first", "second"]) {
    await operator.choose(tab, name);
    await operator.bring(tab, name === "first" ? await operator.make(tab) : await operator.makeQuickly(tab));
    await operator.verified(tab);
  }
  const ended = await up.ended;
  expect(ended.code).toBe(0);
  expect(linesOf(ended)).toBe(1);
  expect(deposits(stack)).toEqual([]); // it never lay anywhere
  await tab.close();
  await ok(stack.up("--refresh", "--expect-no-changes"));
  expect(Object.keys(await credentials(stack))).toEqual(["first", "second"]);
});

test("nobody comes, or the tab is closed: after the time up fails with the command to run", async () => {
  declare(stack, { first: key("first"), second: key("second"), third: key("third") });
  const never = await fails(waiting("2s").ended);
  expect(never.text).toMatch(
    /create API key "third": it is made by a person[^\n]*pulumi preview --json \| npx exchange-keys ceremony --from -/,
  );

  const up = waiting("10s");
  const tab = await operator.follow(await up.file());
  await operator.choose(tab, "third");
  await operator.makeQuickly(tab); // at the venue, and then the tab is lost
  await tab.close({ runBeforeUnload: false });
  expect((await fails(up.ended)).text).toMatch(/create API key "third": it is made by a person/);
  expect(stack.resource("third")).toBeUndefined();
});

test("the link opened a second time locks the page, and up says so", async () => {
  const up = waiting();
  const file = await up.file();
  const [link] = /http:\/\/127[^"]+/.exec(readFileSync(file, "utf8"))!;
  const tab = await operator.follow(file);
  expect(existsSync(file)).toBe(false);
  const thief = await operator.browser.context.newPage();
  await thief.goto(link);
  await thief.getByRole("heading", { name: "Locked" }).waitFor();
  await tab.getByRole("heading", { name: "Locked" }).waitFor();
  const ended = await fails(up.ended);
  expect(ended.text).toMatch(/the ceremony is locked/);
  expect(ended.text).toMatch(/create API key "third": it is made by a person/);
  for (const each of [tab, thief]) await each.close();
});

test("without a desktop it is as with fail", async () => {
  stack.configure({ ceremony: "wait" });
  stack.env["CI"] = "true";
  const before = opened(stack).length;
  const ended = await fails(stack.up());
  delete stack.env["CI"];
  expect(ended.text).toMatch(/create API key "third": it is made by a person[^\n]*npx exchange-keys ceremony/);
  expect(ended.text).not.toMatch(WAITED);
  expect(opened(stack)).toHaveLength(before);

  const alone = await command(stack, ["ceremony", "--from", "-"], { input: await preview(stack), env: { ...desktop(stack), CI: "true" } })
    .ended;
  expect(alone.code).toBe(2);
  expect(alone.text).toMatch(/nobody could come in: there is neither a desktop with a browser here nor a terminal/);
});

test("five wrong codes lock a ceremony, and the next one is as good as new: it takes the key that was made meanwhile", async () => {
  stack.configure();
  const first = command(stack, ["ceremony", "--from", "-", "--no-open"], { input: await preview(stack) });
  const stranger = await operator.browser.context.newPage();
  await stranger.goto(await first.address());
  for (let wrong = 0; wrong < 5; wrong += 1) {
    await operator.type(stranger, "AAAA-AAAA");
    if (wrong < 4) await stranger.getByText("That isn't the code").waitFor();
  }
  await stranger.getByRole("heading", { name: "Locked" }).waitFor();
  await stranger.close();
  const locked = await first.ended;
  expect(locked.code).toBe(1);
  expect(locked.text).toMatch(/the page is locked/);

  const second = command(stack, ["ceremony", "--from", "-", "--no-open"], { input: await preview(stack) });
  const tab = await operator.enter(await second.address(), await second.code());
  await operator.choose(tab, "third");
  await tab.getByRole("heading", { name: "A key labelled so may be there already" }).waitFor();
  const { label } = await operator.read(tab);
  const there = (await venue.apiKeys()).filter((each) => each.label === label);
  expect(there).toHaveLength(1);
  await operator.bring(tab, there[0]!);
  await operator.verified(tab);
  expect((await second.ended).code).toBe(0);
  await ok(stack.up());
  await ok(stack.up("--expect-no-changes"));
  await tab.close();
});
