// The official client kucoin-universal-sdk for KuCoin against the sandbox: what neither side took from the other agrees. Where
// the client is wrong, the test says so.

import { Account, ClientOptionBuilder, DefaultClient, logger, RestError, Spot, TransportOptionBuilder } from "kucoin-universal-sdk";
import { KucoinBed, SUB, type KucoinCredentials } from "./kucoin-caller";

let bed: KucoinBed;
let master: ReturnType<typeof clientOf>;
beforeAll(async () => {
  logger.setGlobalLogger({ info: () => undefined }, undefined); // else it prints its version for each client
  bed = await KucoinBed.open({ limits: true });
  master = clientOf(bed.account);
});
afterEach(() => bed.switches({ errorStatus: null, signedQuery: null, ipMask: null }));
afterAll(() => bed.close());

function clientOf({ apiKey, apiSecret, passphrase }: KucoinCredentials) {
  const transport = new TransportOptionBuilder().setKeepAlive(false).setMaxRetries(1).setRetryDelay(1).build();
  const options = new ClientOptionBuilder()
    .setKey(apiKey)
    .setSecret(apiSecret)
    .setPassphrase(passphrase)
    .setSpotEndpoint(bed.url)
    .setFuturesEndpoint(bed.url)
    .setBrokerEndpoint(bed.url)
    .setTransportOption(transport)
    .build();
  const service = new DefaultClient(options).restService();
  const account = service.getAccountService();
  return {
    subs: account.getSubAccountApi(),
    account: account.getAccountApi(),
    transfers: account.getTransferApi(),
    orders: service.getSpotService().getOrderApi(),
  };
}

const { AddSubAccountApiReq, ModifySubAccountApiReq, DeleteSubAccountApiReq, GetSubAccountApiListReq } = Account.SubAccount;
const { GetSpotSubAccountsSummaryV2Req } = Account.SubAccount;
const PASSPHRASE = "sandbox-client-1";

const create = (permission: string, ipWhitelist = "203.0.113.10") =>
  master.subs.addSubAccountApi(
    AddSubAccountApiReq.builder()
      .setSubName(SUB)
      .setPassphrase(PASSPHRASE)
      .setRemark("client")
      .setPermission(permission)
      .setIpWhitelist(ipWhitelist)
      .setExpire(AddSubAccountApiReq.ExpireEnum._30)
      .build(),
  );
const listed = async (apiKey: string) =>
  (await master.subs.getSubAccountApiList(GetSubAccountApiListReq.builder().setSubName(SUB).setApiKey(apiKey).build())).data;
const remove = (apiKey: string, passphrase = PASSPHRASE) =>
  master.subs.deleteSubAccountApi(DeleteSubAccountApiReq.builder().setSubName(SUB).setApiKey(apiKey).setPassphrase(passphrase).build());
const market = Spot.Order.AddOrderTestReq.builder()
  .setType(Spot.Order.AddOrderTestReq.TypeEnum.MARKET)
  .setSide(Spot.Order.AddOrderTestReq.SideEnum.BUY)
  .setSymbol("BTC-USDT")
  .setSize("1")
  .setClientOid("mine")
  .build();
const balances = Account.Account.GetSpotAccountListReq.builder().setCurrency("USDT").build();

/** What a call is refused with: KuCoin's code and text, or null where the client lost them. */
async function refused(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof RestError)) throw new Error("not refused", { cause: error });
  const response = error.getCommonResponse();
  return response && { code: response.code, msg: response.msg };
}

test("the managing key, and what is left of its limit", async () => {
  const self = await master.account.getApikeyInfo();
  expect(self).toMatchObject({ remark: "managing", permission: "General", ipWhitelist: "203.**.10", isMaster: true, apiVersion: 3 });
  expect(self.commonResponse!.rateLimit).toMatchObject({ limit: 2000, remaining: 1980 });
});

test("a key: created, listed, used, updated, deleted", async () => {
  const made = await create("General,Spot,Futures");
  expect(made).toMatchObject({ subName: SUB, remark: "client", passphrase: PASSPHRASE, apiVersion: 3, permission: "General,Futures" });
  expect(await listed(made.apiKey)).toMatchObject([
    { subName: SUB, remark: "client", permission: "General,Futures,Spot", ipWhitelist: "203.**.10", isMaster: false },
  ]);
  expect((await bed.desk(made)).expiresAt).not.toBeNull();

  const holder = clientOf({ ...made, passphrase: PASSPHRASE });
  expect(await holder.account.getApikeyInfo()).toMatchObject({ subName: SUB, isMaster: false });
  expect((await holder.account.getSpotAccountList(balances)).data).toMatchObject([{ currency: "USDT", type: "trade", balance: "100000" }]);
  expect(await holder.orders.addOrderTest(market)).toMatchObject({ clientOid: "mine" });

  const update = ModifySubAccountApiReq.builder()
    .setSubName(SUB)
    .setApiKey(made.apiKey)
    .setPassphrase(PASSPHRASE)
    .setPermission("General")
    .setIpWhitelist("203.0.113.10,203.0.113.11")
    .setExpire(ModifySubAccountApiReq.ExpireEnum._90)
    .build();
  expect(await master.subs.modifySubAccountApi(update)).toMatchObject({ subName: SUB, apiKey: made.apiKey, permission: "General" });
  await bed.switches({ ipMask: "plain" });
  expect(await listed(made.apiKey)).toMatchObject([{ permission: "General", ipWhitelist: "203.0.113.10,203.0.113.11" }]);
  expect(await refused(holder.orders.addOrderTest(market))).toEqual({ code: "400007", msg: "Access Denied" });

  expect(await remove(made.apiKey)).toMatchObject({ subName: SUB, apiKey: made.apiKey });
  expect(await refused(holder.account.getApikeyInfo())).toEqual({ code: "400003", msg: "KC-API-KEY not exists" });
  expect(await listed(made.apiKey)).toEqual([]);
});

test("a key for another address", async () => {
  const made = await create("General,Spot", "203.0.113.99");
  const holder = clientOf({ ...made, passphrase: PASSPHRASE });
  const barred = { code: "400006", msg: "The requested ip address is not in the api whitelist" };
  expect(await refused(holder.orders.addOrderTest(market))).toEqual(barred);
});

test("sub-accounts, and a transfer", async () => {
  const page = await master.subs.getSpotSubAccountsSummaryV2(
    GetSpotSubAccountsSummaryV2Req.builder().setCurrentPage(1).setPageSize(10).build(),
  );
  expect(page).toMatchObject({ currentPage: 1, pageSize: 10, totalNum: 2, totalPage: 1 });
  expect(page.items.map(({ subName }) => subName)).toEqual(["deskalpha1", "deskbravo2"]);
  const { FlexTransferReq } = Account.Transfer;
  const transfer = FlexTransferReq.create({
    clientOid: "one",
    currency: "USDT",
    amount: "1",
    fromAccountType: FlexTransferReq.FromAccountTypeEnum.MAIN,
    type: FlexTransferReq.TypeEnum.INTERNAL,
    toAccountType: FlexTransferReq.ToAccountTypeEnum.TRADE,
  });
  const mover = clientOf({ ...(await create("General,InnerTransfer")), passphrase: PASSPHRASE });
  expect((await mover.transfers.flexTransfer(transfer)).orderId).toMatch(/^[0-9a-f]{24}$/);
  expect(await refused(master.transfers.flexTransfer(transfer))).toMatchObject({ code: "400007" });
});

test("refusals come as KuCoin writes them", async () => {
  const wrongSecret = clientOf({ ...bed.account, apiSecret: "sandbox-wrong" });
  expect(await refused(wrongSecret.account.getApikeyInfo())).toMatchObject({ code: "400005" });
  const wrongPassphrase = clientOf({ ...bed.account, passphrase: "sandbox-wrong" });
  expect(await refused(wrongPassphrase.account.getApikeyInfo())).toMatchObject({ code: "400004" });
  expect(await refused(create("General,Transfer"))).toMatchObject({ code: "400100" });
  expect(await refused(create("InnerTransfer", ""))).toMatchObject({ code: "400100" });
});

test("it signs a query before it encodes it, as the documents say", async () => {
  const passphrase = "abc!@#11&x";
  const { apiKey } = await bed.issued({ passphrase });
  expect(await remove(apiKey, passphrase)).toMatchObject({ apiKey });
});

describe("where the client is wrong", () => {
  test("under a status other than 200 it loses KuCoin's code and text", async () => {
    await bed.switches({ errorStatus: "by-kind" });
    expect(await refused(create("General,Transfer"))).toBeNull();
    await bed.fault("/api/v1/user/api-key", { kind: "429", times: "always" });
    expect(await refused(master.account.getApikeyInfo())).toBeNull();
    await bed.control.delete("/faults");
  });

  test("what it reads is sent again at once after a 429, whatever the headers say", async () => {
    await bed.fault("/api/v1/user/api-key", { kind: "429" });
    expect(await master.account.getApikeyInfo()).toMatchObject({ remark: "managing" });
  });

  test("an update that says nothing sends General and -1 of its own accord, and no IP list", async () => {
    const made = await create("General,Spot");
    const silent = ModifySubAccountApiReq.builder().setSubName(SUB).setApiKey(made.apiKey).setPassphrase(PASSPHRASE).build();
    expect(JSON.parse(silent.toJson())).toEqual({
      subName: SUB,
      apiKey: made.apiKey,
      passphrase: PASSPHRASE,
      permission: "General",
      expire: "-1",
    });
    await master.subs.modifySubAccountApi(silent);
    expect(await bed.desk(made)).toMatchObject({ permissions: ["General"], allowedIps: [], expiresAt: null });
  });

  test("a request that isn't idempotent is sent again after a 5xx: a lost creation makes two keys", async () => {
    const before = (await bed.control.get<unknown[]>("/venues/kucoin/keys")).length;
    await bed.fault("/api/v1/sub/api-key", { kind: "500", phase: "after" });
    await create("General");
    expect(await bed.control.get<unknown[]>("/venues/kucoin/keys")).toHaveLength(before + 2);
  });
});
