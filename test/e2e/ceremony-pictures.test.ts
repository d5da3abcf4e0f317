// The guide's pictures, taken of a real sitting: with EXCHANGE_KEYS_DOCS=write they are taken anew, otherwise those that the pages name are
// there. What differs from one sitting to the next (words, marks, keys, folders, times) is shown as fixed texts.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Page as Tab } from "playwright-core";
import { Operator } from "./operator";
import { ceremony, command, declare } from "./sitting";
import { root, Stack } from "./stack";
import { Venue } from "./venue";

const folder = join(root, "docs/pictures");
const PAGES = ["README.md", ...readdirSync(join(root, "docs")).flatMap((name) => (name.endsWith(".md") ? [`docs/${name}`] : []))];
const named = (): readonly string[] =>
  PAGES.flatMap((page) => [...readFileSync(join(root, page), "utf8").matchAll(/pictures\/([\w-]+\.png)/g)].map(([, name]) => name!));

if (process.env["EXCHANGE_KEYS_DOCS"] === "write") {
  test("taken anew", take);
}

test("every picture that a page names is there, and small", () => {
  expect(named().length).toBeGreaterThan(0);
  for (const name of named()) {
    expect(
      existsSync(join(folder, name)) ? "there" : `${name} is missing: EXCHANGE_KEYS_DOCS=write npm test -- test/e2e/ceremony-pictures`,
    ).toBe("there");
  }
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThan(150_000);
});

async function take(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const venue = await Venue.open();
  await venue.switch({ totpTwice: true });
  const stack = await Stack.open(venue, { stack: "production" });
  const operator = await Operator.open(venue, { viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1, colorScheme: "light" });
  try {
    await venue.control.patch("/addresses", { "127.0.0.1": "198.51.100.7", "127.0.0.6": "198.51.100.40" });
    const managing = await venue.key({ label: "managing", allowedIps: ["198.51.100.7"] });
    Object.assign(stack.env, { BFX_KEY: managing.apiKey, BFX_SECRET: managing.apiSecret });
    await tour(venue, stack, operator);
  } finally {
    await operator.close();
    await stack.close();
    await venue.close();
  }
}

async function tour(venue: Venue, stack: Stack, operator: Operator): Promise<void> {
  const trading = { "198.51.100.7": "fra1 gateway", "198.51.100.8": "fra1 gateway, standby" };
  const books = { account: "read", history: "read", wallets: "read" };
  declare(stack, {
    accounting: { permissions: books, allowedIps: { "198.51.100.40": "office" }, label: "accounting" },
    lender: { permissions: { ...books, funding: "read-write" }, allowedIps: trading, label: "lender" },
    maker: { permissions: { ...books, orders: "read-write" }, allowedIps: trading, label: "maker" },
  });
  const sitting = await ceremony(stack);
  const tab = await operator.follow(await sitting.file());
  await operator.choose(tab, "maker");
  const shown = await operator.read(tab);
  await picture(tab, "ceremony-new-key", { ...WIDE, zoom: 0.75, height: 1_400 });

  const console = await operator.venuePage(tab);
  await operator.fill(console, shown);
  await picture(console, "console-create", { ...CONSOLE, height: 1_275 });
  await operator.fill(console, shown);
  await console.getByRole("button", { name: "Generate API Key" }).click();
  await operator.prove(console, "Generate API Key");
  await console.getByRole("link", { name: "Open the outbox" }).click();
  await picture(console, "console-mail", { ...CONSOLE, height: 640 });
  await console.getByRole("link", { name: "Confirm the new API key" }).first().click();
  await console.getByRole("button", { name: "Create API Key" }).click();
  const text = async (id: string): Promise<string> => (await console.locator(id).innerText()).trim();
  const pair = { apiKey: await text("#api-key"), apiSecret: await text("#api-secret") };
  await picture(console, "console-key", { ...CONSOLE, height: 765 });

  // Two toggles are changed before the key is brought.
  const { id } = (await venue.apiKeys()).find(({ apiKey }) => apiKey === pair.apiKey)!;
  const change = (permissions: object) => venue.control.patch(`/venues/bitfinex/keys/${id}`, { permissions });
  await change({ ...books, orders: "read", funding: "read" });
  await operator.bring(tab, pair);
  await tab.getByRole("heading", { name: "Not right yet" }).waitFor();
  await picture(tab, "ceremony-differs", { ...WIDE, height: 962 });
  await change({ ...books, orders: "read-write" });
  await tab.getByRole("button", { name: "Look again" }).click();
  await operator.verified(tab);

  await operator.choose(tab, "accounting");
  const barred = await operator.makeQuickly(tab);
  await operator.bring(tab, barred);
  await tab.getByRole("heading", { name: "Refused here" }).waitFor();
  await picture(tab, "ceremony-barred", { ...WIDE, height: 1_005 });

  const env = { ...stack.env, BOT_KEY: barred.apiKey, BOT_SECRET: barred.apiSecret };
  const asked = ["--venue", "bitfinex", "--environment", "sandbox", "--address", venue.address, "--source-address", "127.0.0.6"];
  const probed = await command(stack, ["probe", ...asked, "--key-env", "BOT_KEY", "--secret-env", "BOT_SECRET"], { env }).ended;
  await tab.getByLabel("Statement (it holds no secret)").fill(probed.stdout);
  await tab.getByRole("button", { name: "Take the statement" }).click();
  await operator.verified(tab);
  await operator.choose(tab, "lender");
  await operator.bring(tab, await operator.makeQuickly(tab));
  await tab.getByRole("heading", { name: "✓ All 3 are done" }).waitFor();
  await picture(tab, "ceremony-done", { ...WIDE, height: 545 });

  const keys = await operator.visit();
  await keys.getByRole("link", { name: "My API Keys" }).click();
  await picture(keys, "console-keys", { ...CONSOLE, height: 1_184 });
  await sitting.ended;
}

interface Cut {
  readonly x: number;
  readonly width: number;
  /** The page's own where that is less. */
  readonly height: number;
  /** Of a page that is longer than a picture may be. */
  readonly zoom?: number;
}

const WIDE = { x: 0, width: 1280 };
const CONSOLE = { x: 190, width: 900 };

async function picture(tab: Tab, name: string, { zoom = 1, ...cut }: Cut): Promise<void> {
  await tab.bringToFront();
  await tab.evaluate(settle, zoom);
  const height = Math.min(cut.height, await tab.evaluate(() => document.documentElement.scrollHeight));
  await tab.screenshot({ path: join(folder, `${name}.png`), clip: { ...cut, y: 0, height }, fullPage: true, animations: "disabled" });
  await tab.evaluate(() => (document.body.style.zoom = ""));
}

/** Writes fixed texts over what differs from one sitting to the next. */
function settle(zoom: number): void {
  const marks: Readonly<Record<string, string>> = { maker: "3f9a1c0e5b7d2846", lender: "8b1d6e02f4a9c735", accounting: "c04e97a1382bd56f" };
  const fixed: readonly (readonly [RegExp, string])[] = [
    ...Object.entries(marks).map(([label, mark]) => [new RegExp(`\\b${label} [0-9a-f]{16}`, "g"), `${label} ${mark}`] as const),
    [/127\.0\.0\.1:\d+/g, "127.0.0.1:41001"],
    [/sandbox-[\w-]{20,}/g, "sandbox-key-of-no-worth"],
    [/\S*\/project\/\.exchange-keys/g, "/home/ada/desk/.exchange-keys"],
    [/-[0-9a-f]{32}\.age/g, "-6c1f….age"],
    [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, "2026-11-22 18:04:05 UTC"],
    [/^\w+ \d+, \d{4}, \d+:\d\d\s[AP]M$/g, "Nov 25, 2026, 6:04 PM"],
    [/link=[\w-]+/g, "link=…"],
  ];
  const settled = (text: string): string => fixed.reduce((before, [pattern, value]) => before.replace(pattern, value), text);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.nodeValue ?? "";
    if (settled(text) !== text) node.nodeValue = settled(text);
  }
  for (const field of document.querySelectorAll<HTMLInputElement>("#label")) field.value = settled(field.value);
  const secret = document.querySelector("#api-secret");
  if (secret !== null) secret.textContent = "sandbox-secret-of-no-worth";
  const words = document.querySelector(".words strong");
  if (words !== null) words.textContent = "amber harbor kettle willow";
  (document.activeElement as HTMLElement | null)?.blur();
  document.body.style.zoom = String(zoom);
  window.scrollTo(0, 0);
}
