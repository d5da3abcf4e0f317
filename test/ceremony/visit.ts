// A person's tab on the ceremony's page, in real Chromium: opened by the redirect file, worked by keyboard.

import type { Page as Tab } from "playwright-core";
import type { Page } from "../../provider/ceremony/page/server";
import { type Browser, openChromium, own } from "../browser";
import { closePages } from "./raw";

/** The browser of a file of tests that calls {@link inChromium}. */
export let browser: Browser;

/** Chromium for all tests of a file; each finds it without tabs, and without pages of the ceremony. */
export function inChromium(): void {
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
}

/** What a person pastes. */
export const key = "sandbox-key-0123456789abcdefghij";
export const secret = "sandbox-secret-0123456789abcdefghij";

/** What went wrong in a tab, by its own account: a refused resource, an error of the script. */
export const complaints = new WeakMap<Tab, string[]>();

export async function newTab({ context }: Browser): Promise<Tab> {
  const tab = await context.newPage();
  const list: string[] = [];
  complaints.set(tab, list);
  tab.on("pageerror", (error) => list.push(String(error)));
  tab.on("console", (message) => message.type() === "error" && list.push(message.text()));
  return tab;
}

/** The way that a desktop's browser comes in. */
export async function launch(browser: Browser, page: Page): Promise<Tab> {
  const tab = await newTab(browser);
  await follow(tab, await page.launchFile());
  await tab.locator(".queue").waitFor();
  return tab;
}

export async function follow(tab: Tab, file: string): Promise<void> {
  await tab.goto(`file://${file}`, { waitUntil: "commit" });
  await tab.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\/$/); // the token is gone from it
  await tab.locator("h1").waitFor();
}

/** What has the focus, as a screen reader would name it. */
export const focused = (tab: Tab): Promise<string> =>
  tab.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    const labels = (element as HTMLInputElement | null)?.labels;
    return element?.getAttribute("aria-label") ?? labels?.[0]?.textContent ?? element?.innerText.replace(/\s+/g, " ").trim() ?? "";
  });

/** Until the page has led the focus there. */
export async function focusComes(tab: Tab, name: string | RegExp): Promise<void> {
  for (const end = Date.now() + 10_000; ;) {
    const now = await focused(tab);
    if (typeof name === "string" ? now === name : name.test(now)) return;
    if (Date.now() > end) throw new Error(`the focus is on ${JSON.stringify(now)} and not on ${String(name)}`);
    await tab.evaluate(() => new Promise(requestAnimationFrame));
  }
}

/** Tabs on until something of that name has the focus; a person who has to press more often than this has given up. */
export async function tabTo(tab: Tab, name: string | RegExp, most = 60): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses <= most; presses++) {
    const now = await focused(tab);
    if (typeof name === "string" ? now === name : name.test(now)) return;
    seen.push(now);
    await tab.keyboard.press("Tab");
  }
  throw new Error(`the focus never came to ${String(name)}; it was on: ${seen.join(" | ")}`);
}

export async function press(tab: Tab, name: string | RegExp): Promise<void> {
  await tabTo(tab, name);
  await tab.keyboard.press("Enter");
}

/** What the clipboard would give: the browser's own stays out of it, since all tests on a machine share it. */
export const paste = (tab: Tab, text: string): Promise<void> =>
  tab.evaluate((given) => {
    const data = new DataTransfer();
    data.setData("text/plain", given);
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    const element = document.activeElement as HTMLInputElement;
    if (element.dispatchEvent(event)) element.value = given;
  }, text);

/** Until the live region says this. */
export const said = (tab: Tab, text: RegExp): Promise<unknown> =>
  tab.locator("#status").filter({ hasText: text }).waitFor({ state: "attached" });

/** Chooses a task in the queue by mouse. */
export async function choose(tab: Tab, name: string): Promise<void> {
  await tab
    .locator(".queue button")
    .filter({ has: tab.getByText(new RegExp(` ${name}$`)) })
    .click();
  await tab.locator("h1", { hasText: `"${name}"` }).waitFor();
}
