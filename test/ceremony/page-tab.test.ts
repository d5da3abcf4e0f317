// The ceremony's page in real Chromium over time: forty keys, tabs that are left, reloaded or replaced, and the end of the command.

import { readFileSync } from "node:fs";
import { openChromium } from "../browser";
import { createTask, doneChange, FakeSession } from "./fake";
import { serve } from "./raw";
import { choose, focusComes, focused, follow, launch, newTab, paste, press, browser, inChromium, key, secret } from "./visit";

inChromium();

test("within up: an empty list claims nothing, and what comes next is a sentence and no command", async () => {
  const next = "This `pulumi up` goes on by itself.";
  const fake = new FakeSession([createTask("maker"), createTask("taker")]);
  const { page } = await serve(fake, { next });
  const tab = await launch(browser, page);
  await choose(tab, "maker");
  fake.remove("taker");
  await tab.getByText("0 of 1 done").waitFor();
  expect(await tab.locator(".queue li").count()).toBe(1);
  fake.change("maker", doneChange("maker"));
  await tab.getByRole("heading", { name: "✓ All done" }).waitFor();
  expect(await tab.locator(".closing").innerText()).toContain(next);
  expect(await tab.locator(".closing button, .closing code").count()).toBe(0);
  fake.remove("maker");
  await tab.getByRole("heading", { name: "Nothing waits any more." }).waitFor();
  expect([await tab.locator(".count").innerText(), await tab.title()]).toEqual([
    "Nothing waits any more",
    "Nothing waits any more · Exchange keys",
  ]);
  expect(await tab.locator("body").innerText()).not.toMatch(/\bdone\b|0 of 0/i);
});

test("forty keys: each by one paste and two presses, none slow", async () => {
  const names = Array.from({ length: 40 }, (_, index) => `key-${index + 1}`);
  const fake = new FakeSession(
    names.map((name) => createTask(name)),
    { submit: ({ id }) => doneChange(id) },
  );
  const { page, finishes } = await serve(fake);
  const tab = await launch(browser, page);
  await press(tab, 'Start: API key "key-1"');
  const times: number[] = [];
  for (const name of names) {
    const start = Date.now();
    await tab.locator("h1", { hasText: `"${name}"` }).waitFor();
    const inSight = await tab.locator('.queue [aria-current="true"]').evaluate((button) => {
      const [at, list] = [button.getBoundingClientRect(), button.closest(".queue")!.getBoundingClientRect()];
      return at.top >= list.top && at.bottom <= list.bottom && at.bottom <= innerHeight;
    });
    expect({ name, inSight }).toEqual({ name, inSight: true });
    await tab.getByLabel("API key", { exact: true }).focus();
    await paste(tab, `${key}-${name}\n${secret}-${name}`);
    await tab.keyboard.press("Enter"); // Verify has the focus
    await focusComes(tab, /^(Next: |✓ All 40)/);
    await tab.keyboard.press("Enter");
    times.push(Date.now() - start);
  }
  await tab.getByRole("heading", { name: "✓ All 40 are done" }).waitFor();
  expect(await tab.locator(".count").innerText()).toBe("40 of 40 done");
  expect(finishes).toEqual([true]);
  expect(fake.calls.filter(([name]) => name === "submit").map(([, id]) => id)).toEqual(names);
  expect(times.sort((one, other) => one - other)[20]).toBeLessThan(1_000);
});

test("a tab that is reloaded has no pass, warns before, and goes on with a new code", async () => {
  const fake = new FakeSession([createTask("maker")]);
  const { page } = await serve(fake, { reopen: "Press Enter in the terminal for another code." });
  const tab = await newTab(browser);
  await tab.goto(page.address);
  await tab.getByRole("heading", { name: "Type the code from the terminal" }).waitFor();
  expect(await tab.locator(".words").innerText()).toContain(page.words.join(" "));
  await tab.keyboard.type("0000-0000");
  await tab.keyboard.press("Enter");
  await tab.getByText("That isn't the code.").waitFor();
  await tab.keyboard.type(page.code.toLowerCase().replace("-", " "));
  await tab.keyboard.press("Enter");
  await tab.locator(".queue").waitFor();
  expect(await tab.locator(".words").innerText()).toContain(page.words.join(" "));
  await choose(tab, "maker");

  const asked: string[] = [];
  tab.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await tab.reload();
  expect(asked).toEqual(["beforeunload"]);
  await tab.getByText("Press Enter in the terminal for another code.").waitFor();
  expect(await tab.locator("input").count()).toBe(0); // the code was used: typing it again would lock
  const code = page.renew();
  await tab.locator("input.code").waitFor();
  await tab.keyboard.type(code);
  await tab.keyboard.press("Enter");
  await tab.locator(".queue").waitFor();
});

test("a page that is left keeps neither fields nor pass, whatever the browser keeps of it", async () => {
  const { page } = await serve(new FakeSession([createTask("maker")]));
  const tab = await launch(browser, page);
  await choose(tab, "maker");
  await tab.getByLabel("API key", { exact: true }).fill(key);
  await tab.getByLabel("API secret", { exact: true }).fill(secret);
  const kept = await tab.evaluate(() => {
    dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    return [...document.querySelectorAll("input")].map(({ value }) => value);
  });
  expect(kept).toEqual(["", ""]);
  await press(tab, "Verify");
  expect(await tab.locator(".problem").innerText()).toBe("The API key is missing.");
  await tab.locator(".queue button").first().click(); // any call: it is out
  await tab.locator("h1", { hasText: "This tab isn't in" }).waitFor();
});

test("a tab that another has replaced says so, and comes back with a new code", async () => {
  const fake = new FakeSession([createTask("maker")]);
  const { page } = await serve(fake);
  const first = await launch(browser, page);
  const second = await newTab(browser);
  await second.goto(page.address);
  await second.locator("input.code").fill(page.code);
  await second.keyboard.press("Enter");
  await second.locator(".queue").waitFor();
  await first.getByRole("heading", { name: "This tab isn't the ceremony's" }).waitFor();
  await first.locator("main").getByText("run it again").waitFor();
  const code = page.renew();
  await first.bringToFront();
  await first.locator("input.code").fill(code);
  await first.keyboard.press("Enter");
  await choose(first, "maker");
  await second.locator("h1", { hasText: "This tab isn't" }).waitFor();
  expect(fake.calls).toEqual([["begin", "maker"]]);
});

test("while one key is looked at, a person can turn to the next, and isn't pulled back", async () => {
  let finish = (): void => undefined;
  const held = new Promise<void>((resolve) => (finish = resolve));
  const fake = new FakeSession([createTask("maker"), createTask("taker")], { submit: ({ id }) => held.then(() => doneChange(id)) });
  const { page } = await serve(fake);
  const tab = await launch(browser, page);
  await choose(tab, "maker");
  await tab.getByLabel("API key", { exact: true }).focus();
  await paste(tab, `${key}\n${secret}`);
  await tab.keyboard.press("Enter");
  await tab.keyboard.press("Enter"); // a second press while it is under way sends nothing
  await choose(tab, "taker");
  await tab.getByLabel("API key", { exact: true }).fill(key);
  finish();
  await tab.getByText("1 of 2 done").waitFor();
  expect([await focused(tab), await tab.getByLabel("API key", { exact: true }).inputValue()]).toEqual(["API key", key]);
  expect(fake.calls.map(([name]) => name)).toEqual(["begin", "submit", "begin"]);
});

test("a locked ceremony is a full stop on every page", async () => {
  const { page, locks } = await serve(new FakeSession([createTask("maker")]));
  const tab = await newTab(browser);
  const file = await page.launchFile();
  const token = /#([\w-]{43})"/.exec(readFileSync(file, "utf8"))![1]!;
  await follow(tab, file);
  await choose(tab, "maker");
  await tab.getByLabel("API key", { exact: true }).fill(key);
  const outside = await newTab(browser);
  await outside.goto(page.address);
  await outside.locator("input.code").waitFor();
  const second = await openChromium(); // somebody else's browser
  try {
    const replay = await newTab(second);
    await replay.goto(`${page.address}/#${token}`);
    for (const one of [tab, outside, replay]) {
      await one.getByRole("heading", { name: "Locked" }).waitFor();
      expect(await one.locator("main").innerText()).toContain("The launch link was used a second time.");
      expect(await one.locator("input, button").count()).toBe(0);
      expect(new URL(one.url()).hash).toBe("");
    }
  } finally {
    await second.close();
  }
  expect(locks).toEqual(["The launch link was used a second time."]);
});

test("when the command goes away, the page says so and forgets what was typed", async () => {
  const { page } = await serve(new FakeSession([createTask("maker")]));
  const tab = await launch(browser, page);
  await choose(tab, "maker");
  await tab.getByLabel("API key", { exact: true }).fill(key);
  await page.close();
  await tab.getByRole("heading", { name: "The command has ended" }).waitFor();
  expect(await tab.locator("main").innerText()).toContain("run it again");
  expect(await tab.locator("input").count()).toBe(0);
});
