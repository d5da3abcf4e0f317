// The Binance dialect's ground rules: what is signed, by which kind of key, when, from where, and how parameters are read.

import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BinanceBed, encode, ONE, refused, signatureOf, SUB, type BinanceKey } from "./binance-caller";
import { ask } from "./caller";
import { vectors } from "../fixtures/binance/vectors";

let bed: BinanceBed;
beforeAll(async () => {
  bed = await BinanceBed.open();
});
afterAll(() => bed.close());

const OWN = "sapi/v1/account/apiRestrictions";
const ORDER = "api/v3/order/test";

describe("published signatures", () => {
  let vectored: BinanceBed;
  let folder: string;

  beforeAll(async () => {
    // The documents' own key can't be issued, so it is written into a state file.
    folder = mkdtempSync(join(tmpdir(), "sandbox-vectors-"));
    const state = join(folder, "state.json");
    const first = await BinanceBed.open({ state });
    const { account } = first;
    await first.close();
    const text = readFileSync(state, "utf8").replace(account.apiSecret, vectors.apiSecret).replaceAll(account.apiKey, vectors.apiKey);
    writeFileSync(state, text);
    vectored = await BinanceBed.open({ state });
    await vectored.control.post("/clock", { set: new Date(1499827319560).toISOString() });
  });
  afterAll(async () => {
    await vectored.close();
    rmSync(folder, { recursive: true });
  });

  test.each(vectors.hmac)("$name", async ({ path, query, body, signature, ...at }) => {
    await vectored.control.post("/clock", { set: new Date((at.timestamp ?? 1499827319559) + 1).toISOString() });
    const method = path === OWN || path === `sapi/v1/${SUB}` ? "GET" : "POST";
    const parts = { query, ...(body === undefined ? {} : { body }) };
    const right = await vectored.send(method, path, { ...parts, signature }, { key: { apiKey: vectors.apiKey } });
    expect(refused(right)).not.toEqual([400, -1022]);
    const upper = await vectored.send(method, path, { ...parts, signature: signature.toUpperCase() }, { key: { apiKey: vectors.apiKey } });
    expect(upper.status).toBe(right.status);
    const last = signature.endsWith("0") ? "1" : "0";
    const wrong = await vectored.send(
      method,
      path,
      { ...parts, signature: signature.slice(0, -1) + last },
      { key: { apiKey: vectors.apiKey } },
    );
    expect(refused(wrong)).toEqual([400, -1022]);
  });

  test("an Ed25519 signature derived from RFC 8032's first key", async () => {
    const { ed25519 } = vectors;
    await vectored.control.post("/clock", { set: new Date(1668481559919).toISOString() });
    const key = await vectored.byHand({ permissions: ["canTrade"], publicKey: ed25519.publicKey });
    const { payload: query, signature } = ed25519;
    expect((await vectored.send("POST", ORDER, { query, signature }, { key })).json).toEqual({});
    expect(signatureOf(query, { apiKey: "", privateKey: ed25519.privateKey })).toBe(signature);
    expect(refused(await vectored.send("POST", ORDER, { query, signature: signature.toLowerCase() }, { key }))).toEqual([400, -1022]);
  });
});

test.each(["rsa 2048", "rsa 4096", "ed25519"])("keys of %s sign requests, and have no secret", async (kind) => {
  const pair =
    kind === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("rsa", { modulusLength: Number(kind.slice("rsa ".length)) });
  const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
  const privateKey = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const made = await bed.create({ publicKey, canTrade: true }, { in: "body" });
  expect(made).not.toHaveProperty("secretKey");
  const key = { apiKey: made.apiKey, privateKey };
  expect((await bed.call("POST", ORDER, { symbol: "BTCUSDT", side: "BUY", type: "MARKET" }, { key })).json).toEqual({});
  const other: BinanceKey = { apiKey: made.apiKey, apiSecret: "sandbox-wrong" };
  expect(refused(await bed.call("GET", OWN, {}, { key: other }))).toEqual([400, -1022]);
  await bed.call("DELETE", `sapi/v1/${SUB}`, { email: ONE, subAccountApiKey: made.apiKey });
});

describe("what is signed is what arrived", () => {
  const payload = () => encode({ email: ONE, apiName: "my key", status: 1, timestamp: bed.now() });

  test("a space signed as %20 and sent as + is refused, as @binance/sub-account 14 sends it", async () => {
    const query = payload();
    const signature = signatureOf(query, bed.account);
    const sent = new URLSearchParams(query).toString();
    expect(sent).not.toBe(query);
    expect(refused(await bed.send("POST", `sapi/v1/${SUB}`, { query: sent, signature }))).toEqual([400, -1022]);
  });

  test("in the body, in the query, in both, and the signature at any place", async () => {
    const at = bed.now();
    const [query, body] = [encode({ symbol: "LTCBTC", side: "BUY" }), encode({ type: "LIMIT", timestamp: at })];
    expect((await bed.send("POST", ORDER, { query, body })).json).toEqual({});
    expect((await bed.send("POST", ORDER, { body: `${query}&${body}` })).json).toEqual({});
    expect((await bed.send("POST", ORDER, { query: `${query}&${body}` })).json).toEqual({});
    const whole = `${query}&${body}`;
    const first = `/${ORDER}?signature=${signatureOf(whole, bed.account)}&${whole}`;
    expect((await ask(bed.url, first, { headers: { "x-mbx-apikey": bed.account.apiKey } })).json).toEqual({});
    // With an & between query and body, as for one string, the signature is another.
    const joined = signatureOf(`${query}&${body}`, bed.account);
    expect(refused(await bed.send("POST", ORDER, { query, body, signature: joined }))).toEqual([400, -1022]);
  });

  test("a value in the query wins over the one in the body", async () => {
    const parts = {
      query: encode({ email: ONE, apiName: "query", canTrade: true }),
      body: encode({ apiName: "body", status: 1, canTrade: false, timestamp: bed.now() }),
    };
    expect((await bed.send("POST", `sapi/v1/${SUB}`, parts)).json).toMatchObject({ apiName: "query", canTrade: true });
  });

  test("bytes that aren't percent-encoded are refused", async () => {
    const body = `symbol=\uff11&side=BUY&type=LIMIT&timestamp=${bed.now()}`;
    expect(refused(await bed.send("POST", ORDER, { body }))).toEqual([400, -1022]);
  });

  test("a body that isn't a form has no parameters", async () => {
    const body = encode({ symbol: "LTCBTC", side: "BUY", type: "LIMIT", timestamp: bed.now() });
    const headers = { "x-mbx-apikey": bed.account.apiKey, "content-type": "application/json" };
    const answer = await ask(bed.url, `/${ORDER}`, { body: `${body}&signature=${signatureOf(body, bed.account)}`, headers });
    expect(refused(answer)).toEqual([400, -1102]);
  });
});

describe("time", () => {
  test.each([
    [{}, { off: -4_000 }, 200],
    [{}, { off: -6_500 }, -1021],
    [{ recvWindow: 60_000 }, { off: -50_000 }, 200],
    [{ recvWindow: 100 }, { off: -2_000 }, -1021],
    [{ recvWindow: "5000.125" }, {}, 200],
    [{}, { off: 500 }, 200],
    [{}, { off: 2_500 }, -1021],
    [{ recvWindow: 60_001 }, {}, -1102],
    [{ recvWindow: "5000.1234" }, {}, -1100],
    [{ recvWindow: "" }, {}, -1105],
  ])("%j, %j: %s", async (values, options, expected) => {
    const { status, json } = await bed.call("GET", OWN, values, options);
    expect(status === 200 ? 200 : (json as { code: number }).code).toBe(expected);
  });

  test("microseconds do as well", async () => {
    expect((await bed.call("GET", OWN, { timestamp: bed.now() * 1_000 })).status).toBe(200);
    expect(refused(await bed.call("GET", OWN, { timestamp: (bed.now() - 7_000) * 1_000 }))).toEqual([400, -1021]);
  });

  test.each(["soon", "-1", "1.5", ""])("the timestamp %j is malformed", async (timestamp) => {
    expect(refused(await bed.call("GET", OWN, { timestamp }))).toEqual([400, -1102]);
  });

  test("a wrong signature is told before a wrong time", async () => {
    const query = encode({ timestamp: bed.now() - 60_000 });
    expect(refused(await bed.send("GET", OWN, { query, signature: "0".repeat(64) }))).toEqual([400, -1022]);
  });

  test("the server's time is public, and the sandbox's", async () => {
    const { json } = await ask(bed.url, "/api/v3/time", { method: "GET" });
    expect(Math.abs((json as { serverTime: number }).serverTime - bed.now())).toBeLessThan(1_000);
    expect((await ask(bed.url, "/api/v3/ping", { method: "GET" })).json).toEqual({});
  });
});

describe("one code for who may not", () => {
  test("an unknown key, a deleted one, an address off the list, a missing permission", async () => {
    const key = await bed.create();
    const read = await bed.create({ apiName: "reader" });
    const gone = await bed.create({ apiName: "gone" });
    await bed.call("DELETE", `sapi/v1/${SUB}`, { email: ONE, subAccountApiKey: gone.apiKey });
    const order = { symbol: "BTCUSDT", side: "BUY", type: "MARKET" };
    const answers = [
      await bed.call("GET", OWN, {}, { key: { apiKey: "sandbox-unknown", apiSecret: "x" } }),
      await bed.call("GET", OWN, {}, { key: gone }),
      await bed.call("GET", OWN, {}, { key, from: "127.0.0.2" }),
      await bed.call("POST", ORDER, order, { key: read }),
      await bed.call("POST", "api/v3/order", order, { key: read }),
      await bed.call("POST", `sapi/v1/${SUB}`, { email: ONE, apiName: "own", status: 1 }, { key }),
      await bed.call("GET", OWN, {}, { from: "127.0.0.2" }),
    ];
    for (const { status, json } of answers) {
      expect([status, json]).toEqual([400, { code: -2015, msg: "Invalid API-key, IP, or permissions for action." }]);
    }
    expect((await bed.call("GET", OWN, {}, { key })).status).toBe(200);
  });

  test("a malformed key", async () => {
    expect(refused(await bed.call("GET", OWN, {}, { key: { apiKey: "no key!", apiSecret: "x" } }))).toEqual([400, -2014]);
  });
});

describe("parameters", () => {
  const create = (values: Record<string, string>) =>
    bed.call("POST", `sapi/v2/${SUB}`, { email: ONE, apiName: "bot", status: 1, ...values });

  test.each([
    [{ email: "" }, -1102],
    [{ apiName: "" }, -1102],
    [{ status: "" }, -1102],
    [{ status: "4" }, -1102],
    [{ status: "2" }, -1102],
    [{ status: "2", ipAddress: "" }, -1102],
    [{ status: "2", ipAddress: "1.2.3" }, -1102],
    [{ status: "3" }, -1102],
    [{ canTrade: "yes" }, -1100],
    [{ canTrade: "" }, -1105],
  ])("%j: %i", async (values, code) => {
    expect(refused(await create(values))).toEqual([400, code]);
  });

  test("a name twice in one part is refused", async () => {
    expect(refused(await bed.send("GET", OWN, { query: `timestamp=${bed.now()}&timestamp=${bed.now()}` }))).toEqual([400, -1101]);
  });

  test("no signature and no timestamp are missing parameters", async () => {
    const headers = { "x-mbx-apikey": bed.account.apiKey };
    expect(refused(await ask(bed.url, `/${OWN}?timestamp=1`, { method: "GET", headers }))).toEqual([400, -1102]);
    expect(refused(await ask(bed.url, `/${OWN}?signature=1`, { method: "GET", headers }))).toEqual([400, -1102]);
  });
});

test.each([
  ["GET", "sapi/v1/sub-account/list"],
  ["PUT", `sapi/v1/${SUB}`],
  ["GET", `sapi/v2/${SUB}`],
  ["DELETE", `sapi/v2/${SUB}/ipRestriction`],
  ["POST", "sapi/v1/broker/subAccountApi"],
  ["GET", "sapi/v1/toString"],
])("there is no %s %s", async (method, path) => {
  expect((await bed.call(method, path)).status).toBe(404);
});

test("faults in the venue's own words", async () => {
  const meet = async (what: Record<string, unknown>) => {
    await bed.control.post("/faults", { venue: "binance", match: { path: `/${OWN}` }, ...what });
    return bed.call("GET", OWN);
  };
  expect(refused(await meet({ kind: "refuse" }))).toEqual([400, -1002]);
  expect(refused(await meet({ kind: "refuse", status: 403, code: -1022 }))).toEqual([403, -1022]);
  expect(await meet({ kind: "429", retryAfter: "7" })).toMatchObject({ status: 429, headers: { "retry-after": "7" } });
  expect(refused(await meet({ kind: "500" }))).toEqual([500, -1000]);
  expect(refused(await meet({ kind: "503" }))).toEqual([503, -1008]);
  expect((await meet({ kind: "maintenance" })).status).toBe(503);
});
