// The client okx-api for OKX against the sandbox: what neither side took from the other agrees. Where the client is wrong,
// the test says so.

import { RestClient } from "okx-api";
import { OkxBed, PASSPHRASE, SUB } from "./okx-caller";

let bed: OkxBed;
let master: RestClient;
beforeAll(async () => {
  bed = await OkxBed.open({ limits: true });
  master = clientOf(bed.account);
});
beforeEach(later);
afterAll(() => bed.close());

const clientOf = ({ apiKey, apiSecret, passphrase }: Record<"apiKey" | "apiSecret" | "passphrase", string>): RestClient =>
  new RestClient({ apiKey, apiSecret, apiPass: passphrase, baseUrl: bed.url });

type Row = Record<string, string>;
const create = async (different: Row = {}): Promise<Row> => {
  const wanted = { subAcct: "deskalpha", label: bed.label(), passphrase: PASSPHRASE, ...different };
  return ((await master.postPrivate(`${SUB}/apikey`, wanted)) as [Row])[0];
};
const list = (): Promise<Row[]> => master.getPrivate(`${SUB}/apikey`, { subAcct: "deskalpha" }) as Promise<Row[]>;
const holderOf = ({ apiKey, secretKey, passphrase }: Row): RestClient =>
  clientOf({ apiKey: apiKey!, apiSecret: secretKey!, passphrase: passphrase! });
/** As after a pause: the limits have forgotten all. Moving the sandbox's clock would leave the client's behind. */
function later(): Promise<unknown> {
  return bed.control.patch("/venues/okx/limits", { enabled: true });
}
const order = { instId: "BTC-USDT", tdMode: "cash", side: "buy", ordType: "market", sz: "1" } as const;

test("the managing key and its account", async () => {
  const [config] = await master.getAccountConfiguration();
  expect(config).toMatchObject({ label: "managing", ip: "203.0.113.10", type: "0", uid: config!.mainUid });
});

test("a key: created, listed, used, modified, deleted", async () => {
  const made = await create({ label: "clients", perm: "trade", ip: "203.0.113.10" });
  expect(made).toMatchObject({
    subAcct: "deskalpha",
    label: "clients",
    perm: "read_only,trade",
    ip: "203.0.113.10",
    passphrase: PASSPHRASE,
  });
  expect((await list()).filter(({ apiKey }) => apiKey === made.apiKey)).toMatchObject([{ label: "clients", ip: "203.0.113.10" }]);

  const holder = holderOf(made);
  expect((await holder.getAccountConfiguration())[0]).toMatchObject({ label: "clients", type: "1" });
  expect((await holder.getBalance())[0]!.details.map(({ ccy }) => ccy)).toEqual(["BTC", "USDT"]);
  expect(await holder.submitOrder(order)).toMatchObject([{ sCode: "0" }]);

  const modified = await master.resetSubAccountAPIKey({ subAcct: "deskalpha", apiKey: made.apiKey!, perm: "read_only", ip: "" });
  expect(modified).toMatchObject([{ label: "clients", perm: "read", ip: "" }]);
  await later();
  expect((await holder.getAccountConfiguration())[0]).toMatchObject({ perm: "read_only", ip: "" });
  await expect(holder.submitOrder(order)).rejects.toMatchObject({ code: "50120" });

  expect(await master.postPrivate(`${SUB}/delete-apikey`, { subAcct: "deskalpha", apiKey: made.apiKey })).toEqual([
    { subAcct: "deskalpha" },
  ]);
  await expect(holder.getAccountConfiguration()).rejects.toEqual({ code: "50119", msg: "API key doesn't exist" });
  expect((await list()).map(({ apiKey }) => apiKey)).not.toContain(made.apiKey);
});

test("sub-accounts", async () => {
  expect((await master.getSubAccountList()).map(({ subAcct }) => subAcct)).toEqual(["deskbravo", "deskalpha"]);
});

test("refusals come as OKX writes them", async () => {
  await expect(clientOf({ ...bed.account, apiSecret: "sandbox-wrong" }).getBalance()).rejects.toMatchObject({ code: "50113" });
  await expect(clientOf({ ...bed.account, passphrase: "sandbox-Wrong1!" }).getBalance()).rejects.toMatchObject({ code: "50105" });
  await expect(create({ passphrase: "short" })).rejects.toMatchObject({ code: "59505" });
  await expect(create()).rejects.toMatchObject({ code: "50011" });
});

test("its demo trading is another environment", async () => {
  const { apiKey, apiSecret, passphrase: apiPass } = bed.account;
  const demo = new RestClient({ apiKey, apiSecret, apiPass, baseUrl: bed.url, demoTrading: true });
  await expect(demo.getBalance()).rejects.toMatchObject({ code: "50101" });
});

describe("where the client is wrong", () => {
  test("its own way to create a key is the brokers', which the sandbox doesn't have", async () => {
    const wanted = { subAcct: "deskalpha", label: "brokers", passphrase: PASSPHRASE, perm: "read_only" };
    await expect(master.createSubAccountAPIKey(wanted)).rejects.toMatchObject({ msg: "no such path" });
    expect((await list()).map(({ label }) => label)).not.toContain("brokers");
  });

  test("it signs a query before it encodes it", async () => {
    await expect(master.getPrivate(`${SUB}/apikey`, { subAcct: "desk alpha" })).rejects.toMatchObject({ code: "50113" });
  });

  test("it adds a member `tag` of its own to every body, and signs it", async () => {
    expect(await holderOf(await create({ perm: "trade" })).submitOrder(order)).toMatchObject([{ tag: expect.stringMatching(/./) }]);
  });
});
