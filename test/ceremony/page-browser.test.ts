// The ceremony's page as a person uses it, in real Chromium: by keyboard alone, from start to seal, with every row, edits and revocations.

import { createTask, doneChange, editRows, FakeSession, rows, type Script } from "./fake";
import { serve } from "./raw";
import { choose, complaints, focusComes, focused, launch, paste, press, said, tabTo, browser, inChromium, key, secret } from "./visit";

inChromium();

const wrong = rows.map((row) => ({ ...row, is: row.scope === "orders" ? ("read" as const) : row.want }));

test("a key from start to seal, and the next one, by keyboard alone", async () => {
  const script: Script = {
    submit: (_task, _key, given) =>
      given === secret
        ? { phase: "differs", canLook: true, rows: wrong }
        : { findings: [{ text: "The venue doesn't take this secret.", wayOut: "Paste both again." }] },
    again: ({ id }) => doneChange(id),
  };
  const fake = new FakeSession([createTask("maker"), createTask("taker")], script);
  const { page } = await serve(fake);
  const tab = await launch(browser, page);
  expect(fake.calls).toEqual([]); // nothing is begun before the person says so

  await press(tab, 'Start: API key "maker"');
  await tab.locator("h1", { hasText: 'Make API key "maker"' }).waitFor();
  await focusComes(tab, 'Make API key "maker"');
  expect(fake.calls).toEqual([["begin", "maker"]]);
  const link = tab.getByRole("link", { name: /Open bitfinex/ });
  expect(await link.getAttribute("rel")).toBe("noopener noreferrer");
  expect(await link.getAttribute("target")).toBe("_blank");

  await tabTo(tab, "API key");
  await paste(tab, `${key}\nsandbox-secret-with-a-typo-in-it`);
  await said(tab, /each into its field/);
  await focusComes(tab, "Verify");
  await tab.keyboard.press("Enter");
  await said(tab, /doesn't take this secret\. Paste both again/);
  await focusComes(tab, "API key"); // where it goes on
  expect(await tab.getByLabel("API key", { exact: true }).inputValue()).toBe("");

  await paste(tab, key);
  await tabTo(tab, "API secret");
  await paste(tab, secret);
  await tab.keyboard.press("Enter");
  await tab.getByRole("heading", { name: "Not right yet: change this at the venue" }).waitFor();
  await focusComes(tab, /^Not right yet/);
  expect(await tab.locator(".turns li").allInnerTexts()).toEqual(["Orders: turn Write on"]);
  await said(tab, /Not right yet/);

  await press(tab, "Look again");
  await tab.getByRole("heading", { name: /Verified/ }).waitFor();
  await focusComes(tab, 'Next: API key "taker"');
  expect(await tab.locator(".good").innerText()).toContain(".exchange-keys/deposits/maker.age");
  expect(await tab.locator("time").getAttribute("title")).toBe("2026-11-25 12:00 UTC");
  await tab.keyboard.press("Enter");
  await tab.locator("h1", { hasText: 'Make API key "taker"' }).waitFor();
  expect(fake.calls.map(([name, id]) => `${name} ${id}`)).toEqual([
    "begin maker",
    "submit maker",
    "submit maker",
    "again maker",
    "begin taker",
  ]);
  expect(complaints.get(tab)).toEqual([]);
});

test("the grid shows every row and toggle, and says it without colours", async () => {
  const { page } = await serve(new FakeSession([createTask("maker")]));
  const tab = await launch(browser, page);
  await choose(tab, "maker");
  const lines = await tab
    .locator(".grid tbody tr")
    .evaluateAll((list) => list.map((row) => [...row.children].map((cell) => (cell as HTMLElement).innerText.trim())));
  expect(lines).toEqual([
    ["Account Info", "account", "Off", expect.stringContaining("no such toggle")],
    ["Account History", "history", "On", expect.stringContaining("no such toggle")],
    ["Orders", "orders", "On", "On"],
    ["Margin Trading", "positions", "Off", "Off"],
    ["Margin Funding", "funding", "Off", "Off"],
    ["Wallets", "wallets", "On", "Off"],
    ["Withdrawals", "withdraw", "Off", "Off"],
  ]);
  expect(await tab.locator(".task").innerText()).toContain("inferred from their names");
});

test.each([
  ["on two lines", `${key}\n${secret}`],
  ["on one", `${key} ${secret}`],
  ["with words around them", `API Key: ${key}\nAPI Key Secret: ${secret}\n`],
  ["as JSON", JSON.stringify({ apiKey: key, apiSecret: secret })],
  ["the other way round, with words", `Secret: ${secret}\nKey: ${key}`],
  ["as the venue's page has it", `API key\n${key}\nAPI key secret\n${secret}\n`],
])("one paste of both, %s, fills both fields, from either", async (_name, text) => {
  const { page } = await serve(new FakeSession([createTask("maker")]));
  const tab = await launch(browser, page);
  await choose(tab, "maker");
  for (const name of ["API key", "API secret"]) {
    await tabTo(tab, name);
    await paste(tab, text);
    expect(await tab.getByLabel("API key", { exact: true }).inputValue()).toBe(key);
    expect(await tab.getByLabel("API secret", { exact: true }).inputValue()).toBe(secret);
    await tab.getByLabel("API key", { exact: true }).fill("");
    await tab.getByLabel("API secret", { exact: true }).fill("");
    await tab.getByLabel("API key", { exact: true }).focus();
  }
});

test("the fields are masked without being a login, and a missing one is said", async () => {
  const fake = new FakeSession([createTask("maker")]);
  const { page } = await serve(fake);
  const tab = await launch(browser, page);
  await choose(tab, "maker");
  const fields = tab.locator(".credentials input");
  expect(
    await fields.evaluateAll((list) =>
      list.map((input) => [
        input.getAttribute("type"),
        input.getAttribute("name"),
        getComputedStyle(input).getPropertyValue("-webkit-text-security"),
        input.getAttribute("autocomplete"),
      ]),
    ),
  ).toEqual([
    ["text", null, "disc", "off"],
    ["text", null, "disc", "off"],
  ]);
  await tabTo(tab, "Show API secret");
  await tab.keyboard.press("Enter");
  expect(await fields.nth(1).evaluate((input) => getComputedStyle(input).getPropertyValue("-webkit-text-security"))).toBe("none");
  expect(await tab.getByLabel("Show API secret").getAttribute("aria-pressed")).toBe("true");
  await fields.nth(0).fill(key);
  await press(tab, "Verify");
  expect(await tab.locator(".problem").innerText()).toBe("The API secret is missing.");
  await focusComes(tab, "API secret");
  expect(fake.calls).toEqual([["begin", "maker"]]);
});

test("copying says so, and moves nothing", async () => {
  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const { page } = await serve(new FakeSession([createTask("maker")]));
  const tab = await launch(browser, page);
  await choose(tab, "maker");
  const button = tab.getByRole("button", { name: "Copy the label" });
  await button.scrollIntoViewIfNeeded();
  const box = await button.boundingBox();
  await button.click();
  await said(tab, /Copied: the label/);
  expect(await button.boundingBox()).toEqual(box);
  await tab.getByRole("button", { name: "Copy all 2 addresses, one a line" }).click();
  await said(tab, /Copied: addresses, one a line/);
  expect(await tab.evaluate(() => navigator.clipboard.readText()).catch((error: Error) => error.message)).toMatch(
    /denied|disallowed|policy/i,
  ); // even with leave, the page itself can't read it
  expect(await tab.locator(".copied").getByText("maker xk-7f3k2m9qpw4c").count()).toBe(1);
});

test("what is typed stays put while other tasks change, and goes with the task", async () => {
  const fake = new FakeSession([createTask("maker"), createTask("taker")]);
  const { page } = await serve(fake);
  const tab = await launch(browser, page);
  await choose(tab, "maker");
  const field = tab.getByLabel("API key", { exact: true });
  await field.fill(key);
  const box = await field.boundingBox();
  fake.change("taker", doneChange("taker"));
  await tab.getByText("1 of 2 done").waitFor();
  expect(await tab.title()).toBe("1 of 2 done · Exchange keys");
  expect([await field.inputValue(), await focused(tab), await field.boundingBox()]).toEqual([key, "API key", box]);
  await choose(tab, "taker");
  await choose(tab, "maker");
  expect(await field.inputValue()).toBe("");
});

test("an edit shows what changes, a revocation which key; the person's word and a look", async () => {
  const edit = createTask("wider", { does: "edit", rows: editRows, labelFrom: "wider xk-0", canLook: true });
  const list = [
    { address: "203.0.113.11", purpose: "", change: "add" },
    { address: "198.51.100.9", purpose: "", change: "remove" },
  ] as const;
  const fake = new FakeSession([{ ...edit, allowedIps: list }, createTask("former", { does: "revoke", fingerprint: "0123456789abcdef" })], {
    again: () => ({ findings: [{ text: "Nothing has changed there yet." }] }),
    attest: ({ id }) => doneChange(id),
  });
  const { page, finishes } = await serve(fake, { next: "pulumi up --stack production" });
  const tab = await launch(browser, page);
  await choose(tab, "wider");
  expect(await tab.locator(".turns li").allInnerTexts()).toEqual([
    "Orders: turn Write on",
    "IP list: add 203.0.113.11",
    "IP list: remove 198.51.100.9",
    "Label: wider xk-0 becomes wider xk-7f3k2m9qpw4c",
  ]);
  expect(await tab.locator(".grid tr.differs th").allInnerTexts()).toEqual(["Orders"]);
  await press(tab, "Look at the key");
  await tab.locator("main").getByText("Nothing has changed there yet.").waitFor();
  await press(tab, "I have saved it");
  await focusComes(tab, /^Next: /);
  await tab.keyboard.press("Enter");
  await tab.locator("h1", { hasText: 'Revoke API key "former"' }).waitFor();
  expect(finishes).toEqual([]);
  await press(tab, "I have revoked it");
  await tab.getByRole("heading", { name: "✓ All 2 are done" }).waitFor();
  await focusComes(tab, "✓ All 2 are done");
  expect(await tab.locator(".closing").innerText()).toMatch(/pulumi up --stack production[\s\S]*This tab can be closed/);
  expect(finishes).toEqual([true]);
  await page.close();
  await tab.waitForFunction(() => document.title === "Done · Exchange keys"); // it has noticed; the last screen stays, without alarm
  expect(await tab.getByRole("heading", { name: "✓ All 2 are done" }).isVisible()).toBe(true);
  expect(await tab.locator(".missing").isVisible()).toBe(false);
});

test("a key that may be there already, one that can't be done, and one that is being looked at say so", async () => {
  const blocked = createTask("unknown", {
    phase: "blocked",
    findings: [{ text: "Its IP list is unknown until up.", wayOut: "Run pulumi up first." }],
  });
  const fake = new FakeSession([createTask("left", { mayExist: true }), blocked, createTask("looking", { phase: "checking" })]);
  const { page } = await serve(fake);
  const tab = await launch(browser, page);
  await choose(tab, "left");
  expect(await tab.locator(".warn").innerText()).toContain("A key labelled so may be there already");
  await choose(tab, "unknown");
  expect(await tab.locator(".bad").innerText()).toMatch(/Its IP list is unknown until up\.\s+Run pulumi up first\./);
  await choose(tab, "looking");
  expect(await tab.locator(".credentials").count()).toBe(0);
  fake.change("looking", { phase: "todo" });
  await tab.locator(".credentials").waitFor();
});
