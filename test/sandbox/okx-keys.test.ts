// The keys of OKX's sub-accounts: what creating, listing, modifying and deleting take and give, every rule at its edge.

import { codeOf, dataOf, OkxBed, PASSPHRASE, refusalOf, SUB } from "./okx-caller";

let bed: OkxBed;
beforeAll(async () => {
  bed = await OkxBed.open();
  await bed.switches({ sameLabel: "accepted" });
});
afterAll(() => bed.close());

const addresses = (count: number): string => Array.from({ length: count }, (_, n) => `198.51.100.${n}`).join(",");

test("a key from creation to deletion", async () => {
  const created = await bed.create({ label: "v5", perm: "read_only,trade", ip: "203.0.113.10,203.0.113.11" });
  expect(created.json).toEqual({
    code: "0",
    msg: "",
    data: [
      {
        subAcct: "deskalpha",
        label: "v5",
        apiKey: expect.stringMatching(/^sandbox-/),
        secretKey: expect.stringMatching(/^sandbox-/),
        passphrase: PASSPHRASE,
        perm: "read_only,trade",
        ip: "203.0.113.10,203.0.113.11",
        ts: expect.stringMatching(/^\d{13}$/),
      },
    ],
  });
  const [{ apiKey, secretKey, ts }] = dataOf<[Record<"apiKey" | "secretKey" | "ts", string>]>(created);
  const key = { apiKey, apiSecret: secretKey, passphrase: PASSPHRASE };
  const row = { label: "v5", apiKey, perm: "read_only,trade", ip: "203.0.113.10,203.0.113.11", ts };
  expect(dataOf(await bed.list("deskalpha", apiKey))).toEqual([row]);
  expect(codeOf(await bed.config(key))).toBe("0");

  const modified = await bed.modify(apiKey, { label: "v6", perm: "read_only", ip: "203.0.113.10" });
  const after = { label: "v6", apiKey, perm: "read_only", ip: "203.0.113.10", ts };
  expect(dataOf(modified)).toEqual([{ subAcct: "deskalpha", ...after, perm: "read" }]);
  expect(dataOf(await bed.list("deskalpha", apiKey))).toEqual([after]);
  expect(codeOf(await bed.config(key))).toBe("0"); // same secret, same passphrase
  expect(codeOf(await bed.order(key))).toBe("50120");

  expect((await bed.remove(apiKey)).json).toEqual({ code: "0", msg: "", data: [{ subAcct: "deskalpha" }] });
  expect(refusalOf(await bed.remove(apiKey))).toEqual([200, "59506", "API key doesn't exist."]);
  expect(codeOf(await bed.modify(apiKey, { ip: "" }))).toBe("59506");
  expect(dataOf(await bed.list("deskalpha", apiKey))).toEqual([]);
  expect((await bed.config(key)).json).toEqual({ code: "50119", msg: "API key doesn't exist" });
});

test("the list has every key of that sub-account, oldest first, and nothing secret", async () => {
  await bed.control.post("/venues/okx/sub-accounts", { subAcct: "desklist" });
  const keys = [];
  for (let n = 0; n < 3; n++) keys.push(await bed.issued({ subAcct: "desklist" }));
  const answer = await bed.list("desklist");
  expect(dataOf(answer).map(({ apiKey }) => apiKey)).toEqual(keys.map(({ apiKey }) => apiKey));
  for (const { apiSecret, passphrase } of keys) for (const secret of [apiSecret, passphrase]) expect(answer.text).not.toContain(secret);
  expect(dataOf(await bed.list("deskbravo"))).toEqual([]);
});

describe("modifying", () => {
  test("what isn't passed stays, what is passed is set, and each state is kept", async () => {
    const { apiKey, label } = await bed.issued({ perm: "read_only", ip: "203.0.113.10" });
    await bed.modify(apiKey, { perm: "read_only,trade" });
    expect(dataOf(await bed.list("deskalpha", apiKey))).toMatchObject([{ label, perm: "read_only,trade", ip: "203.0.113.10" }]);
    await bed.modify(apiKey, { ip: "203.0.113.11" });
    await bed.modify(apiKey, { label: `${label}b` });
    expect(dataOf(await bed.list("deskalpha", apiKey))).toMatchObject([
      { label: `${label}b`, perm: "read_only,trade", ip: "203.0.113.11" },
    ]);
    await bed.modify(apiKey, { perm: "read_only", ip: "" });
    expect(dataOf(await bed.list("deskalpha", apiKey))).toMatchObject([{ perm: "read_only", ip: "" }]);
    const { states } = await bed.desk(apiKey);
    expect(states.map(({ permissions, allowedIps }) => [permissions.join(), allowedIps.join()])).toEqual([
      ["read_only", "203.0.113.10"],
      ["read_only,trade", "203.0.113.10"],
      ["read_only,trade", "203.0.113.11"],
      ["read_only", ""],
    ]);
  });

  test("a refusal changes nothing", async () => {
    const { apiKey } = await bed.issued({ perm: "read_only", ip: "203.0.113.10" });
    const other = await bed.issued();
    for (const wrong of [{ label: other.label }, { perm: "withdraw" }, { ip: addresses(21) }, { ip: "nowhere" }, { label: "" }])
      expect(codeOf(await bed.modify(apiKey, { perm: "read_only,trade", ip: "", ...wrong }))).not.toBe("0");
    expect((await bed.desk(apiKey)).states).toHaveLength(1);
  });

  test("a key of another sub-account isn't there", async () => {
    const { apiKey } = await bed.issued({ subAcct: "deskbravo" });
    expect(codeOf(await bed.modify(apiKey, { ip: "" }))).toBe("59506");
    expect(codeOf(await bed.remove(apiKey))).toBe("59506");
    expect((await bed.desk(apiKey)).alive).toBe(true);
  });
});

test.each<[string, Record<string, unknown>, string]>([
  ["no sub-account named", { subAcct: undefined }, "50014"],
  ["an empty one", { subAcct: "" }, "50014"],
  ["an unknown one", { subAcct: "deskzulu" }, "59510"],
  ["one in other letters", { subAcct: "DeskAlpha" }, "59510"],
  ["a number for a text", { subAcct: 7 }, "51000"],
  ["no label", { label: undefined }, "50014"],
  ["a label of 51 characters", { label: "x".repeat(51) }, "51000"],
  ["a label with a hyphen", { label: "a-b" }, "51000"],
  ["no passphrase", { passphrase: undefined }, "50014"],
  ["7 characters of passphrase", { passphrase: "Pass1!x" }, "59505"],
  ["33 characters of passphrase", { passphrase: `Pass1!${"x".repeat(27)}` }, "59505"],
  ["no digit in it", { passphrase: "Password!" }, "59505"],
  ["no upper case in it", { passphrase: "passw0rd!" }, "59505"],
  ["no lower case in it", { passphrase: "PASSW0RD!" }, "59505"],
  ["no special character in it", { passphrase: "Passw0rdx" }, "59505"],
  ["a space in it", { passphrase: "Pass w0rd!" }, "59505"],
  ["withdrawals", { perm: "read_only,withdraw" }, "59504"],
  ["another word", { perm: "admin" }, "51000"],
  ["a space in perm", { perm: "read_only, trade" }, "51000"],
  ["21 addresses", { ip: addresses(21) }, "59503"],
  ["no address", { ip: "203.0.113" }, "51000"],
  ["a segment too long", { ip: "203.0.113.0/33" }, "51000"],
  ["an empty address", { ip: "203.0.113.1," }, "51000"],
])("creating with %s is refused", async (_what, different, code) => {
  const answer = await bed.create(different);
  expect(codeOf(answer)).toBe(code);
  expect(answer.status).toBe(code.startsWith("5950") || code === "59510" ? 200 : 400);
});

test.each([
  ["a label of 50 characters", { label: "x".repeat(50) }],
  ["8 characters of passphrase", { passphrase: "Passw0!x" }],
  ["32 characters of passphrase", { passphrase: `Pass1!${"x".repeat(26)}` }],
  ["20 addresses", { ip: addresses(20) }],
  ["IPv6 and segments", { ip: "2001:db8::1,2001:db8::/64,198.51.100.0/24" }],
  ["an empty ip", { ip: "" }],
])("creating with %s works", async (_what, different) => {
  expect(codeOf(await bed.create(different))).toBe("0");
});

test("a label is taken, whoever has it", async () => {
  const { label } = await bed.issued();
  const taken = [200, "59502", "This note name already exists. Enter a unique API key note name"];
  expect(refusalOf(await bed.create({ label }))).toEqual(taken);
  await bed.byHand({ subAcct: "deskalpha", label: "byhand" });
  expect(refusalOf(await bed.create({ label: "byhand" }))).toEqual(taken);
  expect(codeOf(await bed.create({ label: "BYHAND" }))).toBe("0");
  await expect(bed.byHand({ label })).rejects.toThrow(/is there already/);
});

test("an account has 50 keys at most", async () => {
  await bed.control.post("/venues/okx/sub-accounts", { subAcct: "deskfull" });
  const keys = [];
  for (let n = 0; n < 50; n++) keys.push(await bed.issued({ subAcct: "deskfull" }));
  expect(refusalOf(await bed.create({ subAcct: "deskfull" }))).toEqual([200, "59501", "Each account can create up to 50 API keys"]);
  expect(dataOf(await bed.list("deskfull"))).toHaveLength(50);
  await expect(bed.byHand({ subAcct: "deskfull" })).rejects.toThrow(/50 already/);
  await bed.post(`${SUB}/delete-apikey`, { subAcct: "deskfull", apiKey: keys[7]!.apiKey });
  expect(codeOf(await bed.create({ subAcct: "deskfull" }))).toBe("0");
});

test("a frozen sub-account gets no keys and keeps those it has", async () => {
  const { apiKey } = await bed.issued({ subAcct: "deskbravo" });
  await bed.control.patch("/venues/okx/sub-accounts/deskbravo", { enabled: false });
  expect(refusalOf(await bed.create({ subAcct: "deskbravo" }))).toEqual([200, "59508", "The sub account of deskbravo is suspended."]);
  expect(codeOf(await bed.post(`${SUB}/modify-apikey`, { subAcct: "deskbravo", apiKey, ip: "" }))).toBe("59508");
  expect(dataOf(await bed.get(`${SUB}/list?enable=false`)).map(({ subAcct }) => subAcct)).toEqual(["deskbravo"]);
  expect(codeOf(await bed.post(`${SUB}/delete-apikey`, { subAcct: "deskbravo", apiKey }))).toBe("0");
  await bed.control.patch("/venues/okx/sub-accounts/deskbravo", { enabled: true });
});

describe("14 days without a request", () => {
  afterEach(() => bed.control.post("/clock", { offsetMs: 0 }));
  const alive = async (key: { apiKey: string }): Promise<boolean> => (await bed.desk(key.apiKey)).alive;

  test("end a key that trades and has no IP list, and no other", async () => {
    const trader = await bed.issued({ perm: "trade" });
    const bound = await bed.issued({ perm: "trade", ip: "203.0.113.10" });
    const reader = await bed.issued({ perm: "read_only" });
    const drawer = await bed.byHand({ permissions: ["withdraw"] });
    const demo = await bed.byHand({ permissions: ["trade"], demo: true });
    await bed.control.post("/clock", { advance: "335h59m" });
    expect(await Promise.all([trader, bound, reader, drawer, demo].map(alive))).toEqual([true, true, true, true, true]);
    await bed.control.post("/clock", { advance: "1m" });
    expect(await Promise.all([trader, bound, reader, drawer, demo].map(alive))).toEqual([false, true, true, false, true]);
    expect(codeOf(await bed.config(trader))).toBe("50119");
    expect(codeOf(await bed.modify(trader.apiKey, { ip: "203.0.113.10" }))).toBe("59506");
    expect(codeOf(await bed.remove(trader.apiKey))).toBe("0");
  });

  test("begin again with each signed request, and with no other", async () => {
    const used = await bed.issued({ perm: "trade" });
    const abused = await bed.issued({ perm: "trade" });
    await bed.control.post("/clock", { advance: "200h" });
    await bed.order(used);
    await bed.order({ ...abused, apiSecret: "sandbox-wrong" });
    await bed.modify(abused.apiKey, { label: bed.label() });
    await bed.control.post("/clock", { advance: "200h" });
    expect([await alive(used), await alive(abused)]).toEqual([true, false]);
  });
});

describe("rate limits", () => {
  let limited: OkxBed;
  beforeEach(async () => {
    limited = await OkxBed.open({ limits: true });
  });
  afterEach(() => limited.close());

  test("one a second for each kind of write, 20 in two seconds for the list", async () => {
    expect(codeOf(await limited.create())).toBe("0");
    expect(refusalOf(await limited.create())).toEqual([
      200,
      "50011",
      "Rate limit reached. Please refer to API documentation and throttle requests accordingly.",
    ]);
    expect(codeOf(await limited.remove("sandbox-none"))).toBe("59506");
    for (let n = 0; n < 20; n++) expect(codeOf(await limited.list())).toBe("0");
    expect(codeOf(await limited.list())).toBe("50011");
    await limited.control.post("/clock", { advance: "2s" });
    expect(codeOf(await limited.create())).toBe("0");
  });

  test("are each user's own", async () => {
    const key = await limited.byHand({ subAcct: "deskalpha" });
    for (let n = 0; n < 5; n++) expect(codeOf(await limited.config(limited.account))).toBe("0");
    expect(codeOf(await limited.config(limited.account))).toBe("50011");
    expect(codeOf(await limited.config(key))).toBe("0");
  });
});
