// The life of Deribit's keys: created, edited, listed, reset, disabled, removed; whose they are, what they allow, what a
// person does to them, and every state they pass through.

import { codeOf, DeribitBed, errorOf, resultOf, SUMMARY, type ApiKey, type DeskKey } from "./deribit-caller";

let bed: DeribitBed;
beforeAll(async () => {
  bed = await DeribitBed.open();
});
afterEach(() => bed.clear());
afterAll(() => bed.close());

const param = (name: string): unknown => expect.objectContaining({ code: -32602, data: expect.objectContaining({ param: name }) });

test("what is there from the beginning", async () => {
  const accounts = resultOf<{ id: number; type: string }[]>(await bed.call("private/get_subaccounts"));
  expect(accounts.map(({ id, type }) => [id, type])).toEqual([[7001, "main"], [7002, "subaccount"], [7003, "subaccount"]]); // prettier-ignore
  expect(bed.account).toEqual({
    apiKey: expect.stringMatching(/^sandbox-.{8}$/),
    apiSecret: expect.stringMatching(/^sandbox-.{43}$/),
    subAccount: "7002",
  });
  expect(await bed.desk(bed.account.apiKey)).toMatchObject({ accountId: 7001, label: "managing", allowedIps: ["203.0.113.10"] });
});

test("a key is born without scopes and gets scopes and addresses in one step", async () => {
  const made = await bed.issued({ max_scope: "account:none", name: "newborn" });
  expect(codeOf(await bed.summary(made))).toBe(13009);
  await bed.edit(made.id, { max_scope: ["account:read", "trade:read_write"], name: "newborn", ip_whitelist: ["203.0.113.11"] });
  expect((await bed.desk(made.apiKey)).states.map(({ permissions, allowedIps }) => [permissions, allowedIps])).toEqual([
    [[], []],
    [["account:read", "trade:read_write"], ["203.0.113.11"]],
  ]);
  expect(codeOf(await bed.order(made, { from: "127.0.0.2" }))).toBe(0);
});

test("every change of scopes, addresses or being enabled is a state, and nothing else is", async () => {
  const { id, apiKey } = await bed.issued({ max_scope: "account:read" });
  await bed.call("private/change_api_key_name", { id, name: "renamed" });
  await bed.call("private/reset_api_key", { id });
  await bed.call("private/change_scope_in_api_key", { id, max_scope: "trade:read" });
  await bed.call("private/disable_api_key", { id });
  await bed.call("private/enable_api_key", { id });
  const { id: handle, states } = await bed.desk(apiKey);
  expect(states.map(({ permissions, enabled }) => [permissions.join(), enabled])).toEqual([["account:read", true], ["trade:read", true], ["trade:read", false], ["trade:read", true]]); // prettier-ignore
  await bed.control.patch(`/venues/deribit/keys/${handle}`, { permissions: ["wallet:read_write"] });
  expect((await bed.desk(apiKey)).states.at(-1)).toMatchObject({ permissions: ["wallet:read_write"] });
});

test("least privilege: each scope opens its methods and no other", async () => {
  const reader = await bed.issued({ max_scope: "account:read" });
  const trader = await bed.issued({ max_scope: "trade:read_write" });
  const looker = await bed.issued({ max_scope: "trade:read wallet:read" });
  const codes: unknown[] = [];
  for (const key of [reader, trader, looker]) {
    const withdrawals = await bed.get("private/get_withdrawals?currency=BTC", { key });
    codes.push([codeOf(await bed.summary(key)), codeOf(await bed.order(key)), codeOf(withdrawals), codeOf(await bed.create({}, { key }))]);
  }
  expect(codes).toEqual([[0, 13009, 13009, 13009], [13009, 0, 13009, 13009], [13009, 13009, 0, 13009]]); // prettier-ignore
  // account:read lists, account:read_write manages.
  expect([codeOf(await bed.list({ key: reader })), codeOf(await bed.remove(trader.id, { key: reader }))]).toEqual([0, 13009]);
});

test("nobody hands out, edits or removes what goes beyond itself", async () => {
  expect(errorOf(await bed.create({ max_scope: "wallet:read_write" }))).toEqual({ code: 13403, message: "scope_exceeded" });
  const { number, apiKey } = await bed.byHand({ permissions: ["wallet:read_write"] });
  expect(codeOf(await bed.edit(number, { max_scope: "wallet:read" }))).toBe(13403);
  expect(codeOf(await bed.remove(number))).toBe(13403);
  const listed = resultOf<ApiKey[]>(await bed.list()).find(({ client_id }) => client_id === apiKey);
  expect(listed).toMatchObject({ max_scope: "wallet:read_write" });
  expect(listed).not.toHaveProperty("client_secret");
  const other = await bed.issued();
  expect(codeOf(await bed.edit(other.id, { max_scope: "wallet:read_write" }))).toBe(13403);
  expect(codeOf(await bed.call("private/change_scope_in_api_key", { id: other.id, max_scope: "wallet:read_write" }))).toBe(13403);
});

test.each([
  ["max_scope", {}],
  ["max_scope", { max_scope: 5 }],
  ["max_scope", { max_scope: "admin:read" }],
  ["max_scope", { max_scope: "account:write" }],
  ["max_scope", { max_scope: "account:read account:read_write" }],
  ["max_scope", { max_scope: "account:read expires:60" }],
  ["max_scope", { max_scope: "account:read ip:203.0.113.1" }],
  ["max_scope", { max_scope: "account:read mainaccount" }],
  ["name", { max_scope: "account:read", name: "seventeen_letters" }],
  ["name", { max_scope: "account:read", name: "hyphen-ated" }],
  ["name", { max_scope: "account:read", name: 5 }],
  ["enabled_features", { max_scope: "account:read", enabled_features: ["everything"] }],
  ["enabled_features", { max_scope: "account:read", enabled_features: "restricted_block_trades" }],
])("creation: wrong %s in %j", async (name, params) => {
  expect(errorOf(await bed.call("private/create_api_key", params))).toEqual(param(name));
  expect(resultOf<ApiKey[]>(await bed.list())).toHaveLength(1);
});

test.each([
  ["id", { id: undefined }],
  ["id", { id: "3" }],
  ["id", { id: 1.5 }],
  ["max_scope", { max_scope: undefined }],
  ["enabled", { enabled: "true" }],
  ["ip_whitelist", { ip_whitelist: "203.0.113.1" }],
  ["ip_whitelist", { ip_whitelist: ["203.0.113.256"] }],
  ["ip_whitelist", { ip_whitelist: ["example.com"] }],
])("an edit: wrong %s in %j, and nothing has changed", async (name, params) => {
  const { id, apiKey } = await bed.issued();
  const body = { id, max_scope: "account:read", enabled: false, ...params };
  expect(errorOf(await bed.call("private/edit_api_key", body))).toEqual(param(name));
  expect((await bed.desk(apiKey)).states).toHaveLength(1);
});

test("16 characters, both features, texts and arrays", async () => {
  const made = await bed.issued({
    name: "sixteen_letters_",
    max_scope: ["account:read", "trade:read", "block_trade:read_write", "wallet:none"],
    enabled_features: ["restricted_block_trades", "block_trade_approval"],
  });
  expect(made.max_scope.split(" ").sort()).toEqual(["account:read", "block_trade:read_write", "trade:read", "wallet:none"]);
  expect(made.enabled_features).toHaveLength(2);
});

test("by GET, with numbers and booleans as texts", async () => {
  const made = resultOf<ApiKey>(await bed.get("private/create_api_key?max_scope=account%3Aread%20trade%3Aread&name=by_get"));
  expect(made).toMatchObject({ name: "by_get", enabled: true });
  const edited = await bed.get(`private/edit_api_key?id=${made.id}&max_scope=account:read&enabled=false&name=by_get`);
  expect(resultOf<ApiKey>(edited)).toMatchObject({ enabled: false });
  expect(resultOf(await bed.get(`private/remove_api_key?id=${made.id}`))).toBe("ok");
});

test("a reset gives a new secret under the same ids, and the former one is dead", async () => {
  const made = await bed.issued();
  const reset = resultOf<ApiKey>(await bed.call("private/reset_api_key", { id: made.id }));
  expect(reset).toMatchObject({ id: made.id, client_id: made.client_id });
  expect(codeOf(await bed.summary(made))).toBe(13009);
  expect(codeOf(await bed.summary({ apiKey: made.apiKey, apiSecret: reset.client_secret }))).toBe(0);
});

test("disabled, a key can't be used; enabled, it can again", async () => {
  const made = await bed.issued();
  expect(resultOf<ApiKey>(await bed.call("private/disable_api_key", { id: made.id })).enabled).toBe(false);
  expect(codeOf(await bed.summary(made))).toBe(13004);
  await bed.call("private/enable_api_key", { id: made.id });
  expect(codeOf(await bed.summary(made))).toBe(0);
});

test("removed for good: the second time there is none", async () => {
  const made = await bed.issued();
  expect(resultOf(await bed.remove(made.id))).toBe("ok");
  expect(codeOf(await bed.remove(made.id))).toBe(-32602);
  expect(codeOf(await bed.edit(made.id))).toBe(-32602);
  expect(codeOf(await bed.summary(made))).toBe(13004);
  expect(await bed.desk(made.apiKey)).toMatchObject({ alive: false, removedAt: expect.any(String) });
});

test("eight keys, the disabled ones too; a removed one makes room", async () => {
  const ids: number[] = [];
  for (let n = 0; n < 7; n++) ids.push((await bed.issued()).id);
  await bed.call("private/disable_api_key", { id: ids[0] });
  expect(codeOf(await bed.create())).toBe(-32602);
  expect(resultOf<ApiKey[]>(await bed.list())).toHaveLength(8);
  await bed.remove(ids[1]!);
  expect(codeOf(await bed.create())).toBe(0);
});

test("a sub-account's keys are its own: its first one is made by a person, and ids mean nothing elsewhere", async () => {
  const sub = await bed.byHand({ accountId: 7002, permissions: ["account:read_write", "trade:read_write"] });
  const made = resultOf<ApiKey>(await bed.create({ max_scope: "trade:read" }, { key: sub }));
  expect(made.id).toBe(2);
  expect(resultOf<ApiKey[]>(await bed.list({ key: sub })).map(({ id }) => id)).toEqual([1, 2]);
  expect(resultOf<ApiKey[]>(await bed.list()).map(({ id }) => id)).toEqual([1]);
  expect(codeOf(await bed.remove(2))).toBe(-32602);
  const seen = resultOf<{ id: number }[]>(await bed.call("private/get_subaccounts", {}, { key: sub }));
  expect(seen.map(({ id }) => id)).toEqual([7001, 7002]);
  expect(Object.keys(seen[0]!)).toEqual(["id", "type", "username", "system_name"]);
  await bed.control.delete(`/venues/deribit/keys/${sub.id}`);
});

test("whose account it is, and a sub-account's balance", async () => {
  const own = resultOf(await bed.get(`${SUMMARY}&extended=true`));
  expect(own).toMatchObject({ id: 7001, type: "main", username: "desk", currency: "BTC", balance: 2, security_keys_enabled: false });
  const other = resultOf(await bed.get(`${SUMMARY}&extended=true&subaccount_id=7003`));
  expect(other).toMatchObject({ id: 7003, type: "subaccount", username: "desk_bravo" });
  expect(errorOf(await bed.get(`${SUMMARY}&subaccount_id=7999`))).toEqual(param("subaccount_id"));
  expect(errorOf(await bed.get("private/get_account_summary"))).toEqual(param("currency"));
  expect(errorOf(await bed.get("private/get_account_summary?currency=XXX"))).toEqual(param("currency"));
});

describe("a person", () => {
  const path = "/venues/deribit";

  test("makes, edits and removes any key", async () => {
    const key = await bed.byHand({ label: "by_hand", permissions: ["wallet:read_write"], allowedIps: ["203.0.113.11"] });
    expect(codeOf(await bed.get("private/get_withdrawals?currency=BTC", { key, from: "127.0.0.2" }))).toBe(0);
    const edited = await bed.control.patch<DeskKey>(`${path}/keys/${key.id}`, { allowedIps: [], enabled: false, label: "other" });
    expect(edited).toMatchObject({ label: "other", allowedIps: [], enabled: false, permissions: ["wallet:read_write"] });
    expect(edited).not.toHaveProperty("apiSecret");
    expect(await bed.control.delete(`${path}/keys/${key.id}`)).toMatchObject({ alive: false });
  });

  test("opens accounts and sub-accounts, 20 at most", async () => {
    const main = await bed.control.post<{ id: number }>(`${path}/accounts`, { username: "second" });
    for (let n = 0; n < 20; n++) await bed.control.post(`${path}/sub-accounts`, { mainId: main.id });
    await expect(bed.control.post(`${path}/sub-accounts`, { mainId: main.id })).rejects.toThrow("20 sub-accounts already");
    expect(resultOf<unknown[]>(await bed.call("private/get_subaccounts"))).toHaveLength(3);
  });

  test("revokes tokens", async () => {
    const token = await bed.token(bed.account, "account:read");
    const tokens = await bed.control.get<{ id: string; token: string; alive: boolean }[]>(`${path}/tokens?secrets=true`);
    const found = tokens.find((candidate) => candidate.token === token)!;
    expect(found).toMatchObject({ alive: true, permissions: ["account:read"] });
    await bed.control.delete(`${path}/tokens/${found.id}`);
    expect(codeOf(await bed.get(SUMMARY, { token }))).toBe(13009);
  });

  test.each([
    ["keys", { accountId: 1 }, "no account 1"],
    ["keys", { permissions: ["admin:read"] }, "permissions"],
    ["keys", { allowedIps: ["203.0.113.0/24"] }, "allowedIps.0"],
    ["keys", { publicKey: "x" }, "publicKey"],
    ["keys", { label: "hyphen-ated" }, "label"],
    ["sub-accounts", { mainId: 7002 }, "no main account 7002"],
    ["accounts", { mainId: 7001 }, "mainId"],
  ])("is told what is wrong with %s %j", async (collection, body, message) => {
    await expect(bed.control.post(`${path}/${collection}`, body)).rejects.toThrow(message);
  });
});
