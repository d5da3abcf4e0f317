// Every value of every switch of Bybit, seen from outside. The last test says when one is forgotten.

import { generateKeyPairSync } from "node:crypto";
import { dialects } from "../../sandbox/index";
import type { SwitchTable } from "../../sandbox/switches";
import { ask } from "./caller";
import { BybitBed, CREATION, ORDER, SUB, told, type Told } from "./bybit-caller";

const table: SwitchTable = dialects.bybit.switches;
const DAY = 86_400_000;

let bed: BybitBed;
beforeEach(async () => {
  bed = await BybitBed.open();
});
afterEach(() => bed.close());

const brief = ({ status, code, message }: Told) => [status, code, message];
const code = (answer: Told): number => answer.code;
const nobody = { apiKey: "sandbox-nobody", apiSecret: "sandbox-s" };
/** Creates a key with these parameters; its code, or what the desk then shows of it. */
async function made(params: Record<string, unknown>, show: (key: Awaited<ReturnType<BybitBed["desk"]>>) => unknown): Promise<unknown> {
  const answer = await bed.post("user/create-sub-api", { ...CREATION, ...params });
  return answer.code === 0 ? show(await bed.desk(answer.result.apiKey)) : answer.code;
}
/** The same after an update of a key that trades contracts, read-only, from two addresses. */
async function updated(params: Record<string, unknown>, show: (key: Awaited<ReturnType<BybitBed["desk"]>>) => unknown): Promise<unknown> {
  const { apiKey } = await bed.create({ readOnly: 1 });
  const answer = await bed.post("user/update-sub-api", { apikey: apiKey, ...params });
  return answer.code === 0 ? show(await bed.desk(apiKey)) : answer.code;
}
const codeOrRows = (answer: Told): unknown => (answer.code === 0 ? answer.result.result : answer.code);

async function expiredKey(): Promise<{ key: Awaited<ReturnType<BybitBed["create"]>>; skewMs: number }> {
  const key = await bed.create({ ips: "*" });
  await bed.advance("91d");
  return { key, skewMs: 91 * DAY };
}

async function settled(): Promise<unknown> {
  const gone = await bed.create({ note: "gone" });
  const kept = await bed.create({ note: "kept" });
  await bed.advance("1h");
  const late = { skewMs: 3_600_000 };
  await bed.post("user/create-sub-api", { ...CREATION, note: "born" }, late);
  await bed.post("user/update-sub-api", { apikey: kept.apiKey, readOnly: 1, ips: "*" }, late);
  await bed.post("user/delete-sub-api", { apikey: gone.apiKey }, late);
  const rows = async (sent: { skewMs: number }) =>
    (await bed.get("user/sub-apikeys", `subMemberId=${SUB}`, sent)).result.result.map((row: { note: string; readOnly: boolean }) => [
      row.note,
      row.readOnly,
    ]);
  const at = await rows(late);
  await bed.advance("1m");
  expect(await rows({ skewMs: 3_660_000 })).toEqual([
    ["born", false],
    ["kept", true],
  ]);
  return at;
}

async function listedNotes(): Promise<unknown> {
  for (const note of ["one", "two", "three"]) await bed.create({ note });
  return (await bed.list(SUB, 2)).map(({ note }) => note);
}

async function lastPage(): Promise<unknown> {
  await bed.create();
  const { result } = await bed.get("user/sub-apikeys", `subMemberId=${SUB}&limit=1`);
  if (result.nextPageCursor === "") return "none";
  const next = await bed.get("user/sub-apikeys", `subMemberId=${SUB}&limit=1&cursor=${result.nextPageCursor}`);
  return [next.result.result, next.result.nextPageCursor];
}

async function deadline(): Promise<unknown> {
  const row = await bed.row((await bed.create()).apiKey);
  return [row?.["deadlineDay"], row?.["expiredAt"]];
}

async function flag(): Promise<unknown> {
  const { publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return (await bed.row((await bed.byHand({ accountId: SUB, publicKey })).apiKey))?.["flag"];
}

async function derivativesOrder(): Promise<unknown> {
  const key = await bed.byHand({ accountId: SUB, permissions: { Earn: ["Earn"] } });
  const codes: number[] = [];
  for (const category of ["linear", "option", "spot"])
    codes.push(code(await bed.post("order/create", { ...ORDER, category, orderLinkId: "a" }, { key })));
  return codes;
}

async function managedReading(): Promise<unknown> {
  const key = await bed.byHand({ readOnly: true, permissions: { Wallet: ["AccountTransfer"] } });
  const own = await bed.byHand({ accountId: SUB, readOnly: true, permissions: { Wallet: ["AccountTransfer"] } });
  const reads = code(await bed.get("user/query-sub-members", "", { key }));
  return [
    code(await bed.post("user/create-sub-api", CREATION, { key })),
    code(await bed.post("user/update-sub-api", { readOnly: 0 }, { key: own })),
    reads,
  ];
}

async function beyond(): Promise<unknown> {
  const key = await bed.byHand({ permissions: { Wallet: ["SubMemberTransfer"] } });
  const wants = (permissions: Record<string, string[]>) => bed.post("user/create-sub-api", { ...CREATION, permissions }, { key });
  return [code(await wants({ Spot: ["SpotTrade"] })), code(await wants({ Wallet: ["SubMemberTransferList"] }))];
}

async function masterIps(): Promise<unknown> {
  const key = await bed.byHand({ allowedIps: ["203.0.113.10"], permissions: { Wallet: ["AccountTransfer"] } });
  const answer = await bed.post("user/update-api", { readOnly: 1, ips: "*" }, { key });
  return [answer.code, (await bed.desk(key.apiKey)).allowedIps];
}

const octets = (count: number): string => Array.from({ length: count }, (_, n) => `203.0.113.${n + 1}`).join(",");

async function formats(): Promise<unknown> {
  const codes: unknown[] = [];
  for (const ips of ["203.0.113.10", "2001:db8::1", "203.0.113.0/24"]) codes.push(await made({ ips }, () => 0));
  const desk = await bed.byHand({ allowedIps: ["203.0.113.0/24"] }).then(
    () => 0,
    (error: { status: number }) => error.status,
  );
  if (codes[2] === 0) {
    const key = await bed.create({ ips: "203.0.113.8/30" });
    codes.push(await bed.lives(key), await bed.lives(key, { from: "127.0.0.9" }));
  }
  return [...codes, desk];
}

async function counts(numbers: readonly number[]): Promise<unknown> {
  const codes: unknown[] = [];
  for (const count of numbers) codes.push(await made({ ips: octets(count) }, () => 0));
  return codes;
}

async function notes(values: readonly string[]): Promise<unknown> {
  const seen: unknown[] = [];
  for (const note of values) seen.push(await made({ note }, ({ label }) => label.length));
  return seen;
}

async function unbound(): Promise<unknown> {
  const { apiKey } = await bed.create();
  await bed.advance("91d");
  await bed.post("user/update-sub-api", { apikey: apiKey, readOnly: 0, ips: "*" }, { skewMs: 91 * DAY });
  const { alive, expiresAt } = await bed.desk(apiKey);
  return [alive, Math.round((Date.parse(expiresAt ?? "") - Date.now()) / DAY)];
}

async function passwordChanged(): Promise<unknown> {
  const bound = await bed.create();
  const open = await bed.create({ ips: "*" });
  await bed.control.patch(`/venues/bybit/sub-accounts/${SUB}`, { passwordChanged: true });
  const days = async (apiKey: string) => {
    const { expiresAt } = await bed.desk(apiKey);
    return expiresAt && Math.round((Date.parse(expiresAt) - Date.now()) / DAY);
  };
  return [await days(bound.apiKey), await days(open.apiKey)];
}

async function revived(): Promise<unknown> {
  const { key, skewMs } = await expiredKey();
  const answer = await bed.post("user/update-sub-api", { apikey: key.apiKey, readOnly: 0, ips: "203.0.113.10" }, { skewMs });
  const { alive } = await bed.desk(key.apiKey);
  return [answer.code, alive, code(await bed.post("user/delete-sub-api", { apikey: key.apiKey }, { skewMs }))];
}

async function frozen(): Promise<unknown> {
  const key = await bed.create();
  await bed.post("user/frozen-sub-member", { subuid: Number(SUB), frozen: 1 });
  const while_ = code(await bed.get("user/query-api", "", { key }));
  await bed.post("user/frozen-sub-member", { subuid: Number(SUB), frozen: 0 });
  return [while_, code(await bed.get("user/query-api", "", { key }))];
}

async function crowded(count: number): Promise<unknown> {
  for (let n = 0; n < count; n++) await bed.create({ note: `n${n}` });
  const after = code(await bed.post("user/create-sub-api", CREATION));
  await bed.post("user/delete-sub-api", { apikey: (await bed.list())[0]?.apiKey });
  return [after, code(await bed.post("user/create-sub-api", CREATION))];
}

async function shutOut(): Promise<unknown> {
  await bed.control.patch("/venues/bybit/limits", { enabled: true, endpoints: { address: { requests: 1, perMs: 5_000 } } });
  await bed.get("user/query-api");
  const { status, text } = await bed.get("user/query-api");
  return [status, text];
}

async function maintained(): Promise<unknown> {
  await bed.control.put("/venues/bybit/maintenance", { on: true });
  const { status, code, text } = await bed.get("user/query-api");
  return [status, code ?? text];
}

const unsigned = async () => told(await ask(bed.url, "/v5/user/query-api", { method: "GET" }));
const deleteTwice = async () => {
  const { apiKey } = await bed.create();
  return [code(await bed.post("user/delete-sub-api", { apikey: apiKey })), code(await bed.post("user/delete-sub-api", { apikey: apiKey }))];
};
const lateBy = async () => code(await bed.get("user/query-api", "", { skewMs: -60_000 }));
const unlisted = () =>
  made({ permissions: { Spot: ["SpotTrade", "Margin"], Wallet: ["Withdraw"], Nothing: ["Here"] } }, ({ permissions }) =>
    Object.keys(permissions),
  );
const derived = async () => [
  await made({ permissions: { Earn: ["Earn"] } }, ({ permissions }) => "Derivatives" in permissions),
  await made({}, ({ permissions }) => "Derivatives" in permissions),
  await made({ permissions: { Derivatives: ["DerivativesTrade"] } }, ({ permissions }) => "Derivatives" in permissions),
];
const sameNote = async () => [await made({ note: "same" }, () => 0), await made({ note: "same" }, () => 0)];

/** Switch → value → what is seen; and how it is looked at. */
type Case = readonly [
  name: string,
  value: string | number | boolean,
  expected: unknown,
  look: () => Promise<unknown>,
  also?: Record<string, unknown>,
];

const CASES: readonly Case[] = [
  ...["", "OK", "success", "SUCCESS"].map((text): Case => [
    "successText",
    text,
    [200, 0, text],
    async () => brief(await bed.get("user/query-api")),
  ]),
  ...[401, 200].map((status): Case => [
    "invalidKeyStatus",
    status,
    status,
    async () => (await bed.get("user/query-api", "", { key: nobody })).status,
  ]),
  ["missingAuth", "401-empty", [401, ""], async () => [(await unsigned()).status, (await unsigned()).text]],
  ["missingAuth", "401-10003", [401, 10003], async () => brief(await unsigned()).slice(0, 2)],
  ["windowCode", 10002, 10002, lateBy],
  ["windowCode", -1, -1, lateBy],
  ["permissionText", "invalid-api-key", "Invalid API-key, IP, or permissions for action.", refusedText],
  ["permissionText", "permission-denied", "Permission denied, please check your API key permissions.", refusedText],
  ...[10003, 33004, -2015].map((value): Case => ["expiredCode", value, value, lookExpired]),
  ...[10001, 10005].map((value): Case => ["refusalCode", value, value, async () => code(await bed.post("user/update-sub-api", {}))]),
  ...[10003, 10001, 10005, 10016].map((value): Case => ["notFoundCode", value, [0, value], deleteTwice]),
  ...[10005, 10001, 10003].map((value): Case => [
    "unknownSubCode",
    value,
    value,
    async () => code(await bed.post("user/create-sub-api", { ...CREATION, subuid: 9 })),
  ]),
  ["unknownSubList", "empty", [], async () => codeOrRows(await bed.get("user/sub-apikeys", "subMemberId=9"))],
  ["unknownSubList", "refused", 10005, async () => codeOrRows(await bed.get("user/sub-apikeys", "subMemberId=9"))],
  [
    "settleMs",
    0,
    [
      ["born", false],
      ["kept", true],
    ],
    settled,
  ],
  [
    "settleMs",
    2000,
    [
      ["kept", false],
      ["gone", false],
    ],
    settled,
  ],
  ["listOrder", "newest-first", ["three", "two", "one"], listedNotes],
  ["listOrder", "oldest-first", ["one", "two", "three"], listedNotes],
  ["lastCursor", "empty-page", [[], ""], lastPage],
  ["lastCursor", "none", "none", lastPage],
  ["boundDeadline", "sentinel", [-2, "1970-01-01T00:00:00Z"], deadline],
  ["boundDeadline", "absent", [undefined, undefined], deadline],
  ["rsaFlag", "", "", flag],
  ["rsaFlag", "rsa", "rsa", flag],
  ["updateOmitsIps", "unbinds", [], () => updated({ readOnly: 1 }, ({ allowedIps }) => allowedIps)],
  ["updateOmitsIps", "keeps", ["203.0.113.10", "203.0.113.11"], () => updated({ readOnly: 1 }, ({ allowedIps }) => allowedIps)],
  ["updateOmitsReadOnly", "read-write", false, () => updated({ ips: "203.0.113.10" }, ({ readOnly }) => readOnly)],
  ["updateOmitsReadOnly", "keeps", true, () => updated({ ips: "203.0.113.10" }, ({ readOnly }) => readOnly)],
  [
    "permissionsNamed",
    "others-stay",
    ["ContractTrade", "Derivatives", "Spot"],
    () => updated({ permissions: { Spot: ["SpotTrade"] } }, typesOf),
  ],
  ["permissionsNamed", "others-go", ["Derivatives", "Spot"], () => updated({ permissions: { Spot: ["SpotTrade"] } }, typesOf)],
  ["emptyPermissions", "refused", 10001, () => made({ permissions: { Spot: [] } }, typesOf)],
  ["emptyPermissions", "accepted", ["Derivatives"], () => made({ permissions: { Spot: [] } }, typesOf)],
  ["unlistedPermission", "dropped", ["Derivatives", "Spot"], unlisted],
  ["unlistedPermission", "refused", 10001, unlisted],
  ["derivativesAdded", "always", [true, true, true], derived],
  ["derivativesAdded", "with-contract-trade", [false, true, true], derived],
  ["derivativesAdded", "as-asked", [false, false, true], derived],
  ["derivativesTrades", false, [10005, 10005, 10005], derivativesOrder],
  ["derivativesTrades", true, [0, 0, 10005], derivativesOrder],
  ["balanceNeeds", "nothing", 0, balanceOfTrader],
  ["balanceNeeds", "Wallet", 10005, balanceOfTrader],
  ["readOnlyManages", true, [0, 0, 0], managedReading],
  ["readOnlyManages", false, [10005, 10005, 0], managedReading],
  ["beyondOwn", "granted", [0, 0], beyond],
  ["beyondOwn", "refused", [10005, 0], beyond],
  ["masterIps", "refused", [10001, ["203.0.113.10"]], masterIps],
  ["masterIps", "ignored", [0, ["203.0.113.10"]], masterIps],
  ["ipFormats", "ipv4", [0, 10001, 10001, 400], formats],
  ["ipFormats", "addresses", [0, 0, 10001, 400], formats],
  ["ipFormats", "addresses-and-ranges", [0, 0, 0, true, false, 0], formats],
  ["ipsMax", 20, [0, 0, 10001], () => counts([3, 20, 21])],
  ["ipsMax", 3, [0, 10001, 10001], () => counts([3, 4, 21])],
  ["ipsMax", 0, [0, 0], () => counts([21, 200])],
  [
    "ipsEmpty",
    "unbinds",
    [[], []],
    async () => [await made({ ips: "" }, ({ allowedIps }) => allowedIps), await made({ ips: [] }, ({ allowedIps }) => allowedIps)],
  ],
  ["ipsEmpty", "refused", [10001, 10001], async () => [await made({ ips: "" }, () => 0), await made({ ips: [] }, () => 0)]],
  ["noteMax", 32, [32, 32], () => notes(["n".repeat(32), "n".repeat(33)])],
  ["noteMax", 64, [33, 64], () => notes(["n".repeat(33), "n".repeat(65)])],
  ["noteMax", 0, [500], () => notes(["n".repeat(500)])],
  ["noteTooLong", "cut", [32], () => notes(["n".repeat(33)])],
  ["noteTooLong", "refused", [32, 10001], () => notes(["n".repeat(32), "n".repeat(33)])],
  ["noteAlphabet", "letters-digits-dashes", [3, 3, 10001, 10001], () => notes(["aB1", "a-_", "a b", "aé"])],
  ["noteAlphabet", "letters-digits", [3, 10001, 10001], () => notes(["aB1", "a-b", "a b"])],
  ["noteAlphabet", "any", [3, 3, 2], () => notes(["a-b", "a b", "aé"])],
  ["notesUnique", false, [0, 0], sameNote],
  ["notesUnique", true, [0, 10001], sameNote],
  ["keysMax", 0, [0, 0], () => crowded(21)],
  ["keysMax", 20, [10005, 0], () => crowded(20)],
  ...[10005, 10001, 10006].map((value): Case => ["keysMaxCode", value, [value, 0], () => crowded(20), { keysMax: 20 }]),
  ["unboundFrom", "creation", [false, 90], unbound],
  ["unboundFrom", "update", [true, 181], unbound],
  ["passwordChangeEnds", "all", [7, 7], passwordChanged],
  ["passwordChangeEnds", "unbound", [null, 7], passwordChanged],
  ["expiredUpdate", "refused", [10003, false, 0], revived],
  ["expiredUpdate", "revives", [0, true, 0], revived],
  ["frozenKeys", "work", [0, 0], frozen],
  ["frozenKeys", "refused", [10008, 0], frozen],
  ["withoutKyc", "creating-keys", 20096, unverified],
  ["withoutKyc", "nothing", 0, unverified],
  ["ipLimitBody", "text", [403, "access too frequent"], shutOut],
  ["ipLimitBody", "empty", [403, ""], shutOut],
  ["maintenanceAnswer", "200-10016", [200, 10016], maintained],
  ["maintenanceAnswer", "503-empty", [503, ""], maintained],
];

async function refusedText(): Promise<unknown> {
  const { code, message } = await bed.post("order/create", ORDER, { key: await bed.byHand({ accountId: SUB }) });
  expect(code).toBe(10005);
  return message;
}

async function lookExpired(): Promise<unknown> {
  const { key, skewMs } = await expiredKey();
  return code(await bed.get("user/query-api", "", { key, skewMs }));
}

async function balanceOfTrader(): Promise<unknown> {
  const key = await bed.byHand({ accountId: SUB, permissions: { Spot: ["SpotTrade"] } });
  return code(await bed.get("account/wallet-balance", "accountType=UNIFIED", { key }));
}

async function unverified(): Promise<unknown> {
  await bed.control.patch("/venues/bybit/accounts/1448939", { kycLevel: "LEVEL_DEFAULT" });
  return code(await bed.post("user/create-sub-api", CREATION));
}

function typesOf({ permissions }: { permissions: Record<string, string[]> }): string[] {
  return Object.keys(permissions);
}

test.each(CASES.map((one) => [one[0], one[1], one] as const))("%s %j", async (name, value, [, , expected, look, also = {}]) => {
  // The default is taken as it is, so that a changed default is seen.
  await bed.switches({ ...also, ...(value === table[name]?.default ? {} : { [name]: value }) });
  expect(await look()).toEqual(expected);
});

test("every value of every switch has a case", () => {
  const listed = Object.entries(table).flatMap(([name, { values }]) => values.map((value) => `${name} ${value}`));
  expect(CASES.map(([name, value]) => `${name} ${value}`).sort()).toEqual(listed.sort());
});
