// The official client gate-api for Gate against the sandbox: what neither side took from the other agrees. Where the client is
// wrong by the documents, the test says so.

import { AccountApi, ApiClient, Order, SpotApi, SubAccount, SubAccountApi, SubAccountKey, Transfer, WalletApi } from "gate-api";
import type { Credentials } from "./caller";
import { GateBed, SUB, type Row } from "./gate-caller";

let bed: GateBed;
let master: ReturnType<typeof clientOf>;
let complaints: jest.SpyInstance;
beforeAll(async () => {
  bed = await GateBed.open({ limits: true });
  master = clientOf(bed.account);
});
beforeEach(() => {
  // It is the client that prints; by this name, since the sandbox's tests may not.
  complaints = jest.spyOn(globalThis.console, "error").mockImplementation(() => undefined);
});
afterEach(async () => {
  complaints.mockRestore();
  await bed.switches({ signedQuery: null, updatedMember: null, permsOrder: null, mainKeys: null });
});
afterAll(() => bed.close());

function clientOf({ apiKey, apiSecret }: Credentials) {
  const client = new ApiClient(`${bed.url}/api/v4`);
  client.setApiKeySecret(apiKey, apiSecret);
  return {
    subs: new SubAccountApi(client),
    account: new AccountApi(client),
    spot: new SpotApi(client),
    wallet: new WalletApi(client),
  };
}

function wanted(different: Partial<SubAccountKey> = {}): SubAccountKey {
  const perms = [
    { name: "spot", readOnly: false },
    { name: "account", readOnly: true },
  ];
  return Object.assign(new SubAccountKey(), { mode: 1, name: "client", perms, ipWhitelist: ["203.0.113.10"], ...different });
}

/** Created by the client; the secret is in the response that it keeps beside its own reading of it. */
async function created(different: Partial<SubAccountKey> = {}): Promise<Credentials> {
  const { response } = await master.subs.createSubAccountKeys(SUB, wanted(different));
  const { key, secret } = response.data as Row;
  return { apiKey: key, apiSecret: secret };
}

const order = (text = "t-mine"): Order =>
  Object.assign(new Order(), { text, currencyPair: "BTC_USDT", side: Order.Side.Buy, amount: "0.001", price: "65000" });

/** What a call is refused with: the status and Gate's body. */
async function refused(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught as { response?: { status: number; data: unknown } },
  );
  if (!error?.response) throw new Error("not refused", { cause: error });
  return [error.response.status, error.response.data];
}

test("the managing key looks at itself, and what is left of its limit", async () => {
  const { body, response } = await master.account.getAccountDetail();
  expect(body).toMatchObject({ userId: 2_124_001, ipWhitelist: ["203.0.113.10"], currencyPairs: [], key: { mode: 1 }, tier: 0 });
  expect(response.headers).toMatchObject({ "x-gate-ratelimit-limit": "150", "x-gate-ratelimit-requests-remain": "149" });
});

test("a key: created, listed, read, used, replaced, deleted, and dead then", async () => {
  await bed.switches({ updatedMember: "updated_at", permsOrder: "as-sent" });
  const key = await created();
  const row = { userId: SUB, mode: 1, name: "client", key: key.apiKey, state: 1, ipWhitelist: ["203.0.113.10"] };
  expect((await master.subs.listSubAccountKeys(SUB)).body).toMatchObject([{ ...row, perms: wanted().perms }]);
  const { body } = await master.subs.getSubAccountKey(SUB, key.apiKey);
  expect(body).toMatchObject({ ...row, perms: wanted().perms, updatedAt: body.createdAt, lastAccess: body.createdAt });

  const holder = clientOf(key);
  expect((await holder.account.getAccountDetail()).body).toMatchObject({ userId: SUB, ipWhitelist: ["203.0.113.10"] });
  expect((await holder.spot.listSpotAccounts({ currency: "USDT" })).body).toMatchObject([{ currency: "USDT", available: "100000" }]);
  expect((await holder.spot.createOrder(order(), {})).body).toMatchObject({ text: "t-mine", side: "buy", status: "open", left: "0.001" });

  const narrow = wanted({ name: "narrowed", perms: [{ name: "spot", readOnly: true }], ipWhitelist: ["203.0.113.10", "203.0.113.11"] });
  expect((await master.subs.updateSubAccountKeys(SUB, key.apiKey, narrow)).response.status).toBe(204);
  expect((await master.subs.getSubAccountKey(SUB, key.apiKey)).body).toMatchObject({
    name: "narrowed",
    perms: [{ name: "spot", readOnly: true }],
    ipWhitelist: ["203.0.113.10", "203.0.113.11"],
  });
  expect(await refused(holder.spot.createOrder(order(), {}))).toEqual([401, { label: "READ_ONLY", detail: "Key is read-only" }]);

  expect((await master.subs.deleteSubAccountKeys(SUB, key.apiKey)).response.status).toBe(204);
  expect(await refused(holder.account.getAccountDetail())).toEqual([401, { label: "INVALID_KEY", message: "Invalid key provided" }]);
  expect((await master.subs.listSubAccountKeys(SUB)).body).toEqual([]);
});

test("a key for another address", async () => {
  const holder = clientOf(await created({ ipWhitelist: ["203.0.113.99"] }));
  const barred = { label: "IP_FORBIDDEN", message: "Request IP not in whitelist: 203.0.113.10" };
  expect(await refused(holder.spot.createOrder(order(), {}))).toEqual([401, barred]);
});

test("a transfer takes another permission than an order", async () => {
  const move = Object.assign(new Transfer(), {
    currency: "USDT",
    from: Transfer.From.Spot,
    to: Transfer.To.Margin,
    amount: "1",
    currencyPair: "BTC_USDT",
  });
  const mover = clientOf(await created({ perms: [{ name: "wallet", readOnly: false }] }));
  expect((await mover.wallet.transfer(move)).body).toMatchObject({ txId: expect.any(Number) });
  expect(await refused(mover.spot.createOrder(order(), {}))).toMatchObject([401, { label: "FORBIDDEN" }]);
});

test("sub-accounts: made, listed, locked, unlocked", async () => {
  const sub = Object.assign(new SubAccount(), { loginName: "client_made", remark: "ours" });
  const { body, response } = await master.subs.createSubAccounts(sub);
  expect([response.status, body]).toMatchObject([201, { loginName: "client_made", remark: "ours", state: 1 }]);
  expect((await master.subs.listSubAccounts({ type: "0" })).body.map(({ loginName }) => loginName)).toEqual([
    "desk_alpha",
    "desk_bravo",
    "client_made",
  ]);
  await master.subs.lockSubAccount(body.userId!);
  expect((await master.subs.getSubAccount(body.userId!)).body.state).toBe(2);
  await master.subs.unlockSubAccount(body.userId!);
  expect((await master.subs.getSubAccount(body.userId!)).body.state).toBe(1);
});

test("refusals come as Gate writes them", async () => {
  const wrong = clientOf({ ...bed.account, apiSecret: "sandbox-wrong" });
  expect(await refused(wrong.account.getAccountDetail())).toEqual([401, { label: "INVALID_SIGNATURE", message: "Signature mismatch" }]);
  expect(await refused(master.subs.createSubAccountKeys(99, wanted()))).toMatchObject([400, { label: "SUB_ACCOUNT_NOT_FOUND" }]);
  expect(await refused(created({ ipWhitelist: ["203.0.113.0/24"] }))).toMatchObject([400, { label: "INVALID_PARAM_VALUE" }]);
  expect(await refused(master.subs.getSubAccountKey(SUB, "sandbox-nobody"))).toMatchObject([401, { label: "INVALID_KEY" }]);
});

test("it sends a timestamp with decimals, and signs a query before it encodes it", async () => {
  const holder = clientOf(await created());
  const { body, response } = await holder.spot.listSpotAccounts({ currency: "BTC,&" });
  expect(body).toEqual([]);
  const { headers } = response.config as unknown as { headers: Record<string, string> };
  expect(headers["Timestamp"]).toMatch(/^\d{10}(\.\d{1,3})?$/);
  expect((response.request as { path: string }).path).toBe("/api/v4/spot/accounts?currency=BTC%2C%26");
});

describe("where the client is wrong", () => {
  test("it drops the secret of a new key, which its schema doesn't have", async () => {
    const { body, response } = await master.subs.createSubAccountKeys(SUB, wanted());
    expect(Object.keys(body)).not.toContain("secret");
    expect((response.data as Row).secret).toMatch(/^sandbox-/);
  });

  test("it doesn't see `update_at`, which the documents' examples have", async () => {
    const { apiKey } = await created();
    const { body, response } = await master.subs.getSubAccountKey(SUB, apiKey);
    expect(body.updatedAt).toBeUndefined();
    expect((response.data as Row).update_at).toEqual(expect.any(Number));
  });

  test("it reads `main_keys` as one object: of the documented list it makes nothing", async () => {
    const { body, response } = await master.account.getAccountMainKeys();
    expect(Object.values(body).filter((value) => value !== undefined)).toEqual([]);
    expect(response.data).toMatchObject([{ name: "managing", user_id: 2_124_001 }]);
    await bed.switches({ mainKeys: "own" });
    expect((await master.account.getAccountMainKeys()).body).toMatchObject({ state: 1, key: { mode: 1 } });
  });

  test("it complains on the console that a 204 isn't JSON", async () => {
    const { apiKey } = await created();
    expect(complaints).not.toHaveBeenCalled();
    await master.subs.deleteSubAccountKeys(SUB, apiKey);
    expect(complaints).toHaveBeenCalledWith("Failed to parse JSON:", expect.anything());
  });

  test("an update that says nothing takes everything away", async () => {
    const key = await created();
    await master.subs.updateSubAccountKeys(SUB, key.apiKey, new SubAccountKey());
    expect(await bed.desk(key)).toMatchObject({ name: "", permissions: {}, allowedIps: [] });
  });
});
