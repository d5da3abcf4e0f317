// Gate's sub-accounts, and what a person does to keys and accounts out of band.

import type { Answered } from "./caller";
import { GateBed, labelOf, outcomeOf, SUB } from "./gate-caller";

let bed: GateBed;
beforeAll(async () => {
  bed = await GateBed.open();
});
afterAll(() => bed.close());

describe("sub-accounts", () => {
  const made = (body: object): Promise<Answered> => bed.post("/sub_accounts", body);

  test("made, listed, read, locked and unlocked", async () => {
    const { status, json } = await made({ login_name: "for_trades", remark: "remark", password: "sandbox-x", email: "a@example.com" });
    const row = json as { user_id: number };
    expect([status, json]).toEqual([
      201,
      { remark: "remark", login_name: "for_trades", user_id: expect.any(Number), state: 1, create_time: expect.any(Number) },
    ]);
    expect((await bed.get("/sub_accounts")).json).toContainEqual(json);
    const at = `/sub_accounts/${row.user_id}`;
    expect((await bed.get(at)).json).toEqual(json);
    const key = await bed.issued({}, row.user_id);
    expect((await bed.send("POST", `${at}/lock`, "")).status).toBe(204);
    expect((await bed.get(at)).json).toMatchObject({ state: 2 });
    expect(outcomeOf(await bed.create({}, row.user_id))).toBe("400 SUB_ACCOUNT_LOCKED");
    expect(outcomeOf(await bed.update(key, {}, row.user_id))).toBe("400 SUB_ACCOUNT_LOCKED");
    expect((await bed.post(`${at}/unlock`, {})).status).toBe(204);
    expect((await bed.get(at)).json).toMatchObject({ state: 1 });
    expect((await bed.remove(key, row.user_id)).status).toBe(204);
  });

  test("by their type", async () => {
    const cross = await bed.sub({ loginName: "cross", type: 3 });
    const ids = async (query: string): Promise<number[]> =>
      ((await bed.get(`/sub_accounts${query}`)).json as { user_id: number }[]).map((one) => one.user_id);
    expect(await ids("")).not.toContain(cross);
    expect(await ids("?type=1")).toEqual(await ids(""));
    expect(await ids("?type=0")).toContain(cross);
    expect(labelOf(await bed.get("/sub_accounts?type=2"))).toBe("INVALID_PARAM_VALUE");
  });

  test.each<[string, object, string]>([
    ["no name", {}, "MISSING_REQUIRED_PARAM"],
    ["a name with a dash", { login_name: "desk-1" }, "INVALID_PARAM_VALUE"],
    ["a name that is there", { login_name: "desk_alpha" }, "INVALID_PARAM_VALUE"],
    ["a remark that is a number", { login_name: "other", remark: 1 }, "INVALID_PARAM_VALUE"],
  ])("%s is refused", async (_what, body, label) => {
    expect(outcomeOf(await made(body))).toBe(`400 ${label}`);
  });

  test.each(["lock", "unlock"])("%s of one that isn't there", async (act) => {
    expect(outcomeOf(await bed.send("POST", `/sub_accounts/99/${act}`, ""))).toBe("400 SUB_ACCOUNT_NOT_FOUND");
  });
});

describe("a person out of band", () => {
  test("makes, changes, stops and deletes any key", async () => {
    const key = await bed.byHand({ userId: SUB, name: "by hand", permissions: { spot: "read" }, allowedIps: ["203.0.113.10"], mode: 2 });
    expect((await bed.row(key)).json).toMatchObject({ name: "by hand", perms: [{ name: "spot", read_only: true }], mode: 2 });
    const at = `/venues/gate/keys/${key.id}`;
    await bed.control.patch(at, { name: "renamed", permissions: { spot: "read-write" } });
    expect((await bed.row(key)).json).toMatchObject({ name: "renamed", ip_whitelist: ["203.0.113.10"] });
    await bed.control.patch(at, { allowedIps: [] });
    expect(outcomeOf(await bed.order(key, {}, { from: "127.0.0.4" }))).toBe(201);
    expect((await bed.desk(key)).states.map(({ permissions, allowedIps }) => [permissions, allowedIps.length])).toEqual([
      [{ spot: "read" }, 1],
      [{ spot: "read-write" }, 1],
      [{ spot: "read-write" }, 0],
    ]);
    await bed.control.patch(at, { standing: "frozen" });
    expect([outcomeOf(await bed.order(key)), (await bed.desk(key)).alive]).toEqual(["401 INVALID_KEY", false]);
    await bed.control.patch(at, { standing: "normal" });
    expect(outcomeOf(await bed.order(key))).toBe(201);
    await bed.control.delete(at);
    expect([outcomeOf(await bed.order(key)), (await bed.desk(key)).alive]).toEqual(["401 INVALID_KEY", false]);
  });

  test("sees secrets only on demand", async () => {
    const text = async (query: string): Promise<string> => JSON.stringify(await bed.control.get(`/venues/gate/keys${query}`));
    expect(await text("")).not.toContain(bed.account.apiSecret);
    expect(await text("?secrets=true")).toContain(bed.account.apiSecret);
  });

  test("opens accounts and sub-accounts", async () => {
    const { userId } = await bed.control.post<{ userId: number }>("/venues/gate/accounts", { loginName: "second" });
    const sub = await bed.sub({ mainId: userId, loginName: "theirs" });
    expect(await bed.control.get("/venues/gate/accounts")).toContainEqual(expect.objectContaining({ id: String(userId), mainId: null }));
    const shown = expect.objectContaining({ id: String(sub), mainId: userId, loginName: "theirs", locked: false }) as unknown;
    expect(await bed.control.get("/venues/gate/sub-accounts")).toContainEqual(shown);
    const key = await bed.byHand({ userId, permissions: { wallet: "read" } });
    expect(await bed.get("/sub_accounts", { key })).toMatchObject({ json: [{ login_name: "theirs" }] });
  });

  test.each<[string, string, Record<string, unknown>]>([
    ["keys", "a permission that sub-accounts' keys can't have", { userId: SUB, permissions: { withdrawal: "read" } }],
    ["keys", "a permission that Gate doesn't have", { permissions: { trade: "read" } }],
    ["keys", "an access that is none", { permissions: { spot: "write" } }],
    ["keys", "a range", { allowedIps: ["203.0.113.0/24"] }],
    ["keys", "21 addresses", { allowedIps: Array.from({ length: 21 }, (_, n) => `198.51.100.${n}`) }],
    ["keys", "31 pairs", { currencyPairs: Array.from({ length: 31 }, (_, n) => `C${n}_USDT`) }],
    ["keys", "an account that isn't there", { userId: 1 }],
    ["keys", "another member", { label: "x" }],
    ["accounts", "a name that is there", { loginName: "desk" }],
    ["sub-accounts", "a name that is there", { loginName: "desk_alpha" }],
    ["sub-accounts", "a main account that isn't there", { mainId: SUB }],
    ["sub-accounts", "a bad name", { loginName: "desk-1" }],
  ])("%s: %s is refused", async (collection, _what, body) => {
    await expect(bed.control.post(`/venues/gate/${collection}`, body)).rejects.toMatchObject({ status: 400 });
  });

  test("what isn't there", async () => {
    await expect(bed.control.patch("/venues/gate/keys/999999", {})).rejects.toMatchObject({ status: 404 });
    await expect(bed.control.patch("/venues/gate/sub-accounts/99", { locked: true })).rejects.toMatchObject({ status: 404 });
    await expect(bed.control.delete("/venues/gate/keys/999999")).rejects.toMatchObject({ status: 404 });
  });
});
