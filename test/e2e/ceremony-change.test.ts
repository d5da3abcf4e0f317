// A key's life after its first day: edits of all three kinds in one sitting, drift and its repair, rotation with an overlap, a reissue, the
// end. Each by a person at the console, led by the page.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page as Tab } from "playwright-core";
import { Operator } from "./operator";
import { call, ceremony, credentials, declare, HERE, preview, revoking, type KeyArgs, type Sitting } from "./sitting";
import { changes, fails, ok, Stack } from "./stack";
import { Venue } from "./venue";

const MAKER = { permissions: { orders: "read-write", wallets: "read" }, allowedIps: HERE, label: "maker" } as const;

let venue: Venue;
let stack: Stack;
let operator: Operator;
beforeAll(async () => {
  venue = await Venue.open();
  await venue.switch({ totpTwice: true }); // the sandbox's clock stays where the runs believe it
  stack = await Stack.open(venue);
  operator = await Operator.open(venue);
});
afterAll(async () => {
  await operator?.close();
  await stack?.close();
  await venue?.close();
});

let declared: KeyArgs = MAKER;
/** Declares the key with what changes from what was declared before. */
function maker(changed: KeyArgs = {}): void {
  declared = { ...declared, ...changed };
  declare(stack, { maker: declared });
}
const outputs = (): Record<string, unknown> => stack.resource("maker")!.outputs;
const alive = async (): Promise<readonly string[]> =>
  (await venue.apiKeys()).filter((key) => key.alive && /^(maker|mm) /.test(key.label)).map(({ label }) => label);

async function opened(sitting: Sitting, task: string): Promise<Tab> {
  const tab = await operator.follow(await sitting.file());
  await tab.getByRole("button", { name: "Start: " }).click();
  await tab.locator("h1", { hasText: task }).waitFor();
  return tab;
}

async function finished(sitting: Sitting, tab: Tab): Promise<void> {
  await tab.locator(".closing").waitFor();
  const ended = await sitting.ended;
  expect(ended.text).toMatch(/Next: /);
  expect(ended.code).toBe(0);
  await tab.close();
}

/** The program's next key, made and taken. */
async function made(): Promise<void> {
  const sitting = await ceremony(stack);
  const tab = await opened(sitting, 'Make API key "maker"');
  await operator.bring(tab, await operator.makeQuickly(tab));
  await operator.verified(tab);
  await finished(sitting, tab);
}

test("permissions, addresses and label in one sitting; key and secret stay", async () => {
  maker();
  await made();
  await ok(stack.up());
  const before = await credentials(stack);

  maker({
    permissions: { orders: "read", history: "read", wallets: "read" },
    allowedIps: { ...HERE, "198.51.100.7": "fra1" },
    label: "mm",
  });
  const failed = await fails(stack.up());
  expect(failed.text).toMatch(/on the venue's page: turn orders:write off, turn history:read on, change its IP list, change its label/);
  const state = join(stack.folder, "state.json");
  writeFileSync(state, await stack.export("--show-secrets"), { mode: 0o600 });
  const sitting = await ceremony(stack, ["--state", state]);
  const tab = await opened(sitting, 'Change API key "maker"');
  const turns = await tab.locator(".turns li").allInnerTexts();
  expect(turns.slice(0, 3)).toEqual(["Account History: turn Read on", "Orders: turn Write off", "IP list: add 198.51.100.7"]);
  const [, from, to] = /^Label: (.+) becomes (.+)$/.exec(turns[3]!)!;
  expect(await alive()).toEqual([from]);
  await tab.getByRole("button", { name: "I have saved it" }).click(); // too soon
  await tab.getByRole("heading", { name: "Not right yet" }).waitFor();
  expect(await tab.locator(".turns li").count()).toBe(2);
  await operator.edit(tab, from);
  await tab.getByRole("button", { name: "Look again" }).click();
  await tab.getByText("The permissions are right. The address list and the label nobody can read back: say when they are set.").waitFor();
  await tab.getByRole("button", { name: "I have saved it" }).click();
  await finished(sitting, tab);
  await ok(stack.up());
  await ok(stack.up("--refresh", "--expect-no-changes"));
  expect(await alive()).toEqual([to]);
  const after = await credentials(stack);
  expect(after).toEqual(before);
  expect(await call(stack, "auth/w/order/submit", after["maker"]!)).not.toBe(200);
  expect(outputs()).toMatchObject({ generation: 1, venueLabel: to });
});

test("an edit at the console is drift, shown by its row, and repaired", async () => {
  const console = await operator.find(undefined, (await alive())[0]!, "Edit");
  await console.getByLabel("Wallets: Write", { exact: true }).setChecked(true);
  await operator.save(console);
  const seen = await stack.preview("--refresh");
  expect(seen.steps.map(changes)).toMatchObject([{ permissions: { orders: "read", history: "read", wallets: "read" } }]);
  expect(JSON.stringify(seen.steps[0]!.oldState!.inputs["permissions"])).toContain('"wallets":"read-write"');

  const sitting = await ceremony(stack, [], { input: await preview(stack, "--refresh") });
  const tab = await opened(sitting, 'Change API key "maker"');
  expect(await tab.locator(".turns li").allInnerTexts()).toEqual(["Wallets: turn Write off"]);
  await operator.edit(tab);
  await tab.getByRole("button", { name: "I have saved it" }).click();
  await finished(sitting, tab);
  await ok(stack.up("--refresh"));
  await ok(stack.up("--refresh", "--expect-no-changes"));
  expect(outputs()).toMatchObject({ generation: 1, grants: ["history:read", "orders:read", "wallets:read"] });
});

test("a rotation that is due: both keys work for the overlap, then a person revokes the former", async () => {
  maker({ rotation: { every: "30d", overlap: "2d" } });
  await ok(stack.up());
  const before = (await credentials(stack))["maker"]!;
  await venue.advance("31d");
  expect((await fails(stack.up())).text).toMatch(/it is made by a person/);
  await made();
  await ok(stack.up());
  expect(outputs()).toMatchObject({ generation: 2, retiring: [{ generation: 1 }] });
  const next = (await credentials(stack))["maker"]!;
  for (const key of [before, next]) expect(await call(stack, "auth/r/wallets", key)).toBe(200);

  await venue.advance("49h");
  expect((await fails(stack.up())).text).toMatch(/the key labelled "[^"]+" has to be revoked/);
  const sitting = await ceremony(stack);
  const tab = await opened(sitting, 'Revoke API key "maker"');
  await operator.revoke(tab);
  await tab.getByRole("button", { name: "I have revoked it" }).click();
  await finished(sitting, tab);
  await ok(stack.up());
  await ok(stack.up("--refresh", "--expect-no-changes"));
  expect(outputs()).toMatchObject({ generation: 2, retiring: [] });
  expect(await call(stack, "auth/r/wallets", before)).not.toBe(200);
  expect(await call(stack, "auth/r/wallets", next)).toBe(200);
});

test("a reissue: the next key is made and the former revoked in one sitting", async () => {
  maker({ reissue: "a laptop was lost" });
  const sitting = await ceremony(stack);
  const tab = await opened(sitting, 'Make API key "maker"');
  await operator.bring(tab, await operator.makeQuickly(tab));
  await operator.verified(tab);
  await operator.onward(tab, "maker");
  await tab.locator("h1", { hasText: 'Revoke API key "maker"' }).waitFor();
  await operator.revoke(tab);
  await tab.getByRole("button", { name: "I have revoked it" }).click();
  await finished(sitting, tab);
  await ok(stack.up());
  await ok(stack.up("--refresh", "--expect-no-changes"));
  expect(outputs()).toMatchObject({ generation: 3, retiring: [] });
  expect(await alive()).toEqual([outputs()["venueLabel"]]);
});

test("the end: destroy waits until a person has revoked it", async () => {
  expect((await fails(stack.destroy())).text).toMatch(/pulumi stack export \| npx exchange-keys ceremony --revoke --from -/);
  const sitting = await revoking(stack);
  const tab = await opened(sitting, 'Revoke API key "maker"');
  await operator.revoke(tab);
  await tab.getByRole("button", { name: "I have revoked it" }).click();
  await finished(sitting, tab);
  await ok(stack.destroy());
  expect(stack.resources()).toEqual([]);
  expect(await alive()).toEqual([]);
});
