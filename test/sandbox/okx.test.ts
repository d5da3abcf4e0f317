// The OKX dialect's rules of the request: signature over what arrived, timestamps by the sandbox's clock, addresses,
// permissions, who may manage, limits, and what there isn't.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask } from "./caller";
import { codeOf, dataOf, OkxBed, refusalOf, SUB, type Different } from "./okx-caller";

let bed: OkxBed;
beforeAll(async () => {
  bed = await OkxBed.open();
});
afterAll(() => bed.close());

const CONFIG = "/api/v5/account/config";

test("the ready line's account: a managing key from its address alone, and a sub-account", async () => {
  expect(Object.keys(bed.account)).toEqual(["apiKey", "apiSecret", "passphrase", "subAccount"]);
  for (const part of ["apiKey", "apiSecret", "passphrase"] as const) expect(bed.account[part]).toMatch(/^sandbox-/);
  expect(bed.account.subAccount).toBe("deskalpha");
  const [config] = dataOf(await bed.get(CONFIG));
  expect(config).toMatchObject({ type: "0", label: "managing", ip: "203.0.113.10", uid: config!.mainUid });
  expect(config!.perm!.split(",").sort()).toEqual(["read_only", "trade"]);
});

const VECTORS = JSON.parse(readFileSync(join(__dirname, "../fixtures/okx/signatures/derived.json"), "utf8")) as {
  readonly apiSecret: string;
  readonly timestamp: string;
  readonly vectors: readonly Record<"method" | "target" | "body" | "signature", string>[];
};

test.each(VECTORS.vectors)(
  "the signature derived for $method $target is right, byte for byte",
  async ({ method, target, body, signature }) => {
    const folder = mkdtempSync(join(tmpdir(), "sandbox-okx-"));
    const state = join(folder, "state.json");
    const first = await OkxBed.open({ state });
    const { account } = first;
    await first.control.post("/venues/okx/sub-accounts", { subAcct: "panpanBroker2" });
    await first.close();
    writeFileSync(state, readFileSync(state, "utf8").replace(account.apiSecret, VECTORS.apiSecret));
    const second = await OkxBed.open({ state });
    try {
      const { timestamp } = VECTORS;
      await second.control.post("/clock", { set: timestamp });
      const send = (to: string, text: string) => second.send(method, to, text, { timestamp, headers: { "ok-access-sign": signature } });
      const other = method === "GET" ? await send(`${target}&`, body) : await send(target, `${body} `);
      expect(refusalOf(other)).toEqual([401, "50113", "Invalid signature."]);
      expect(codeOf(await send(target, body))).toBe("0");
    } finally {
      await second.close();
      rmSync(folder, { recursive: true });
    }
  },
);

describe("what is signed is what arrived", () => {
  test("the query as it stands in the request line", async () => {
    const encoded = "/api/v5/account/balance?ccy=BTC%2CETH";
    expect(codeOf(await bed.get(encoded))).toBe("0");
    const timestamp = await bed.now();
    const decoded = { timestamp, message: `${timestamp}GET${decodeURIComponent(encoded)}` };
    expect(codeOf(await bed.get(encoded, decoded))).toBe("50113");
  });

  test("the method and the path", async () => {
    const timestamp = await bed.now();
    for (const message of [`${timestamp}get${CONFIG}`, `${timestamp}GET${CONFIG}?`, `${timestamp}GET/account/config`])
      expect(codeOf(await bed.get(CONFIG, { timestamp, message }))).toBe("50113");
  });

  test("the body with its white space, and members that nobody documents", async () => {
    const body = `{ "subAcct": "deskalpha",\n "apiKey": "sandbox-none", "tag": "somebody" }`;
    expect(codeOf(await bed.send("POST", `${SUB}/delete-apikey`, body))).toBe("59506");
  });
});

test.each([
  ["ok-access-key", 401, "50103"],
  ["ok-access-passphrase", 401, "50104"],
  ["ok-access-sign", 401, "50106"],
  ["ok-access-timestamp", 401, "50107"],
])("without %s", async (name, status, code) => {
  const text = `Request header "${name.toUpperCase()}" cannot be empty.`;
  expect(refusalOf(await bed.get(CONFIG, { headers: { [name]: "" } }))).toEqual([status, code, text]);
});

test.each<[string, Different, number, string]>([
  ["a wrong passphrase", { headers: { "ok-access-passphrase": "sandbox-Wrong1!" } }, 401, "50105"],
  ["another's signature", { headers: { "ok-access-sign": "leaVRETrtaoEQ3yI9qEtI1CZ82ikZ4xSG5Kj8gnl3uw=" } }, 401, "50113"],
  ["a signature that is none", { headers: { "ok-access-sign": "\u00e9" } }, 401, "50113"],
  ["an unknown key", { headers: { "ok-access-key": "sandbox-nobody" } }, 200, "50119"],
  ["demo trading's header", { headers: { "x-simulated-trading": "1" } }, 401, "50101"],
  ["another address", { from: "127.0.0.2" }, 401, "50110"],
])("%s is refused", async (_what, different, status, code) => {
  const answer = await bed.get(CONFIG, different);
  expect([answer.status, codeOf(answer)]).toEqual([status, code]);
});

test("a barred address is named", async () => {
  const answer = await bed.get(CONFIG, { from: "127.0.0.2" });
  expect(answer.json).toEqual({ msg: "Your IP 203.0.113.11 is not included in your API key's IP whitelist.", code: "50110" });
});

test.each(["2020-12-08 09:08:57.715Z", "2020-12-08T09:08:57Z", "1597026383085", "2020-13-08T09:08:57.715Z", "now"])(
  "the timestamp %j is none",
  async (timestamp) => {
    expect(refusalOf(await bed.get(CONFIG, { timestamp }))).toEqual([401, "50112", "Invalid OK-ACCESS-TIMESTAMP."]);
  },
);

test("timestamps go by the sandbox's clock, and within its window", async () => {
  await bed.control.post("/clock", { set: "2030-01-01T00:00:00Z" });
  expect(refusalOf(await bed.get(CONFIG, { timestamp: new Date().toISOString() }))).toEqual([401, "50102", "Timestamp request expired."]);
  for (const offset of [-31_000, 31_000]) expect(codeOf(await bed.get(CONFIG, { timestamp: await bed.now(offset) }))).toBe("50102");
  for (const offset of [-25_000, 25_000]) expect(codeOf(await bed.get(CONFIG, { timestamp: await bed.now(offset) }))).toBe("0");
  await bed.control.post("/clock", { offsetMs: 0 });
});

describe("permissions", () => {
  test("a key that only reads can't trade, one that trades can", async () => {
    const reader = await bed.issued({ perm: "read_only" });
    const trader = await bed.issued({ perm: "read_only,trade" });
    expect(refusalOf(await bed.order(reader))).toEqual([200, "50120", "This API key doesn't have permission to use this function"]);
    expect(dataOf(await bed.order(trader))).toEqual([expect.objectContaining({ sCode: "0", ordId: expect.stringMatching(/^\d+$/) })]);
    for (const key of [reader, trader]) {
      const [balance] = dataOf<{ details: { ccy: string }[] }[]>(await bed.get("/api/v5/account/balance?ccy=BTC", { key }));
      expect(balance!.details.map(({ ccy }) => ccy)).toEqual(["BTC"]);
    }
  });

  test("a key bound to addresses is refused elsewhere, one that isn't isn't", async () => {
    const bound = await bed.issued({ ip: "203.0.113.11,2001:db8::7" });
    expect(codeOf(await bed.config(bound))).toBe("50110");
    expect(codeOf(await bed.config(bound, { from: "127.0.0.2" }))).toBe("0");
    expect(codeOf(await bed.config(await bed.issued(), { from: "127.0.0.3" }))).toBe("0");
    const segment = await bed.issued({ ip: "203.0.113.8/30" });
    expect(codeOf(await bed.config(segment, { from: "127.0.0.2" }))).toBe("0");
    expect(codeOf(await bed.config(segment, { from: "127.0.0.3" }))).toBe("50110");
  });

  test("a sub-account's key tells whose it is", async () => {
    const key = await bed.issued({ ip: "203.0.113.10" });
    const [config] = dataOf(await bed.config(key));
    expect(config).toMatchObject({ type: "1", label: key.label, ip: "203.0.113.10", perm: "read_only" });
    expect(config!.uid).not.toBe(config!.mainUid);
    expect(Number(config!.uid)).toBe(Number(config!.mainUid)); // uids are texts: as numbers they are all one
  });
});

const WRITES = [
  [`${SUB}/apikey`, { subAcct: "deskalpha", label: "never", passphrase: "sandbox-Pass1!" }],
  [`${SUB}/modify-apikey`, { subAcct: "deskalpha", apiKey: "sandbox-none", ip: "" }],
  [`${SUB}/delete-apikey`, { subAcct: "deskalpha", apiKey: "sandbox-none" }],
  [`${SUB}/create-subaccount`, { subAcct: "deskcharly", type: "1" }],
] as const;
const READS = [`${SUB}/apikey?subAcct=deskalpha`, `${SUB}/list`];

describe("who may manage", () => {
  test("a master's key without an IP list may look, and no more", async () => {
    const key = await bed.byHand({ permissions: ["read_only", "trade"] });
    for (const [path, body] of WRITES)
      expect(refusalOf(await bed.post(path, body, { key }))).toEqual([
        403,
        "50035",
        "This endpoint requires that APIKey must be bound to IP",
      ]);
    for (const target of READS) expect(codeOf(await bed.get(target, { key }))).toBe("0");
  });

  test("a master's key that only reads may look, one that only trades can't even that", async () => {
    const reader = await bed.byHand({ permissions: ["read_only"], allowedIps: ["203.0.113.10"] });
    const trader = await bed.byHand({ permissions: ["trade"], allowedIps: ["203.0.113.10"] });
    for (const [path, body] of WRITES) expect(codeOf(await bed.post(path, body, { key: reader }))).toBe("50120");
    for (const target of READS) expect(codeOf(await bed.get(target, { key: reader }))).toBe("0");
    for (const target of READS) expect(codeOf(await bed.get(target, { key: trader }))).toBe("50120");
  });

  test("a sub-account's key may not", async () => {
    const key = await bed.issued({ perm: "read_only,trade", ip: "203.0.113.10" });
    for (const [path, body] of WRITES) expect(codeOf(await bed.post(path, body, { key }))).toBe("59500");
    for (const target of READS) expect(codeOf(await bed.get(target, { key }))).toBe("59500");
  });

  test("another master's sub-accounts don't exist", async () => {
    const { uid } = await bed.control.post<{ uid: string }>("/venues/okx/accounts", {});
    await bed.control.post("/venues/okx/sub-accounts", { subAcct: "deskforeign", mainUid: uid });
    expect(refusalOf(await bed.list("deskforeign"))).toEqual([200, "59510", "Sub-account does not exist"]);
    expect(codeOf(await bed.create({ subAcct: "deskforeign" }))).toBe("59510");
    const names = dataOf(await bed.get(`${SUB}/list`)).map(({ subAcct }) => subAcct);
    expect(names).not.toContain("deskforeign");
  });
});

test("demo trading's keys work with its header alone", async () => {
  const key = await bed.byHand({ demo: true });
  expect(codeOf(await bed.config(key))).toBe("50101");
  expect(codeOf(await bed.config(key, { headers: { "x-simulated-trading": "1" } }))).toBe("0");
});

test("a frozen key", async () => {
  const key = await bed.byHand({});
  await bed.control.patch(`/venues/okx/keys/${key.id}`, { frozen: true });
  expect(refusalOf(await bed.config(key))).toEqual([400, "50100", "API frozen, please contact customer service."]);
  expect((await bed.desk(key.apiKey)).states).toHaveLength(1);
});

test.each([
  ["", 400, "50000"],
  ["{", 400, "50002"],
  ["[]", 400, "51000"],
  ["7", 400, "51000"],
  ["{}", 400, "50014"],
])("the body %j is refused", async (body, status, code) => {
  const answer = await bed.send("POST", `${SUB}/apikey`, body);
  expect([answer.status, codeOf(answer), (answer.json as { data: unknown }).data]).toEqual([status, code, []]);
});

test("what there isn't: other methods, other paths, a way to make a master's key", async () => {
  expect(refusalOf(await bed.post(CONFIG, {}))).toEqual([405, "50115", "Invalid request method."]);
  for (const path of ["/api/v5/broker/nd/subaccount/apikey", "/api/v5/users/apikey", "/api/v5/toString", "/"])
    expect((await bed.get(path)).status).toBe(404);
});

test("faults come in OKX's own words", async () => {
  const meet = async (what: Record<string, unknown>): Promise<unknown[]> => {
    await bed.fault(CONFIG, what);
    return refusalOf(await bed.get(CONFIG));
  };
  expect(await meet({ kind: "refuse", code: "50013" })).toEqual([429, "50013", "Systems are busy. Please try again later."]);
  expect(await meet({ kind: "refuse" })).toEqual([400, "51000", "Parameter  error"]);
  expect(await meet({ kind: "refuse", code: "59999", status: 200, message: "new" })).toEqual([200, "59999", "new"]);
  await bed.fault(CONFIG, { kind: "refuse", code: "50101" });
  expect((await bed.get(CONFIG)).json).toEqual({ msg: "APIKey does not match current environment.", code: "50101" });
  expect(await meet({ kind: "500" })).toEqual([500, "50026", "System error. Try again later"]);
  for (const kind of ["503", "maintenance"])
    expect(await meet({ kind })).toEqual([503, "50001", "Service temporarily unavailable. Please try again later."]);
  await bed.control.put("/venues/okx/maintenance", { on: true });
  expect(codeOf(await bed.get(CONFIG))).toBe("50001");
  await bed.control.put("/venues/okx/maintenance", { on: false });
});

test("the log knows the key and whether it was proved", async () => {
  const { latest } = await bed.control.get<{ latest: number }>("/requests");
  await bed.get(CONFIG);
  await bed.get(CONFIG, { headers: { "ok-access-sign": "wrong" } });
  await ask(bed.url, CONFIG, { method: "GET" });
  const { requests } = await bed.control.get<{ requests: Record<string, unknown>[] }>(`/requests?since=${latest}`);
  expect(requests.map(({ signed, accepted, code, credentialKind }) => [signed, accepted, code, credentialKind])).toEqual([
    [true, true, "0", "key"],
    [false, false, "50113", "key"],
    [false, false, "50103", null],
  ]);
});
