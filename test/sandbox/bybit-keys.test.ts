// Keys at Bybit's sandbox: the parameters of each endpoint, how the four answers about a key differ, and pages.

import { BybitBed, CREATION, OTHER_SUB, SUB } from "./bybit-caller";

let bed: BybitBed;
beforeEach(async () => {
  bed = await BybitBed.open();
});
afterEach(() => bed.close());
const DERIVATIVES = { Derivatives: ["DerivativesTrade"] };

describe("create-sub-api", () => {
  test("answers with the secret, and with neither addresses nor expiry nor Derivatives", async () => {
    const { status, result } = await bed.post("user/create-sub-api", CREATION);
    expect(status).toBe(200);
    expect(Object.keys(result)).toEqual(["id", "note", "apiKey", "readOnly", "secret", "permissions"]);
    expect(result).toMatchObject({
      note: "hedge-1",
      readOnly: 0,
      secret: expect.stringMatching(/^sandbox-/),
      permissions: { ContractTrade: ["Order", "Position"], Spot: [] },
    });
    expect(result.permissions).not.toHaveProperty("Derivatives");
  });

  test.each([
    ["a list", ["203.0.113.10", "203.0.113.11"], ["203.0.113.10", "203.0.113.11"]],
    ["a list of a string", ["203.0.113.10,203.0.113.11"], ["203.0.113.10", "203.0.113.11"]],
    ["the same twice", "203.0.113.10,203.0.113.10", ["203.0.113.10"]],
    ["a star", "*", ["*"]],
    ["a list of a star", ["*"], ["*"]],
    ["nothing", undefined, ["*"]],
    ["null", null, ["*"]],
  ])("addresses as %s", async (_what, ips, listed) => {
    const { apiKey } = await bed.create({ ips });
    expect(await bed.row(apiKey)).toMatchObject({ ips: listed });
  });

  test.each([
    [{ subuid: undefined }],
    [{ subuid: SUB }],
    [{ subuid: 1.5 }],
    [{ readOnly: undefined }],
    [{ readOnly: 2 }],
    [{ readOnly: true }],
    [{ note: 7 }],
    [{ note: "two words" }],
    [{ permissions: undefined }],
    [{ permissions: {} }],
    [{ permissions: { Spot: "SpotTrade" } }],
    [{ ips: "203.0.113.10, 203.0.113.11" }],
    [{ ips: "203.0.113.10,*" }],
    [{ ips: "203.0.113.10," }],
    [{ ips: "203.0.113.0/24" }],
    [{ ips: "2001:db8::1" }],
    [{ ips: "203.0.113.256" }],
    [{ ips: 7 }],
  ])("%j is 10001, and no key", async (wrong) => {
    expect(await bed.post("user/create-sub-api", { ...CREATION, ...wrong })).toMatchObject({ status: 200, code: 10001 });
    expect(await bed.list()).toEqual([]);
  });

  test.each([["1448939"], ["99"]])("for %s, which isn't the master's sub-account, there is none", async (subuid) => {
    expect((await bed.post("user/create-sub-api", { ...CREATION, subuid: Number(subuid) })).code).toBe(10005);
  });

  test("nor for another master's", async () => {
    const master = await bed.control.post<{ uid: string }>("/venues/bybit/accounts", {});
    const sub = await bed.control.post<{ uid: string }>("/venues/bybit/sub-accounts", { masterUid: master.uid });
    expect((await bed.post("user/create-sub-api", { ...CREATION, subuid: Number(sub.uid) })).code).toBe(10005);
    const key = await bed.byHand({ accountId: master.uid, permissions: { Wallet: ["AccountTransfer"] } });
    expect((await bed.post("user/create-sub-api", { ...CREATION, subuid: Number(sub.uid) }, { key })).code).toBe(0);
    const [{ apiKey } = { apiKey: "" }] = (await bed.get("user/sub-apikeys", `subMemberId=${sub.uid}`, { key })).result.result;
    expect((await bed.post("user/delete-sub-api", { apikey: apiKey })).code).toBe(10003);
    expect((await bed.desk(apiKey)).alive).toBe(true);
  });

  test("without KYC it is 20096, in Europe 81007", async () => {
    await bed.control.patch("/venues/bybit/accounts/1448939", { kycLevel: "LEVEL_DEFAULT" });
    expect((await bed.post("user/create-sub-api", CREATION)).code).toBe(20096);
    await bed.control.patch("/venues/bybit/accounts/1448939", { kycLevel: "LEVEL_1", europe: true });
    expect((await bed.post("user/create-sub-api", CREATION)).code).toBe(81007);
  });

  test("a sub-account of the classic kind has no Derivatives of its own", async () => {
    await bed.control.patch(`/venues/bybit/sub-accounts/${SUB}`, { uta: false });
    expect((await bed.desk((await bed.create()).apiKey)).permissions).toEqual(CREATION.permissions);
  });
});

describe("the answers about a key", () => {
  test("a list: booleans, asterisks, a status, no secret", async () => {
    const { apiKey, id } = await bed.create();
    expect(await bed.row(apiKey)).toEqual({
      id,
      ips: ["203.0.113.10", "203.0.113.11"],
      apiKey,
      note: "hedge-1",
      status: 1,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      expiredAt: "1970-01-01T00:00:00Z",
      deadlineDay: -2,
      type: 1,
      permissions: {
        ...{ ContractTrade: ["Order", "Position"], Spot: [], Wallet: [], Options: [], ...DERIVATIVES, CopyTrading: [] },
        ...{ BlockTrade: [], Exchange: [], NFT: [], Affiliate: [], Earn: [] },
      },
      secret: "******",
      readOnly: false,
      flag: "hmac",
    });
  });

  test("its own look: numbers, empty secret, 17 types", async () => {
    const { result } = await bed.get("user/query-api", "", { key: await bed.byHand({ accountId: SUB, readOnly: true }) });
    expect(result).toMatchObject({ readOnly: 1, secret: "", ips: ["*"], deadlineDay: 89, type: 1, uta: 1, unified: 0 });
    expect(Object.keys(result.permissions)).toHaveLength(17);
  });

  test("an update's: numbers, empty secret, addresses", async () => {
    const { apiKey } = await bed.create();
    const { result } = await bed.post("user/update-sub-api", { apikey: apiKey, readOnly: 1, ips: "*" });
    expect(result).toMatchObject({ apiKey, note: "hedge-1", readOnly: 1, secret: "", ips: ["*"], permissions: CREATION.permissions });
  });
});

describe("update-sub-api", () => {
  test("what it changes is enforced at once, the note stays", async () => {
    const made = await bed.create({ note: "stays" });
    const whole = {
      apikey: made.apiKey,
      readOnly: 1,
      ips: "203.0.113.12",
      permissions: { Spot: ["SpotTrade"], ContractTrade: [] },
      note: "other",
    };
    expect((await bed.post("user/update-sub-api", whole)).code).toBe(0);
    expect(await bed.desk(made.apiKey)).toMatchObject({
      ...{ label: "stays", readOnly: true, allowedIps: ["203.0.113.12"] },
      permissions: { Spot: ["SpotTrade"], ...DERIVATIVES },
    });
    expect([await bed.lives(made), await bed.lives(made, { from: "127.0.0.3" })]).toEqual([false, true]);
  });

  test("a master has to name the key, a sub-account's key must not", async () => {
    const own = await bed.byHand({ accountId: SUB, permissions: { Wallet: ["AccountTransfer"] } });
    expect((await bed.post("user/update-sub-api", { readOnly: 1 })).code).toBe(10001);
    expect((await bed.post("user/update-sub-api", { apikey: own.apiKey, readOnly: 1 }, { key: own })).code).toBe(10001);
    expect(
      (await bed.post("user/update-sub-api", { readOnly: 1, permissions: { Spot: ["SpotTrade"] } }, { key: own })).result,
    ).toMatchObject({
      apiKey: own.apiKey,
      readOnly: 1,
      permissions: { Spot: ["SpotTrade"], Wallet: ["AccountTransfer"] },
    });
    expect((await bed.post("user/delete-sub-api", {}, { key: own })).code).toBe(0);
    expect(await bed.lives(own)).toBe(false);
  });

  test.each(["ips", "permissions"])("a wrong %s changes nothing", async (member) => {
    const { apiKey } = await bed.create();
    const before = await bed.desk(apiKey);
    const wrong = { apikey: apiKey, readOnly: 1, ips: "203.0.113.10", permissions: { Spot: ["SpotTrade"] }, [member]: { a: 1 } };
    expect((await bed.post("user/update-sub-api", wrong)).code).toBe(10001);
    expect(await bed.desk(apiKey)).toEqual(before);
  });

  test("a key that there isn't", async () => {
    expect(await bed.post("user/update-sub-api", { apikey: "sandbox-none", readOnly: 1 })).toMatchObject({ status: 200, code: 10003 });
    expect((await bed.post("user/update-sub-api", { apikey: bed.account.apiKey, readOnly: 1 })).code).toBe(10003);
  });
});

describe("update-api and delete-api", () => {
  const payments = { FiatP2P: ["FiatP2POrder"], Wallet: ["AccountTransfer"] };

  test("change and end the key that calls, and never its addresses", async () => {
    const key = await bed.byHand({ allowedIps: ["203.0.113.10"], permissions: { Wallet: ["AccountTransfer", "Withdraw"] } });
    const asked = { readOnly: 1, permissions: { Spot: ["SpotTrade"], BitCard: ["BitCard"], Wallet: ["AccountTransfer"] } };
    expect((await bed.post("user/update-api", asked, { key })).result).toMatchObject({
      apiKey: key.apiKey,
      readOnly: 1,
      secret: "",
      ips: ["203.0.113.10"],
    });
    expect((await bed.post("user/update-api", { ...asked, ips: "*" }, { key })).code).toBe(10001);
    expect(await bed.desk(key.apiKey)).toMatchObject({
      permissions: { ...asked.permissions, ...DERIVATIVES },
      allowedIps: ["203.0.113.10"],
    });
    expect((await bed.post("user/delete-api", {}, { key })).result).toEqual({});
    expect(await bed.lives(key)).toBe(false);
    expect(await bed.lives(bed.account)).toBe(true);
  });

  test("payments are neither added nor deleted, unless the key only reads", async () => {
    const key = await bed.byHand({ permissions: payments });
    const change = (permissions: Record<string, string[]>) => bed.post("user/update-api", { readOnly: 0, permissions }, { key });
    expect((await change({ FiatP2P: [] })).code).toBe(10001);
    expect((await change({ FiatBitPay: ["FaitPayOrder"] })).code).toBe(10001);
    expect((await change({ FiatP2P: ["FiatP2POrder"], Spot: ["SpotTrade"] })).code).toBe(0);
    const reading = await bed.byHand({ permissions: payments, readOnly: true });
    expect(
      (await bed.post("user/update-api", { readOnly: 1, permissions: { FiatP2P: [], Spot: ["SpotTrade"] } }, { key: reading })).code,
    ).toBe(0);
  });

  test("Affiliate stands alone", async () => {
    const key = await bed.byHand({ permissions: { Wallet: ["AccountTransfer"] } });
    expect((await bed.post("user/update-api", { permissions: { Affiliate: ["Affiliate"] } }, { key })).code).toBe(10001);
    expect((await bed.post("user/update-api", { permissions: { Affiliate: ["Affiliate"], Wallet: [] } }, { key })).code).toBe(0);
  });
});

describe("sub-apikeys", () => {
  test.each([0, 1, 19, 20, 21, 60])("%d keys, each once, newest first", async (count) => {
    const made: string[] = [];
    for (let n = 0; n < count; n++) made.push((await bed.create({ note: `n${n}` })).apiKey);
    expect((await bed.list()).map(({ apiKey }) => apiKey)).toEqual(made.reverse());
    const { result } = await bed.get("user/sub-apikeys", `subMemberId=${SUB}`);
    expect(result.result).toHaveLength(Math.min(20, count));
    expect(result.nextPageCursor === "").toBe(count < 20);
    expect(await bed.list(OTHER_SUB)).toEqual([]);
  });

  test("pages of the size that was asked for; a key deleted meanwhile hides no other", async () => {
    for (let n = 0; n < 5; n++) await bed.create({ note: `n${n}` });
    expect((await bed.list(SUB, 2)).map(({ note }) => note)).toEqual(["n4", "n3", "n2", "n1", "n0"]);
    const { result } = await bed.get("user/sub-apikeys", `subMemberId=${SUB}&limit=2`);
    await bed.post("user/delete-sub-api", { apikey: result.result[1].apiKey });
    const second = await bed.get("user/sub-apikeys", `subMemberId=${SUB}&limit=2&cursor=${result.nextPageCursor}`);
    expect(second.result.result.map(({ note }: { note: string }) => note)).toEqual(["n2", "n1"]);
  });

  test.each(["", `subMemberId=${SUB}&limit=0`, `subMemberId=${SUB}&limit=21`, `subMemberId=${SUB}&limit=x`, `subMemberId=${SUB}&cursor=x`])(
    "%j is 10001",
    async (query) => {
      expect((await bed.get("user/sub-apikeys", query)).code).toBe(10001);
    },
  );
});
