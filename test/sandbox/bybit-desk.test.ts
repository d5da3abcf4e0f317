// What becomes of keys at Bybit's sandbox: expiry, what a person does out of band, every state that a key passes through,
// sub-accounts, and the state file.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BybitBed, CREATION, OTHER_SUB, SUB } from "./bybit-caller";

let bed: BybitBed;
beforeEach(async () => {
  bed = await BybitBed.open();
});
afterEach(() => bed.close());

describe("expiry", () => {
  test("a key without addresses: 90 days, and what the list says on the way", async () => {
    const made = await bed.create({ ips: "*" });
    const seen: unknown[] = [];
    for (const step of ["0s", "83d", "1h", "6d", "23h"]) {
      await bed.advance(step);
      const skewMs = Number((await bed.control.get<{ offsetMs: number }>("/clock")).offsetMs);
      const { result } = await bed.get("user/sub-apikeys", `subMemberId=${SUB}`, { skewMs });
      const { status, deadlineDay, expiredAt } = result.result[0];
      expect(Date.parse(expiredAt) - Date.parse(result.result[0].createdAt)).toBe(90 * 86_400_000);
      seen.push([step, status, deadlineDay, await bed.lives(made, { skewMs })]);
    }
    expect(seen).toEqual([
      ["0s", 3, 89, true],
      ["83d", 4, 6, true],
      ["1h", 4, 6, true],
      ["6d", 4, 0, true],
      ["23h", 2, 0, false],
    ]);
  });

  test("a key with addresses lasts", async () => {
    const made = await bed.create();
    await bed.advance("400d");
    expect(await bed.lives(made, { skewMs: 400 * 86_400_000 })).toBe(true);
    expect((await bed.desk(made.apiKey)).expiresAt).toBeNull();
  });

  test("a changed password ends it in 7 days; a key made after the change stays", async () => {
    const before = await bed.create();
    await bed.advance("1s");
    await bed.control.patch(`/venues/bybit/sub-accounts/${SUB}`, { passwordChanged: true });
    await bed.advance("1s");
    const after = (await bed.post("user/create-sub-api", { ...CREATION, note: "after" }, { skewMs: 2_000 })).result;
    expect(Date.parse((await bed.desk(before.apiKey)).expiresAt ?? "") - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    await bed.advance("7d");
    expect([(await bed.desk(before.apiKey)).alive, (await bed.desk(after.apiKey)).alive]).toEqual([false, true]);
  });

  test("a person's edit begins the 90 days anew, with the same secret", async () => {
    const made = await bed.create({ ips: "*" });
    await bed.advance("80d");
    const edited = await bed.control.patch<{ expiresAt: string }>(`/venues/bybit/keys/${made.id}`, { allowedIps: [] });
    expect(Date.parse(edited.expiresAt) - Date.now()).toBeGreaterThan(169 * 86_400_000);
    expect(await bed.lives(made, { skewMs: 80 * 86_400_000 })).toBe(true);
  });
});

describe("sub-accounts", () => {
  test("made, listed by page, frozen and deleted; a name counts for ever", async () => {
    const body = { username: "maker01", memberType: 1, note: "mm" };
    const { result } = await bed.post("user/create-sub-member", body);
    expect(result).toEqual({ uid: "53888002", username: "maker01", memberType: 1, status: 1, remark: "mm" });
    expect((await bed.post("user/create-sub-member", body)).code).toBe(10001);
    const first = (await bed.get("user/submembers", "pageSize=2")).result;
    expect([first.subMembers.length, first.nextCursor]).toEqual([2, OTHER_SUB]);
    const second = (await bed.get("user/submembers", `pageSize=2&nextCursor=${first.nextCursor}`)).result;
    expect([second.subMembers[0].uid, second.nextCursor]).toEqual(["53888002", "0"]);
    expect((await bed.post("user/frozen-sub-member", { subuid: 53888002, frozen: 1 })).code).toBe(0);
    expect((await bed.get("user/query-sub-members")).result.subMembers[2]).toMatchObject({ status: 4, accountMode: 5 });
    const key = await bed.byHand({ accountId: "53888002" });
    expect((await bed.post("user/del-submember", { subMemberId: "53888002" })).code).toBe(0);
    expect(await bed.lives(key)).toBe(false);
    expect((await bed.post("user/create-sub-member", body)).code).toBe(10001);
    expect((await bed.post("user/del-submember", { subMemberId: SUB })).code).toBe(10001);
  });

  test.each(["short", "nodigits", "12345678", "with-dash1", "seventeenletters1"])("the name %s is 10001", async (username) => {
    expect((await bed.post("user/create-sub-member", { username, memberType: 1 })).code).toBe(10001);
  });

  test("the demo account is made once, and its keys are managed like a sub-account's", async () => {
    const { result } = await bed.post("user/create-demo-member");
    expect((await bed.post("user/create-demo-member")).result).toEqual(result);
    const made = await bed.create({ subuid: Number(result.subMemberId), ips: "*" });
    expect(await bed.lives(made)).toBe(true);
  });
});

describe("the desk", () => {
  test("a key made, edited and deleted by a person", async () => {
    const made = await bed.byHand({ accountId: SUB, label: "by hand", permissions: { Spot: ["SpotTrade"] }, allowedIps: ["203.0.113.10"] });
    expect(made).toMatchObject({ label: "by hand", readOnly: false, alive: true, apiSecret: expect.any(String) });
    await bed.control.patch(`/venues/bybit/keys/${made.id}`, { label: "other", permissions: { Earn: ["Earn"] }, readOnly: true });
    expect(await bed.row(made.apiKey)).toMatchObject({ note: "other", readOnly: true, permissions: { Earn: ["Earn"], Spot: [] } });
    expect(await bed.control.delete(`/venues/bybit/keys/${made.id}`)).toMatchObject({ alive: false });
    expect(await bed.row(made.apiKey)).toBeUndefined();
    await expect(bed.control.patch(`/venues/bybit/keys/${made.id}`, { label: "x" })).rejects.toMatchObject({ status: 400 });
  });

  test("secrets are shown only when asked for", async () => {
    expect(await bed.control.get<object[]>("/venues/bybit/keys")).not.toHaveProperty("0.apiSecret");
    expect(await bed.control.get("/venues/bybit/keys?secrets=true")).toMatchObject([{ apiSecret: bed.account.apiSecret }]);
  });

  test("every state that a key passed through, in order", async () => {
    const { apiKey } = await bed.create();
    const narrow = { apikey: apiKey, readOnly: 1, ips: "203.0.113.10", permissions: { ContractTrade: ["Order"] } };
    await bed.post("user/update-sub-api", narrow);
    await bed.post("user/update-sub-api", narrow);
    await bed.post("user/update-sub-api", { apikey: apiKey, readOnly: 1 });
    expect((await bed.desk(apiKey)).states).toMatchObject([
      { readOnly: false, permissions: { ContractTrade: ["Order", "Position"] }, allowedIps: ["203.0.113.10", "203.0.113.11"] },
      { readOnly: true, permissions: { ContractTrade: ["Order"] }, allowedIps: ["203.0.113.10"] },
      { readOnly: true, permissions: { ContractTrade: ["Order"] }, allowedIps: [] },
    ]);
  });

  test.each([
    ["keys", { accountId: "1" }, "accountId"],
    ["keys", { accountId: SUB, permissions: { Wallet: ["Withdraw"] } }, "Wallet:Withdraw"],
    ["keys", { accountId: SUB, permissions: { Nothing: ["Here"] } }, "Nothing:Here"],
    ["keys", { allowedIps: ["203.0.113.0/24"] }, "allowedIps.0"],
    ["keys", { note: "x" }, "note"],
    ["accounts", { uid: "1448939" }, "uid"],
    ["sub-accounts", { masterUid: SUB }, "masterUid"],
  ])("refuses %s %j", async (collection, body, named) => {
    await expect(bed.control.post(`/venues/bybit/${collection}`, body)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(named),
    });
  });

  test.each(["accounts/9", "sub-accounts/1448939", "keys/9"])("knows no %s", async (item) => {
    await expect(bed.control.patch(`/venues/bybit/${item}`, {})).rejects.toMatchObject({ status: 404 });
  });

  test("a sub-account that is gone", async () => {
    const made = await bed.create();
    await bed.control.delete(`/venues/bybit/sub-accounts/${SUB}`);
    expect([await bed.lives(made), await bed.list()]).toEqual([false, []]);
  });
});

test("keys, states, sub-accounts and settings survive in the state file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-bybit-"));
  const state = join(folder, "state.json");
  const first = await BybitBed.open({ state });
  const made = await first.create();
  await first.post("user/update-sub-api", { apikey: made.apiKey, readOnly: 1, ips: "203.0.113.10" });
  await first.switches({ successText: "OK" });
  const { account } = first;
  const before = await first.desk(made.apiKey);
  await first.close();
  const second = await BybitBed.open({ state });
  try {
    expect(second.account).toEqual(account);
    expect(await second.desk(made.apiKey)).toEqual(before);
    expect((await second.get("user/query-api", "", { key: made })).message).toBe("OK");
  } finally {
    await second.close();
    rmSync(folder, { recursive: true });
  }
});
