// The Gate dialect's rules of the request: signature over what arrived, timestamps by the sandbox's clock, addresses, permissions,
// and what there isn't.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Clock } from "../../sandbox/clock";
import { dialects } from "../../sandbox/index";
import { Switches } from "../../sandbox/switches";
import { Authenticator, type Caller } from "../../sandbox/venues/gate/auth";
import { Keys } from "../../sandbox/venues/gate/keys";
import { initialState } from "../../sandbox/venues/gate/state";
import type { Answered } from "./caller";
import { GateBed, keysOf, labelOf, outcomeOf, sign, SUB, type Different } from "./gate-caller";

let bed: GateBed;
beforeAll(async () => {
  bed = await GateBed.open();
});
afterAll(() => bed.close());

const DETAIL = "/account/detail";
const SELF = keysOf(SUB);

test("the ready line's account: a managing key, from its address alone, and a sub-account", async () => {
  expect(Object.keys(bed.account)).toEqual(["apiKey", "apiSecret", "subAccount"]);
  for (const part of ["apiKey", "apiSecret"] as const) expect(bed.account[part]).toMatch(/^sandbox-[\w-]+$/);
  expect(bed.account.subAccount).toBe(String(SUB));
  expect((await bed.get(DETAIL)).json).toEqual({
    user_id: 2_124_001,
    ip_whitelist: ["203.0.113.10"],
    currency_pairs: [],
    key: { mode: 1 },
    tier: 0,
    copy_trading_role: 0,
  });
});

const { apiSecret, timestamp, requests } = JSON.parse(
  readFileSync(join(__dirname, "../fixtures/gate/signatures/vectors.json"), "utf8"),
) as {
  readonly apiSecret: string;
  readonly timestamp: string;
  readonly requests: readonly Record<"method" | "target" | "body" | "signature", string>[];
};

test.each(requests)("the signature of $method $target is right, byte for byte", ({ method, target, body, signature }) => {
  const now = Number(timestamp) * 1_000;
  const clock = new Clock({ offsetMs: 0 }, () => now);
  const set = new Switches(dialects.gate.switches);
  const state = initialState(now);
  Object.assign(state.keys[0]!, { apiSecret });
  const auth = new Authenticator(new Keys(state, clock, set), clock, set);
  const prove = (to: string, bytes: string): Caller => {
    const headers = { key: state.keys[0]!.apiKey, sign: signature, timestamp };
    const { pathname, searchParams } = new URL(to, "http://sandbox");
    const request = { method, path: pathname, query: searchParams, target: to, headers, body: Buffer.from(bytes), source: "203.0.113.10" };
    return auth.prove(request, { credential: null, credentialKind: null, signed: false, accepted: false });
  };
  expect(prove(target, body).account.mainId).toBeNull();
  expect(() => prove(target, `${body} `)).toThrow("Signature mismatch");
  expect(() => prove(target.includes("?") ? `${target}&` : `${target}?a=1`, body)).toThrow("Signature mismatch");
});

describe("what is signed is what arrived", () => {
  test("the query before it was encoded", async () => {
    const encoded = "/spot/accounts?currency=BTC%2C";
    const key = await bed.issued();
    expect(outcomeOf(await bed.get(encoded, { key, signedQuery: "currency=BTC," }))).toBe(200);
    expect(outcomeOf(await bed.get(encoded, { key, signedQuery: "currency=BTC%2C" }))).toBe("401 INVALID_SIGNATURE");
    expect(outcomeOf(await bed.get("/spot/accounts?currency=%ZZ", { key, signedQuery: "currency=%ZZ" }))).toBe("401 INVALID_SIGNATURE");
  });

  test("the method, the path and the timestamp, as they are in the header", async () => {
    const at = await bed.now();
    const empty =
      "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e";
    const lines = (...first: string[]): Different => ({ timestamp: at, message: [...first, empty, at].join("\n") });
    expect(outcomeOf(await bed.get(DETAIL, lines("GET", `/api/v4${DETAIL}`, "")))).toBe(200);
    for (const wrong of [
      lines("get", `/api/v4${DETAIL}`, ""),
      lines("GET", DETAIL, ""),
      lines("POST", `/api/v4${DETAIL}`, ""),
      { timestamp: `${at}.0`, message: lines("GET", `/api/v4${DETAIL}`, "").message! },
    ])
      expect(outcomeOf(await bed.get(DETAIL, wrong))).toBe("401 INVALID_SIGNATURE");
  });

  test("the body with its white space, and members that nobody documents", async () => {
    const body = `{ "name": "spaced",\n "more": 1 }`;
    expect((await bed.send("POST", SELF, body)).status).toBe(200);
    const wrong = { apiKey: bed.account.apiKey, apiSecret: `${bed.account.apiSecret}x` };
    expect(outcomeOf(await bed.send("POST", SELF, body, { key: wrong }))).toBe("401 INVALID_SIGNATURE");
  });
});

test.each(["KEY", "SIGN", "Timestamp"])("without %s", async (name) => {
  expect(outcomeOf(await bed.get(DETAIL, { headers: { [name]: "" } }))).toBe("401 MISSING_REQUIRED_HEADER");
});

test.each<[string, Different, unknown]>([
  ["an unknown key", { headers: { KEY: "sandbox-nobody" } }, { label: "INVALID_KEY", message: "Invalid key provided" }],
  ["another's signature", { headers: { SIGN: sign("x", "y") } }, { label: "INVALID_SIGNATURE", message: "Signature mismatch" }],
  ["a signature that is none", { headers: { SIGN: "\u00e9" } }, { label: "INVALID_SIGNATURE", message: "Signature mismatch" }],
  ["another address", { from: "127.0.0.2" }, { label: "IP_FORBIDDEN", message: "Request IP not in whitelist: 203.0.113.11" }],
])("%s is refused with 401", async (_what, different, body) => {
  const answer = await bed.get(DETAIL, different);
  expect([answer.status, answer.json]).toEqual([401, body]);
});

test("timestamps are seconds by the sandbox's clock, decimals too, at most a minute off", async () => {
  const expired = { label: "REQUEST_EXPIRED", message: "gap between request Timestamp and server time exceeds 60" };
  await bed.control.post("/clock", { set: "2030-01-01T00:00:00Z" });
  const at = async (timestamp: string): Promise<unknown> => {
    const { status, json } = await bed.get(DETAIL, { timestamp });
    return status === 200 ? 200 : json;
  };
  expect(await at(String(Math.floor(Date.now() / 1_000)))).toEqual(expired);
  for (const offset of [-63, 65]) expect(await at(await bed.now(offset))).toEqual(expired);
  for (const offset of [-55, 58]) expect(await at(await bed.now(offset))).toBe(200);
  expect(await at(`${await bed.now()}.123`)).toBe(200);
  for (const wrong of [`${await bed.now()}000`, "2030-01-01T00:00:00Z", "-1", "NaN"]) expect(await at(wrong)).toEqual(expired);
  await bed.control.post("/clock", { offsetMs: 0 });
});

describe("permissions", () => {
  const reads = (name: string): unknown[] => [{ name, read_only: true }];

  test("least privilege: what a key wasn't given, it can't do", async () => {
    const reader = await bed.issued({ perms: reads("spot") });
    const trader = await bed.issued();
    const mover = await bed.issued({ perms: [{ name: "wallet", read_only: false }] });
    const nothing = await bed.issued({ perms: [] });
    expect((await bed.balance(reader)).json).toEqual([{ currency: "USDT", available: "100000", locked: "0", update_id: 1 }]);
    expect(outcomeOf(await bed.order(reader))).toBe("401 READ_ONLY");
    expect([outcomeOf(await bed.balance(trader)), outcomeOf(await bed.order(trader))]).toEqual([200, 201]);
    expect([outcomeOf(await bed.transfer(trader)), outcomeOf(await bed.transfer(reader))]).toEqual(["401 FORBIDDEN", "401 FORBIDDEN"]);
    expect([outcomeOf(await bed.transfer(mover)), outcomeOf(await bed.order(mover))]).toEqual([200, "401 FORBIDDEN"]);
    for (const call of [bed.balance(nothing), bed.detail(nothing), bed.transfer(nothing)])
      expect(outcomeOf(await call)).toBe("401 FORBIDDEN");
    expect((await bed.detail(await bed.issued({ perms: reads("account") }))).json).toMatchObject({ user_id: SUB });
  });

  test("an order is answered as documented, and forgotten", async () => {
    const { status, json } = await bed.order(await bed.issued(), { type: "market", side: "sell", price: undefined, time_in_force: "ioc" });
    expect([status, json]).toMatchObject([201, { text: "t-1", status: "open", type: "market", left: "0.001", fee_currency: "USDT" }]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["no pair", { currency_pair: undefined }, "MISSING_REQUIRED_PARAM"],
    ["no amount", { amount: "" }, "MISSING_REQUIRED_PARAM"],
    ["a limit without a price", { price: undefined }, "MISSING_REQUIRED_PARAM"],
    ["a side that is none", { side: "hold" }, "INVALID_PARAM_VALUE"],
    ["an amount that is a number", { amount: 1 }, "INVALID_PARAM_VALUE"],
    ["a text without its beginning", { text: "mine" }, "INVALID_PARAM_VALUE"],
  ])("an order with %s is refused", async (_what, different, label) => {
    expect(outcomeOf(await bed.order(await bed.issued(), different))).toBe(`400 ${label}`);
  });

  test("a transfer says what margin and contract accounts need", async () => {
    const key = await bed.issued({ perms: [{ name: "wallet", read_only: false }] });
    const move = (more: object): Promise<Answered> =>
      bed.post("/wallet/transfers", { currency: "BTC", from: "spot", amount: "1", ...more }, { key });
    expect(labelOf(await move({ to: "margin" }))).toBe("MISSING_REQUIRED_PARAM");
    expect(labelOf(await move({ to: "futures" }))).toBe("MISSING_REQUIRED_PARAM");
    expect((await move({ to: "futures", settle: "usdt" })).json).toEqual({ tx_id: expect.any(Number) });
  });

  test("a key bound to addresses is refused elsewhere, one that isn't isn't", async () => {
    const bound = await bed.issued({ ip_whitelist: ["203.0.113.11", "198.51.100.7"] });
    expect(outcomeOf(await bed.order(bound))).toBe("401 IP_FORBIDDEN");
    expect(outcomeOf(await bed.order(bound, {}, { from: "127.0.0.2" }))).toBe(201);
    expect(outcomeOf(await bed.order(await bed.issued({ ip_whitelist: [] }), {}, { from: "127.0.0.3" }))).toBe(201);
  });

  test("a key bound to pairs by a person trades no other", async () => {
    const key = await bed.byHand({ permissions: { spot: "read-write", account: "read" }, currencyPairs: ["ETH_USDT"] });
    expect([outcomeOf(await bed.order(key)), outcomeOf(await bed.order(key, { currency_pair: "ETH_USDT" }))]).toEqual([
      "401 FORBIDDEN",
      201,
    ]);
    expect((await bed.detail(key)).json).toMatchObject({ currency_pairs: ["ETH_USDT"] });
  });

  test("only a main account's key manages, needs no address for it, and may read without writing", async () => {
    const wallet = { wallet: "read-write" };
    const sub = await bed.byHand({ userId: SUB, permissions: wallet });
    expect(outcomeOf(await bed.create({}, SUB, { key: sub }))).toBe("400 SUB_ACCOUNT_NOT_FOUND");
    expect((await bed.get("/sub_accounts", { key: sub })).json).toEqual([]);
    expect(outcomeOf(await bed.post("/sub_accounts", { login_name: "own" }, { key: sub }))).toBe("401 FORBIDDEN");
    const roaming = await bed.byHand({ permissions: wallet });
    expect((await bed.create({}, SUB, { key: roaming, from: "127.0.0.9" })).status).toBe(200);
    const reader = await bed.byHand({ permissions: { wallet: "read" } });
    expect([outcomeOf(await bed.get(SELF, { key: reader })), outcomeOf(await bed.create({}, SUB, { key: reader }))]).toEqual([
      200,
      "401 READ_ONLY",
    ]);
  });
});

describe("what there isn't", () => {
  test.each(["/", "/futures/orders", "/account/keys", `${SELF}/`, `${SELF}/x/y`, "/console"])("%s", async (path) => {
    expect(outcomeOf(await bed.get(path))).toBe("404 NOT_FOUND");
  });

  test.each([
    ["PATCH", SELF],
    ["DELETE", SELF],
    ["POST", "/account/main_keys"],
    ["DELETE", `/sub_accounts/${SUB}`],
  ])("%s %s", async (method, path) => {
    expect(outcomeOf(await bed.send(method, path, ""))).toBe("405 METHOD_NOT_ALLOWED");
  });

  test("another content type", async () => {
    expect(outcomeOf(await bed.create({}, SUB, { headers: { "content-type": "text/plain" } }))).toBe("400 INVALID_CONTENT_TYPE");
    expect((await bed.create({}, SUB, { headers: { "content-type": "application/json; charset=utf-8" } })).status).toBe(200);
  });

  test.each(["", "{", "[]", "null", "7"])("the body %j", async (body) => {
    expect(outcomeOf(await bed.send("POST", SELF, body))).toBe("400 INVALID_REQUEST_BODY");
  });
});

describe("faults in Gate's words", () => {
  test.each([
    [{ kind: "refuse" }, 400, { label: "BAD_REQUEST", detail: "Invalid request" }],
    [{ kind: "refuse", code: "IP_FORBIDDEN" }, 401, { label: "IP_FORBIDDEN", message: "Request IP not in whitelist" }],
    [{ kind: "refuse", code: "NEW_LABEL", status: 418, message: "no" }, 418, { label: "NEW_LABEL", detail: "no" }],
    [{ kind: "429" }, 429, { message: "Too many requests" }],
    [{ kind: "500" }, 500, { label: "SERVER_ERROR", detail: "Server error" }],
    [{ kind: "503" }, 503, { label: "TOO_BUSY", detail: "Server is too busy" }],
  ])("%j", async (what, status, body) => {
    await bed.fault(DETAIL, what);
    const answer = await bed.get(DETAIL);
    expect([answer.status, answer.json]).toEqual([status, body]);
  });

  test("maintenance", async () => {
    await bed.control.put("/venues/gate/maintenance", { on: true });
    expect(outcomeOf(await bed.get(DETAIL))).toBe("503 TOO_BUSY");
    await bed.control.put("/venues/gate/maintenance", { on: false });
    expect(outcomeOf(await bed.get(DETAIL))).toBe(200);
  });

  test("half of an answer without a body is no answer", async () => {
    const key = await bed.issued();
    await bed.fault(`${SELF}/${key.apiKey}`, { kind: "truncated" });
    await expect(bed.remove(key)).rejects.toThrow();
    expect(outcomeOf(await bed.row(key))).toBe("401 INVALID_KEY");
  });
});

test("all is still there after the end, in a file of its own", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-gate-"));
  const state = join(folder, "state.json");
  const first = await GateBed.open({ state });
  const key = await first.issued();
  await first.update(key, { perms: [{ name: "spot", read_only: true }] });
  const before = await first.desk(key);
  await first.close();
  const second = await GateBed.open({ state });
  try {
    expect(before.states).toHaveLength(2);
    expect(await second.desk(key)).toEqual(before);
    expect(outcomeOf(await second.balance(key))).toBe(200);
  } finally {
    await second.close();
    rmSync(folder, { recursive: true });
  }
});

test("the log knows whose request it was", async () => {
  const key = await bed.issued();
  await bed.control.delete("/requests");
  await bed.balance(key);
  await bed.order(key, { side: "hold" });
  const { requests: logged } = await bed.control.get<{ requests: unknown[] }>("/requests");
  const { fingerprint } = (await bed.desk(key)) as unknown as { fingerprint: string };
  const whose = { credential: fingerprint, credentialKind: "key", signed: true };
  expect(logged).toMatchObject([
    { ...whose, accepted: true, status: 200, code: null },
    { ...whose, accepted: false, status: 400, code: "INVALID_PARAM_VALUE" },
  ]);
});
