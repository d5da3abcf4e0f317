// One resource from issue to revocation: what each operation shows, what it asks of the venue, and what is alive there after it.

import { fingerprint } from "exchange-keys-sandbox";
import { changes, fails, ok, REPORT, Stack } from "./stack";
import { Venue } from "./venue";

/** The look at the account that a run begins with. */
const ACCOUNT = { address: 1, whoami: 1, look: 1 };

let venue: Venue;
let stack: Stack;
beforeAll(async () => {
  venue = await Venue.open();
  stack = await Stack.open(venue);
  stack.declare({ report: REPORT });
});
afterAll(async () => {
  await stack?.close();
  await venue?.close();
});

test("a preview shows the token to be made and asks the venue nothing", async () => {
  const counts = await venue.during(async () => {
    const { steps } = await ok(stack.preview());
    expect(steps.map(({ op }) => op)).toEqual(["create"]);
    expect(changes(steps[0]!)).toMatchObject({
      generation: 1,
      reason: "first",
      alive: true,
      keepUntil: {},
      lifetime: "1d",
      powers: expect.anything(),
    });
  });
  expect(counts).toEqual({});
  expect(await venue.tokens()).toEqual([]);
});

test("create: two requests for the token, one look at the account", async () => {
  expect(await venue.during(() => ok(stack.up()))).toEqual({ ...ACCOUNT, mint: 1, look: 1 + 1 });
  const [token] = await venue.alive();
  expect(token!.scopes).toEqual([
    ["account", 1, 0],
    ["wallets", 1, 0],
  ]);
  expect(stack.resource("report")).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f]{20}$/),
    type: "pulumi-nodejs:dynamic/exchange-keys/bitfinex:AccessToken",
    outputs: {
      fingerprint: fingerprint("bitfinex", token!.token),
      accountId: "123456",
      grants: ["account:read", "wallets:read"],
      generation: 1,
      warnings: [],
    },
  });
});

test("nothing to do: up asks the venue nothing, refresh has one look at the token", async () => {
  expect(await venue.during(() => ok(stack.up("--expect-no-changes")))).toEqual({});
  expect(await venue.during(() => ok(stack.refresh("--expect-no-changes")))).toEqual({ ...ACCOUNT, look: 1 + 1 });
});

test("the token is what the program exports, and works", async () => {
  const { stdout } = await ok(stack.run("stack", "output", "--json", "--show-secrets"));
  const [token] = await venue.alive();
  expect(JSON.parse(stdout)).toEqual({ report: { venue: "bitfinex", environment: "sandbox", token: token!.token } });
});

test("revoked behind Pulumi's back: the preview shows it, the drift job fails on it, up repairs it", async () => {
  const [before] = await venue.alive();
  await venue.kill(before!);
  await ok(stack.up("--expect-no-changes")); // nobody looked
  const { steps } = await ok(stack.preview("--refresh"));
  expect(steps.map(({ op }) => op)).toEqual(["create"]);
  await fails(stack.preview("--refresh", "--expect-no-changes"));
  await fails(stack.refresh("--preview-only", "--expect-no-changes"));
  expect(await venue.alive()).toEqual([]);

  await ok(stack.up("--refresh"));
  const alive = await venue.alive();
  expect(alive).toHaveLength(1);
  expect(stack.resource("report")!.outputs).toMatchObject({ fingerprint: fingerprint("bitfinex", alive[0]!.token) });
  await ok(stack.up("--refresh", "--expect-no-changes"));
});

test("destroy: two requests for the token, and it is dead", async () => {
  expect(await venue.during(() => ok(stack.destroy()))).toEqual({ ...ACCOUNT, revoke: 1, look: 1 + 1 });
  expect(await venue.alive()).toEqual([]);
  expect(stack.resources()).toEqual([]);
});

test("three at once: each its own requests, one look at the account", async () => {
  stack.declare({ one: REPORT, two: REPORT, three: { ...REPORT, permissions: { orders: "read-write" } } });
  expect(await venue.during(() => ok(stack.up()))).toEqual({ ...ACCOUNT, mint: 3, look: 1 + 3 });
  expect(await venue.during(() => ok(stack.refresh("--expect-no-changes")))).toEqual({ ...ACCOUNT, look: 1 + 3 });
  expect(stack.resource("three")!.outputs).toMatchObject({ selfRenewing: "yes" });
  expect(await venue.during(() => ok(stack.destroy()))).toEqual({ ...ACCOUNT, revoke: 3, look: 1 + 3 });
  expect(await venue.alive()).toEqual([]);
});

test("the journal ends empty, and nothing asked for another host", () => {
  expect(stack.openEntries()).toEqual([]);
  expect(stack.proxy.requests).toEqual([]);
});
