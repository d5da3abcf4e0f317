// The ceremony's page by axe-core's rules of WCAG 2.2 AA: every phase, light and dark, wide and narrow, and the screens at the door.

import { readFileSync } from "node:fs";
import type { Page as Tab } from "playwright-core";
import { type Browser, openChromium } from "../browser";
import { createTask, doneChange, everyPhase, FakeSession } from "./fake";
import { closePages, serve } from "./raw";
import { choose, complaints, launch, newTab } from "./visit";

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

interface Result {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
  readonly passes: readonly { readonly id: string }[];
}

/** What axe finds, a line each. */
async function judge(tab: Tab): Promise<readonly string[]> {
  await tab.evaluate(axe);
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const result = await tab.evaluate(
    (values) => (window as unknown as { axe: { run(options: object): Promise<Result> } }).axe.run({ runOnly: { type: "tag", values } }),
    tags,
  );
  expect(result.passes.map(({ id }) => id)).toContain("color-contrast");
  return result.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ""}`));
}

/** Whether something reaches beyond the window's side. */
const overflows = (tab: Tab): Promise<boolean> =>
  tab.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

describe.each([
  ["light", 1280],
  ["dark", 400],
] as const)("%s, %d wide", (colorScheme, width) => {
  let browser: Browser;
  beforeAll(async () => void (browser = await openChromium({ colorScheme, viewport: { width, height: 900 } })));
  afterAll(() => browser.close());
  afterEach(closePages);

  test("every phase, and the end", async () => {
    const fake = new FakeSession(everyPhase());
    const { page } = await serve(fake);
    const tab = await launch(browser, page);
    expect(await judge(tab)).toEqual([]);
    for (const { name } of everyPhase()) {
      await choose(tab, name);
      await tab.locator("details").evaluateAll((list) => list.forEach((each) => each.setAttribute("open", "")));
      expect({ name, found: await judge(tab), overflows: await overflows(tab) }).toEqual({ name, found: [], overflows: false });
    }
    for (const { id, phase } of everyPhase()) if (phase !== "blocked") fake.change(id, doneChange(id));
    await tab.locator(".closing").waitFor();
    expect(await judge(tab)).toEqual([]);
    expect(complaints.get(tab)).toEqual([]);
  }, 120_000);

  test("the door, the lock, and the end of the command", async () => {
    const { page } = await serve(new FakeSession([createTask("maker")]));
    const tab = await newTab(browser);
    await tab.goto(page.address);
    await tab.locator("input.code").waitFor();
    expect(await judge(tab)).toEqual([]);
    for (let round = 0; round < 5; round++) {
      const answer = tab.waitForResponse((response) => response.url().endsWith("/api/code"));
      await tab.keyboard.type("0000-0000");
      await tab.keyboard.press("Enter");
      await answer;
    }
    await tab.getByRole("heading", { name: "Locked" }).waitFor();
    expect(await judge(tab)).toEqual([]);
    const { page: other } = await serve(new FakeSession([createTask("maker")]));
    const left = await launch(browser, other);
    await other.close();
    await left.getByRole("heading", { name: "The command has ended" }).waitFor();
    expect(await judge(left)).toEqual([]);
  });
});
