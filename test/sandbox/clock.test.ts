// The sandbox's clock: what it moves, and what it refuses.

import { Clock, parseDuration } from "../../sandbox/clock";
import { Bed } from "./caller";

let bed: Bed;
beforeAll(async () => {
  bed = await Bed.open();
});
beforeEach(() => bed.control.post("/clock", { offsetMs: 0 }));
afterAll(() => bed.close());

test("anybody on the machine may read it", async () => {
  const answer = await fetch(`${bed.sandbox.control.url}/clock`);
  const { now, offsetMs } = (await answer.json()) as { now: string; offsetMs: number };
  expect(offsetMs).toBe(0);
  expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(5_000);
});

test("advance, set and offset", async () => {
  expect(await bed.control.post("/clock", { advance: "16h" })).toMatchObject({ offsetMs: 57_600_000 });
  expect(await bed.control.post("/clock", { advance: "-1h" })).toMatchObject({ offsetMs: 54_000_000 });
  const { now } = await bed.control.post<{ now: string }>("/clock", { set: "2030-01-01T00:00:00Z" });
  expect(now.slice(0, 16)).toBe("2030-01-01T00:00");
  expect(await bed.control.post("/clock", { offsetMs: -5 })).toMatchObject({ offsetMs: -5 });
});

test.each([
  [{ advance: "soon" }],
  [{ set: "yesterday" }],
  [{ offsetMs: 0.5 }],
  [{}],
  [{ advance: "1h", offsetMs: 1 }],
  [{ forward: "1h" }],
])("refuses %j", async (body) => {
  await expect(bed.control.post("/clock", body)).rejects.toMatchObject({ status: 400 });
});

test("answers are dated by it, and tokens expire by it", async () => {
  const token = await bed.mint({ ttl: 3600 });
  expect((await bed.token(token, "auth/r/permissions")).status).toBe(200);
  await bed.control.post("/clock", { advance: "59m" });
  expect((await bed.token(token, "auth/r/permissions")).status).toBe(200);
  await bed.control.post("/clock", { advance: "1m" });
  const { json, headers } = await bed.token(token, "auth/r/permissions");
  expect(json).toEqual(["error", 10001, "token: invalid"]);
  expect(Date.parse(headers.date ?? "") - Date.now()).toBeGreaterThan(3_500_000);
});

test.each([
  ["16h", 57_600_000],
  ["1h30m", 5_400_000],
  ["250ms", 250],
  ["-5m", -300_000],
  ["2w1d", 1_296_000_000],
  ["", undefined],
  ["h", undefined],
  ["5", undefined],
  ["5 h", undefined],
])("the duration %j is %p ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test("it runs on from where it was set", () => {
  let machine = 1_000;
  const clock = new Clock({ offsetMs: 0 }, () => machine);
  clock.set(50_000);
  machine += 7;
  expect(clock.now()).toBe(50_007);
});
