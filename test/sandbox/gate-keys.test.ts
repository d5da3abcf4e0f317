// Gate's keys over their life: making, listing, replacing, deleting, settling, lapsing, and what a person does to them meanwhile.

import type { Answered } from "./caller";
import { GateBed, keysOf, labelOf, OTHER_SUB, outcomeOf, SPOT, SUB, type Row } from "./gate-caller";

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

describe("as documented, five minutes pass until a write takes effect", () => {
  let slow: GateBed;
  beforeEach(async () => {
    slow = await GateBed.open({ asDocumented: true });
  });
  afterEach(() => slow.close());

  test("an update shows late, and binds late", async () => {
    const key = await slow.issued();
    await slow.update(key, { perms: [{ name: "spot", read_only: true }], ip_whitelist: ["203.0.113.11"] });
    const seen = async (): Promise<unknown[]> => [
      ((await slow.row(key)).json as Row).ip_whitelist.join(),
      (await slow.list())[0]?.perms[0]?.read_only,
      outcomeOf(await slow.order(key)),
    ];
    expect(await seen()).toEqual(["203.0.113.10", false, 201]);
    await slow.advance("295s");
    expect(await seen()).toEqual(["203.0.113.10", false, 201]);
    await slow.advance("6s");
    expect(await seen()).toEqual(["203.0.113.11", true, "401 IP_FORBIDDEN"]);
  });

  test("a key that was deleted lives on, and can't be changed any more", async () => {
    const key = await slow.issued();
    await slow.remove(key);
    expect([outcomeOf(await slow.order(key)), (await slow.list()).length, (await slow.desk(key)).alive]).toEqual([201, 1, true]);
    for (const write of [slow.remove(key), slow.update(key)]) expect(outcomeOf(await write)).toBe("401 INVALID_KEY");
    await slow.advance("301s");
    expect([outcomeOf(await slow.order(key)), (await slow.list()).length, (await slow.desk(key)).alive]).toEqual([
      "401 INVALID_KEY",
      0,
      false,
    ]);
  });

  test("a person's change takes as long", async () => {
    const key = await slow.issued();
    const { id } = await slow.desk(key);
    await slow.control.patch(`/venues/gate/keys/${id}`, { permissions: { wallet: "read-write" } });
    expect([outcomeOf(await slow.order(key)), (await slow.desk(key)).permissions]).toEqual([201, { wallet: "read-write" }]);
    await slow.advance("301s");
    expect(outcomeOf(await slow.order(key))).toBe("401 FORBIDDEN");
  });
});

describe("lapsing: 90 days without addresses", () => {
  test("ends a key, a person brings it back, addresses would have kept it", async () => {
    const own = await GateBed.open();
    try {
      const [roaming, bound] = [await own.issued({ ip_whitelist: [] }), await own.issued()];
      const main = await own.byHand({ permissions: { spot: "read" } });
      expect([(await own.desk(bound)).expiresAt, (await own.desk(roaming)).expiresAt]).toEqual([null, expect.any(String)]);
      await own.advance("2159h");
      expect(outcomeOf(await own.order(roaming))).toBe(201);
      await own.advance("1h");
      for (const dead of [roaming, main]) expect(outcomeOf(await own.balance(dead))).toBe("401 INVALID_KEY");
      expect(outcomeOf(await own.order(bound))).toBe(201);
      await own.control.patch(`/venues/gate/keys/${(await own.desk(roaming)).id}`, { renew: true });
      expect(outcomeOf(await own.order(roaming))).toBe(201);
    } finally {
      await own.close();
    }
  });

  test("a key that gets addresses in time lives, one that loses them after 90 days ends", async () => {
    const own = await GateBed.open();
    try {
      const key = await own.issued({ ip_whitelist: [] });
      await own.advance("1000h");
      await own.update(key);
      await own.advance("2000h");
      expect(outcomeOf(await own.order(key))).toBe(201);
      await own.update(key, { ip_whitelist: [] });
      expect(outcomeOf(await own.order(key))).toBe("401 INVALID_KEY");
    } finally {
      await own.close();
    }
  });

  test("addresses count once they are in force", async () => {
    const own = await GateBed.open({ asDocumented: true });
    try {
      const [late, early] = [await own.issued({ ip_whitelist: [] }), await own.issued({ ip_whitelist: [] })];
      await own.advance("2159h50m");
      await own.update(early);
      await own.advance("7m");
      await own.update(late);
      await own.advance("30m");
      expect([outcomeOf(await own.order(early)), outcomeOf(await own.order(late))]).toEqual([201, "401 INVALID_KEY"]);
    } finally {
      await own.close();
    }
  });
});

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
