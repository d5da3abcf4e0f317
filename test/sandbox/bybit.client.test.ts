// bybit-api, the Node client that Bybit's documents name, against the sandbox: what neither side took from the other
// agrees. Where the client is wrong by the documents, the test says so.

import { RestClientV5 } from "bybit-api";
import { BybitBed, OTHER_SUB, SUB } from "./bybit-caller";

let bed: BybitBed;
let master: RestClientV5;
beforeAll(async () => {
  bed = await BybitBed.open();
  master = client(bed.account);
});
afterAll(() => bed.close());

function client({ apiKey, apiSecret }: { apiKey: string; apiSecret: string }, more: object = {}): RestClientV5 {
  return new RestClientV5({ key: apiKey, secret: apiSecret, baseUrl: bed.url, ...more });
}

const wanted = {
  subuid: Number(SUB),
  note: "hedge-1",
  readOnly: 0 as const,
  ips: "203.0.113.10,203.0.113.11",
  permissions: { ContractTrade: ["Order", "Position"], Wallet: ["AccountTransfer"] },
};

test("the managing key looks at itself", async () => {
  const { retCode, result } = await master.getQueryApiKey();
  expect(retCode).toBe(0);
  expect(result).toMatchObject({
    isMaster: true,
    parentUid: "0",
    ips: ["203.0.113.10"],
    readOnly: 0,
    deadlineDay: -2,
    kycLevel: "LEVEL_1",
  });
});

test("the public time", async () => {
  expect(Math.abs((await client(bed.account).fetchServerTime()) - Date.now() / 1000)).toBeLessThan(60);
});

test("a key's life: created, listed, used, narrowed, deleted, and dead then", async () => {
  const made = await master.createSubUIDAPIKey(wanted);
  expect(made.result).toMatchObject({ note: "hedge-1", readOnly: 0, secret: expect.stringMatching(/^sandbox-/) });
  const { apiKey, secret: apiSecret } = made.result;

  const listed = await master.getSubAccountAllApiKeys({ subMemberId: SUB });
  expect(listed.result).toMatchObject({
    result: [{ apiKey, note: "hedge-1", ips: ["203.0.113.10", "203.0.113.11"], secret: "******" }],
    nextPageCursor: "",
  });

  const holder = client({ apiKey, apiSecret });
  const order = { category: "linear" as const, symbol: "BTCUSDT", side: "Buy" as const, orderType: "Market" as const, qty: "0.01" };
  expect(await holder.submitOrder(order)).toMatchObject({ retCode: 0, result: { orderId: expect.any(String), orderLinkId: "" } });
  expect((await holder.submitOrder({ ...order, category: "spot" })).retCode).toBe(10005);
  const { result } = await holder.getWalletBalance({ accountType: "UNIFIED" });
  expect(result.list[0]).toMatchObject({ accountType: "UNIFIED", coin: [{ coin: "USDT", walletBalance: "10000" }] });

  const narrowed = { apikey: apiKey, readOnly: 1 as const, ips: "203.0.113.10", permissions: { ContractTrade: ["Order"] } };
  expect((await master.updateSubApiKey(narrowed)).result).toMatchObject({
    readOnly: 1,
    ips: ["203.0.113.10"],
    permissions: { ContractTrade: ["Order"] },
  });
  expect((await holder.submitOrder(order)).retCode).toBe(10005);

  expect((await master.deleteSubApiKey({ apikey: apiKey })).retCode).toBe(0);
  await expect(holder.getQueryApiKey()).rejects.toMatchObject({ code: 401, body: { retCode: 10003 } });
});

test("pages: 20 a page, a cursor until the end", async () => {
  for (let n = 0; n < 21; n++) await master.createSubUIDAPIKey({ ...wanted, subuid: Number(OTHER_SUB), note: `n${n}` });
  const first = await master.getSubAccountAllApiKeys({ subMemberId: OTHER_SUB });
  const second = await master.getSubAccountAllApiKeys({ subMemberId: OTHER_SUB, cursor: first.result.nextPageCursor });
  expect([first, second].map(({ result }) => result.result.length)).toEqual([20, 1]);
  expect(second.result.nextPageCursor).toBe("");
  expect((await master.getSubAccountAllApiKeys({ subMemberId: OTHER_SUB, limit: 21 })).retCode).toBe(10001);
});

test("sub-accounts: both lists, frozen and not, made and deleted", async () => {
  expect((await master.getSubUIDList()).result.subMembers.map(({ uid }) => uid)).toEqual([SUB, OTHER_SUB]);
  expect((await master.getSubUIDListUnlimited({ pageSize: "1" })).result).toMatchObject({ subMembers: [{ uid: SUB }], nextCursor: SUB });
  const { result } = await master.createSubMember({ username: "maker01", memberType: 1 });
  expect((await master.setSubUIDFrozenState(Number(result.uid), 1)).retCode).toBe(0);
  expect((await master.deleteSubMember({ subMemberId: result.uid })).retCode).toBe(0);
  expect((await master.createDemoAccount()).result).toEqual({ subMemberId: expect.any(String) });
});

test("a master's key changes and ends itself", async () => {
  const other = await bed.byHand({ permissions: { Wallet: ["AccountTransfer"] } });
  const own = client(other);
  expect(
    (await own.updateMasterApiKey({ readOnly: 1, permissions: { Wallet: ["AccountTransfer"], Spot: ["SpotTrade"] } })).result,
  ).toMatchObject({ readOnly: 1 });
  expect((await own.deleteMasterApiKey()).retCode).toBe(0);
  await expect(own.getQueryApiKey()).rejects.toMatchObject({ code: 401 });
});

test("limits are read from the headers", async () => {
  await bed.control.patch("/venues/bybit/limits", { enabled: true });
  const { rateLimitApi } = await client(bed.account, { parseAPIRateLimits: true }).getQueryApiKey();
  await bed.control.patch("/venues/bybit/limits", { enabled: false });
  expect(rateLimitApi).toMatchObject({ maxRequests: 10, remainingRequests: 9, resetAtTimestamp: expect.any(Number) });
});

test("a wrong secret is 10004, and nothing is thrown for it unless asked for", async () => {
  const wrong = { ...bed.account, apiSecret: "sandbox-wrong" };
  expect((await client(wrong).getQueryApiKey()).retCode).toBe(10004);
  await expect(client(wrong, { throwExceptions: true }).getQueryApiKey()).rejects.toMatchObject({ retCode: 10004 });
});

describe("where the client is wrong by the documents", () => {
  test("its type of updateSubApiKey has no ips: whoever follows it unbinds the key", async () => {
    const { result } = await master.createSubUIDAPIKey({ ...wanted, note: "typed" });
    const typed: Parameters<RestClientV5["updateSubApiKey"]>[0] = { apikey: result.apiKey, readOnly: 0, permissions: wanted.permissions };
    // @ts-expect-error -- documented: v5/user/modify-sub-apikey
    void (typed.ips as unknown);
    expect((await master.updateSubApiKey(typed)).result.ips).toEqual(["*"]);
  });

  test("its type of a listed key's readOnly is 0 | 1: a boolean is documented, and comes", async () => {
    const { result } = await master.getSubAccountAllApiKeys({ subMemberId: SUB });
    const readOnly: 0 | 1 | undefined = result.result[0]?.readOnly;
    expect(readOnly).toBe(false);
  });
});
