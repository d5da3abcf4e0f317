// KuCoin's keys over their life: making, listing, updating, deleting and ending.

import { codeOf, dataOf, KEYS, KucoinBed, PASSPHRASE, refusalOf, SUB } from "./kucoin-caller";

let bed: KucoinBed;
beforeAll(async () => {
  bed = await KucoinBed.open();
});
afterAll(() => bed.close());

const twenty = Array.from({ length: 20 }, (_, n) => `198.51.100.${n}`).join(",");

describe("making", () => {
  test("a key, its secret told once", async () => {
    const made = dataOf<Record<string, unknown>>(await bed.create({ permission: "General, Futures", ipWhitelist: "203.0.113.10" }));
    expect(made).toEqual({
      subName: SUB,
      remark: "bot",
      apiKey: expect.stringMatching(/^sandbox-/),
      apiSecret: expect.stringMatching(/^sandbox-/),
      apiVersion: 3,
      passphrase: PASSPHRASE,
      permission: "General,Futures",
      ipWhitelist: "203.**.10",
      createdAt: expect.any(Number),
    });
    const row = await bed.row(made as { apiKey: string });
    const { apiSecret: _apiSecret, passphrase: _passphrase, ...shown } = made;
    expect(row).toEqual({ ...shown, uid: 165111216, isMaster: false });
  });

  test("without what may be missing: General, from anywhere, for ever", async () => {
    const key = await bed.issued({ permission: undefined, ipWhitelist: undefined, expire: undefined });
    expect(await bed.desk(key)).toMatchObject({ permissions: ["General"], allowedIps: [], expiresAt: null, alive: true, subName: SUB });
    expect((await bed.desk(await bed.issued({ permission: "", ipWhitelist: "", expire: "" }))).permissions).toEqual(["General"]);
  });

  test("two with the same remark", async () => {
    const [one, other] = [await bed.issued({ remark: "twin" }), await bed.issued({ remark: "twin" })];
    expect(one.apiKey).not.toBe(other.apiKey);
    const rows = dataOf(await bed.list()).filter(({ remark }) => remark === "twin");
    expect(rows.map(({ apiKey }) => apiKey)).toEqual([one.apiKey, other.apiKey]);
  });

  test.each<[string, Record<string, unknown>]>([
    ["no sub-account", { subName: undefined }],
    ["a sub-account that isn't there", { subName: "nobody12" }],
    ["no remark", { remark: undefined }],
    ["an empty remark", { remark: "" }],
    ["a remark of 25 characters", { remark: "x".repeat(25) }],
    ["a remark that is a number", { remark: 7 }],
    ["no passphrase", { passphrase: undefined }],
    ["a passphrase of 6 characters", { passphrase: "abcde1" }],
    ["a passphrase of 33 characters", { passphrase: "a".repeat(33) }],
    ["a passphrase with a space", { passphrase: "sandbox pass" }],
    ["withdrawals", { permission: "General,Transfer", ipWhitelist: "203.0.113.10" }],
    ["Earn", { permission: "Earn" }],
    ["another venue's permission", { permission: "General,trade" }],
    ["an empty permission among others", { permission: "General," }],
    ["Flex Transfers without an IP list", { permission: "General,InnerTransfer" }],
    ["21 addresses", { ipWhitelist: `${twenty},203.0.113.10` }],
    ["an address that is none", { ipWhitelist: "203.0.113.256" }],
    ["an address twice separated", { ipWhitelist: "203.0.113.10,,203.0.113.11" }],
    ["an address after a space", { ipWhitelist: "203.0.113.10, 203.0.113.11" }],
    ["7 days", { expire: "7" }],
    ["days as a number", { expire: 30 }],
  ])("%s is refused, and nothing is made", async (_what, different) => {
    const before = dataOf(await bed.list()).length;
    expect(refusalOf(await bed.create(different))).toEqual([200, "400100", "Parameter Error"]);
    expect(dataOf(await bed.list())).toHaveLength(before);
  });

  test.each<[string, Record<string, unknown>]>([
    ["the longest of everything", { remark: "ä".repeat(24), passphrase: "p".repeat(32), ipWhitelist: twenty }],
    ["the shortest", { remark: "x", passphrase: "1234567" }],
    ["all that a sub-account's key can have", { permission: "General,Spot,Futures,Margin,InnerTransfer", ipWhitelist: "203.0.113.10" }],
  ])("%s works", async (_what, different) => {
    expect(codeOf(await bed.create(different))).toBe("200000");
  });
});

describe("listing", () => {
  test("a sub-account's own, oldest first, or one, without secrets", async () => {
    const subName = "deskbravo2";
    expect(dataOf(await bed.list(subName))).toEqual([]);
    const [one, two] = [await bed.issued({ subName, remark: "one" }), await bed.issued({ subName, remark: "two" })];
    const listed = await bed.list(subName);
    expect(dataOf(listed).map(({ remark }) => remark)).toEqual(["one", "two"]);
    for (const secret of [one.apiSecret, one.passphrase, two.apiSecret]) expect(listed.text).not.toContain(secret);
    expect(dataOf(await bed.list(subName, two.apiKey)).map(({ remark }) => remark)).toEqual(["two"]);
    expect(dataOf(await bed.list(SUB, two.apiKey))).toEqual([]);
  });

  test("no pages: three hundred at once", async () => {
    await bed.control.post("/venues/kucoin/sub-accounts", { subName: "deskmany3" });
    for (let n = 0; n < 300; n++) await bed.byHand({ subName: "deskmany3" });
    expect(dataOf(await bed.list("deskmany3"))).toHaveLength(300);
  });

  test("without a sub-account's name", async () => {
    expect(codeOf(await bed.get(KEYS))).toBe("400100");
  });
});

describe("updating", () => {
  test("what is sent, all at once; secret, passphrase and remark stay", async () => {
    const key = await bed.issued({ ipWhitelist: "203.0.113.10", expire: "30" });
    const answer = await bed.update(key, {
      permission: "General,Spot,Futures",
      ipWhitelist: "203.0.113.11",
      expire: "90",
      remark: "other",
    });
    expect(dataOf(answer)).toEqual({ subName: SUB, apiKey: key.apiKey, permission: "General,Futures,Spot" });
    expect(await bed.row(key)).toMatchObject({ remark: "bot", permission: "General,Futures,Spot", ipWhitelist: "203.**.11" });
    expect(codeOf(await bed.order(key, { from: "127.0.0.2" }))).toBe("200000");
    expect(codeOf(await bed.order(key))).toBe("400006");
  });

  test("every state that a key has had, in order", async () => {
    const key = await bed.issued({ permission: "Spot", ipWhitelist: "203.0.113.10" });
    await bed.update(key, { permission: "Spot,Futures", ipWhitelist: "203.0.113.10,203.0.113.11" });
    await bed.update(key, { permission: "General" });
    const states = (await bed.desk(key)).states.map(({ permissions, allowedIps }) => [permissions.join(), allowedIps.join()]);
    expect(states).toEqual([
      ["General,Spot", "203.0.113.10"],
      ["General,Futures,Spot", "203.0.113.10,203.0.113.11"],
      ["General", ""],
    ]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["a wrong passphrase", { passphrase: "sandbox-wrong" }, "400004"],
    ["no passphrase", { passphrase: undefined }, "400100"],
    ["no key", { apiKey: undefined }, "400100"],
    ["another sub-account", { subName: "deskbravo2" }, "400100"],
    ["a key that isn't there", { apiKey: "sandbox-nobody" }, "400100"],
    ["withdrawals", { permission: "Transfer" }, "400100"],
    ["Flex Transfers while the list goes", { permission: "InnerTransfer", ipWhitelist: "" }, "400100"],
    ["a bad address", { ipWhitelist: "here" }, "400100"],
    ["7 days", { expire: "7" }, "400100"],
  ])("%s is refused, and nothing changes", async (_what, different, code) => {
    const key = await bed.issued({ permission: "Spot", ipWhitelist: "203.0.113.10" });
    expect(codeOf(await bed.update(key, { permission: "Spot", ipWhitelist: "203.0.113.10", ...different }))).toBe(code);
    expect((await bed.desk(key)).states).toHaveLength(1);
  });
});

describe("deleting", () => {
  test("takes the key's own passphrase, and is at once", async () => {
    const key = await bed.issued();
    expect(codeOf(await bed.remove({ ...key, passphrase: "sandbox-wrong" }))).toBe("400004");
    expect(codeOf(await bed.remove(key, "deskbravo2"))).toBe("400100");
    expect(codeOf(await bed.self(key))).toBe("200000");
    expect(dataOf(await bed.remove(key))).toEqual({ subName: SUB, apiKey: key.apiKey });
    expect(refusalOf(await bed.self(key))).toEqual([200, "400003", "KC-API-KEY not exists"]);
    expect(dataOf(await bed.list(SUB, key.apiKey))).toEqual([]);
    expect([codeOf(await bed.remove(key)), codeOf(await bed.update(key, {}))]).toEqual(["400100", "400100"]);
  });

  test("a passphrase that needs encoding, signed unencoded", async () => {
    const key = await bed.issued({ passphrase: "abc!@#11&=%41" });
    const target = `${KEYS}?apiKey=${key.apiKey}&subName=${SUB}&passphrase=${encodeURIComponent(key.passphrase)}`;
    expect(codeOf(await bed.send("DELETE", target, ""))).toBe("200000");
  });

  test("never a master's", async () => {
    const { apiKey, passphrase } = bed.account;
    expect(codeOf(await bed.remove({ apiKey, passphrase }))).toBe("400100");
  });
});

describe("ending", () => {
  test.each(["30", "90", "180", "360"])("after %s days, by the sandbox's clock", async (expire) => {
    const own = await KucoinBed.open();
    try {
      const key = await own.issued({ permission: "Spot", expire });
      const hours = Number(expire) * 24;
      await own.control.post("/clock", { advance: `${hours - 1}h` });
      expect(codeOf(await own.order(key))).toBe("200000");
      await own.control.post("/clock", { advance: "1h" });
      expect(codeOf(await own.order(key))).toBe("400003");
      expect((await own.desk(key)).alive).toBe(false);
      // It is still listed, and nothing says that it is dead; an update can't bring it back.
      expect(await own.row(key)).toMatchObject({ permission: "General,Spot" });
      expect(codeOf(await own.update(key, { permission: "Spot", expire }))).toBe("400100");
      expect(codeOf(await own.remove(key))).toBe("200000");
    } finally {
      await own.close();
    }
  });

  test("an update's days begin with the update", async () => {
    const own = await KucoinBed.open();
    try {
      const key = await own.issued({ expire: "30" });
      await own.control.post("/clock", { advance: "696h" });
      await own.update(key, { expire: "30" });
      await own.control.post("/clock", { advance: "696h" });
      expect(codeOf(await own.self(key))).toBe("200000");
      await own.control.post("/clock", { advance: "25h" });
      expect(codeOf(await own.self(key))).toBe("400003");
    } finally {
      await own.close();
    }
  });
});
