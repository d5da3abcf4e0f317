// Whose key is whose: two stacks of one name, renames, replacements, other managing keys, other accounts, the package in another place.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fails, ok, REPORT, root, Stack } from "./stack";
import { Venue } from "./venue";

let venue: Venue;
const stacks: Stack[] = [];
beforeEach(async () => {
  venue = await Venue.open();
});
afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.close();
  await venue.close();
});

async function open(options: Parameters<typeof Stack.open>[1] = {}): Promise<Stack> {
  const stack = await Stack.open(venue, options);
  stacks.push(stack);
  return stack;
}

async function alive(): Promise<readonly boolean[]> {
  return (await venue.tokens()).map((token) => token.alive);
}

test("two stacks of one name with one journal: neither touches the other's token", async () => {
  const one = await open();
  const other = await open({ state: one.env["XDG_STATE_HOME"]! });
  for (const stack of [one, other]) {
    stack.declare({ report: REPORT });
    await ok(stack.up());
  }
  expect(await alive()).toEqual([true, true]);
  await ok(one.refresh("--expect-no-changes"));
  await ok(one.destroy());
  expect(await alive()).toEqual([false, true]);
  await ok(other.up("--refresh", "--expect-no-changes"));
});

test("a rename: with aliases the same token, without them a new one first and then the former one's end", async () => {
  const stack = await open();
  stack.declare({ report: REPORT });
  await ok(stack.up());
  stack.declare({ nightly: { ...REPORT, options: '{ aliases: [{ name: "report" }] }' } });
  expect(await venue.during(() => ok(stack.up()))).toEqual({});
  expect(await alive()).toEqual([true]);
  expect(stack.resource("nightly")!.inputs).toMatchObject({ identity: { name: "nightly" }, generation: 1 });
  await ok(stack.up("--refresh", "--expect-no-changes"));
  stack.declare({ weekly: REPORT });
  await ok(stack.up());
  expect(await alive()).toEqual([false, true]);
});

test("--target-replace: another token is made before the one in use is revoked", async () => {
  const stack = await open();
  stack.declare({ report: REPORT, other: REPORT });
  await ok(stack.up());
  const { urn } = stack.resource("report")!;
  const since = (await venue.requests()).at(-1)!.n;
  await ok(stack.up("--target-replace", urn));
  const writes = (await venue.requests(since)).map(({ path }) => path).filter((path) => path.includes("/auth/w/"));
  expect(writes).toEqual(["/v2/auth/w/token", "/v2/auth/w/token/del"]);
  expect((await venue.alive()).length).toBe(2);
  await ok(stack.up("--refresh", "--expect-no-changes"));
});

test("all keys gone: refresh drops the resources, the next up makes them anew", async () => {
  const stack = await open();
  stack.declare({ report: REPORT, other: REPORT });
  await ok(stack.up());
  for (const token of await venue.alive()) await venue.kill(token);
  await ok(stack.refresh());
  expect(stack.resources()).toEqual([]);
  await ok(stack.up());
  expect(await alive()).toEqual([false, false, true, true]);
  expect(stack.resource("report")!.outputs).toMatchObject({ generation: 1, reason: "first" });
});

test("another managing key by reference: read live, by refresh and destroy too", async () => {
  const stack = await open();
  stack.declare({ report: REPORT });
  await ok(stack.up());
  await replaceManagingKey();
  const { text } = await fails(stack.refresh());
  expect(text).toMatch(/10100/);
  Object.assign(stack.env, { BFX_KEY: latest.apiKey, BFX_SECRET: latest.apiSecret });
  await ok(stack.refresh("--expect-no-changes"));
  await ok(stack.destroy());
  expect(await alive()).toEqual([false]);
});

test("another managing key by value: refresh uses the state's until an up, or --run-program, and says so", async () => {
  const stack = await open();
  const byValue = (key: { apiKey: string; apiSecret: string }) => ({
    accounts: { main: stack.account({ apiKeyEnv: undefined, apiSecretEnv: undefined, apiKey: key.apiKey, apiSecret: key.apiSecret }) },
  });
  stack.configure(byValue(venue.account));
  stack.declare({ report: REPORT });
  await ok(stack.up());
  await replaceManagingKey();
  stack.configure(byValue(latest));
  expect((await fails(stack.refresh())).text).toMatch(
    /refresh and destroy use the credentials in the state, unless --run-program is given/,
  );
  expect(stack.resource("report")).toBeDefined();
  await ok(stack.refresh("--run-program", "--expect-no-changes"));
  await ok(stack.up("--expect-no-changes"));
  await ok(stack.refresh("--expect-no-changes"));
  await ok(stack.destroy());
  expect(await alive()).toEqual([false]);
});

test("a managing key of another account: nothing is judged, nothing is touched", async () => {
  const stack = await open();
  stack.declare({ report: REPORT });
  await ok(stack.up());
  const { id } = await venue.control.post<{ id: number }>("/venues/bitfinex/accounts", {});
  const stranger = await venue.key({ accountId: id });
  Object.assign(stack.env, { BFX_KEY: stranger.apiKey, BFX_SECRET: stranger.apiSecret });
  stack.declare({ report: { ...REPORT, reissue: "1" } });
  const refused = new RegExp(`its key belongs to account 123456, and the credential of "main" to ${id}`);
  expect((await fails(stack.refresh())).text).toMatch(refused);
  expect((await fails(stack.up())).text).toMatch(refused);
  expect((await fails(stack.destroy())).text).toMatch(refused);
  expect(await alive()).toEqual([true]);
  expect(stack.resource("report")!.outputs).toMatchObject({ generation: 1, accountId: "123456" });
});

test("a state that this package wrote is read by a copy of it in another place", async () => {
  const folder = mkdtempSync(join(tmpdir(), "exchange-keys-elsewhere-"));
  try {
    const packages = join(folder, "node_modules"); // by this name its packages find each other
    mkdirSync(packages);
    // A real folder of node_modules: the copy stands beside its dependencies, which are links.
    const from = join(root, "node_modules");
    for (const name of readdirSync(from)) if (name !== "pulumi-exchange-keys") symlinkSync(join(from, name), join(packages, name));
    for (const part of ["dist", "package.json"])
      cpSync(join(root, "provider", part), join(packages, "pulumi-exchange-keys", part), { recursive: true });
    const nested = join(root, "provider/node_modules");
    mkdirSync(join(packages, "pulumi-exchange-keys/node_modules"), { recursive: true });
    for (const name of readdirSync(nested)) symlinkSync(join(nested, name), join(packages, "pulumi-exchange-keys/node_modules", name));

    const here = await open();
    here.declare({ report: REPORT });
    await ok(here.up());
    const there = await open({ packages });
    cpSync(join(here.folder, "backend"), join(there.folder, "backend"), { recursive: true });
    cpSync(join(here.cwd, "Pulumi.dev.yaml"), join(there.cwd, "Pulumi.dev.yaml"));
    there.declare({ report: REPORT });
    await ok(there.refresh("--expect-no-changes"));
    await ok(there.up("--expect-no-changes"));
    there.declare({ report: { ...REPORT, reissue: "moved" } });
    await ok(there.up());
    expect(await alive()).toEqual([false, true]);
    await ok(there.destroy());
    expect(await alive()).toEqual([false, false]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

let latest: { readonly id: string; readonly apiKey: string; readonly apiSecret: string };

/** Revokes every managing key and makes a new one: `latest`. */
async function replaceManagingKey(): Promise<void> {
  const keys = await venue.control.get<readonly { id: string; alive: boolean }[]>("/venues/bitfinex/keys");
  latest = await venue.key();
  for (const key of keys) await venue.control.delete(`/venues/bitfinex/keys/${key.id}`);
}
