// Where a look is taken from decides what a refusal means: one token bound to an address that isn't ours, one to ours, under both forms
// of Bitfinex's refusal, and with a venue that binds tokens and one that doesn't.

import { fails, ok, REPORT, Stack } from "./stack";
import { Venue } from "./venue";

/** What the venue sees of 127.0.0.1, 127.0.0.2 and 127.0.0.3. */
const HERE = "203.0.113.10";
const THERE = "203.0.113.11";
const AWAY = "127.0.0.3";
const listed = { ...REPORT, allowedIps: { [HERE]: "here" } };
const unlisted = { ...REPORT, allowedIps: { [THERE]: "there" } };

let venue: Venue;
let stack: Stack;

async function open(switches: Readonly<Record<string, unknown>>): Promise<void> {
  venue = await Venue.open();
  stack = await Stack.open(venue);
  await venue.switch(switches);
  // The managing key works from everywhere, so that only the tokens' own binding decides.
  const key = await venue.key({ label: "managing" });
  Object.assign(stack.env, { BFX_KEY: key.apiKey, BFX_SECRET: key.apiSecret });
}
async function close(): Promise<void> {
  await stack?.close();
  await venue?.close();
}

describe.each(["apikey-invalid", "own-error"])("a venue that binds tokens and refuses others with %s", (ipRefusal) => {
  beforeAll(() => open({ ipRefusal, custIpBinds: true }));
  afterAll(close);

  test("both are made: the listed one is proved, the unlisted one is refused here, as declared", async () => {
    stack.declare({ listed, unlisted });
    const { text } = await ok(stack.up());
    expect(text).toMatch(/unlisted[^\n]*bound to addresses that don't include 203\.0\.113\.10, so nothing of it could be proved from here/);
    const alive = await venue.alive();
    expect(alive.map(({ custIp }) => custIp).sort()).toEqual([HERE, THERE]);
    expect(stack.resource("listed")!.outputs).toMatchObject({
      unverified: { allowedIps: expect.any(String) },
      vantage: { address: HERE },
      grants: ["account:read", "wallets:read"],
    });
    const { outputs } = stack.resource("unlisted")!;
    expect(outputs["unverified"]).toEqual({ allowedIps: expect.any(String), permissions: expect.any(String) });
    expect(outputs["vantage"]).toBeUndefined();
  });

  test("refresh: nothing to see for either, and the unlisted one is asked once", async () => {
    expect(await venue.during(() => ok(stack.refresh("--expect-no-changes")))).toEqual({ address: 1, whoami: 1, look: 1 + 2 });
  });

  test("from another place: the listed one is refused there, and that is as declared, never gone", async () => {
    stack.configure({ accounts: { main: stack.account({ sourceAddress: AWAY }) } });
    await ok(stack.up("--expect-no-changes")); // refresh takes the configuration from the state, which this writes
    await ok(stack.refresh("--expect-no-changes"));
    expect(await venue.alive()).toHaveLength(2);
  });

  test("from the unlisted one's own place: it answers, and is no more than before", async () => {
    stack.configure({ accounts: { main: stack.account({ sourceAddress: "127.0.0.2" }) } });
    await ok(stack.up("--expect-no-changes"));
    await ok(stack.refresh("--expect-no-changes"));
    stack.configure();
    await ok(stack.up("--expect-no-changes"));
  });

  test("revoked behind our back: the listed one is seen, the unlisted one can't be", async () => {
    for (const token of await venue.alive()) await venue.kill(token);
    const { steps } = await ok(stack.preview("--refresh"));
    expect(steps.map(({ op, urn }) => [op, urn.split("::").at(-1)])).toEqual([["create", "listed"]]);
    await ok(stack.up("--refresh"));
    expect((await venue.alive()).map(({ custIp }) => custIp)).toEqual([HERE]);
  });

  test("destroy: where the vantage isn't proved, the venue's own word is taken; without it the key stays in the state", async () => {
    // The unlisted one is dead, and no one here can know: neither hand is answered with a [1].
    const { text } = await fails(stack.destroy());
    expect(text).toMatch(/token "unlisted"/);
    expect(stack.resources().map(({ urn }) => urn.split("::").at(-1))).toEqual(["unlisted"]);
    await venue.advance("25h");
    await ok(stack.destroy());
    expect(stack.resources()).toEqual([]);
    expect(await venue.alive()).toEqual([]);
  });
});

describe("a venue that binds no token", () => {
  beforeAll(() => open({ custIpBinds: false }));
  afterAll(close);

  test("the unlisted one answers here, though it is declared for elsewhere: revoked, and the create fails", async () => {
    stack.declare({ unlisted });
    const { text } = await fails(stack.up());
    expect(text).toMatch(/create token "unlisted": it is declared for other addresses, and it answers at 203\.0\.113\.10; it was revoked/);
    expect((await venue.tokens()).map(({ alive }) => alive)).toEqual([false]);
    expect(stack.resources()).toEqual([]);
    expect(stack.openEntries()).toEqual([]);
  });

  test("the listed one is made, and its binding stays unverified", async () => {
    stack.declare({ listed });
    await ok(stack.up());
    expect(stack.resource("listed")!.outputs).toMatchObject({ unverified: { allowedIps: expect.any(String) }, vantage: { address: HERE } });
    await ok(stack.refresh("--expect-no-changes"));
  });

  test("seen from elsewhere it answers there too: drift, shown as an input", async () => {
    stack.configure({ accounts: { main: stack.account({ sourceAddress: AWAY }) } });
    await ok(stack.up("--expect-no-changes"));
    const text = await stack.previewText("--refresh");
    expect(text).toMatch(/allowedIps/);
    expect(text).toMatch(/"anywhere"/);
    await fails(stack.preview("--refresh", "--expect-no-changes"));
    await fails(stack.up("--refresh")); // the repair is bound no better
    expect(await venue.alive()).toHaveLength(1);
  });

  test("an address that never saw the token answer proves nothing by its refusal", async () => {
    await venue.switch({ custIpBinds: true, ipRefusal: "apikey-invalid" });
    stack.configure();
    stack.declare({ roaming: REPORT });
    await ok(stack.up());
    const [token] = (await venue.alive()).slice(-1);
    await venue.kill(token!);
    stack.configure({ accounts: { main: stack.account({ sourceAddress: AWAY }) } });
    await ok(stack.up("--expect-no-changes"));
    const { text } = await fails(stack.refresh());
    expect(text).toMatch(/last answered at 203\.0\.113\.10: that is no proof that it is dead/);
    expect(stack.resource("roaming")).toBeDefined();
    stack.configure();
    await ok(stack.up("--expect-no-changes"));
    await ok(stack.up("--refresh"));
    expect(await venue.alive()).toHaveLength(1);
  });
});
