// What the ceremony's page says of what was found, in real Chromium: a key that is refused, a wrong paste, and no sentence twice.

import { createTask, doneChange, editRows, everyPhase, FakeSession, rows } from "./fake";
import { serve } from "./raw";
import { choose, focusComes, launch, paste, press, tabTo, browser, inChromium, key, secret } from "./visit";

inChromium();

const wrong = rows.map((row) => ({ ...row, is: row.scope === "orders" ? ("read" as const) : row.want }));

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
