// Keys of Binance's sub-accounts over their life: made, listed, modified, bound to addresses, deleted; by the API and by a person.

import { BinanceBed, ONE, refused, SUB, TWO, type BinanceKey, type ShownKey, type Values } from "./binance-caller";

const OWN = "sapi/v1/account/apiRestrictions";
const HOME = "203.0.113.10";
const ORDER = { symbol: "BTCUSDT", side: "BUY", type: "MARKET" };

let bed: BinanceBed;
beforeEach(async () => {
  bed = await BinanceBed.open();
});
afterEach(() => bed.close());

const named = (key: BinanceKey, values: Values = {}): Values => ({ email: ONE, subAccountApiKey: key.apiKey, ...values });
const permit = (key: BinanceKey, values: Values) => bed.call("POST", `sapi/v1/${SUB}Permission`, named(key, values));
const restrict = (key: BinanceKey, values: Values) => bed.call("POST", `sapi/v2/${SUB}/ipRestriction`, named(key, values));
const release = (key: BinanceKey, ipAddress: string) =>
  bed.call("DELETE", `sapi/v1/${SUB}/ipRestriction/ipList`, named(key, { ipAddress }));
const remove = (key: BinanceKey) => bed.call("DELETE", `sapi/v1/${SUB}`, named(key));

test("what a sandbox begins with", async () => {
  expect(bed.account).toEqual({
    apiKey: expect.stringMatching(/^sandbox-/),
    apiSecret: expect.stringMatching(/^sandbox-/),
    subAccount: ONE,
  });
  expect(await bed.control.get("/venues/binance/accounts")).toMatchObject([{ uid: 354937868, email: "desk@example.com", masterUid: null }]);
  const subs = await bed.control.get("/venues/binance/sub-accounts");
  expect(subs).toMatchObject([
    { email: ONE, masterUid: 354937868 },
    { email: TWO, masterUid: 354937868 },
  ]);
  expect((await bed.call("GET", OWN)).json).toMatchObject({ ipRestrict: true, enableSpotAndMarginTrading: true, enableWithdrawals: false });
  expect(await bed.list()).toEqual({ total: 0, rows: [] });
});

test("every flag, as the key itself sees it", async () => {
  const asked = { canTrade: true, canMarginLoanRepay: true, canFuturesTrade: true, canUniversalTransfer: true, canVanillaOptions: true };
  const seen = {
    enableReading: true,
    enableSpotAndMarginTrading: true,
    enableMargin: true,
    enableFutures: true,
    permitsUniversalTransfer: true,
    enableVanillaOptions: true,
  };
  const off = { enableWithdrawals: false, enableInternalTransfer: false, enablePortfolioMarginTrading: false };
  const fix = { enableFixApiTrade: false, enableFixReadOnly: false };
  const all = await bed.create(asked);
  expect((await bed.call("GET", OWN, {}, { key: all })).json).toEqual({
    ipRestrict: true,
    createTime: expect.any(Number),
    ...seen,
    ...off,
    ...fix,
  });
  for (const [index, flag] of Object.keys(asked).entries()) {
    const key = await bed.create({ apiName: flag, [flag]: true });
    const own = (await bed.call("GET", OWN, {}, { key })).json as Record<string, boolean>;
    expect(Object.keys(seen).filter((name) => own[name])).toEqual(["enableReading", Object.keys(seen)[index + 1]]);
  }
});

test("without flags a key reads and no more; it needs trading to send an order", async () => {
  const key = await bed.create();
  expect((await bed.call("GET", "api/v3/account", {}, { key })).status).toBe(200);
  expect(refused(await bed.call("POST", "api/v3/order/test", ORDER, { key }))).toEqual([400, -2015]);
  await permit(key, { canTrade: true });
  expect((await bed.call("POST", "api/v3/order/test", ORDER, { key })).json).toEqual({});
  expect((await bed.call("POST", "api/v3/order", ORDER, { key })).json).toMatchObject({ symbol: "BTCUSDT", orderListId: -1 });
  expect(refused(await bed.call("POST", "api/v3/order/test", { symbol: "BTCUSDT" }, { key }))).toEqual([400, -1102]);
});

test("FIX flags are for Ed25519 keys, and the first version doesn't have them", async () => {
  for (const flag of ["canFixApiTrading", "canFixApiReading"]) {
    const asked = { email: ONE, apiName: "fix", status: 1, [flag]: true };
    expect(refused(await bed.call("POST", `sapi/v2/${SUB}`, asked))).toEqual([400, -9000]);
    expect((await bed.call("POST", `sapi/v2/${SUB}`, { ...asked, [flag]: false })).status).toBe(200);
    const first = (await bed.call("POST", `sapi/v1/${SUB}`, asked)).json as BinanceKey;
    expect((await bed.desk(first)).permissions).toEqual([]);
  }
});

test("an address list holds at once, and an open key is open", async () => {
  const key = await bed.create();
  const status = async (from: string) => (await bed.call("GET", OWN, {}, { key, from })).status;
  expect([await status("127.0.0.1"), await status("127.0.0.2")]).toEqual([200, 400]);
  await restrict(key, { status: 2, ipAddress: "203.0.113.11" });
  expect([await status("127.0.0.1"), await status("127.0.0.2")]).toEqual([200, 200]);
  expect((await release(key, HOME)).json).toMatchObject({ ipRestrict: "true", ipList: ["203.0.113.11"] });
  expect([await status("127.0.0.1"), await status("127.0.0.2")]).toEqual([400, 200]);
  expect((await restrict(key, { status: 1 })).json).toMatchObject({ status: "1" });
  expect([await status("127.0.0.1"), await status("127.0.0.2"), await status("127.0.0.3")]).toEqual([200, 200, 200]);
});

test("a third party's addresses are none of the sandbox's", async () => {
  const key = await bed.create({ status: 3, ipAddress: undefined, thirdPartyName: "someone" });
  expect(refused(await bed.call("GET", OWN, {}, { key }))).toEqual([400, -2015]);
  expect(refused(await restrict(key, { status: 3, thirdPartyName: "someone" }))).toEqual([400, -1102]);
});

test("addresses need Spot & Margin trading of the managing key; reading them doesn't", async () => {
  const key = await bed.create();
  const reader = await bed.byHand({ email: "desk@example.com", permissions: [], allowedIps: [HOME] });
  const set = named(key, { status: 2, ipAddress: "198.51.100.7" });
  expect(refused(await bed.call("POST", `sapi/v2/${SUB}/ipRestriction`, set, { key: reader }))).toEqual([400, -2015]);
  const drop = named(key, { ipAddress: HOME });
  expect(refused(await bed.call("DELETE", `sapi/v1/${SUB}/ipRestriction/ipList`, drop, { key: reader }))).toEqual([400, -2015]);
  const read = await bed.call("GET", `sapi/v1/${SUB}/ipRestriction`, named(key), { key: reader });
  expect(read.json).toEqual({ ipRestrict: "true", ipList: [HOME], updateTime: expect.any(Number), apiKey: key.apiKey });
});

test("a deleted key is neither listed nor usable, and its secret is never told again", async () => {
  const key = await bed.create();
  const { rows } = await bed.list();
  expect(JSON.stringify(rows)).not.toContain(key.apiSecret);
  expect((await remove(key)).json).toEqual({});
  expect(await bed.list()).toEqual({ total: 0, rows: [] });
  expect(refused(await bed.call("GET", OWN, {}, { key }))).toEqual([400, -2015]);
});

test("keys belong to one sub-account, and sub-accounts to one master", async () => {
  const key = await bed.create();
  const other = await bed.control.post<{ uid: number }>("/venues/binance/accounts", {});
  const stranger = await bed.control.post<{ email: string }>("/venues/binance/sub-accounts", { masterUid: other.uid });
  expect(refused(await permit(key, { email: TWO }))).toEqual([400, -2015]);
  expect(refused(await remove({ apiKey: bed.account.apiKey }))).toEqual([400, -2015]);
  const foreign = { email: stranger.email, apiName: "x", status: 1 };
  expect(refused(await bed.call("POST", `sapi/v1/${SUB}`, foreign))).toEqual([400, -2015]);
  expect(refused(await bed.call("POST", `sapi/v1/${SUB}`, { ...foreign, email: "desk@example.com" }))).toEqual([400, -2015]);
  expect((await bed.call("GET", "api/v3/account", {}, { key })).json).toMatchObject({ uid: 354937869 });
});

test("a sub-account's key manages nothing, not even its own sub-account's keys", async () => {
  const key = await bed.create({ canTrade: true });
  const calls: [string, string, Values][] = [
    ["GET", `sapi/v1/${SUB}`, { email: ONE }],
    ["GET", `sapi/v1/${SUB}`, { email: "nobody@example.com" }],
    ["GET", `sapi/v1/${SUB}/ipRestriction`, named(key)],
    ["POST", `sapi/v1/${SUB}Permission`, named(key, { canFuturesTrade: true })],
    ["POST", `sapi/v2/${SUB}/ipRestriction`, named(key, { status: 1 })],
    ["DELETE", `sapi/v1/${SUB}`, named(key)],
  ];
  for (const [method, path, values] of calls) expect(refused(await bed.call(method, path, values, { key }))).toEqual([400, -2015]);
  expect(await bed.desk(key)).toMatchObject({ alive: true, permissions: ["canTrade"], allowedIps: [HOME] });
});

describe("pages", () => {
  test.each([0, 1, 30, 31, 90])("%i keys", async (count) => {
    for (let n = 0; n < count; n++) await bed.byHand({ apiName: `bot-${n}` });
    const names: unknown[] = [];
    const sizes: number[] = [];
    for (let page = 1; page <= 4; page++) {
      const { total, rows } = await bed.list({ page });
      expect(total).toBe(count);
      sizes.push(rows.length);
      names.push(...rows.map(({ apiName }) => apiName));
    }
    expect(sizes).toEqual([0, 1, 2, 3].map((page) => Math.max(0, Math.min(30, count - 30 * page))));
    expect(names).toEqual(Array.from({ length: count }, (_, n) => `bot-${count - 1 - n}`));
    expect((await bed.list({ size: 100 })).rows).toHaveLength(count);
    expect((await bed.list({ size: 7, page: 2 })).rows).toHaveLength(Math.max(0, Math.min(7, count - 7)));
  });

  test.each([{ page: 0 }, { size: 0 }])("%j is refused", async (values) => {
    expect(refused(await bed.call("GET", `sapi/v1/${SUB}`, { email: ONE, ...values }))).toEqual([400, -1102]);
  });

  test("one key by its value", async () => {
    const key = await bed.create();
    await bed.create({ apiName: "other" });
    expect(await bed.list({ subAccountApiKey: key.apiKey })).toMatchObject({ total: 1, rows: [{ apiName: "bot" }] });
  });
});

test("every state that a key passes through is told, in order, and no state twice", async () => {
  const key = await bed.create({ canTrade: true });
  await permit(key, { canTrade: true });
  await restrict(key, { status: 2, ipAddress: "198.51.100.7" });
  await release(key, HOME);
  await permit(key, { canTrade: false });
  await release(key, "198.51.100.7");
  const { states } = await bed.desk(key);
  expect(states.map(({ permissions, allowedIps }) => [permissions, allowedIps])).toEqual([
    [["canTrade"], [HOME]],
    [["canTrade"], [HOME, "198.51.100.7"]],
    [["canTrade"], ["198.51.100.7"]],
    [[], ["198.51.100.7"]],
    [[], "anywhere"],
  ]);
});

test("trading that lapses is a state as well, at its time", async () => {
  const key = await bed.create({ status: 1, canTrade: true, canFuturesTrade: true });
  await bed.advance("40d");
  const { permissions, states } = (await bed.desk(key)) as ShownKey & { states: { at: string }[] };
  expect(permissions).toEqual(["canFuturesTrade"]);
  expect(Date.parse(states[1]!.at) - Date.parse(states[0]!.at)).toBe(30 * 86_400_000);
  // Given back, or bound and opened again, it lasts another 30 days.
  await permit(key, { canTrade: true });
  await bed.advance("20d");
  await restrict(key, { status: 2, ipAddress: HOME });
  await bed.advance("20d");
  await restrict(key, { status: 1 });
  await bed.advance("29d");
  expect((await bed.desk(key)).permissions).toEqual(["canTrade", "canFuturesTrade"]);
  await bed.advance("2d");
  expect((await bed.desk(key)).permissions).toEqual(["canFuturesTrade"]);
});

test("modifying something else doesn't make trading last longer", async () => {
  const key = await bed.create({ status: 1, canTrade: true });
  await bed.advance("20d");
  await permit(key, { canTrade: true, canFuturesTrade: true });
  await bed.advance("11d");
  expect((await bed.desk(key)).permissions).toEqual(["canFuturesTrade"]);
});

describe("a person", () => {
  test("makes, edits and deletes keys, outside of the API", async () => {
    const key = await bed.byHand({ email: TWO, apiName: "hand made", permissions: ["canTrade"], allowedIps: [HOME] });
    expect(key).toMatchObject({ apiSecret: expect.stringMatching(/^sandbox-/), permissions: ["canTrade"], alive: true });
    expect((await bed.call("GET", OWN, {}, { key })).status).toBe(200);
    const path = `/venues/binance/keys/${key.id}`;
    expect(await bed.control.patch(path, { permissions: [], allowedIps: "anywhere", apiName: "other" })).toMatchObject({
      apiName: "other",
      permissions: [],
      allowedIps: "anywhere",
      states: [{}, { permissions: [] }, { allowedIps: "anywhere" }],
    });
    expect(await bed.control.delete(path)).toMatchObject({ alive: false });
    expect(refused(await bed.call("GET", OWN, {}, { key }))).toEqual([400, -2015]);
  });

  test("can give a master's key what no call gives", async () => {
    const key = await bed.byHand({ email: "desk@example.com", permissions: ["enableWithdrawals", "enablePortfolioMarginTrading"] });
    const own = (await bed.call("GET", OWN, {}, { key })).json;
    expect(own).toMatchObject({ enableWithdrawals: true, enablePortfolioMarginTrading: true, enableInternalTransfer: false });
  });

  test("sees secrets when a key is made or when asked for, and never else", async () => {
    const { apiSecret } = await bed.create();
    const plain = await bed.control.get("/venues/binance/keys");
    expect(JSON.stringify(plain)).not.toContain(apiSecret);
    expect(JSON.stringify(await bed.control.get("/venues/binance/keys?secrets=true"))).toContain(apiSecret);
  });

  test.each([
    ["keys", { email: "nobody@example.com" }],
    ["keys", { permissions: ["withdraw"] }],
    ["keys", { allowedIps: ["host"] }],
    ["keys", { publicKey: "none" }],
    ["keys", { label: "x" }],
    ["sub-accounts", { masterUid: 1 }],
    ["sub-accounts", { email: ONE }],
    ["accounts", { email: "desk@example.com" }],
  ])("is told of mistakes: %s %j", async (collection, body) => {
    await expect(bed.control.post(`/venues/binance/${collection}`, body)).rejects.toMatchObject({ status: 400 });
  });

  test("has no key that isn't there", async () => {
    await expect(bed.control.delete("/venues/binance/keys/none")).rejects.toMatchObject({ status: 404 });
  });
});
