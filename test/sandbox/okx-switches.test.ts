// Every value of every switch of OKX, seen from outside. The last test says when one is forgotten.

import { dialects } from "../../sandbox/index";
import type { SwitchTable, SwitchValue } from "../../sandbox/switches";
import { codeOf, dataOf, OkxBed, PASSPHRASE, refusalOf, SUB, type OkxCredentials } from "./okx-caller";
import { defaults, testSwitches, type SwitchCase } from "./switching";

const table: SwitchTable = dialects.okx.switches;
const CONFIG = "/api/v5/account/config";

let bed: OkxBed;
beforeAll(async () => {
  bed = await OkxBed.open();
});
afterEach(() => bed.switches(defaults(table)));
afterAll(() => bed.close());

const granted = async ({ apiKey }: { apiKey: string }): Promise<string> => (await bed.desk(apiKey)).permissions.join();

async function windows(): Promise<unknown> {
  const codes: unknown[] = [];
  for (const offset of [-3_000, -20_000, 20_000, -40_000, 3_600_000])
    codes.push(codeOf(await bed.get(CONFIG, { timestamp: await bed.now(offset) })));
  return codes;
}

async function microseconds(): Promise<unknown> {
  return codeOf(await bed.get(CONFIG, { timestamp: (await bed.now()).replace("Z", "123Z") }));
}

async function deadKeys(): Promise<unknown> {
  const key = await bed.issued();
  await bed.remove(key.apiKey);
  const unknown: OkxCredentials = { apiKey: "sandbox-nobody", apiSecret: "sandbox-s", passphrase: PASSPHRASE };
  const answers = [await bed.config(key), await bed.config(unknown)];
  return answers.map((answer) => `${answer.status} ${codeOf(answer)}`);
}

async function barredAndWrong(): Promise<unknown> {
  const wrong = { ...bed.account, apiSecret: "sandbox-wrong" };
  return [codeOf(await bed.config(wrong, { from: "127.0.0.2" })), codeOf(await bed.config(bed.account, { from: "127.0.0.2" }))];
}

async function authError(): Promise<unknown> {
  return (await bed.get(CONFIG, { headers: { "ok-access-key": "sandbox-nobody" } })).json;
}

async function withoutPermission(): Promise<unknown> {
  return codeOf(await bed.order(await bed.issued({ perm: "read_only" })));
}

async function bySubAccount(): Promise<unknown> {
  return codeOf(await bed.get(`${SUB}/list`, { key: await bed.issued() }));
}

async function withoutList(): Promise<unknown> {
  const key = await bed.byHand({ permissions: ["read_only", "trade"] });
  const { apiKey } = await bed.issued();
  const modify = await bed.post(`${SUB}/modify-apikey`, { subAcct: "deskalpha", apiKey, ip: "" }, { key });
  return [codeOf(await bed.create({}, { key })), codeOf(modify)];
}

async function fromDemo(): Promise<unknown> {
  const key = await bed.byHand({ demo: true });
  return codeOf(await bed.get(`${SUB}/list`, { key, headers: { "x-simulated-trading": "1" } }));
}

async function limited(): Promise<unknown> {
  await bed.fault(CONFIG, { kind: "429" });
  return refusalOf(await bed.get(CONFIG));
}

async function withoutPerm(): Promise<unknown> {
  const answers = [await bed.create({ perm: undefined }), await bed.create({ perm: "" })];
  return answers.map((answer) => (codeOf(answer) === "0" ? dataOf(answer)[0]!.perm : codeOf(answer)));
}

async function emptied(): Promise<unknown> {
  const key = await bed.issued({ perm: "read_only,trade" });
  return [codeOf(await bed.modify(key.apiKey, { perm: "" })), await granted(key)];
}

async function tradeAlone(): Promise<unknown> {
  const key = await bed.issued({ perm: "trade" });
  return [await granted(key), codeOf(await bed.config(key)), codeOf(await bed.order(key))];
}

async function modifiedPerm(): Promise<unknown> {
  const key = await bed.issued({ perm: "read_only" });
  return dataOf(await bed.modify(key.apiKey, { perm: "read_only,trade" }))[0]!.perm;
}

async function readAsked(): Promise<unknown> {
  const answer = await bed.create({ perm: "read" });
  return codeOf(answer) === "0" ? dataOf(answer)[0]!.perm : codeOf(answer);
}

async function orders(): Promise<unknown> {
  const key = await bed.issued({ perm: "trade,read_only" });
  return [dataOf(await bed.list("deskalpha", key.apiKey))[0]!.perm, dataOf(await bed.config(key))[0]!.perm];
}

async function echoed(): Promise<unknown> {
  const key = await bed.issued({ ip: "203.0.113.11,203.0.113.10,203.0.113.11,2001:0DB8:0::1,2001:db8:0:0::/64" });
  return dataOf(await bed.list("deskalpha", key.apiKey))[0]!.ip;
}

async function labelOfTwo(): Promise<unknown> {
  const { label } = await bed.issued();
  const codes = [codeOf(await bed.create({ label })), codeOf(await bed.create({ subAcct: "deskbravo", label }))];
  return [...codes, codeOf(await bed.create({ label: "managing" }))];
}

async function labelAgain(): Promise<unknown> {
  const { apiKey, label } = await bed.issued();
  await bed.remove(apiKey);
  return codeOf(await bed.create({ label }));
}

async function ownLabel(): Promise<unknown> {
  const { apiKey, label } = await bed.issued();
  const other = await bed.issued();
  return [codeOf(await bed.modify(apiKey, { label, ip: "" })), codeOf(await bed.modify(apiKey, { label: other.label }))];
}

async function longLabel(): Promise<unknown> {
  return codeOf(await bed.create({ label: bed.label().padEnd(51, "x") }));
}

async function strangeLabel(): Promise<unknown> {
  return [codeOf(await bed.create({ label: `${bed.label()}.1` })), codeOf(await bed.create({ label: `${bed.label()} ä` }))];
}

async function notListed(): Promise<unknown> {
  const { json } = await bed.list("deskalpha", "sandbox-nobody");
  return json;
}

async function expired(): Promise<unknown> {
  const own = await OkxBed.open();
  try {
    await own.switches({ expiredKeys: (await bed.control.get<Record<string, SwitchValue>>("/venues/okx/switches")).expiredKeys });
    const key = await own.issued({ perm: "trade" });
    await own.control.post("/clock", { advance: "336h" });
    const listed = dataOf(await own.list()).length;
    return [listed, codeOf(await own.config(key)), codeOf(await own.remove(key.apiKey))];
  } finally {
    await own.close();
  }
}

async function subAccountMade(): Promise<unknown> {
  return codeOf(await bed.post(`${SUB}/create-subaccount`, { subAcct: "deskmade", type: "1" }));
}

const RATE = "Rate limit reached. Please refer to API documentation and throttle requests accordingly.";
const GONE = "API key doesn't exist";

const cases: readonly SwitchCase[] = [
  ["restWindow", 30, windows, ["0", "0", "0", "50102", "50102"]],
  ["restWindow", 5, windows, ["0", "50102", "50102", "50102", "50102"]],
  ["restWindow", 0, windows, ["0", "0", "0", "0", "0"]],
  ["timestampFraction", "at-most-3", microseconds, "50112"],
  ["timestampFraction", "any", microseconds, "0"],
  ["unknownKey", "50119-as-200", deadKeys, ["200 50119", "200 50119"]],
  ["unknownKey", "50119-as-401", deadKeys, ["401 50119", "401 50119"]],
  ["unknownKey", "50111", deadKeys, ["401 50111", "401 50111"]],
  ["addressFirst", true, barredAndWrong, ["50110", "50110"]],
  ["addressFirst", false, barredAndWrong, ["50113", "50110"]],
  ["authErrorData", "absent", authError, { code: "50119", msg: GONE }],
  ["authErrorData", "empty", authError, { code: "50119", msg: GONE, data: [] }],
  ["permissionCode", "50120", withoutPermission, "50120"],
  ["permissionCode", "50030", withoutPermission, "50030"],
  ["notMaster", "59500", bySubAccount, "59500"],
  ["notMaster", "59604", bySubAccount, "59604"],
  ["createNeedsIps", true, withoutList, ["50035", "50035"]],
  ["createNeedsIps", false, withoutList, ["0", "50035"]],
  ["demoManagement", "50038", fromDemo, "50038"],
  ["demoManagement", "as-live", fromDemo, "0"],
  ["rateLimitStatus", 200, limited, [200, "50011", RATE]],
  ["rateLimitStatus", 429, limited, [429, "50011", "Too Many Requests"]],
  ["permOmitted", "read_only,trade", withoutPerm, ["read_only,trade", "read_only,trade"]],
  ["permOmitted", "read_only", withoutPerm, ["read_only", "read_only"]],
  ["permOmitted", "refused", withoutPerm, ["50014", "50014"]],
  ["permEmptied", "kept", emptied, ["0", "read_only,trade"]],
  ["permEmptied", "refused", emptied, ["50014", "read_only,trade"]],
  ["tradeAddsRead", true, tradeAlone, ["read_only,trade", "0", "0"]],
  ["tradeAddsRead", false, tradeAlone, ["trade", "50120", "0"]],
  ["readWord", "read", modifiedPerm, "read,trade"],
  ["readWord", "read_only", modifiedPerm, "read_only,trade"],
  ["readTaken", false, readAsked, "51000"],
  ["readTaken", true, readAsked, "read_only"],
  ["permOrder", "varies", orders, ["read_only,trade", "trade,read_only"]],
  ["permOrder", "fixed", orders, ["read_only,trade", "read_only,trade"]],
  ["ipEcho", "rewritten", echoed, "2001:db8::/64,2001:db8::1,203.0.113.10,203.0.113.11"],
  ["ipEcho", "as-sent", echoed, "203.0.113.11,203.0.113.10,203.0.113.11,2001:0DB8:0::1,2001:db8:0:0::/64"],
  ["ipSegments", "prefix", async () => codeOf(await bed.create({ ip: "203.0.113.0/24" })), "0"],
  ["ipSegments", "refused", async () => codeOf(await bed.create({ ip: "203.0.113.0/24" })), "51000"],
  ["labelScope", "master", labelOfTwo, ["59502", "59502", "59502"]],
  ["labelScope", "sub-account", labelOfTwo, ["59502", "0", "0"]],
  ["labelReuse", "taken", labelAgain, "59502"],
  ["labelReuse", "free", labelAgain, "0"],
  ["sameLabel", "59502", ownLabel, ["59502", "59502"]],
  ["sameLabel", "accepted", ownLabel, ["0", "59502"]],
  ["labelMax", 50, longLabel, "51000"],
  ["labelMax", 0, longLabel, "0"],
  ["labelAlphabet", "letters-and-digits", strangeLabel, ["51000", "51000"]],
  ["labelAlphabet", "any", strangeLabel, ["0", "0"]],
  ["keyNotListed", "empty", notListed, { code: "0", msg: "", data: [] }],
  ["keyNotListed", "59506", notListed, { code: "59506", msg: "API key doesn't exist.", data: [] }],
  ["expiredKeys", "listed", expired, [1, "50119", "0"]],
  ["expiredKeys", "gone", expired, [0, "50119", "59506"]],
  ["createSubaccount", "59518", subAccountMade, "59518"],
  ["createSubaccount", "works", subAccountMade, "0"],
];

testSwitches(table, cases, { bed: () => bed });
