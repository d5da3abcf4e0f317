// The ceremony's page as a person uses it, in real Chromium: by keyboard alone, with every phase, with forty keys, and when things go wrong.

import { readFileSync } from "node:fs";
import { type Browser, openChromium, own } from "../browser";
import { createTask, doneChange, editRows, everyPhase, FakeSession, rows, type Script } from "./fake";
import { closePages, serve } from "./raw";
import { choose, complaints, focusComes, focused, follow, launch, newTab, paste, press, said, tabTo } from "./visit";

let browser: Browser;
beforeAll(async () => void (browser = await openChromium()));
afterAll(async () => {
  const { strayed } = browser;
  await browser.close();
  expect(strayed.filter((line) => !own.test(line))).toEqual([]); // no page asked for anything beyond loopback
});
afterEach(async () => {
  await Promise.all(
    browser.context
      .pages()
      .slice(1)
      .map((tab) => tab.close()),
  );
  await closePages();
});

const key = "sandbox-key-0123456789abcdefghij";
const secret = "sandbox-secret-0123456789abcdefghij";
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

test("a key refused here: the probe's command, its statement as text or file, and the key thrown away at the second press", async () => {
  const barred = {
    phase: "barred",
    canLook: true,
    pasted: "sandbox-key…",
    probe: { command: "exchange-keys probe --prompt", hosts: ["203.0.113.10"] },
  } as const;
  const fake = new FakeSession([createTask("maker", barred), createTask("taker", barred)], {
    evidence: ({ id }) => doneChange(id),
    discard: () => ({ phase: "discarding", fingerprint: "0123456789abcdef" }),
    again: () => ({ phase: "todo", findings: [] }),
  });
  const { page } = await serve(fake);
  const tab = await launch(browser, page);
  await choose(tab, "maker");
  await press(tab, "Take the statement");
  expect(await tab.locator(".warn .problem").innerText()).toBe("The statement is missing.");
  await tab
    .locator("input[type=file]")
    .setInputFiles({ name: "s.json", mimeType: "application/json", buffer: Buffer.from('{"kind":"probe"}') });
  await tab.waitForFunction(() => document.querySelector("textarea")?.value === '{"kind":"probe"}');
  await press(tab, "Take the statement");
  await focusComes(tab, /^Next: /);
  await tab.keyboard.press("Enter");
  await tab.locator("h1", { hasText: '"taker"' }).waitFor();
  await press(tab, "Throw this key away");
  expect(fake.calls.some(([name]) => name === "discard")).toBe(false);
  await tab.keyboard.press("Enter");
  await tab.getByRole("heading", { name: "This key must go: revoke it at the venue" }).waitFor();
  expect(await tab.locator(".bad").innerText()).toMatch(/the key that begins with\s+sandbox-key…[^]*0123456789abcdef/);
  expect(await tab.locator("main").innerText()).not.toContain("xk-7f3k2m9qpw4c"); // the label's key may be another, and a good one
  await press(tab, "I have revoked it: look");
  await tab.getByLabel("API key", { exact: true }).waitFor();
  expect(fake.calls.map(([name, , more]) => [name, more])).toEqual([
    ["begin", undefined],
    ["evidence", '{"kind":"probe"}'],
    ["begin", undefined],
    ["discard", undefined],
    ["again", undefined],
  ]);
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

test("a wrong paste is corrected where it was made: the fields stay, under what was found", async () => {
  const findings = [{ text: "The venue knows the key, but the secret is wrong.", wayOut: "Copy the API secret again." }];
  const fake = new FakeSession([createTask("maker")], {
    submit: ({ id }, _key, given) => (given === secret ? doneChange(id) : { canLook: true, pasted: "sandbox-key…", findings }),
    again: () => ({ phase: "checking", findings: [] }),
  });
  const { page } = await serve(fake);
  const tab = await launch(browser, page);
  await choose(tab, "maker");
  expect(await tab.getByRole("button", { name: /Look again|Throw this key/ }).count()).toBe(0); // nothing was pasted yet
  await tab.getByLabel("API key", { exact: true }).focus();
  await paste(tab, `${key}\nsandbox-secret-with-a-typo-in-it`);
  await tab.keyboard.press("Enter");
  await tab.getByRole("heading", { name: "This didn't work" }).waitFor();
  await focusComes(tab, "API key");
  const [found, fields] = await Promise.all([tab.locator(".bad").boundingBox(), tab.locator(".credentials").boundingBox()]);
  expect(found!.y + found!.height).toBeLessThanOrEqual(fields!.y);
  expect(await tab.locator(".bad button").allInnerTexts()).toEqual(["Look again", "Throw this key away"]);
  await tab.getByRole("button", { name: "Look again" }).click();
  await tab.getByText("Being looked at", { exact: true }).waitFor();
  expect(await tab.locator(".bad").innerText()).toContain("the secret is wrong"); // nothing moves while the machine looks
  fake.change("maker", { phase: "todo", findings });
  await tab.getByText("Waiting", { exact: true }).waitFor();
  await tab.getByLabel("API key", { exact: true }).focus();
  await paste(tab, `${key}\n${secret}`);
  await tab.keyboard.press("Enter");
  await tab.getByRole("heading", { name: /Verified/ }).waitFor();
});

test.each(["differs", "barred"] as const)("in %s another key is pasted behind a disclosure, by keyboard", async (phase) => {
  const probe = { command: "exchange-keys probe --prompt", hosts: ["203.0.113.10"] };
  const task = createTask("maker", { phase, canLook: true, pasted: "sandbox-key…", rows: wrong, probe });
  const fake = new FakeSession([task], { submit: ({ id }) => doneChange(id) });
  const { page } = await serve(fake);
  const tab = await launch(browser, page);
  await choose(tab, "maker");
  expect(await tab.getByLabel("API key", { exact: true }).isVisible()).toBe(false);
  const kept = tab.getByText("Edit the same key at the venue, save it, and come back. Key and secret needn't be pasted again.");
  expect(await kept.count()).toBe(phase === "differs" ? 1 : 0);
  await press(tab, "Paste another key or secret");
  await tabTo(tab, "API key");
  await paste(tab, `${key}\n${secret}`);
  await focusComes(tab, "Verify");
  await tab.keyboard.press("Enter");
  await tab.getByRole("heading", { name: /Verified/ }).waitFor();
  expect(fake.calls).toContainEqual(["submit", "maker", key, secret]);
});

test("edits and revocations have no key to throw away", async () => {
  const live = { phase: "differs", canLook: true, fingerprint: "0123456789abcdef" } as const;
  const barred = { ...live, phase: "barred" } as const;
  const fake = new FakeSession([
    createTask("wider", { does: "edit", rows: editRows, ...live }),
    createTask("hidden", { does: "edit", rows: editRows, ...barred }),
    createTask("former", { does: "revoke", rows: [], ...live }),
  ]);
  const { page } = await serve(fake);
  const tab = await launch(browser, page);
  for (const name of ["wider", "hidden", "former"]) {
    await choose(tab, name);
    expect(await tab.getByRole("button", { name: /^Look again/ }).count()).toBe(1);
    expect(await tab.getByText(/Throw this key away|Paste another key/).count()).toBe(0);
    expect(await tab.getByText("needn't be pasted again").count()).toBe(0);
  }
});

test("a refusal that is no proof reads as none, whatever was found, and the statement's field stays", async () => {
  const none = createTask("maker", { phase: "barred", canLook: true, findings: [] });
  const fake = new FakeSession([none]);
  const { page } = await serve(fake);
  const tab = await launch(browser, page);
  await choose(tab, "maker");
  const same = "The venue gives the same answer to a key that doesn't exist or was mistyped.";
  const shows = async (): Promise<readonly unknown[]> => [
    await tab.locator("h2.outcome").innerText(),
    await tab.getByText(same).count(),
    await tab.getByLabel("Statement (it holds no secret)").isVisible(),
  ];
  expect(await shows()).toEqual(["Refused here, as the IP list says it should be: no proof yet", 1, true]);
  const sees = async (text: string, more: Partial<typeof none> = {}): Promise<readonly unknown[]> => {
    fake.change("maker", { findings: [{ text }], ...more });
    await tab.locator(".findings", { hasText: text }).waitFor();
    return shows();
  };
  expect(await sees("A statement wasn't counted: it is about another key.")).toEqual([expect.stringMatching(/no proof yet$/), 1, true]);
  expect(await sees("It says the same of a key that was mistyped.")).toEqual([expect.stringMatching(/no proof yet$/), 0, true]);
  const wide = "A probe was let in from 198.51.100.9, which isn't on its list: its IP list is missing or too wide.";
  expect(await sees(wide)).toEqual(["Its IP list isn't right yet", 0, true]);
});

test("no sentence stands twice in any phase, nor what a finding says in the page's own words", async () => {
  const { cases } = repeating;
  const fake = new FakeSession([...everyPhase(), ...cases]);
  const { page } = await serve(fake);
  const tab = await launch(browser, page);
  for (const { name } of fake.tasks()) {
    await choose(tab, name);
    const text = await tab
      .locator(".task")
      .evaluate((task) =>
        [...task.querySelectorAll("p, li, h1, h2, h3")].flatMap((each) => (each as HTMLElement).innerText.split(/(?<=[.!?])\s+|\n+/)),
      );
    const sentences = text.map((each) => each.trim().toLowerCase()).filter((each) => each.includes(" "));
    expect({ name, twice: sentences.filter((each, at) => sentences.indexOf(each) !== at) }).toEqual({ name, twice: [] });
  }
  await choose(tab, "again");
  expect(await tab.locator(".task").innerText()).not.toMatch(/This didn't work|Look in the venue's list/);
  await choose(tab, "barred");
  expect(await tab.locator(".task").innerText()).not.toMatch(/Run the probe on a host|gives the same answer/); // the card leads through it
  await choose(tab, "unbound");
  expect(await tab.locator(".task").innerText()).toMatch(/Edit the key: enter[^]*needn't be pasted again/);
  expect(await tab.getByText("Edit the same key").count()).toBe(0);
});

/** Findings as the session words them, which the page has words of its own for. */
const repeating = {
  cases: [
    createTask("again", {
      mayExist: true,
      findings: [
        {
          text: "A former ceremony showed this label, and what came of it isn't known: a key with it may exist.",
          wayOut:
            'Look under "My API Keys". If it is there and you have its secret, paste both here; if you haven\'t, revoke it, then make it anew.',
        },
      ],
    }),
    createTask("unbound", {
      phase: "differs",
      canLook: true,
      findings: [
        {
          text: "The key works from 198.51.100.9, which isn't on its list: its IP list is missing or too wide.",
          wayOut: "Edit the key: enter exactly the addresses that stand here. Then look again.",
        },
      ],
    }),
  ],
};

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
