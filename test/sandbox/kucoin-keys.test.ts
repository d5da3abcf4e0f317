// KuCoin's keys over their life: making, listing, updating, deleting, ending, and what a person does to them meanwhile.

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

describe("sub-accounts", () => {
  const CREATE = "/api/v2/sub/user/created";
  const wanted = { subName: "deskmade4", password: "q1234567", access: "Spot", remarks: "TheRemark" };

  test("one is made, and deals in nothing else until that is enabled", async () => {
    const made = dataOf<{ uid: number }>(await bed.post(CREATE, wanted));
    expect(made).toEqual({ uid: expect.any(Number), subName: "deskmade4", remarks: "TheRemark", access: "Spot" });
    const permission = "General,Spot,Futures,Margin";
    const key = await bed.issued({ subName: "deskmade4", permission });
    expect((await bed.desk(key)).permissions).toEqual(["General", "Spot"]);
    const manager = await bed.byHand({ permissions: ["General", "Futures"] });
    const enable = (kind: string) => bed.post(`/api/v3/sub/user/${kind}/enable`, { uid: String(made.uid) }, { key: manager });
    expect([codeOf(await enable("margin")), codeOf(await enable("futures"))]).toEqual(["400007", "200000"]);
    expect((await bed.desk(await bed.issued({ subName: "deskmade4", permission }))).permissions).toEqual(["General", "Futures", "Spot"]);
  });

  test.each<[string, Record<string, unknown>]>([
    ["a name without a digit", { subName: "deskmade" }],
    ["a short name", { subName: "desk12" }],
    ["a name that is there", { subName: SUB }],
    ["a password of digits", { password: "12345678" }],
    ["another access", { access: "All" }],
    ["long remarks", { remarks: "x".repeat(25) }],
  ])("%s is refused", async (_what, different) => {
    expect(codeOf(await bed.post(CREATE, { ...wanted, subName: "deskother5", ...different }))).toBe("400100");
  });

  test("in pages of 1 to 100, 10 when nothing is said", async () => {
    const own = await KucoinBed.open();
    try {
      for (let n = 3; n <= 12; n++) await own.control.post("/venues/kucoin/sub-accounts", { subName: `deskpaged${n}` });
      const page = async (query: string): Promise<unknown[]> => {
        const answer = await own.get(`/api/v2/sub/user${query}`);
        if (codeOf(answer) !== "200000") return [codeOf(answer)];
        const { currentPage, pageSize, totalNum, totalPage, items } = dataOf<Record<string, number> & { items: { subName: string }[] }>(
          answer,
        );
        return [currentPage, pageSize, totalNum, totalPage, items.length, items[0]?.subName];
      };
      expect(await page("")).toEqual([1, 10, 12, 2, 10, SUB]);
      expect(await page("?currentPage=2")).toEqual([2, 10, 12, 2, 2, "deskpaged11"]);
      expect(await page("?currentPage=3&pageSize=5")).toEqual([3, 5, 12, 3, 2, "deskpaged11"]);
      expect(await page("?currentPage=2&pageSize=6")).toEqual([2, 6, 12, 2, 6, "deskpaged7"]);
      expect(await page("?currentPage=3&pageSize=6")).toEqual([3, 6, 12, 2, 0, undefined]);
      expect(await page("?pageSize=100")).toEqual([1, 100, 12, 1, 12, SUB]);
      for (const query of ["?pageSize=101", "?pageSize=0", "?currentPage=0", "?pageSize=many"])
        expect(await page(query)).toEqual(["400100"]);
    } finally {
      await own.close();
    }
  });

  test("a frozen one's keys are refused, and none is made or updated", async () => {
    const { subName } = await bed.control.post<{ subName: string }>("/venues/kucoin/sub-accounts", { subName: "deskcold6" });
    const key = await bed.issued({ subName });
    await bed.control.patch(`/venues/kucoin/sub-accounts/${subName}`, { frozen: true });
    expect(refusalOf(await bed.self(key))).toEqual([200, "411100", "User is frozen"]);
    expect([codeOf(await bed.create({ subName })), codeOf(await bed.update(key, { subName }))]).toEqual(["411100", "411100"]);
    const { items } = dataOf<{ items: { subName: string; status: number }[] }>(await bed.get("/api/v2/sub/user?pageSize=100"));
    expect(items.find((one) => one.subName === subName)).toMatchObject({ status: 3 });
    expect(codeOf(await bed.remove(key, subName))).toBe("200000");
  });
});

describe("a person out of band", () => {
  test("makes, changes and deletes any key", async () => {
    const key = await bed.byHand({ subName: SUB, remark: "by hand", permissions: ["General", "Margin"], allowedIps: ["203.0.113.10"] });
    expect(key.passphrase).toMatch(/^sandbox-/);
    expect(await bed.row(key)).toMatchObject({ remark: "by hand", permission: "General,Margin", ipWhitelist: "203.**.10" });
    const at = `/venues/kucoin/keys/${key.id}`;
    await bed.control.patch(at, { permissions: ["General", "Spot"], remark: "renamed", expire: "30" });
    expect(await bed.row(key)).toMatchObject({ remark: "renamed", permission: "General,Spot", ipWhitelist: "203.**.10" });
    expect((await bed.desk(key)).states.map(({ permissions }) => permissions.join())).toEqual(["General,Margin", "General,Spot"]);
    expect((await bed.desk(key)).expiresAt).not.toBeNull();
    await bed.control.delete(at);
    expect(codeOf(await bed.self(key))).toBe("400003");
    expect((await bed.desk(key)).alive).toBe(false);
  });

  test("sees secrets only on demand", async () => {
    const { apiSecret } = bed.account;
    const text = async (query: string): Promise<string> => JSON.stringify(await bed.control.get(`/venues/kucoin/keys${query}`));
    expect(await text("")).not.toContain(apiSecret);
    expect(await text("")).not.toContain(bed.account.passphrase);
    expect(await text("?secrets=true")).toContain(apiSecret);
    expect(await text("?secrets=true")).toContain(bed.account.passphrase);
  });

  test("opens accounts and sub-accounts", async () => {
    const { uid } = await bed.control.post<{ uid: number }>("/venues/kucoin/accounts", { remarks: "second" });
    await bed.control.post("/venues/kucoin/sub-accounts", { subName: "desktheirs7", masterUid: uid, tradeTypes: ["Futures"] });
    const subs = await bed.control.get<Record<string, unknown>[]>("/venues/kucoin/sub-accounts");
    expect(subs).toContainEqual(expect.objectContaining({ id: "desktheirs7", masterUid: uid, tradeTypes: ["Futures"] }));
    expect(await bed.control.get("/venues/kucoin/accounts")).toContainEqual(expect.objectContaining({ uid, remarks: "second" }));
  });

  test.each<[string, string, Record<string, unknown>]>([
    ["keys", "a permission that sub-accounts' keys can't have", { subName: SUB, permissions: ["Transfer"], allowedIps: ["203.0.113.1"] }],
    ["keys", "withdrawals without an IP list", { permissions: ["Transfer"] }],
    ["keys", "IPv6 where that isn't taken", { allowedIps: ["2001:db8::1"] }],
    ["keys", "an account that isn't there", { uid: 1 }],
    ["keys", "a sub-account that isn't there", { subName: "nobody12" }],
    ["keys", "a bad passphrase", { passphrase: "short" }],
    ["keys", "another member", { label: "x" }],
    ["sub-accounts", "a name that is there", { subName: SUB }],
    ["sub-accounts", "a master that isn't there", { subName: "deskwhose8", masterUid: 1 }],
    ["sub-accounts", "a bad name", { subName: "x" }],
  ])("%s: %s is refused", async (collection, _what, body) => {
    await expect(bed.control.post(`/venues/kucoin/${collection}`, body)).rejects.toMatchObject({ status: 400 });
  });

  test("what isn't there", async () => {
    await expect(bed.control.patch("/venues/kucoin/keys/999999", {})).rejects.toMatchObject({ status: 404 });
    await expect(bed.control.patch("/venues/kucoin/sub-accounts/nobody12", { frozen: true })).rejects.toMatchObject({ status: 404 });
  });
});
