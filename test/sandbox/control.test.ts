// The control API: who may call, what a person does through it, the log, and its errors.

import { createHash } from "node:crypto";
import { dialects, startSandbox } from "../../sandbox/index";
import { ask, Bed, type Credentials } from "./caller";

let bed: Bed;
beforeEach(async () => {
  bed = await Bed.open();
});
afterEach(() => bed.close());

interface ShownKey extends Credentials {
  readonly id: string;
  readonly fingerprint: string;
  readonly alive: boolean;
}

test.each([
  ["GET", "/requests"],
  ["POST", "/clock"],
  ["GET", "/venues/bitfinex/tokens?secrets=true"],
  ["GET", "/nowhere"],
])("%s %s needs the token", async (method, path) => {
  const { url, token } = bed.sandbox.control;
  for (const authorization of ["", "Bearer wrong", token, `Bearer ${token}x`]) {
    expect((await ask(url, path, { method, headers: { authorization } })).status).toBe(401);
  }
});

test("health needs none", async () => {
  expect((await ask(bed.sandbox.control.url, "/healthz", { method: "GET" })).json).toEqual({ ok: true, venues: Object.keys(dialects) });
});

test("a key is made, edited and revoked as on the web page, and the change log has its creation", async () => {
  const key = await bed.control.post<ShownKey>("/venues/bitfinex/keys", {
    label: "bot",
    permissions: { orders: "read-write", wallets: "read" },
    allowedIps: ["203.0.113.10"],
  });
  expect(key.apiKey).toMatch(/^sandbox-[A-Za-z0-9_-]{43}$/);
  expect(key.apiSecret).toMatch(/^sandbox-[A-Za-z0-9_-]{43}$/);
  expect(key).toMatchObject({ label: "bot", permissions: { orders: "read-write", wallets: "read" }, alive: true });
  expect((await bed.key("auth/r/wallets", {}, { key })).status).toBe(200);
  await bed.control.patch(`/venues/bitfinex/keys/${key.id}`, { permissions: { orders: "read" } });
  expect((await bed.key("auth/r/wallets", {}, { key })).json).toEqual(["error", 10001, "api_key: permission invalid"]);
  expect(await bed.control.delete(`/venues/bitfinex/keys/${key.id}`)).toMatchObject({ alive: false });
  expect((await bed.key("auth/r/permissions", {}, { key })).json).toEqual(["error", 10100, "apikey: invalid"]);
  expect((await bed.key("auth/r/audit/hist")).json).toHaveLength(2);
});

test("secrets are shown when a key is made or when asked for, and never else", async () => {
  const key = await bed.control.post<ShownKey>("/venues/bitfinex/keys", {});
  const token = await bed.mint();
  const plain = JSON.stringify([await bed.control.get("/venues/bitfinex/keys"), await bed.control.get("/venues/bitfinex/tokens")]);
  expect(plain).not.toContain(key.apiSecret);
  expect(plain).not.toContain(token);
  const asked = JSON.stringify([
    await bed.control.get("/venues/bitfinex/keys?secrets=true"),
    await bed.control.get("/venues/bitfinex/tokens?secrets=true"),
  ]);
  expect(asked).toContain(key.apiSecret);
  expect(asked).toContain(token);
});

test("a token is listed with what it may, and revoked", async () => {
  const token = await bed.mint({ caps: ["o"], writePermission: true, _cust_ip: "203.0.113.10" });
  const [listed] = await bed.control.get<{ id: string; fingerprint: string }[]>("/venues/bitfinex/tokens");
  expect(listed).toMatchObject({
    accountId: 123456,
    caps: ["o"],
    write: true,
    custIp: "203.0.113.10",
    alive: true,
    revokedAt: null,
    scopes: [
      ["history", 1, 0],
      ["orders", 1, 1],
    ],
    fingerprint: createHash("sha256").update(`bitfinex\n${token}`).digest("hex").slice(0, 16),
  });
  expect(await bed.control.delete(`/venues/bitfinex/tokens/${listed?.id}`)).toMatchObject({ alive: false });
  expect((await bed.token(token, "auth/r/permissions")).json).toEqual(["error", 10001, "token: invalid"]);
});

test("maintenance: the status says so and everything else waits", async () => {
  await bed.control.put("/venues/bitfinex/maintenance", { on: true });
  expect((await ask(bed.url, "/v2/platform/status", { method: "GET" })).json).toEqual([0]);
  expect((await bed.key("auth/r/permissions")).json).toEqual(["error", 20060, "maintenance"]);
  await bed.control.put("/venues/bitfinex/maintenance", { on: false });
  expect((await bed.key("auth/r/permissions")).status).toBe(200);
});

test("the log tells requests apart and holds no secret", async () => {
  const token = await bed.mint();
  await bed.token(token, "auth/r/wallets", { note: "unlogged" });
  await bed.key("auth/r/permissions", {}, { key: { apiKey: bed.account.apiKey, apiSecret: "sandbox-wrong" } });
  await bed.key("auth/w/token/del", { token });
  const { latest, requests } = await bed.control.get<{ latest: number; requests: Record<string, unknown>[] }>("/requests?venue=bitfinex");
  expect(latest).toBe(4);
  expect(
    requests.map(({ n, path, credentialKind, signed, accepted, status, code, source }) => [
      n,
      path,
      credentialKind,
      signed,
      accepted,
      status,
      code,
      source,
    ]),
  ).toEqual([
    [1, "/v2/auth/w/token", "key", true, true, 200, null, "203.0.113.10"],
    [2, "/v2/auth/r/wallets", "token", true, false, 500, 10001, "203.0.113.10"],
    [3, "/v2/auth/r/permissions", "key", false, false, 500, 10100, "203.0.113.10"],
    [4, "/v2/auth/w/token/del", "key", true, false, 500, 10001, "203.0.113.10"],
  ]);
  const text = JSON.stringify(requests);
  for (const secret of [token, bed.account.apiKey, bed.account.apiSecret, "unlogged"]) expect(text).not.toContain(secret);
  expect((await bed.control.get<{ requests: unknown[] }>("/requests?since=3")).requests).toHaveLength(1);
  expect((await bed.control.get<{ requests: unknown[] }>("/requests?path=/v2/auth/w/token")).requests).toHaveLength(1);
  await bed.control.delete("/requests");
  expect(await bed.control.get("/requests")).toEqual({ latest: 4, requests: [] });
});

test.each([
  ["POST", "/venues/bitfinex/keys", { permissions: { trade: "read" } }, 400, "permissions"],
  ["POST", "/venues/bitfinex/keys", { permissions: { orders: "rw" } }, 400, "permissions.orders"],
  ["POST", "/venues/bitfinex/keys", { allowedIps: ["10.0.0.0/8"] }, 400, "allowedIps.0"],
  ["POST", "/venues/bitfinex/keys", { allowedIps: Array.from({ length: 21 }, (_, n) => `203.0.113.${n}`) }, 400, "allowedIps"],
  ["POST", "/venues/bitfinex/keys", { accountId: 1 }, 400, "no account 1"],
  ["POST", "/venues/bitfinex/accounts", { id: 123456 }, 400, "123456"],
  ["PATCH", "/venues/bitfinex/keys/999", { label: "x" }, 404, "no key 999"],
  ["DELETE", "/venues/bitfinex/tokens/999", undefined, 404, "no token 999"],
  ["POST", "/venues/bitfinex/tokens", {}, 405, "can't be made"],
  ["PATCH", "/venues/bitfinex/accounts/1", {}, 405, "can't be edited"],
  ["GET", "/venues/bitfinex/robots", undefined, 404, "accounts, keys, tokens"],
  ["GET", "/venues/nowhere/keys", undefined, 404, "bitfinex"],
  ["PATCH", "/venues/bitfinex/switches", { ipRefusal: "maybe" }, 400, '"own-error"'],
  ["PATCH", "/venues/bitfinex/switches", { nonsense: 1 }, 400, "no such switch"],
  ["PUT", "/venues/bitfinex/maintenance", {}, 400, "on"],
  ["GET", "/faults/77", undefined, 404, "fault 77"],
  ["GET", "/requests?since=never", undefined, 400, "since"],
  ["GET", "/nowhere", undefined, 404, "docs/sandbox.md"],
])("%s %s with %j is %i", async (method, path, body, status, words) => {
  const { url, token } = bed.sandbox.control;
  const headers = { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}) };
  const answer = await ask(url, path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  expect({ status: answer.status, json: answer.json }).toEqual({ status, json: { error: expect.stringContaining(words) } });
});

test("a body that is no JSON is a mistake of the caller", async () => {
  const { url, token } = bed.sandbox.control;
  const answer = await ask(url, "/clock", { headers: { authorization: `Bearer ${token}`, "content-type": "application/json" }, body: "{" });
  expect(answer).toMatchObject({ status: 400, json: { error: "the body is no JSON" } });
});

test("a taken port is a sentence, and nothing stays open", async () => {
  const base = Number(new URL(bed.sandbox.control.url).port);
  await expect(startSandbox({ portBase: base })).rejects.toThrow(`control: port ${base} of 127.0.0.1 is taken`);
});

test("everything listens on loopback alone", async () => {
  for (const url of [bed.url, bed.sandbox.control.url]) expect(new URL(url).hostname).toBe("127.0.0.1");
});
