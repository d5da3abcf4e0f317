// The Bybit dialect: signatures over the bytes that arrive, time, addresses, permissions, and what there isn't.

import { createHmac, generateKeyPairSync } from "node:crypto";
import { Clock } from "../../sandbox/clock";
import { dialects } from "../../sandbox/index";
import { Limiter } from "../../sandbox/limits";
import { Store } from "../../sandbox/store";
import { Switches } from "../../sandbox/switches";
import { ask } from "./caller";
import { BybitBed, CREATION, ORDER, OTHER_SUB, SUB, told } from "./bybit-caller";

let bed: BybitBed;
beforeAll(async () => {
  bed = await BybitBed.open();
});
afterAll(() => bed.close());
const looked = { method: "GET" } as const;

test("it begins with a master, its managing key at one address, and two sub-accounts", async () => {
  expect(bed.account).toEqual({
    apiKey: expect.stringMatching(/^sandbox-/),
    apiSecret: expect.stringMatching(/^sandbox-/),
    subAccount: SUB,
  });
  expect((await bed.get("user/query-api")).result).toMatchObject({
    ips: ["203.0.113.10"],
    isMaster: true,
    parentUid: "0",
    readOnly: 0,
    secret: "",
  });
  const { result } = await bed.get("user/query-sub-members");
  expect(result.subMembers.map(({ uid }: { uid: string }) => uid)).toEqual([SUB, OTHER_SUB]);
});

// The published and derived ones are in test/fixtures/bybit/signing.
describe("signatures", () => {
  test.each([
    [
      "another query than was signed",
      () => bed.get("user/sub-apikeys", `subMemberId=${SUB}&limit=1`, { sends: `limit=1&subMemberId=${SUB}` }),
    ],
    ["another body than was signed", () => bed.post("order/create", ORDER, { sends: JSON.stringify(ORDER, null, 1) })],
    ["another window than was signed", () => bed.get("user/query-api", "", { signature: (right) => `${right.slice(0, -1)}x` })],
    ["capitals", () => bed.get("user/query-api", "", { signature: (right) => right.toUpperCase() })],
    ["another secret", () => bed.get("user/query-api", "", { key: { ...bed.account, apiSecret: "sandbox-wrong" } })],
  ])("%s is 10004", async (_what, send) => {
    expect(await send()).toMatchObject({ status: 200, code: 10004 });
  });

  test("the query counts as it was sent: escapes and order", async () => {
    expect((await bed.get("user/sub-apikeys", `limit=1&subMemberId=%35${SUB.slice(1)}`)).code).toBe(0);
  });

  test("the body counts as it was sent: blanks", async () => {
    expect((await bed.post("order/create", JSON.stringify(ORDER, null, 2))).code).toBe(0);
  });

  test("a key that its holder made signs with RSA, and has no secret", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    const key = await bed.byHand({ accountId: SUB, publicKey });
    expect(key).not.toHaveProperty("apiSecret");
    const answer = await bed.get("user/query-api", "", { key, rsa: privateKey });
    expect(answer.result).toMatchObject({ rsaPublicKey: publicKey });
    expect(
      (
        await bed.get("user/query-api", "", {
          key,
          rsa: privateKey,
          signature: (right) => right.replace(/./, (c) => (c === "A" ? "B" : "A")),
        })
      ).code,
    ).toBe(10004);
    await expect(bed.byHand({ accountId: SUB, publicKey: "no key" })).rejects.toThrow(/publicKey: no RSA public key in PEM/);
  });
});

describe("time", () => {
  // Margins of two seconds for a loaded machine.
  test.each([
    [-3_000, "5000", 0],
    [-7_000, "5000", 10002],
    [-7_000, "20000", 0],
    [-7_000, null, 10002],
    [-3_000, null, 0],
    [3_000, "20000", 10002],
  ])("%d ms off with a window of %s is %d", async (skewMs, window, code) => {
    expect(await bed.get("user/query-api", "", { skewMs, window })).toMatchObject({ status: 200, code });
  });

  // The dialect alone, under a clock that stands still.
  test.each([
    [-5_001, "5000", 10002],
    [-5_000, "5000", 0],
    [0, "5000", 0],
    [999, "5000", 0],
    [1_000, "5000", 10002],
    [999, "1", 0],
    [-2, "1", 10002],
  ])("a timestamp %d ms off within %s is %d, to the millisecond", (offMs, window, code) => {
    const clock = new Clock({ offsetMs: 0 }, () => 1_700_000_000_000);
    const switches = new Switches(dialects.bybit.switches);
    const limiter = new Limiter(clock, dialects.bybit.limits);
    const venue = dialects.bybit.open({ clock, store: Store.open(), switches, limiter, inMaintenance: () => false });
    const { apiKey, apiSecret } = venue.account();
    const timestamp = String(clock.now() + offMs);
    const sign = createHmac("sha256", apiSecret).update(`${timestamp}${apiKey}${window}`).digest("hex");
    const headers = { "x-bapi-api-key": apiKey, "x-bapi-timestamp": timestamp, "x-bapi-recv-window": window, "x-bapi-sign": sign };
    const target = "/v5/user/query-api";
    const request = {
      method: "GET",
      path: target,
      target,
      query: new URLSearchParams(),
      headers,
      body: Buffer.alloc(0),
      source: "203.0.113.10",
    };
    const { body } = venue.answer(request, { credential: null, credentialKind: null, signed: false, accepted: false });
    expect(body).toMatchObject({ retCode: code, time: clock.now() });
  });

  test("the sandbox's clock counts, not the machine's", async () => {
    await bed.advance("1h");
    expect(await bed.get("user/query-api")).toMatchObject({ code: 10002 });
    expect(await bed.get("user/query-api", "", { skewMs: 3_600_000 })).toMatchObject({ code: 0 });
    await bed.advance("-1h");
  });

  test.each(["soon", "-1", "1.5e12"])("the timestamp %j is 10001", async (timestamp) => {
    expect((await bed.get("user/query-api", "", { timestamp })).code).toBe(10001);
  });

  test("the public time is the sandbox's", async () => {
    await bed.advance("24h");
    const { result, json } = told(await ask(bed.url, "/v5/market/time", looked));
    await bed.advance("-24h");
    expect(Math.abs(Number(result.timeSecond) - (Date.now() / 1000 + 86_400))).toBeLessThan(60);
    expect(result.timeNano).toBe(`${(json as { time: number }).time}000000`);
  });
});

describe("who may call", () => {
  test("a key bound to addresses is 10010 elsewhere, even with a wrong word in the query", async () => {
    expect(await bed.get("user/query-api", "", { from: "127.0.0.9" })).toMatchObject({ status: 200, code: 10010 });
    const { apiKey, secret } = await bed.create({ ips: "203.0.113.12" });
    const key = { apiKey, apiSecret: secret };
    expect((await bed.get("account/wallet-balance", "accountType=UNIFIED", { key })).code).toBe(10010);
    expect((await bed.get("account/wallet-balance", "accountType=UNIFIED", { key, from: "127.0.0.3" })).code).toBe(0);
  });

  test("an unknown key is 10003 with 401, and so is one that was deleted", async () => {
    expect(await bed.get("user/query-api", "", { key: { apiKey: "sandbox-nobody", apiSecret: "sandbox-s" } })).toMatchObject({
      status: 401,
      code: 10003,
    });
    const { apiKey, secret } = await bed.create();
    await bed.post("user/delete-sub-api", { apikey: apiKey });
    expect(await bed.get("user/query-api", "", { key: { apiKey, apiSecret: secret } })).toMatchObject({ status: 401, code: 10003 });
  });

  test.each(["X-BAPI-API-KEY", "X-BAPI-TIMESTAMP", "X-BAPI-SIGN"])("without %s it is 401 and nothing else", async (missing) => {
    const headers: Record<string, string> = {
      "X-BAPI-API-KEY": bed.account.apiKey,
      "X-BAPI-TIMESTAMP": String(Date.now()),
      "X-BAPI-SIGN": "00",
    };
    delete headers[missing];
    expect(await ask(bed.url, "/v5/user/query-api", { ...looked, headers })).toMatchObject({ status: 401, text: "" });
  });

  test("each category of orders needs its own permission, and a reading key places none", async () => {
    const given: Record<string, string[]> = {
      linear: ["ContractTrade", "Order"],
      spot: ["Spot", "SpotTrade"],
      option: ["Options", "OptionsTrade"],
    };
    for (const [category, [type = "", permission]] of Object.entries(given)) {
      const key = await bed.byHand({ accountId: SUB, permissions: { [type]: [permission] } });
      for (const other of ["linear", "inverse", "spot", "option"]) {
        const allowed = other === category || (category === "linear" && other === "inverse");
        const order = { ...ORDER, category: other, orderLinkId: "one-1" };
        expect([category, other, (await bed.post("order/create", order, { key })).code]).toEqual([category, other, allowed ? 0 : 10005]);
      }
      const reading = await bed.byHand({ accountId: SUB, readOnly: true, permissions: { [type]: [permission] } });
      expect((await bed.post("order/create", { ...ORDER, category }, { key: reading })).code).toBe(10005);
    }
    const position = await bed.byHand({ accountId: SUB, permissions: { ContractTrade: ["Position"] } });
    expect((await bed.post("order/create", ORDER, { key: position })).code).toBe(10005);
  });

  test.each([{ category: "swap" }, { symbol: "btcusdt" }, { side: "buy" }, { qty: 1 }, { orderType: "Limit" }, { category: "option" }])(
    "an order with %j is 10001",
    async (wrong) => {
      expect((await bed.post("order/create", { ...ORDER, ...wrong })).code).toBe(10001);
    },
  );

  test("the balance is the account's own", async () => {
    const total = async (key?: Parameters<BybitBed["lives"]>[0]) =>
      (await bed.get("account/wallet-balance", "accountType=UNIFIED", key ? { key } : {})).result.list[0].totalEquity;
    expect(await total()).toBe("100000");
    expect(await total(await bed.byHand({ accountId: SUB }))).toBe("10000");
    expect((await bed.get("account/wallet-balance", "accountType=SPOT")).code).toBe(10001);
    expect((await bed.get("account/wallet-balance", "accountType=UNIFIED&coin=BTC")).result.list[0].coin).toEqual([]);
  });

  test.each([
    ["user/update-api", {}],
    ["user/delete-api", {}],
    ["user/create-sub-api", CREATION],
    ["user/update-sub-api", {}],
    ["user/delete-sub-api", {}],
    ["user/create-sub-member", {}],
    ["user/frozen-sub-member", {}],
    ["user/del-submember", {}],
  ])("%s needs a transfer or withdrawal permission", async (path, body) => {
    const plain = await bed.byHand({ permissions: { Spot: ["SpotTrade"], Exchange: ["ExchangeHistory"] } });
    expect((await bed.post(path, body, { key: plain })).code).toBe(10005);
  });

  test.each(["AccountTransfer", "SubMemberTransfer", "Withdraw"])("%s is enough to manage", async (permission) => {
    const key = await bed.byHand({ permissions: { Wallet: [permission] } });
    expect((await bed.post("user/create-sub-api", CREATION, { key })).code).toBe(0);
  });

  test("a sub-account's key lists, makes and freezes nothing", async () => {
    const key = await bed.byHand({ accountId: SUB, permissions: { Wallet: ["AccountTransfer", "SubMemberTransferList"] } });
    expect((await bed.get("user/sub-apikeys", `subMemberId=${SUB}`, { key })).code).toBe(10005);
    expect((await bed.get("user/query-sub-members", "", { key })).code).toBe(10005);
    for (const path of [
      "create-sub-api",
      "create-sub-member",
      "frozen-sub-member",
      "del-submember",
      "update-api",
      "delete-api",
      "create-demo-member",
    ])
      expect([path, (await bed.post(`user/${path}`, CREATION, { key })).code]).toEqual([path, 10005]);
    expect((await bed.get("user/query-api", "", { key })).result).toMatchObject({
      isMaster: false,
      parentUid: "1448939",
      userID: Number(SUB),
    });
  });
});

describe("what there isn't", () => {
  test.each([
    ["GET", "/v5/nowhere"],
    ["POST", "/v5/user/query-api"],
    ["GET", "/v5/user/create-sub-api"],
    ["POST", "/v5/user/create-api"],
    ["DELETE", "/v5/user/delete-sub-api"],
    ["POST", "/v5/market/time"],
  ])("%s %s is 404", async (method, path) => {
    expect(told(await ask(bed.url, path, { method }))).toMatchObject({ status: 404, code: 10017 });
  });

  test("a GET with an empty JSON body is 403", async () => {
    expect((await ask(bed.url, "/v5/user/query-api", { ...looked, headers: { "content-length": "2" }, body: "{}" })).status).toBe(403);
  });

  test("no JSON is 10001", async () => {
    expect((await bed.post("user/create-sub-api", "{")).code).toBe(10001);
  });
});
