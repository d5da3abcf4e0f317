// The KuCoin dialect's rules of the request: signature over what arrived, timestamps by the sandbox's clock, addresses,
// permissions, who may manage, limits, and what there isn't.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Clock } from "../../sandbox/clock";
import { dialects } from "../../sandbox/index";
import { Switches } from "../../sandbox/switches";
import { Authenticator, type Caller } from "../../sandbox/venues/kucoin/auth";
import { Keys } from "../../sandbox/venues/kucoin/keys";
import { initialState } from "../../sandbox/venues/kucoin/state";
import { ask } from "./caller";
import { codeOf, dataOf, KEYS, KucoinBed, refusalOf, SELF, sign, SUB, type Different } from "./kucoin-caller";

let bed: KucoinBed;
beforeAll(async () => {
  bed = await KucoinBed.open();
});
afterAll(() => bed.close());

const ACCOUNTS = "/api/v1/accounts";

test("the ready line's account: a managing key that only reads, from its address alone, and a sub-account", async () => {
  expect(Object.keys(bed.account)).toEqual(["apiKey", "apiSecret", "passphrase", "subAccount"]);
  for (const part of ["apiKey", "apiSecret", "passphrase"] as const) expect(bed.account[part]).toMatch(/^sandbox-[\w-]+$/);
  expect(bed.account.passphrase).toHaveLength(32);
  expect(bed.account.subAccount).toBe(SUB);
  const self = dataOf<Record<string, unknown>>(await bed.get(SELF));
  expect(self).toEqual({
    remark: "managing",
    apiKey: bed.account.apiKey,
    apiVersion: 3,
    permission: "General",
    ipWhitelist: "203.**.10",
    createdAt: expect.any(Number),
    uid: 165111215,
    isMaster: true,
  });
});

const { apiSecret, passphrase, signedPassphrase, timestamp, requests, plain } = JSON.parse(
  readFileSync(join(__dirname, "../fixtures/kucoin/signatures/vectors.json"), "utf8"),
) as {
  readonly requests: readonly Record<"method" | "target" | "body" | "signature", string>[];
  readonly plain: Record<"secret" | "message" | "signature", string>;
} & Record<"apiSecret" | "passphrase" | "signedPassphrase" | "timestamp", string>;

test.each(requests)("the signature of $method $target is right, byte for byte", ({ method, target, body, signature }) => {
  const now = Number(timestamp);
  const clock = new Clock({ offsetMs: 0 }, () => now);
  const set = new Switches(dialects.kucoin.switches);
  const state = initialState(now);
  Object.assign(state.keys[0]!, { apiSecret, passphrase });
  const auth = new Authenticator(new Keys(state, clock, set), clock, set);
  const prove = (to: string, bytes: string): Caller => {
    const headers = {
      "kc-api-key": state.keys[0]!.apiKey,
      "kc-api-sign": signature,
      "kc-api-timestamp": timestamp,
      "kc-api-passphrase": signedPassphrase,
      "kc-api-key-version": "2",
    };
    const { pathname, searchParams } = new URL(to, "http://sandbox");
    const request = { method, path: pathname, query: searchParams, target: to, headers, body: Buffer.from(bytes), source: "203.0.113.10" };
    return auth.prove(request, { credential: null, credentialKind: null, signed: false, accepted: false });
  };
  expect(prove(target, body).account.subName).toBeNull();
  expect(() => prove(target, `${body} `)).toThrow("Invalid KC-API-SIGN");
  expect(() => prove(`${target}&`, body)).toThrow("Invalid KC-API-SIGN");
});

test("the caller of these tests signs as the official SDK's own test does", () => {
  expect(sign(plain.secret, plain.message)).toBe(plain.signature);
});

describe("what is signed is what arrived", () => {
  test("the query before it was encoded", async () => {
    const encoded = `${ACCOUNTS}?currency=BTC%2C`;
    const timestamp = await bed.now();
    expect(codeOf(await bed.get(encoded, { timestamp, message: `${timestamp}GET${ACCOUNTS}?currency=BTC,` }))).toBe("200000");
    expect(codeOf(await bed.get(encoded, { timestamp, message: `${timestamp}GET${encoded}` }))).toBe("400005");
    const broken = `${ACCOUNTS}?currency=%ZZ`;
    expect(codeOf(await bed.get(broken, { timestamp, message: `${timestamp}GET${broken}` }))).toBe("400005");
  });

  test("the method, the path and the timestamp", async () => {
    const timestamp = await bed.now();
    for (const message of [`${timestamp}get${SELF}`, `${timestamp}GET${SELF}?`, `GET${SELF}`, `${timestamp}GET/user/api-key`])
      expect(codeOf(await bed.get(SELF, { timestamp, message }))).toBe("400005");
  });

  test("the body with its white space, and members that nobody documents", async () => {
    const body = `{ "subName": "${SUB}",\n "apiKey": "sandbox-none", "passphrase": "sandbox-x", "more": 1 }`;
    expect(codeOf(await bed.send("POST", `${KEYS}/update`, body))).toBe("400100");
    const timestamp = await bed.now();
    const message = `${timestamp}POST${KEYS}/update${JSON.stringify(JSON.parse(body))}`;
    expect(codeOf(await bed.send("POST", `${KEYS}/update`, body, { timestamp, message }))).toBe("400005");
  });
});

test.each(["kc-api-key", "kc-api-sign", "kc-api-timestamp", "kc-api-passphrase"])("without %s", async (name) => {
  const answer = await bed.get(SELF, { headers: { [name]: "" } });
  expect(answer.json).toEqual({
    code: "400001",
    msg: "Any of KC-API-KEY, KC-API-SIGN, KC-API-TIMESTAMP, KC-API-PASSPHRASE is missing in your request header",
  });
});

test.each<[string, Different, string]>([
  ["a passphrase in plain text", { headers: { "kc-api-passphrase": "sandbox-pass1" } }, "400004"],
  ["another's signature", { headers: { "kc-api-sign": "7QP/oM0ykidMdrfNEUmng8eZjg/ZvPafjIqmxiVfYu4=" } }, "400005"],
  ["a signature that is none", { headers: { "kc-api-sign": "\u00e9" } }, "400005"],
  ["an unknown key", { headers: { "kc-api-key": "sandbox-nobody" } }, "400003"],
  ["another address", { from: "127.0.0.2" }, "400006"],
  ["a timestamp that is none", { timestamp: "2020-12-08T09:08:57.715Z" }, "400002"],
  ["a timestamp in seconds", { timestamp: "1547015186" }, "400002"],
])("%s is refused under 200", async (_what, different, code) => {
  const answer = await bed.get(SELF, different);
  expect([answer.status, codeOf(answer)]).toEqual([200, code]);
});

test("timestamps go by the sandbox's clock, less than five seconds off", async () => {
  await bed.control.post("/clock", { set: "2030-01-01T00:00:00Z" });
  expect(codeOf(await bed.get(SELF, { timestamp: String(Date.now()) }))).toBe("400002");
  for (const offset of [-5_000, 6_000]) expect(codeOf(await bed.get(SELF, { timestamp: await bed.now(offset) }))).toBe("400002");
  for (const offset of [-3_000, 4_500]) expect(codeOf(await bed.get(SELF, { timestamp: await bed.now(offset) }))).toBe("200000");
  expect(codeOf(await bed.get(SELF, { timestamp: `${await bed.now()}.25` }))).toBe("200000");
  await bed.control.post("/clock", { offsetMs: 0 });
});

test("keys of version 2 sign their passphrase, keys of version 1 send it in plain text", async () => {
  const [one, two] = [await bed.byHand({ apiVersion: 1 }), await bed.byHand({ apiVersion: 2 })];
  expect(dataOf<Record<string, unknown>>(await bed.self(two, { headers: { "kc-api-key-version": "2" } }))).toMatchObject({ apiVersion: 2 });
  const plain = { "kc-api-passphrase": one.passphrase };
  for (const version of ["", "1"])
    expect(codeOf(await bed.self(one, { headers: { ...plain, "kc-api-key-version": version } }))).toBe("200000");
  expect(codeOf(await bed.self(one, { headers: { "kc-api-key-version": "1" } }))).toBe("400004");
});

describe("permissions", () => {
  test("least privilege: what a key wasn't given, it can't do", async () => {
    const reader = await bed.issued();
    const trader = await bed.issued({ permission: "General,Spot" });
    const mover = await bed.issued({ permission: "InnerTransfer", ipWhitelist: "203.0.113.10" });
    expect(refusalOf(await bed.order(reader))).toEqual([200, "400007", "Access Denied"]);
    expect(dataOf(await bed.order(trader))).toEqual({ orderId: expect.stringMatching(/^[0-9a-f]{24}$/) });
    expect([codeOf(await bed.transfer(reader)), codeOf(await bed.transfer(trader))]).toEqual(["400007", "400007"]);
    expect([codeOf(await bed.transfer(mover)), codeOf(await bed.order(mover))]).toEqual(["200000", "400007"]);
    for (const key of [reader, trader]) {
      const rows = dataOf(await bed.get(`${ACCOUNTS}?currency=USDT&type=trade`, { key }));
      expect(rows).toEqual([
        { id: expect.any(String), currency: "USDT", type: "trade", balance: "100000", available: "100000", holds: "0" },
      ]);
    }
  });

  test("a key bound to addresses is refused elsewhere, one that isn't isn't", async () => {
    const bound = await bed.issued({ permission: "Spot", ipWhitelist: "203.0.113.11,198.51.100.7" });
    expect(refusalOf(await bed.self(bound))).toEqual([200, "400006", "The requested ip address is not in the api whitelist"]);
    expect(codeOf(await bed.order(bound))).toBe("400006");
    expect(codeOf(await bed.order(bound, { from: "127.0.0.2" }))).toBe("200000");
    expect(codeOf(await bed.self(await bed.issued(), { from: "127.0.0.3" }))).toBe("200000");
  });

  test("only a master account's key manages, and it needs General", async () => {
    const sub = await bed.byHand({ subName: SUB, permissions: ["General", "Spot", "Futures", "Margin"] });
    const trader = await bed.byHand({ permissions: ["Spot"] });
    for (const key of [sub, trader]) {
      expect(codeOf(await bed.get(`${KEYS}?subName=${SUB}`, { key }))).toBe("400007");
      expect(codeOf(await bed.create({}, { key }))).toBe("400007");
      expect(codeOf(await bed.get("/api/v2/sub/user", { key }))).toBe("400007");
    }
    const other = await bed.byHand({});
    expect(codeOf(await bed.create({}, { key: other, from: "127.0.0.9" }))).toBe("200000");
  });

  test("another master account's sub-accounts aren't its own", async () => {
    const { uid } = await bed.control.post<{ uid: number }>("/venues/kucoin/accounts", {});
    const key = await bed.byHand({ uid });
    expect(dataOf(await bed.get(`${KEYS}?subName=${SUB}`, { key }))).toEqual([]);
    expect(codeOf(await bed.create({}, { key }))).toBe("400100");
  });
});

describe("limits", () => {
  test("a pool's weight, its headers, its end and its beginning", async () => {
    const own = await KucoinBed.open({ limits: true });
    try {
      const left = async (answer: ReturnType<KucoinBed["get"]>): Promise<unknown[]> => {
        const { headers } = await answer;
        return [headers["gw-ratelimit-limit"], headers["gw-ratelimit-remaining"]];
      };
      const first = await own.get(SELF);
      expect(Number(first.headers["gw-ratelimit-reset"])).toBeGreaterThan(29_000);
      expect(Number(first.headers["gw-ratelimit-reset"])).toBeLessThanOrEqual(30_000);
      expect(await left(own.get(ACCOUNTS))).toEqual(["2000", "1975"]);
      const key = await own.issued({ permission: "Spot" });
      expect(await left(own.update(key, { permission: "Spot" }))).toEqual(["2000", "1925"]);
      expect(await left(own.list("nobody"))).toEqual(["2000", "1905"]);
      expect(await left(own.remove({ ...key, passphrase: "sandbox-wrong" }))).toEqual(["2000", "1875"]);
      // Another account and another pool count for themselves.
      expect(await left(own.self(key))).toEqual(["2000", "1980"]);
      expect(await left(own.order(key))).toEqual(["4000", "3999"]);
      await own.control.patch("/venues/kucoin/limits", { endpoints: { Management: { requests: 50, perMs: 30_000, fixed: true } } });
      expect([codeOf(await own.get(SELF)), codeOf(await own.get(SELF))]).toEqual(["200000", "200000"]);
      const beyond = await own.get(SELF);
      expect(refusalOf(beyond)).toEqual([429, "429000", "Too Many Requests"]);
      expect(beyond.headers).toMatchObject({ "gw-ratelimit-limit": "50", "gw-ratelimit-remaining": "10" });
      await own.control.post("/clock", { advance: "30s" });
      expect(await left(own.get(SELF))).toEqual(["50", "30"]);
    } finally {
      await own.close();
    }
  });

  test("without limits no headers, and none when overload refuses", async () => {
    expect(Object.keys((await bed.get(SELF)).headers).filter((name) => name.startsWith("gw-"))).toEqual([]);
    await bed.fault(SELF, { kind: "429" });
    const answer = await bed.get(SELF);
    expect([answer.status, codeOf(answer), answer.headers["gw-ratelimit-limit"]]).toEqual([429, "429000", undefined]);
  });
});

describe("what there isn't", () => {
  test.each(["/", "/api/v1/sub", "/api/v1/broker/nd/account/apikey", "/api/ua/v1/user/api-key", "/console"])("%s", async (path) => {
    expect(refusalOf(await bed.get(path))).toEqual([404, "404000", "Url Not Found"]);
  });

  test("another method", async () => {
    const answer = await ask(bed.url, KEYS, { method: "PUT" });
    expect([answer.status, answer.json]).toEqual([405, { msg: "Method Not Allowed" }]);
  });

  test("another content type", async () => {
    expect(codeOf(await bed.create({}, { headers: { "content-type": "text/plain" } }))).toBe("415000");
    expect(codeOf(await bed.create({}, { headers: { "content-type": "application/json; charset=utf-8" } }))).toBe("200000");
  });

  test.each(["", "{", "[]", "null", "7"])("the body %j", async (body) => {
    expect(codeOf(await bed.send("POST", KEYS, body))).toBe("400100");
  });
});

describe("faults in KuCoin's words", () => {
  test.each([
    [{ kind: "refuse" }, 200, { code: "400100", msg: "Parameter Error" }],
    [{ kind: "refuse", code: "400007" }, 200, { code: "400007", msg: "Access Denied" }],
    [{ kind: "refuse", code: "900001", status: 400, message: "no" }, 400, { code: "900001", msg: "no" }],
    [{ kind: "500" }, 500, { code: "500000", msg: "Internal Server Error" }],
    [{ kind: "503" }, 503, { msg: "Service Unavailable" }],
  ])("%j", async (what, status, body) => {
    await bed.fault(SELF, what);
    const answer = await bed.get(SELF);
    expect([answer.status, answer.json]).toEqual([status, body]);
  });

  test("maintenance", async () => {
    await bed.control.put("/venues/kucoin/maintenance", { on: true });
    expect((await bed.get(SELF)).status).toBe(503);
    await bed.control.put("/venues/kucoin/maintenance", { on: false });
    expect((await bed.get(SELF)).status).toBe(200);
  });
});

test("all is still there after the end, in a file of its own", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-kucoin-"));
  const state = join(folder, "state.json");
  const first = await KucoinBed.open({ state });
  const key = await first.issued({ permission: "Spot", expire: "30" });
  const before = await first.desk(key);
  await first.close();
  const second = await KucoinBed.open({ state });
  try {
    expect(await second.desk(key)).toEqual(before);
    expect(codeOf(await second.order(key))).toBe("200000");
  } finally {
    await second.close();
    rmSync(folder, { recursive: true });
  }
});

test("the log knows whose request it was, and no passphrase", async () => {
  const key = await bed.issued();
  await bed.control.delete("/requests");
  await bed.remove(key);
  const { requests } = await bed.control.get<{ requests: Record<string, unknown>[] }>("/requests");
  const { fingerprint } = (await bed.control.get<{ apiKey: string; fingerprint: string }[]>("/venues/kucoin/keys"))[0]!;
  expect(requests).toMatchObject([{ credential: fingerprint, credentialKind: "key", signed: true, accepted: true, code: "200000" }]);
  expect(JSON.stringify(requests)).not.toContain(key.passphrase);
});
