// KuCoin's sub-accounts, and what a person does to keys out of band.

import { codeOf, dataOf, KucoinBed, refusalOf, SUB } from "./kucoin-caller";

let bed: KucoinBed;
beforeAll(async () => {
  bed = await KucoinBed.open();
});
afterAll(() => bed.close());

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
