// Weights and budgets of Binance, with their headers; bans; and what survives a restart.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BinanceBed, ONE, refused, SUB } from "./binance-caller";
import { ask } from "./caller";

const OWN = "sapi/v1/account/apiRestrictions";

let bed: BinanceBed;
beforeEach(async () => {
  bed = await BinanceBed.open({ limits: true });
});
afterEach(() => bed.close());

test("3000 a call of 180000 a minute, each endpoint for itself, per UID", async () => {
  const query = () => bed.call("GET", `sapi/v1/${SUB}`, { email: ONE });
  expect((await query()).headers["x-sapi-used-uid-weight-1m"]).toBe("3000");
  for (let n = 1; n < 59; n++) await query();
  expect((await query()).headers["x-sapi-used-uid-weight-1m"]).toBe("180000");
  const over = await query();
  expect(refused(over)).toEqual([429, -1003]);
  const wait = Number(over.headers["retry-after"]);
  expect(wait).toBeGreaterThan(40);
  expect(wait).toBeLessThanOrEqual(60);
  const sibling = await bed.byHand({ email: "desk@example.com", permissions: ["canTrade"], allowedIps: ["203.0.113.10"] });
  expect((await bed.call("GET", `sapi/v1/${SUB}`, { email: ONE }, { key: sibling })).status).toBe(429);
  // Another endpoint, and another master, have their own budgets; it is always 429, however often one tries.
  expect((await bed.call("POST", `sapi/v2/${SUB}`, { email: ONE, apiName: "x", status: 1 })).headers["x-sapi-used-uid-weight-1m"]).toBe(
    "3000",
  );
  for (let n = 0; n < 15; n++) expect((await query()).status).toBe(429);
  await bed.advance(`${wait}s`);
  expect((await query()).status).toBe(200);
});

test("12000 a minute per address for a key that looks at itself", async () => {
  await bed.control.patch("/venues/binance/limits", { endpoints: { [`GET /${OWN}`]: { requests: 2, perMs: 60_000 } } });
  expect((await bed.call("GET", OWN)).headers["x-sapi-used-ip-weight-1m"]).toBe("1");
  expect((await bed.call("GET", OWN)).headers["x-sapi-used-ip-weight-1m"]).toBe("2");
  expect((await bed.call("GET", OWN)).status).toBe(429);
  const key = await bed.create({ status: 1 });
  expect((await bed.call("GET", OWN, {}, { key, from: "127.0.0.2" })).status).toBe(200);
  expect(await bed.control.get("/venues/binance/limits")).toMatchObject({
    endpoints: { "/api": { requests: 6_000 }, [`GET /sapi/v1/${SUB}`]: { requests: 180_000 } },
  });
});

test("below /api all share one budget per address, and a ban gets longer each time", async () => {
  await bed.control.patch("/venues/binance/limits", { endpoints: { "/api": { requests: 41, perMs: 60_000 } } });
  expect((await bed.call("GET", "api/v3/account")).headers["x-mbx-used-weight-1m"]).toBe("20");
  await bed.call("GET", "api/v3/account");
  expect((await ask(bed.url, "/api/v3/time", { method: "GET" })).headers["x-mbx-used-weight-1m"]).toBe("41");
  const waits: number[] = [];
  for (let round = 0; round < 3; round++) {
    if (round > 0) for (let n = 0; n < 2; n++) await bed.call("GET", "api/v3/account");
    if (round > 0) await ask(bed.url, "/api/v3/ping", { method: "GET" });
    expect((await bed.call("GET", "api/v3/account")).status).toBe(429);
    const banned = await bed.call("GET", "api/v3/account");
    expect(refused(banned)).toEqual([418, -1003]);
    waits.push(Number(banned.headers["retry-after"]));
    expect((await bed.call("GET", OWN)).status).toBe(200);
    await bed.advance(`${waits.at(-1)}s`);
  }
  expect(waits).toEqual([120, 240, 480]);
});

test("with limits off there is no header, and no end", async () => {
  await bed.control.patch("/venues/binance/limits", { enabled: false });
  for (let n = 0; n < 61; n++) {
    const { status, headers } = await bed.call("GET", `sapi/v1/${SUB}`, { email: ONE });
    expect([status, headers["x-sapi-used-uid-weight-1m"]]).toEqual([200, undefined]);
  }
});

test("accounts, keys and their states survive in the state file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-binance-"));
  const state = join(folder, "state.json");
  try {
    const first = await BinanceBed.open({ state });
    const key = await first.create({ canTrade: true });
    await first.call("POST", `sapi/v2/${SUB}/ipRestriction`, { email: ONE, subAccountApiKey: key.apiKey, status: 1 });
    const { account } = first;
    const seen = await first.desk(key);
    await first.close();
    const second = await BinanceBed.open({ state });
    expect(second.account).toEqual(account);
    expect(await second.desk(key)).toEqual(seen);
    expect(seen.states).toHaveLength(2);
    expect((await second.call("GET", OWN, {}, { key })).json).toMatchObject({ ipRestrict: false, enableSpotAndMarginTrading: true });
    await second.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
