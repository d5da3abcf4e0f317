// The Bitfinex dialect's rules beyond what its own client shows: raw bytes, nonces, scopes, caps, and what there isn't.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, Bed, nextNonce, type Credentials } from "./caller";

let bed: Bed;
beforeAll(async () => {
  bed = await Bed.open();
});
afterAll(() => bed.close());

const keyWith = (permissions: Record<string, string>): Promise<Credentials> => bed.control.post("/venues/bitfinex/keys", { permissions });

test("signatures derived from the documented recipe are accepted, byte for byte", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-vectors-"));
  const state = join(folder, "state.json");
  const first = await Bed.open({ state });
  const { account } = first;
  await first.close();
  writeFileSync(state, readFileSync(state, "utf8").replace(account.apiSecret, "test_secret"));
  const second = await Bed.open({ state });
  const send = (path: string, nonce: string, signature: string, body: string) =>
    ask(second.url, path, { body, headers: { "bfx-apikey": account.apiKey, "bfx-nonce": nonce, "bfx-signature": signature } });
  const permissions = "cb94fc37757c4bb9a745e42bd40033e792e10f25efcd77c84377869e85cce4b3d0b23e65f7a65635c334f1968ee3c7e4";
  const token = "1bf3b2efbfcfac0ec93680cea119d8329d11b58b5823a7e33d5efd7d030f2e6d022fd9f565b25fa2f990afa6d8af64e3";
  const asked = '{"scope":"api","ttl":120,"caps":["a"],"writePermission":false}';
  try {
    expect((await send("/v2/auth/r/permissions", "1700000000000000", permissions, "{} ")).json).toEqual([
      "error",
      10100,
      "apikey: digest invalid",
    ]);
    expect((await send("/v2/auth/r/permissions", "1700000000000000", permissions, "{}")).status).toBe(200);
    // The same nonce again: the signature is right, so what is refused is the nonce.
    expect((await send("/v2/auth/w/token", "1700000000000000", token, asked)).json).toEqual(["error", 10114, "nonce: small"]);
  } finally {
    await second.close();
    rmSync(folder, { recursive: true });
  }
});

test("no body and {} are both a body", async () => {
  expect((await bed.key("auth/r/permissions")).status).toBe(200);
  expect((await bed.key("auth/r/permissions", {})).status).toBe(200);
});

test.each(["", "abc", "-1", "1.5"])("the nonce %j is refused", async (nonce) => {
  expect(await bed.key("auth/r/permissions", {}, { nonce })).toMatchObject({ status: 500, json: ["error", 10114, "nonce: small"] });
});

test("an equal nonce is refused, and a wrong signature spends none", async () => {
  const nonce = nextNonce();
  const wrong = { apiKey: bed.account.apiKey, apiSecret: "sandbox-wrong" };
  expect((await bed.key("auth/r/permissions", {}, { key: wrong, nonce })).json).toEqual(["error", 10100, "apikey: digest invalid"]);
  expect((await bed.key("auth/r/permissions", {}, { nonce })).status).toBe(200);
  expect((await bed.key("auth/r/permissions", {}, { nonce })).json).toEqual(["error", 10114, "nonce: small"]);
});

test("a key without a scope is refused where it is needed, and may still look at itself", async () => {
  const key = await keyWith({ orders: "read", withdraw: "write" });
  expect((await bed.key("auth/r/wallets", {}, { key })).json).toEqual(["error", 10001, "api_key: permission invalid"]);
  expect((await bed.key("auth/r/info/user", {}, { key })).json).toEqual(["error", 10001, "api_key: permission invalid"]);
  const { json } = await bed.key("auth/r/permissions", {}, { key });
  expect((json as unknown[]).filter((row) => (row as number[])[1] === 1 || (row as number[])[2] === 1)).toEqual([
    ["orders", 1, 0],
    ["withdraw", 0, 1],
  ]);
});

test("the documents' example of permissions", async () => {
  const both = ["account", "history", "orders", "funding", "wallets"].map((scope) => [scope, "read-write"]);
  const key = await keyWith({ ...Object.fromEntries(both), withdraw: "write" });
  await bed.switches({ permissionRows: 10 });
  // prettier-ignore
  expect((await bed.key("auth/r/permissions", {}, { key })).json).toEqual(
    [["account",1,1],["history",1,1],["orders",1,1],["positions",0,0],["funding",1,1],["settings",0,0],["wallets",1,1],["withdraw",0,1],["ui_withdraw",0,0],["bfxpay",0,0]],
  );
  await bed.switches({ permissionRows: null });
});

test("only a token with write and orders may submit an order", async () => {
  const reader = await bed.mint({ caps: ["o"] });
  const trader = await bed.mint({ caps: ["o"], writePermission: true });
  const order = { type: "EXCHANGE LIMIT", symbol: "tBTCUSD", amount: "0.1", price: "10000" };
  expect((await bed.token(reader, "auth/w/order/submit", order)).json).toEqual(["error", 10001, "api_key: permission invalid"]);
  expect((await bed.token(trader, "auth/w/order/submit", order)).json).toContain("SUCCESS");
});

test("a token's scopes are its caps", async () => {
  await bed.switches({ capsExtraScopes: "none" });
  const token = await bed.mint({ caps: ["a", "o", "f", "s", "w", "bp"], writePermission: true });
  expect(token).toMatch(/-caps:a:o:f:s:w:bp-write$/);
  expect(await bed.scopes(token)).toEqual({ account: "rw", orders: "rw", funding: "rw", settings: "rw", wallets: "rw", bfxpay: "rw" });
  await bed.switches({ capsExtraScopes: null });
});

test.each([
  [{ scope: "web" }, "scope"],
  [{ scope: undefined }, "scope"],
  [{ ttl: "1h" }, "ttl"],
  [{ ttl: 0 }, "ttl"],
  [{ ttl: 59 }, "ttl"],
  [{ ttl: 90.5 }, "ttl"],
  [{ caps: "a" }, "caps"],
  [{ caps: ["x"] }, "caps"],
  [{ caps: ["toString"] }, "caps"],
  [{ caps: ["wd"], writePermission: false }, "caps"],
  [{ writePermission: "yes" }, "writePermission"],
])("bad token parameters %j are refused", async (params, name) => {
  const body = { scope: "api", ttl: 3600, caps: ["a"], ...params };
  expect(await bed.key("auth/w/token", body)).toMatchObject({ status: 500, json: ["error", 10020, `${name}: invalid`] });
});

test("a token lives 120 seconds when nothing else is said", async () => {
  const token = ((await bed.key("auth/w/token", { scope: "api", caps: ["a"] })).json as [string])[0];
  const listed = await bed.control.get<{ token: string; createdAt: string; expiresAt: string }[]>("/venues/bitfinex/tokens?secrets=true");
  const found = listed.find((candidate) => candidate.token === token);
  expect(Date.parse(found?.expiresAt ?? "") - Date.parse(found?.createdAt ?? "")).toBe(120_000);
});

test("a body that is no JSON is refused", async () => {
  const token = await bed.mint();
  const answer = await ask(bed.url, "/v2/auth/w/token", { body: "{", headers: { "bfx-token": token, "bfx-nonce": nextNonce() } });
  expect(answer.json).toEqual(["error", 10020, "body: invalid"]);
});

test.each([
  "auth/w/api/generate",
  "auth/w/api/key/revoke",
  "auth/w/api/key",
  "auth/r/api/keys",
  "auth/w/token/delete",
  "login",
  "toString",
])("there is no %s", async (path) => {
  expect((await bed.key(path, {})).status).toBe(404);
});

test("private endpoints are POST, public ones GET", async () => {
  expect((await ask(bed.url, "/v2/auth/r/permissions", { method: "GET" })).status).toBe(404);
  expect((await ask(bed.url, "/v2/platform/status", { method: "POST" })).status).toBe(404);
  expect((await ask(bed.url, "/auth/r/permissions")).status).toBe(404);
});

test("without any credential the key is invalid", async () => {
  expect(await ask(bed.url, "/v2/auth/r/permissions", { body: "{}" })).toMatchObject({
    status: 500,
    json: ["error", 10100, "apikey: invalid"],
  });
});

test("a token of one account can't be deleted or used for another's", async () => {
  const account = await bed.control.post<{ id: number }>("/venues/bitfinex/accounts", { twoFactorModes: ["u2f", "otp"] });
  const key = await bed.control.post<Credentials>("/venues/bitfinex/keys", {
    accountId: account.id,
    permissions: { account: "read-write" },
  });
  const token = await bed.mint();
  await bed.switches({ tokenDelBy: "same-user" });
  expect((await bed.key("auth/w/token/del", { token }, { key })).json).toEqual(["error", 10001, "token: invalid"]);
  await bed.switches({ tokenDelBy: null });
  const info = (await bed.key("auth/r/info/user", {}, { key })).json as unknown[];
  expect([info[0], info[26]]).toEqual([account.id, ["u2f", "otp"]]);
});

test("a body beyond a megabyte is refused", async () => {
  expect((await ask(bed.url, "/v2/auth/r/permissions", { body: "x".repeat(1_000_001) })).status).toBe(413);
});
