// Rate limits: the documented figures, the changed ones, and that a limit is per endpoint and account.

import { Clock } from "../../sandbox/clock";
import { Limiter } from "../../sandbox/limits";
import { ask, Bed, type Credentials } from "./caller";

let bed: Bed;
beforeEach(async () => {
  bed = await Bed.open({ limits: true });
});
afterEach(() => bed.close());

const LIMITED = { status: 429, json: ["error", 11010, "ratelimit: error"] };

/** How many of `count` requests are within the limit. */
async function passing(count: number, send: () => Promise<{ status: number }>): Promise<number> {
  let passed = 0;
  for (let n = 0; n < count; n++) if ((await send()).status === 200) passed++;
  return passed;
}

test("90 reads, 30 looks at the status and 10 tokens a minute", async () => {
  expect(await passing(92, () => bed.key("auth/r/permissions"))).toBe(90);
  expect(await passing(32, () => ask(bed.url, "/v2/platform/status", { method: "GET" }))).toBe(30);
  expect(await passing(12, () => bed.key("auth/w/token", { scope: "api", caps: ["a"] }))).toBe(10);
  expect(await bed.key("auth/r/permissions")).toMatchObject(LIMITED);
  expect((await bed.key("auth/r/wallets")).status).toBe(200);
  await bed.control.post("/clock", { advance: "1m" });
  expect((await bed.key("auth/r/permissions")).status).toBe(200);
});

test("all keys and tokens of an account share its limit, another account has its own", async () => {
  await bed.control.patch("/venues/bitfinex/limits", { endpoints: { "auth/r/permissions": { requests: 1, perMs: 60_000 } } });
  const sibling = await bed.control.post<Credentials>("/venues/bitfinex/keys", {});
  const other = await bed.control.post<{ id: number }>("/venues/bitfinex/accounts");
  const stranger = await bed.control.post<Credentials>("/venues/bitfinex/keys", { accountId: other.id });
  const token = await bed.mint();
  expect((await bed.key("auth/r/permissions")).status).toBe(200);
  expect(await bed.key("auth/r/permissions", {}, { key: sibling })).toMatchObject(LIMITED);
  expect(await bed.token(token, "auth/r/permissions")).toMatchObject(LIMITED);
  expect((await bed.key("auth/r/permissions", {}, { key: stranger })).status).toBe(200);
});

test("one limit for all endpoints together", async () => {
  await bed.control.patch("/venues/bitfinex/limits", { all: { requests: 2, perMs: 1_000 } });
  expect((await bed.key("auth/r/permissions")).status).toBe(200);
  expect((await bed.key("auth/r/wallets")).status).toBe(200);
  expect(await bed.key("auth/r/info/user")).toMatchObject(LIMITED);
  await bed.control.post("/clock", { advance: "1s" });
  expect((await bed.key("auth/r/info/user")).status).toBe(200);
});

test("limits are shown, turned off and returned", async () => {
  const shown = await bed.control.patch<{ enabled: boolean; endpoints: Record<string, unknown> }>("/venues/bitfinex/limits", {
    enabled: false,
  });
  expect(shown).toMatchObject({ enabled: false, all: null, endpoints: { "auth/w/token": { requests: 10, perMs: 60_000 } } });
  expect(await passing(95, () => bed.key("auth/r/permissions"))).toBe(95);
  const set = { endpoints: { "auth/w/token": { requests: 3, perMs: 5 } } };
  expect(await bed.control.patch("/venues/bitfinex/limits", set)).toMatchObject(set);
  const back = { endpoints: { "auth/w/token": null } };
  expect(await bed.control.patch("/venues/bitfinex/limits", back)).toMatchObject({ endpoints: { "auth/w/token": { requests: 10 } } });
});

test.each([[{ endpoints: { nowhere: null } }], [{ all: { requests: 0, perMs: 1 } }], [{ enabled: "no" }], [{ every: 1 }]])(
  "refuses %j",
  async (body) => {
    await expect(bed.control.patch("/venues/bitfinex/limits", body)).rejects.toMatchObject({ status: 400 });
  },
);

test("the window slides", () => {
  let now = 0;
  const limiter = new Limiter(new Clock({ offsetMs: 0 }, () => now), { x: { requests: 2, perMs: 100 } });
  const taken: boolean[] = [];
  for (const at of [0, 60, 99, 100, 101, 159, 160, 20]) {
    now = at;
    taken.push(limiter.take("x", "account"));
  }
  // The last is a clock set back: what lies ahead of it doesn't count.
  expect(taken).toEqual([true, true, false, true, false, false, true, true]);
});

test("weights count where they are given, and one limit for everything counts requests", () => {
  let now = 0;
  const state = { enabled: true, all: null as { requests: number; perMs: number } | null, endpoints: {} };
  const limiter = new Limiter(new Clock({ offsetMs: 0 }, () => now), { x: { requests: 10, perMs: 100 } }, state);
  expect([limiter.take("x", "one", 7), limiter.take("x", "one", 4), limiter.take("x", "one", 3)]).toEqual([true, false, true]);
  now = 40;
  expect(limiter.usage("x", "one")).toEqual({ used: 10, freeInMs: 60 });
  expect(limiter.usage("x", "other")).toEqual({ used: 0, freeInMs: 0 });
  now = 100;
  expect(limiter.usage("x", "one")).toEqual({ used: 0, freeInMs: 0 });
  state.all = { requests: 2, perMs: 100 };
  expect([limiter.take("x", "one", 7), limiter.take("y", "one", 7), limiter.take("x", "one")]).toEqual([true, true, false]);
});

test("a fixed window begins with its first request and ends all at once", () => {
  let now = 0;
  const limiter = new Limiter(new Clock({ offsetMs: 0 }, () => now), { x: { requests: 2, perMs: 100, fixed: true } });
  const taken: boolean[] = [];
  for (const at of [50, 140, 149, 150, 240, 249, 250, 20]) {
    now = at;
    taken.push(limiter.take("x", "account"));
  }
  expect(taken).toEqual([true, true, false, true, true, false, true, true]);
  now = 90;
  expect(limiter.usage("x", "account")).toEqual({ used: 1, freeInMs: 30 });
});

test("a steady limit is a bucket: all at once, then evenly as it comes back", () => {
  let now = 0;
  const clock = new Clock({ offsetMs: 0 }, () => now);
  const limiter = new Limiter(clock, { x: { requests: 100, perMs: 1_000, steady: true } });
  const most = (): number => {
    for (let count = 0; ; count++) if (!limiter.take("x", "one", 10)) return count;
  };
  expect(most()).toBe(10);
  expect(limiter.usage("x", "one")).toEqual({ used: 100, freeInMs: 1_000 });
  now = 99;
  expect(most()).toBe(0);
  now = 100;
  expect(most()).toBe(1);
  now = 450;
  expect(most()).toBe(3);
  now = 10_000;
  expect(limiter.usage("x", "one")).toEqual({ used: 0, freeInMs: 0 });
  expect(most()).toBe(10);
  // A clock set back gives nothing.
  now = 0;
  expect(most()).toBe(0);
  expect(limiter.take("x", "other", 100)).toBe(true);
});
