// Gate's keys as the API makes, lists, replaces and deletes them.

import { GateBed, keysOf, OTHER_SUB, outcomeOf, SPOT, SUB, type Row } from "./gate-caller";

let bed: GateBed;
beforeAll(async () => {
  bed = await GateBed.open();
});
afterAll(() => bed.close());

const twenty = Array.from({ length: 20 }, (_, n) => `198.51.100.${n}`);
const perms = (...names: string[]): unknown[] => names.map((name) => ({ name, read_only: false }));
const ALL = ["wallet", "spot", "futures", "delivery", "earn", "custody", "options", "account", "loan", "margin", "unified", "copy"];

describe("making", () => {
  test("a key, its secret told once", async () => {
    const answer = await bed.create({ perms: [...SPOT, { name: "wallet", read_only: true }], mode: 2 });
    expect([answer.status, answer.json]).toEqual([
      200,
      {
        state: 1,
        name: "bot",
        user_id: SUB,
        perms: [
          { name: "wallet", read_only: true },
          { name: "spot", read_only: false },
        ],
        ip_whitelist: ["203.0.113.10"],
        mode: 2,
        key: expect.stringMatching(/^sandbox-/),
        secret: expect.stringMatching(/^sandbox-/),
        created_at: expect.any(Number),
        updated_at: expect.any(Number),
      },
    ]);
    const { secret, updated_at: updatedAt, ...made } = answer.json as Row & { updated_at: number };
    const { text, json } = await bed.row({ apiKey: made.key });
    expect(json).toEqual({ ...made, last_access: made.created_at, update_at: updatedAt });
    expect(text).not.toContain(secret);
  });

  test("without what may be missing: no name, no permission, from anywhere, classic", async () => {
    const { json } = await bed.send("POST", keysOf(SUB), "{}");
    expect(json).toMatchObject({ name: "", perms: [], ip_whitelist: [], mode: 1 });
    const { key, secret } = json as Row;
    expect(await bed.desk({ apiKey: key })).toMatchObject({ permissions: {}, allowedIps: [], alive: true });
    expect(outcomeOf(await bed.balance({ apiKey: key, apiSecret: secret }))).toBe("401 FORBIDDEN");
  });

  test("all areas; those without a name are none", async () => {
    const key = await bed.issued({ perms: [...perms(...ALL), { name: "", read_only: false }, { read_only: true }] });
    expect(Object.keys((await bed.desk(key)).permissions)).toEqual(ALL);
  });

  test.each<[string, Record<string, unknown>]>([
    ["a name that is a number", { name: 7 }],
    ["a mode that is none", { mode: 3 }],
    ["a mode that is a text", { mode: "1" }],
    ["permissions that are no list", { perms: { spot: false } }],
    ["a permission that is a text", { perms: ["spot"] }],
    ["a permission whose name is a number", { perms: [{ name: 1 }] }],
    ["a permission twice", { perms: [...SPOT, { name: "spot", read_only: true }] }],
    ["a read_only that is a text", { perms: [{ name: "spot", read_only: "true" }] }],
    ["21 addresses", { ip_whitelist: [...twenty, "203.0.113.10"] }],
    ["addresses in a text", { ip_whitelist: "203.0.113.10" }],
    ["a range", { ip_whitelist: ["203.0.113.0/24"] }],
    ["IPv6", { ip_whitelist: ["2001:db8::1"] }],
    ["an address that is none", { ip_whitelist: ["203.0.113.256"] }],
    ["an address that is a number", { ip_whitelist: [1] }],
  ])("%s is refused, and nothing is made", async (_what, different) => {
    const before = (await bed.list()).length;
    expect(outcomeOf(await bed.create(different))).toBe("400 INVALID_PARAM_VALUE");
    expect(await bed.list()).toHaveLength(before);
  });

  test("the most of everything", async () => {
    const key = await bed.issued({ name: "n".repeat(32), ip_whitelist: twenty });
    expect(await bed.desk(key)).toMatchObject({ name: "n".repeat(32), allowedIps: twenty });
  });

  test.each<[string, string | number, string]>([
    ["isn't there", 99, "400 SUB_ACCOUNT_NOT_FOUND"],
    ["is the main account", 2_124_001, "400 SUB_ACCOUNT_NOT_FOUND"],
    ["is no number", "desk_alpha", "400 INVALID_PARAM_VALUE"],
  ])("for a sub-account that %s", async (_what, sub, outcome) => {
    expect(outcomeOf(await bed.create({}, sub))).toBe(outcome);
  });
});

describe("reading", () => {
  test("a sub-account's own, oldest first, all at once", async () => {
    const sub = await bed.sub();
    expect(await bed.list(sub)).toEqual([]);
    const made = [await bed.issued({ name: "one" }, sub), await bed.issued({ name: "two" }, sub)];
    expect((await bed.list(sub)).map(({ key }) => key)).toEqual(made.map(({ apiKey }) => apiKey));
    for (let n = 0; n < 200; n++) await bed.byHand({ userId: sub });
    expect(await bed.list(sub)).toHaveLength(202);
  });

  test("one; of another sub-account none", async () => {
    const key = await bed.issued();
    expect((await bed.row(key)).json).toMatchObject({ key: key.apiKey, name: "bot" });
    expect(outcomeOf(await bed.row(key, OTHER_SUB))).toBe("401 INVALID_KEY");
  });

  test("when a key was last used", async () => {
    const key = await bed.issued();
    await bed.advance("1h");
    await bed.balance({ ...key, apiSecret: "wrong" });
    const { created_at: created } = (await bed.row(key)).json as Row;
    expect((await bed.row(key)).json).toMatchObject({ last_access: created });
    await bed.balance(key);
    const { last_access: used } = (await bed.row(key)).json as Row;
    expect(used! - created).toBeGreaterThanOrEqual(3_600);
  });

  test("a main account's keys, masked; a sub-account's key may not", async () => {
    const own = await bed.byHand({ name: "second", currencyPairs: ["BTC_USD"], permissions: { withdrawal: "read", otc: "read-write" } });
    const { json, text } = await bed.get("/account/main_keys");
    expect((json as Row[]).map(({ name }) => name)).toContain("managing");
    expect((json as Row[]).at(-1)).toMatchObject({
      state: 1,
      mode: 1,
      name: "second",
      user_id: 2_124_001,
      perms: [
        { name: "otc", read_only: false },
        { name: "withdrawal", read_only: true },
      ],
      ip_whitelist: [],
      currency_pairs: ["BTC_USD"],
      key: `${own.apiKey.slice(0, 12)}*****`,
    });
    expect(text).not.toContain(own.apiKey);
    const sub = await bed.issued({ perms: perms("account") });
    expect(outcomeOf(await bed.get("/account/main_keys", { key: sub }))).toBe("401 FORBIDDEN");
  });
});

describe("replacing", () => {
  test("all at once, without a body in return", async () => {
    const key = await bed.issued();
    const answer = await bed.update(key, { name: "renamed", perms: perms("futures", "spot"), ip_whitelist: ["203.0.113.11"] });
    expect([answer.status, answer.text, answer.headers["content-type"], answer.headers["content-length"]]).toEqual([
      204,
      "",
      undefined,
      undefined,
    ]);
    expect((await bed.row(key)).json).toMatchObject({ name: "renamed", ip_whitelist: ["203.0.113.11"], perms: perms("spot", "futures") });
    expect([outcomeOf(await bed.order(key)), outcomeOf(await bed.order(key, {}, { from: "127.0.0.2" }))]).toEqual([
      "401 IP_FORBIDDEN",
      201,
    ]);
  });

  test.each([undefined, null, []])("addresses that are %j let everyone in", async (list) => {
    const key = await bed.issued();
    await bed.update(key, { ip_whitelist: list });
    expect((await bed.desk(key)).allowedIps).toEqual([]);
    expect(outcomeOf(await bed.order(key, {}, { from: "127.0.0.5" }))).toBe(201);
  });

  test("every state that a key has had, in order", async () => {
    const key = await bed.issued();
    await bed.update(key, { perms: perms("spot", "wallet"), ip_whitelist: ["203.0.113.10", "203.0.113.11"] });
    await bed.update(key, { perms: [{ name: "spot", read_only: true }], ip_whitelist: undefined });
    expect((await bed.desk(key)).states.map(({ permissions, allowedIps }) => [permissions, allowedIps])).toEqual([
      [{ spot: "read-write" }, ["203.0.113.10"]],
      [{ spot: "read-write", wallet: "read-write" }, ["203.0.113.10", "203.0.113.11"]],
      [{ spot: "read" }, []],
    ]);
  });

  test.each<[string, Record<string, unknown>, number | string, string]>([
    ["a bad address", { ip_whitelist: ["here"] }, SUB, "400 INVALID_PARAM_VALUE"],
    ["a bad permission", { perms: ["spot"] }, SUB, "400 INVALID_PARAM_VALUE"],
    ["a bad mode", { mode: 0 }, SUB, "400 INVALID_PARAM_VALUE"],
    ["another sub-account", {}, OTHER_SUB, "401 INVALID_KEY"],
  ])("with %s is refused, and nothing changes", async (_what, different, sub, outcome) => {
    const key = await bed.issued();
    expect(outcomeOf(await bed.update(key, different, sub))).toBe(outcome);
    expect((await bed.desk(key)).states).toHaveLength(1);
  });
});

test("deleting: no body in return, dead, and not twice", async () => {
  const key = await bed.issued();
  expect(outcomeOf(await bed.remove(key, OTHER_SUB))).toBe("401 INVALID_KEY");
  const answer = await bed.remove(key);
  expect([answer.status, answer.text]).toEqual([204, ""]);
  expect(outcomeOf(await bed.balance(key))).toBe("401 INVALID_KEY");
  for (const again of [bed.remove(key), bed.update(key), bed.row(key)]) expect(outcomeOf(await again)).toBe("401 INVALID_KEY");
  expect((await bed.list()).some((row) => row.key === key.apiKey)).toBe(false);
  expect((await bed.desk(key)).alive).toBe(false);
});
