// Bybit's limits with their headers, and failures on demand.

import { ask } from "./caller";
import { BybitBed, ORDER, SUB } from "./bybit-caller";

let bed: BybitBed;
beforeAll(async () => {
  bed = await BybitBed.open();
});
afterAll(() => bed.close());
const looked = { method: "GET" } as const;

describe("limits", () => {
  let limited: BybitBed;
  beforeEach(async () => {
    limited = await BybitBed.open({ limits: true });
  });
  afterEach(() => limited.close());

  test("ten looks a second, with what is left in the headers", async () => {
    await limited.control.patch("/venues/bybit/limits", { endpoints: { "/v5/user/query-api": { requests: 2, perMs: 3_600_000 } } });
    const sent = [await limited.get("user/query-api"), await limited.get("user/query-api"), await limited.get("user/query-api")];
    expect(sent.map(({ code, status, message }) => [status, code, message])).toEqual([
      [200, 0, ""],
      [200, 0, ""],
      [200, 10006, "Too many visits!"],
    ]);
    expect(sent.map(({ headers }) => [headers["x-bapi-limit"], headers["x-bapi-limit-status"]])).toEqual([
      ["2", "1"],
      ["2", "0"],
      ["2", "0"],
    ]);
    const [first, , last] = sent.map(({ headers }) => Number(headers["x-bapi-limit-reset-timestamp"]));
    expect(Math.abs(first! - Date.now())).toBeLessThan(60_000);
    expect(Math.abs(last! - Date.now() - 3_600_000)).toBeLessThan(60_000);
  });

  test("the documented figures", async () => {
    const { endpoints } = await limited.control.get<{ endpoints: Record<string, { requests: number; perMs: number }> }>(
      "/venues/bybit/limits",
    );
    const perSecond = Object.fromEntries(
      Object.entries(endpoints).map(([path, { requests, perMs }]) => [path.replace("/v5/user/", ""), requests / (perMs / 1000)]),
    );
    expect(perSecond).toMatchObject({
      "create-sub-api": 1,
      "update-sub-api": 5,
      "delete-sub-api": 5,
      "sub-apikeys": 10,
      "query-api": 10,
      address: 120,
    });
  });

  test("a master's limit isn't its sub-account's; spot orders have their own", async () => {
    const slow = { requests: 1, perMs: 3_600_000 };
    await limited.control.patch("/venues/bybit/limits", { endpoints: { "/v5/order/create": slow } });
    const key = await limited.byHand({ accountId: SUB, permissions: { ContractTrade: ["Order"], Spot: ["SpotTrade"] } });
    expect((await limited.post("order/create", ORDER)).code).toBe(0);
    expect((await limited.post("order/create", ORDER)).code).toBe(10006);
    expect((await limited.post("order/create", ORDER, { key })).code).toBe(0);
    expect((await limited.post("order/create", { ...ORDER, category: "spot" }, { key })).code).toBe(0);
  });

  test("an address that comes too often is shut out for ten minutes, and no other", async () => {
    await limited.control.patch("/venues/bybit/limits", { endpoints: { address: { requests: 2, perMs: 5_000 } } });
    const time = (from = "127.0.0.1") => ask(limited.url, "/v5/market/time", { ...looked, from });
    expect([(await time()).status, (await time()).status]).toEqual([200, 200]);
    expect(await time()).toMatchObject({ status: 403, text: "access too frequent" });
    await limited.advance("9m");
    expect((await time()).status).toBe(403);
    expect((await time("127.0.0.2")).status).toBe(200);
    await limited.advance("61s");
    expect((await time()).status).toBe(200);
  });

  test("one limit for everything replaces them, the address's too", async () => {
    await limited.control.patch("/venues/bybit/limits", { all: { requests: 1, perMs: 3_600_000 } });
    expect((await limited.get("user/query-api")).code).toBe(0);
    expect(await limited.get("user/query-sub-members")).toMatchObject({ status: 200, code: 10006 });
    expect((await ask(limited.url, "/v5/market/time", looked)).status).toBe(200);
  });
});

describe("failures on demand", () => {
  afterEach(() => bed.control.delete("/faults"));

  test.each([
    ["refuse", {}, { status: 200, code: 10001 }],
    ["refuse", { status: 403, code: 10024, message: "compliance" }, { status: 403, code: 10024, message: "compliance" }],
    ["429", {}, { status: 200, code: 10006 }],
    ["500", {}, { status: 200, code: 10016 }],
    ["503", {}, { status: 503, text: "" }],
    ["maintenance", {}, { status: 200, code: 10016 }],
  ])("%s %j", async (kind, more, expected) => {
    await bed.fault("user/query-api", { kind, ...more });
    expect(await bed.get("user/query-api")).toMatchObject(expected);
  });

  test("maintenance", async () => {
    await bed.control.put("/venues/bybit/maintenance", { on: true });
    expect(await bed.get("user/query-api")).toMatchObject({ code: 10016 });
    await bed.control.put("/venues/bybit/maintenance", { on: false });
    expect((await bed.get("user/query-api")).code).toBe(0);
  });

  test("the log says who asked and whether it was done, never with a secret", async () => {
    await bed.control.delete("/requests");
    await bed.get("user/query-api");
    await bed.get("user/query-api", "", { from: "127.0.0.9" });
    const { requests } = await bed.control.get<{ requests: Record<string, unknown>[] }>("/requests?venue=bybit");
    expect(requests).toMatchObject([
      { path: "/v5/user/query-api", credentialKind: "key", signed: true, accepted: true, status: 200, code: 0 },
      { signed: true, accepted: false, code: 10010, source: "203.0.113.18" },
    ]);
    expect(JSON.stringify(requests)).not.toContain("sandbox-");
  });
});
