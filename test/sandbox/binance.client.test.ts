// The npm package "binance" (3.6.5), which others wrote, against the sandbox: what neither side took from the other agrees.

import { generateKeyPairSync } from "node:crypto";
import { MainClient } from "binance";
import { BinanceBed, ONE, SUB } from "./binance-caller";

const HOME = "203.0.113.10";

let bed: BinanceBed;
let client: MainClient;
beforeAll(async () => {
  bed = await BinanceBed.open({ limits: true });
  client = clientOf(bed.account.apiKey, bed.account.apiSecret);
});
afterAll(() => bed.close());

function clientOf(apiKey: string, apiSecret: string): MainClient {
  return new MainClient({ api_key: apiKey, api_secret: apiSecret, baseUrl: bed.url });
}

/** The client has no method for these four: it signs and sends whatever path and parameters it is given. */
async function create(values: Record<string, unknown> = {}): Promise<{ apiKey: string; secretKey: string }> {
  return client.postPrivate(`sapi/v2/${SUB}`, { email: ONE, apiName: "client", status: 2, ipAddress: HOME, ...values });
}

test("the managing key looks at itself", async () => {
  expect(await client.getApiKeyPermissions()).toMatchObject({ ipRestrict: true, enableReading: true, enableWithdrawals: false });
});

test("the life of a key: create, list, modify, addresses, delete", async () => {
  const made = await create({ canTrade: false });
  expect(made).toMatchObject({ apiName: "client", status: 2, ipList: [HOME], canTrade: false });
  const named = { email: ONE, subAccountApiKey: made.apiKey };
  const listed = await client.getPrivate(`sapi/v1/${SUB}`, { email: ONE });
  expect(listed).toMatchObject({ total: 1, rows: [{ email: ONE, apikey: made.apiKey, canTrade: false }] });
  const modified = await client.postPrivate(`sapi/v1/${SUB}Permission`, { ...named, canTrade: true });
  expect(modified).toMatchObject({ apikey: made.apiKey, canTrade: true });
  expect(await client.subAccountAddIPRestriction({ ...named, status: "2", ipAddress: "198.51.100.7" })).toMatchObject({
    status: "2",
    ipList: [HOME, "198.51.100.7"],
  });
  expect(await client.subAccountDeleteIPList({ ...named, ipAddress: "198.51.100.7" })).toMatchObject({
    ipRestrict: "true",
    ipList: [HOME],
  });
  expect(await client.getSubAccountIPRestriction(named)).toMatchObject({ ipRestrict: "true", ipList: [HOME] });
  expect(await client.deletePrivate(`sapi/v1/${SUB}`, named)).toEqual({});
  await expect(client.getPrivate(`sapi/v1/${SUB}`, named)).rejects.toMatchObject({ code: -2015 });
});

test("a key that only reads sees balances and sends no order, another does both", async () => {
  const [reads, trades] = [await create({ apiName: "reads" }), await create({ apiName: "trades", canTrade: true })];
  const [reader, trader] = [clientOf(reads.apiKey, reads.secretKey), clientOf(trades.apiKey, trades.secretKey)];
  const order = { symbol: "BTCUSDT", side: "BUY", type: "LIMIT", timeInForce: "GTC", quantity: 1, price: 0.1 } as const;
  expect(await reader.getAccountInformation()).toMatchObject({ accountType: "SPOT", balances: [{ asset: "BTC" }, { asset: "USDT" }] });
  await expect(reader.testNewOrder(order)).rejects.toMatchObject({
    code: -2015,
    message: expect.stringContaining("permissions for action"),
  });
  expect(await trader.testNewOrder(order)).toEqual({});
  expect(await trader.submitNewOrder(order)).toMatchObject({ symbol: "BTCUSDT", clientOrderId: expect.stringMatching(/^x-/) });
});

test("names with spaces and characters beyond ASCII are signed as they are sent", async () => {
  await bed.switches({ apiNameAlphabet: "any" });
  for (const apiName of ["my key", "k!(x)~*", "é+&="]) expect(await create({ apiName })).toMatchObject({ apiName });
  await bed.switches({ apiNameAlphabet: null });
});

test("a key of the other kind: the client signs with Ed25519 and RSA", async () => {
  const pairs = { ed25519: generateKeyPairSync("ed25519"), rsa: generateKeyPairSync("rsa", { modulusLength: 2048 }) };
  for (const pair of Object.values(pairs)) {
    const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
    const { apiKey } = await bed.create({ publicKey, canTrade: true }, { in: "body" });
    const own = clientOf(apiKey, pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    expect(await own.getApiKeyPermissions()).toMatchObject({ enableSpotAndMarginTrading: true });
  }
});

test("errors carry the venue's code, and the weight is told by no tracker of the client", async () => {
  const wrong = clientOf(bed.account.apiKey, "sandbox-wrong");
  await expect(wrong.getApiKeyPermissions()).rejects.toMatchObject({ code: -1022 });
  client.setTimeOffset(-60_000);
  await expect(client.getApiKeyPermissions()).rejects.toMatchObject({ code: -1021 });
  client.setTimeOffset(0);
  await client.getApiKeyPermissions();
  expect(client.getRateLimitStates()).toMatchObject({ "x-sapi-used-ip-weight-1m": expect.any(Number) });
  // It knows no header for weight per UID, by which keys are managed.
  expect(client.getRateLimitStates()).not.toHaveProperty("x-sapi-used-uid-weight-1m");
});

test("where the client is wrong: it puts all parameters in the query, where the v2 creation refuses a public key", async () => {
  const publicKey = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString();
  await expect(create({ publicKey })).rejects.toMatchObject({ code: -1102 });
});

test("where the client is wrong: it signs an apostrophe as it is, and the URL that it sends has it percent-encoded", async () => {
  await bed.switches({ apiNameAlphabet: "any" });
  await expect(create({ apiName: "it's" })).rejects.toMatchObject({ code: -1022 });
  await bed.switches({ apiNameAlphabet: null });
});

test("where the client is wrong: it asks Binance itself for the time, whatever its baseUrl", async () => {
  await expect(client.getServerTime()).rejects.toMatch(/connection to api\.binance\.com refused/);
});
