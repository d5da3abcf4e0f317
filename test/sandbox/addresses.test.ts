// Where a request comes from: the caller's own loopback address as the sandbox maps it, and IP lists that hold it to it.

import { ask, Bed } from "./caller";

let bed: Bed;
beforeEach(async () => {
  bed = await Bed.open();
});
afterEach(() => bed.close());

const seen = async (from?: string, headers: Record<string, string> = {}) =>
  ((await ask(bed.url, "/v2/int/geo/ip", { method: "GET", headers, ...(from ? { from } : {}) })).json as [string])[0];

test("each loopback address is an address of the documentation range", async () => {
  expect(await seen()).toBe("203.0.113.10");
  expect(await seen("127.0.0.2")).toBe("203.0.113.11");
  expect(await seen("127.0.0.9")).toBe("203.0.113.18");
});

test("no header changes it", async () => {
  const headers = {
    "x-forwarded-for": "198.51.100.1",
    "x-real-ip": "198.51.100.1",
    forwarded: "for=198.51.100.1",
    "cf-connecting-ip": "198.51.100.1",
  };
  expect(await seen(undefined, headers)).toBe("203.0.113.10");
});

test("the control API moves an address and puts it back", async () => {
  expect(await bed.control.patch("/addresses", { "127.0.0.2": "198.51.100.7" })).toEqual({ "127.0.0.2": "198.51.100.7" });
  expect(await seen("127.0.0.2")).toBe("198.51.100.7");
  await bed.control.patch("/addresses", { "127.0.0.2": null });
  expect(await seen("127.0.0.2")).toBe("203.0.113.11");
});

test.each([[{ "10.0.0.1": "203.0.113.1" }], [{ "127.0.0.2": "nonsense" }], [{ "127.0.0.1": 7 }]])(
  "refuses the mapping %j",
  async (mapping) => {
    await expect(bed.control.patch("/addresses", mapping)).rejects.toMatchObject({ status: 400 });
  },
);

test("a key answers from its list alone; a list that a person empties lets everyone in", async () => {
  expect((await bed.key("auth/r/permissions", {}, { from: "127.0.0.2" })).json).toEqual(["error", 10100, "apikey: invalid"]);
  const [key] = await bed.control.get<{ id: string; allowedIps: string[] }[]>("/venues/bitfinex/keys");
  expect(key?.allowedIps).toEqual(["203.0.113.10"]);
  await bed.control.patch(`/venues/bitfinex/keys/${key?.id}`, { allowedIps: ["203.0.113.11"] });
  expect((await bed.key("auth/r/permissions", {}, { from: "127.0.0.2" })).status).toBe(200);
  expect((await bed.key("auth/r/permissions", {})).json).toEqual(["error", 10100, "apikey: invalid"]);
  await bed.control.patch(`/venues/bitfinex/keys/${key?.id}`, { allowedIps: [] });
  expect((await bed.key("auth/r/permissions", {})).status).toBe(200);
});

test("a request from a barred address spends no nonce", async () => {
  const nonce = String(Date.now() * 1000);
  await bed.key("auth/r/permissions", {}, { from: "127.0.0.2", nonce });
  expect((await bed.key("auth/r/permissions", {}, { nonce })).status).toBe(200);
});
