// The client ccxt for Deribit against the sandbox: what neither side took from the other agrees. Where the client is wrong,
// the test says so.

import { deribit } from "ccxt";
import type { Credentials } from "./caller";
import { DeribitBed, type ApiKey } from "./deribit-caller";

/** Methods that ccxt makes of its table of paths. */
type Implicit = Record<
  | "privateGetListApiKeys"
  | "privateGetCreateApiKey"
  | "privateGetChangeApiKeyName"
  | "privateGetChangeScopeInApiKey"
  | "privateGetDisableApiKey"
  | "privateGetEnableApiKey"
  | "privateGetResetApiKey"
  | "privateGetRemoveApiKey"
  | "privateGetGetAccountSummary"
  | "privateGetBuy"
  | "publicGetAuth",
  (params?: Record<string, unknown>) => Promise<{ result: never; testnet: boolean }>
>;
type Client = deribit & Implicit;

let bed: DeribitBed;
let managing: Client;
beforeAll(async () => {
  bed = await DeribitBed.open({ limits: true });
  managing = clientOf(bed.account);
});
afterEach(() => bed.clear());
afterAll(() => bed.close());

function clientOf({ apiKey, apiSecret }: Credentials): Client {
  const client = new deribit({ apiKey, secret: apiSecret }) as Client;
  client.urls["api"] = { rest: bed.url };
  return client;
}

const create = async (params: Record<string, unknown> = {}): Promise<ApiKey> =>
  (await managing.privateGetCreateApiKey({ max_scope: "account:read trade:read_write", name: "by_ccxt", ...params })).result;
const holderOf = ({ client_id, client_secret }: ApiKey): Client => clientOf({ apiKey: client_id, apiSecret: client_secret });
const order = { instrument_name: "BTC-PERPETUAL", amount: 10, type: "market" };

test("a key: created, listed, used, narrowed, renamed, reset, disabled, enabled, removed", async () => {
  const made = await create();
  expect(made).toMatchObject({ name: "by_ccxt", enabled: true, max_scope: "trade:read_write account:read" });
  const listed: ApiKey[] = (await managing.privateGetListApiKeys()).result;
  expect(listed.map(({ client_id }) => client_id)).toEqual([bed.account.apiKey, made.client_id]);

  const holder = holderOf(made);
  expect((await holder.privateGetGetAccountSummary({ currency: "BTC" })).result).toMatchObject({ currency: "BTC", balance: 2 });
  expect((await holder.privateGetBuy(order)).result).toMatchObject({ order: { amount: 10, direction: "buy" }, trades: [] });

  const { id } = made;
  await managing.privateGetChangeScopeInApiKey({ id, max_scope: "account:read" });
  await expect(holder.privateGetBuy(order)).rejects.toThrow(/"code":13009/);
  expect((await managing.privateGetChangeApiKeyName({ id, name: "renamed" })).result).toMatchObject({ name: "renamed" });
  const reset: ApiKey = (await managing.privateGetResetApiKey({ id })).result;
  await expect(holder.privateGetGetAccountSummary({ currency: "BTC" })).rejects.toThrow(/"code":13009/);
  const again = holderOf(reset);
  await managing.privateGetDisableApiKey({ id });
  await expect(again.privateGetGetAccountSummary({ currency: "BTC" })).rejects.toThrow(/"code":13004/);
  await managing.privateGetEnableApiKey({ id });
  expect((await again.privateGetGetAccountSummary({ currency: "BTC" })).testnet).toBe(false);
  expect((await managing.privateGetRemoveApiKey({ id })).result).toBe("ok");
  await expect(again.privateGetGetAccountSummary({ currency: "BTC" })).rejects.toMatchObject({ name: "AuthenticationError" });
  expect((await managing.privateGetListApiKeys()).result).toHaveLength(1);
});

test("an edit with addresses, by its generic request", async () => {
  await bed.switches({ queryArrays: "json" });
  const { id, client_id } = await create({ max_scope: "account:none" });
  const params = { id, max_scope: "trade:read_write", ip_whitelist: '["203.0.113.11"]', enabled: true };
  const edited = (await managing.request("edit_api_key", "private", "GET", params)) as { result: ApiKey };
  await bed.switches({ queryArrays: null });
  expect(edited.result).toMatchObject({ max_scope: "trade:read_write", ip_whitelist: ["203.0.113.11"] });
  expect((await bed.desk(client_id)).states).toHaveLength(2);
});

test("it reads the documents' codes as kinds of errors", async () => {
  const wrong = clientOf({ ...bed.account, apiSecret: "sandbox-wrong" });
  await expect(wrong.privateGetListApiKeys()).rejects.toMatchObject({ name: "AuthenticationError" });
  await bed.switches({ permissionCode: 11042, errorStatus: 400 });
  const reader = holderOf(await create({ max_scope: "account:read" }));
  await expect(reader.privateGetBuy(order)).rejects.toMatchObject({ name: "PermissionDenied" });
  await expect(create({ max_scope: "wallet:read_write" })).rejects.toThrow(/"code":13403/);
  await bed.switches({ permissionCode: null, errorStatus: null });
});

test("a token, by the public method", async () => {
  const asked = { grant_type: "client_credentials", client_id: bed.account.apiKey, client_secret: bed.account.apiSecret };
  const { result } = await managing.publicGetAuth({ ...asked, scope: "account:read" });
  expect(result).toMatchObject({ token_type: "bearer", scope: "account:read mainaccount" });
});

describe("where the client is wrong", () => {
  test("it has no method for edit_api_key, the only one that sets addresses", () => {
    expect(Object.keys(Object.getPrototypeOf(Object.getPrototypeOf(managing)) as object)).not.toContain("privateGetEditApiKey");
    expect(managing).not.toHaveProperty("privateGetEditApiKey");
    expect(managing).toHaveProperty("privateGetCreateApiKey");
  });

  test("an array in its query has members such as ip_whitelist[0], which set nothing", async () => {
    const { id, client_id } = await create();
    await managing.request("edit_api_key", "private", "GET", { id, max_scope: "account:read", ip_whitelist: ["203.0.113.11"] });
    expect((await bed.desk(client_id)).allowedIps).toEqual([]);
  });

  test("its nonce is the millisecond, so that of two requests in one the second is refused", async () => {
    const client = clientOf(bed.account);
    const now = client.milliseconds();
    client.milliseconds = () => now;
    expect((await client.privateGetListApiKeys()).result).toHaveLength(1);
    await expect(client.privateGetListApiKeys()).rejects.toThrow(/"code":13009/);
  });

  test("a demand of a second factor is a result like any other to it", async () => {
    await bed.control.patch("/venues/deribit/accounts/7001", { tfa: "on" });
    const made = await create();
    await bed.control.patch("/venues/deribit/accounts/7001", { tfa: "off" });
    expect(made).toMatchObject({ security_key_authorization_required: true });
    expect(made.client_id).toBeUndefined();
  });
});
