// A desk's first three keys: declared, refused by `up` with the command to run, made by a person with the page as the only guide, taken by
// `up`. One by keyboard alone, one with a toggle too many and one with a toggle too few; and no secret of them anywhere afterwards.

import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Sandbox } from "exchange-keys-sandbox";
import { press } from "../ceremony/visit";
import { Operator } from "./operator";
import { call, ceremony, command, credentials, declare, deposits, HERE, preview } from "./sitting";
import { until } from "./processes";
import { fails, ok, root, Stack } from "./stack";
import { commandLines, forms, found } from "./traces";
import { Venue } from "./venue";

const DESK = {
  accounting: {
    permissions: { account: "read", history: "read", wallets: "read" },
    allowedIps: { ...HERE, "198.51.100.40": "office" },
    label: "accounting",
  },
  maker: {
    permissions: { account: "read", history: "read", orders: "read-write", wallets: "read" },
    allowedIps: HERE,
    label: "maker",
    nonceUnit: "us",
  },
  lender: {
    permissions: { account: "read", history: "read", funding: "read-write", wallets: "read" },
    allowedIps: HERE,
    label: "lender",
  },
} as const;
const COMMAND = "pulumi preview --json | npx exchange-keys ceremony --from -";

let venue: Venue;
let stack: Stack;
let operator: Operator;
const launchTokens: string[] = [];
let processes = "";

/** The sandbox as a person runs it: a process of its own, which keeps its state in a file. */
const shop = { folder: mkdtempSync(join(tmpdir(), "exchange-keys-shop-")), printed: "", child: undefined as ChildProcess | undefined };
async function openShop(): Promise<Sandbox> {
  const bin = join(root, "node_modules/.bin");
  const env = {
    ...process.env,
    PATH: [bin, process.env["PATH"]].join(delimiter),
    NODE_OPTIONS: `--require=${join(root, "test/network-guard.cjs")}`,
  };
  const child = spawn(join(bin, "exchange-keys"), ["sandbox", "--json", "--state", join(shop.folder, "state.json")], { env });
  shop.child = child;
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece: Buffer) => (shop.printed += piece.toString()));
  const line = await until("the sandbox is ready", () => /^\{.*\}$/m.exec(shop.printed)?.[0]);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    ...(JSON.parse(line) as Sandbox),
    close: async () => {
      child.kill("SIGTERM");
      await ended;
      rmSync(shop.folder, { recursive: true, force: true });
    },
  };
}

beforeAll(async () => {
  venue = await Venue.open(await openShop());
  stack = await Stack.open(venue);
  operator = await Operator.open(venue);
  declare(stack, DESK);
});
afterAll(async () => {
  await operator?.close();
  await stack?.close();
  await venue?.close();
});

/** The API keys that were made for this stack. */
const made = async () => (await venue.apiKeys()).filter(({ label }) => / [0-9a-f]{16}$/.test(label));

test("up says for every key what to run, and asks nobody", async () => {
  const failed = await fails(stack.up("--continue-on-error"));
  for (const name of Object.keys(DESK)) expect(failed.text).toMatch(new RegExp(`create API key "${name}": it is made by a person`));
  expect(failed.text.split(COMMAND).length - 1).toBeGreaterThanOrEqual(3);
  expect(stack.resources()).toEqual([]);
});

test("the first by keyboard alone; a second ceremony waits meanwhile, and the first is left", async () => {
  const sitting = await ceremony(stack);
  const words = (await sitting.prints(/The page shows these words: (\w+ \w+ \w+ \w+)/))[1]!;
  const file = await sitting.file();
  launchTokens.push(/#([\w-]{43})/.exec(readFileSync(file, "utf8"))![1]!);
  const tab = await operator.follow(file);
  expect(await tab.locator(".words").innerText()).toContain(words);
  expect(sitting.said()).not.toContain(launchTokens[0]);

  const second = await command(stack, ["ceremony", "--from", "-"], { input: await preview(stack) }).ended;
  expect(second.code).toBe(2);
  expect(second.text).toMatch(/begin a ceremony for organization\/desk\/dev: process \d+ has one open since [^\n]*finish that one/);

  operator.hand = "keyboard";
  await press(tab, 'Start: API key "accounting"');
  await tab.locator("h1", { hasText: 'Make API key "accounting"' }).waitFor();
  const pair = await operator.make(tab);
  await operator.bring(tab, pair);
  processes += commandLines();
  await operator.verified(tab);
  operator.hand = "mouse";
  expect(operator.complaints(tab)).toEqual([]);

  process.kill(sitting.pid, "SIGTERM");
  const left = await sitting.ended;
  expect(left.code).toBe(130);
  expect(left.text).toMatch(/1 of 3 done; `pulumi up` takes what is done; run the same command again to go on/);
  await tab.getByText("The command has ended").waitFor();
  await tab.close();
  expect(existsSync(file)).toBe(false);
});

test("taken up again without a desktop: a wrong code, a toggle too many, a toggle too few, and no other key is made", async () => {
  const sitting = await ceremony(stack, ["--no-open"]);
  const [address, code] = [await sitting.address(), await sitting.code()];
  const before = (await venue.apiKeys()).length;
  const tab = await operator.browser.context.newPage();
  await tab.goto(address);
  await operator.type(tab, "ABCD-EFGH");
  await tab.getByText("That isn't the code").waitFor();
  await operator.type(tab, code);
  await tab.locator(".queue button").first().waitFor();
  expect(await tab.locator(".queue .state").allInnerTexts()).toEqual(["Done", "Waiting", "Waiting"]);

  await operator.choose(tab, "maker");
  await operator.bring(tab, await operator.make(tab, { grid: { "Margin Funding": { Write: true } } }));
  await tab.getByRole("heading", { name: "Not right yet" }).waitFor();
  expect(await tab.locator(".turns li").allInnerTexts()).toEqual(["Margin Funding: turn Write off"]);
  expect(await tab.locator(".warn .findings li").count()).toBe(0); // what is to be done is said once
  await operator.edit(tab, undefined, { grid: { Orders: { Write: false } } }); // the one is off now, and another too
  await tab.getByRole("button", { name: "Look again" }).click();
  await tab.locator(".turns li", { hasText: "Orders: turn Write on" }).waitFor();
  expect(await tab.locator(".turns li").count()).toBe(1);
  await operator.edit(tab);
  await tab.getByRole("button", { name: "Look again" }).click();
  await operator.verified(tab);

  await operator.onward(tab, "lender");
  await operator.create(tab);
  processes += commandLines();
  await tab.getByRole("heading", { name: "✓ All 3 are done" }).waitFor();
  const ended = await sitting.ended;
  expect(ended.code).toBe(0);
  expect(ended.text).toMatch(/Next: pulumi up/);
  expect(deposits(stack)).toHaveLength(3);
  expect((await venue.apiKeys()).length).toBe(before + 2);
  await tab.close();
});

test("up takes them, and they do what is declared and no more", async () => {
  const up = await ok(stack.up());
  for (const file of deposits(stack)) expect(up.text).toContain(`took the deposit ${file}`);
  await ok(stack.up("--expect-no-changes"));
  const keys = await credentials(stack);
  const does = async (name: keyof typeof DESK, path: string, from?: string): Promise<boolean> => {
    const unit = name === "maker" ? "us" : "ms";
    return (await call(stack, path, keys[name]!, { unit, ...(from === undefined ? {} : { from }) })) === 200;
  };
  const can = async (path: string) => [await does("accounting", path), await does("maker", path), await does("lender", path)];
  expect(await can("auth/r/wallets")).toEqual([true, true, true]);
  expect(await can("auth/w/order/submit")).toEqual([false, true, false]);
  expect(await does("maker", "auth/r/wallets", "127.0.0.2")).toBe(false);
  for (const { label, allowedIps } of await made()) {
    expect([...allowedIps].sort()).toEqual(label.startsWith("accounting") ? ["198.51.100.40", "203.0.113.10"] : ["203.0.113.10"]);
  }
  await ok(stack.up("--refresh", "--expect-no-changes"));
  const { outputs } = stack.resource("accounting")!;
  expect(outputs).toMatchObject({ generation: 1, alive: true, accountId: "123456" });
  expect(Object.keys(outputs["unverified"] as object).sort()).toEqual(["allowedIps", "label"]);
});

test("no secret of theirs stands anywhere", async () => {
  const keys = (await venue.apiKeys()).map(({ apiSecret, label }) => [`the secret of ${label}`, apiSecret]);
  const sittings = launchTokens.map((token, index) => [`launch token ${index + 1}`, token]);
  const { password, totpSecret } = venue.login;
  const secrets = Object.fromEntries([...keys, ...sittings, ["the password", password], ["the second factor", totpSecret]]) as Record<
    string,
    string
  >;
  expect(Object.keys(secrets).length).toBeGreaterThanOrEqual(7);
  for (const form of forms(venue.account.apiSecret)) {
    expect(found(secrets, { here: `{"a":"${form}"}` })).toHaveLength(1); // the search finds what is there
  }
  const exported = await stack.export();
  await operator.browser.quit();
  // The sandbox tells at its start how to sign in, and no key of a person's making; its file has all, for its owner alone.
  expect(found(secrets, { sandbox: shop.printed }).filter((place) => /[0-9a-f]{16} in/.test(place))).toEqual([]);
  expect(statSync(join(shop.folder, "state.json")).mode & 0o777).toBe(0o600);
  const { profile } = operator.browser;
  const printed = { exported, processes, ...Object.fromEntries(stack.said.map((text, run) => [`output of run ${run}`, text])) };
  expect(processes).toContain("exchange-keys ceremony");
  expect(found(secrets, printed, [stack.folder])).toEqual([]);
  // Chromium's history keeps the address that it was first led to: that token was spent before anybody could have read it there.
  expect(found(secrets, {}, [profile]).filter((place) => !/^launch token \d in .*\/(History|Favicons|ukm_db)/.test(place))).toEqual([]);
});
