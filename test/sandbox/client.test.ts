// Bitfinex's own client for Node against the sandbox: what neither side took from the other agrees.

import { RESTv2 } from "bfx-api-node-rest";
import { Bed } from "./caller";

let bed: Bed;
let rest: RESTv2;
beforeAll(async () => {
  bed = await Bed.open({ limits: true });
  rest = new RESTv2({ ...bed.account, url: bed.url });
});
afterAll(() => bed.close());

test("permissions: 14 scopes in the documented order", async () => {
  expect(await rest.keyPermissions()).toEqual([
    ["account", 1, 1],
    ["history", 1, 1],
    ["orders", 1, 1],
    ["positions", 1, 1],
    ["funding", 1, 1],
    ["settings", 1, 1],
    ["wallets", 1, 1],
    ["withdraw", 0, 0],
    ["ui_withdraw", 0, 0],
    ["bfxpay", 1, 1],
    ["eaas_agreement", 0, 0],
    ["eaas_withdraw", 0, 0],
    ["eaas_deposit", 0, 0],
    ["eaas_brokerage", 0, 0],
  ]);
});

test("permissions through the client's own model", async () => {
  const models = new RESTv2({ ...bed.account, url: bed.url, transform: true });
  const [first] = (await models.keyPermissions()) as { key: string; read: unknown; write: unknown }[];
  expect({ ...first }).toMatchObject({ key: "account", read: true, write: true });
});

test("user info: 55 elements, the account's id and its 2FA", async () => {
  const info = await rest.userInfo();
  expect(info).toHaveLength(55);
  expect(info[0]).toBe(123456);
  expect(info[26]).toEqual(["otp"]);
});

test("a token: minted, used, deleted, and dead then", async () => {
  const [token] = await rest.generateToken({ scope: "api", ttl: 3600, caps: ["a", "w"], writePermission: false });
  expect(token).toMatch(/^sandbox-pub:api:[0-9a-f-]{36}-caps:a:w-read$/);
  const holder = new RESTv2({ authToken: token, url: bed.url });
  expect((await holder.wallets())[0]?.slice(0, 3)).toEqual(["exchange", "BTC", 2]);
  expect(await holder.invalidateAuthToken({ authToken: token })).toEqual([1]);
  await expect(holder.wallets()).rejects.toMatchObject({ status: 500, response: "token: invalid" });
});

test("logins and change log: the rows that the documents show", async () => {
  const [login] = await rest.logins();
  expect(login).toHaveLength(8);
  expect(login?.[4]).toBe("203.0.113.10");
  expect(JSON.parse(login?.[7] as string)).toHaveProperty("user_agent");
  expect(await rest.changeLogs()).toEqual([
    [expect.any(Number), null, "settings: api key created", null, null, "203.0.113.10", expect.any(String)],
  ]);
  expect(await rest.changeLogs({ end: 1 })).toEqual([]);
  await expect(rest.changeLogs({ limit: 501 })).rejects.toMatchObject({ code: 10020, response: "limit: invalid" });
});

test("status is public", async () => {
  expect(await new RESTv2({ url: bed.url }).status()).toEqual([1]);
});

test("a wrong secret is a wrong digest, a wrong key an invalid key", async () => {
  const wrong = new RESTv2({ ...bed.account, apiSecret: "sandbox-wrong", url: bed.url });
  await expect(wrong.keyPermissions()).rejects.toMatchObject({ status: 500, code: 10100, response: "apikey: digest invalid" });
  const unknown = new RESTv2({ apiKey: "sandbox-unknown", apiSecret: "sandbox-wrong", url: bed.url });
  await expect(unknown.keyPermissions()).rejects.toMatchObject({ status: 500, code: 10100, response: "apikey: invalid" });
});

test("a nonce once far ahead makes the client's own too small", async () => {
  const key = await bed.control.post<{ apiKey: string; apiSecret: string }>("/venues/bitfinex/keys", { permissions: { account: "read" } });
  expect((await bed.key("auth/r/permissions", {}, { key, nonce: "1900000000000000000" })).status).toBe(200);
  const client = new RESTv2({ apiKey: key.apiKey, apiSecret: key.apiSecret, url: bed.url });
  await expect(client.keyPermissions()).rejects.toMatchObject({ status: 500, code: 10114, response: "nonce: small" });
});
