// Gate's limits and the headers that every answer has.

import type { Answered } from "./caller";
import { GateBed, keysOf, OTHER_SUB, SPOT, SUB } from "./gate-caller";

let bed: GateBed;
beforeAll(async () => {
  bed = await GateBed.open();
});
afterAll(() => bed.close());

const DETAIL = "/account/detail";
const SELF = keysOf(SUB);

describe("limits", () => {
  const quota = ({ headers }: Answered): unknown[] => [headers["x-gate-ratelimit-limit"], headers["x-gate-ratelimit-requests-remain"]];

  test("each endpoint's own, per account, with its headers and its end", async () => {
    const own = await GateBed.open({ limits: true });
    try {
      const first = await own.get(SELF);
      expect(quota(first)).toEqual(["80", "79"]);
      expect(Math.abs(Number(first.headers["x-gate-ratelimit-reset-timestamp"]) - Date.now())).toBeLessThan(5_000);
      const key = await own.issued({ perms: [...SPOT, { name: "account", read_only: true }] });
      expect(quota(await own.create())).toEqual(["80", "78"]);
      expect(quota(await own.get(DETAIL))).toEqual(["150", "149"]);
      expect(quota(await own.detail(key))).toEqual(["150", "149"]);
      expect(quota(await own.order({ ...key, apiSecret: "wrong" }))).toEqual([undefined, undefined]);
      expect(quota(await own.order(key))).toEqual(["10", "9"]);
      expect(quota(await own.order(key, { currency_pair: "ETH_USDT" }))).toEqual(["10", "9"]);
      await own.control.patch("/venues/gate/limits", { endpoints: { "GET /sub_accounts/{user_id}/keys": { requests: 2, perMs: 10_000 } } });
      for (const left of ["1", "0"]) expect(quota(await own.get(SELF))).toEqual(["2", left]);
      const beyond = await own.get(keysOf(OTHER_SUB));
      expect([beyond.status, beyond.json, quota(beyond)]).toEqual([429, { message: "Too many requests" }, ["2", "0"]]);
      expect(Number(beyond.headers["x-gate-ratelimit-reset-timestamp"])).toBeGreaterThan(Date.now() + 5_000);
      await own.advance("10s");
      expect(quota(await own.get(SELF))).toEqual(["2", "1"]);
    } finally {
      await own.close();
    }
  });

  test("one limit for all counts every endpoint and market together", async () => {
    const own = await GateBed.open({ limits: true });
    try {
      const key = await own.issued();
      await own.control.patch("/venues/gate/limits", { all: { requests: 2, perMs: 10_000 } });
      for (const left of ["1", "0"]) expect(quota(await own.order(key, { currency_pair: `C${left}_USDT` }))).toEqual(["2", left]);
      expect((await own.balance(key)).status).toBe(429);
    } finally {
      await own.close();
    }
  });

  test("without limits no such headers; every answer has its trace", async () => {
    const answers = [await bed.get(SELF), await bed.get("/nowhere"), await bed.get(DETAIL, { headers: { KEY: "" } })];
    await bed.fault(DETAIL, { kind: "500" });
    const ids = [...answers, await bed.get(DETAIL)].map(({ headers }) => headers["x-gate-trace-id"]);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(ids).size).toBe(4);
    expect(quota(answers[0]!)).toEqual([undefined, undefined]);
  });
});
