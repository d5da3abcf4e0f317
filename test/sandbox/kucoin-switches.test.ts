// Every value of every switch of KuCoin, seen from outside. The last test says when one is forgotten.

import { dialects } from "../../sandbox/index";
import type { SwitchTable, SwitchValue } from "../../sandbox/switches";
import { ask } from "./caller";
import { codeOf, dataOf, KEYS, KucoinBed, refusalOf, SELF, SUB, type Different } from "./kucoin-caller";

const table: SwitchTable = dialects.kucoin.switches;

let bed: KucoinBed;
beforeAll(async () => {
  bed = await KucoinBed.open();
});
afterEach(() => bed.switches(Object.fromEntries(Object.keys(table).map((name) => [name, null]))));
afterAll(() => bed.close());

const granted = async (key: { apiKey: string }): Promise<string> => (await bed.desk(key)).permissions.join();
const nobody = { apiKey: "sandbox-nobody", apiSecret: "sandbox-s", passphrase: "sandbox-pass1" };

/** What a creation granted, or its code. */
async function grantedOf(different: Record<string, unknown>): Promise<string | undefined> {
  const answer = await bed.create(different);
  return codeOf(answer) === "200000" ? granted(dataOf<{ apiKey: string }>(answer)) : codeOf(answer);
}

async function statuses(): Promise<unknown> {
  const answers = [
    await bed.get(SELF, { headers: { "kc-api-sign": "" } }),
    await bed.get(SELF, { timestamp: "1" }),
    await bed.self(nobody),
    await bed.get(SELF, { headers: { "kc-api-sign": "wrong" } }),
    await bed.get(SELF, { headers: { "kc-api-passphrase": "wrong" } }),
    await bed.get(SELF, { from: "127.0.0.2" }),
    await bed.order(bed.account),
    await bed.create({ remark: "" }),
    await bed.create({}, { headers: { "content-type": "text/plain" } }),
  ];
  return answers.map((answer) => answer.status).join();
}

async function barredAndWrong(): Promise<unknown> {
  const wrong = { ...bed.account, apiSecret: "sandbox-wrong" };
  return [codeOf(await bed.self(wrong, { from: "127.0.0.2" })), codeOf(await bed.self(bed.account, { from: "127.0.0.2" }))];
}

async function versions(): Promise<unknown> {
  const [one, three] = [await bed.byHand({ apiVersion: 1 }), await bed.byHand({})];
  const plain = { "kc-api-passphrase": one.passphrase };
  const tries: [typeof one, Record<string, string>][] = [
    [three, { "kc-api-key-version": "" }],
    [three, { "kc-api-key-version": "1" }],
    [three, { "kc-api-key-version": "1", "kc-api-passphrase": three.passphrase }],
    [one, { ...plain, "kc-api-key-version": "3" }],
  ];
  const codes: unknown[] = [];
  for (const [key, headers] of tries) codes.push(codeOf(await bed.self(key, { headers })));
  return codes;
}

async function queries(): Promise<unknown> {
  const timestamp = await bed.now();
  const target = "/api/v1/accounts?currency=BTC%2C";
  const signed = (query: string): Different => ({ timestamp, message: `${timestamp}GET${query}` });
  const answers = [await bed.get(target, signed(decodeURIComponent(target))), await bed.get(target, signed(target))];
  return answers.map(codeOf);
}

async function notThere(): Promise<unknown> {
  const key = await bed.issued();
  const answers = [
    await bed.create({ subName: "nobody12" }),
    await bed.update(nobody, {}),
    await bed.update(key, { subName: "nobody12" }),
    await bed.remove(nobody),
  ];
  return answers.map(codeOf);
}

async function absent(): Promise<unknown> {
  const answers = [await bed.list("nobody12"), await bed.list(SUB, "sandbox-nobody")];
  return answers.map(({ json }) => json);
}

async function wrongPassphrase(): Promise<unknown> {
  const key = { ...(await bed.issued()), passphrase: "sandbox-wrong" };
  return [codeOf(await bed.update(key, {})), codeOf(await bed.remove(key))];
}

async function silent(): Promise<unknown> {
  const key = await bed.issued({ permission: "General,Spot" });
  const omitted = codeOf(await bed.update(key, { ipWhitelist: "203.0.113.10" }));
  const after = await granted(key);
  return [omitted, after, codeOf(await bed.update(key, { permission: "" })), await granted(key)];
}

async function listSilent(): Promise<unknown> {
  const key = await bed.issued({ ipWhitelist: "203.0.113.10" });
  return [codeOf(await bed.update(key, { permission: "Spot" })), (await bed.desk(key)).allowedIps];
}

async function listEmpty(): Promise<unknown> {
  const key = await bed.issued({ ipWhitelist: "203.0.113.10" });
  return [codeOf(await bed.update(key, { ipWhitelist: "" })), (await bed.desk(key)).allowedIps];
}

async function endSilent(): Promise<unknown> {
  const key = await bed.issued({ expire: "30" });
  await bed.update(key, {});
  const omitted = (await bed.desk(key)).expiresAt === null;
  await bed.update(key, { expire: "90" });
  await bed.update(key, { expire: "" });
  return [omitted, (await bed.desk(key)).expiresAt === null];
}

async function prolonged(): Promise<unknown> {
  const own = await KucoinBed.open();
  try {
    await own.switches({ expireFrom: (await bed.control.get<Record<string, SwitchValue>>("/venues/kucoin/switches")).expireFrom });
    const key = await own.issued({ expire: "30" });
    const begin = Date.parse((await own.desk(key)).states[0]!.at);
    await own.control.post("/clock", { advance: "240h" });
    await own.update(key, { expire: "30" });
    return Math.floor((Date.parse((await own.desk(key)).expiresAt!) - begin) / 86_400_000);
  } finally {
    await own.close();
  }
}

async function echoed(): Promise<unknown> {
  const answer = await bed.create({ permission: "General,Spot,Futures" });
  const { permission, apiKey } = dataOf<{ permission: string; apiKey: string }>(answer);
  return [permission, await granted({ apiKey })];
}

async function beyond(): Promise<unknown> {
  const subName = "deskfutures9";
  const there = await bed.control.get<{ subName: string }[]>("/venues/kucoin/sub-accounts");
  if (!there.some((one) => one.subName === subName))
    await bed.control.post("/venues/kucoin/sub-accounts", { subName, tradeTypes: ["Futures"] });
  return grantedOf({ subName, permission: "General,Spot,Futures" });
}

async function spotAlone(): Promise<unknown> {
  const key = await bed.issued({ permission: "Spot" });
  return [await granted(key), codeOf(await bed.self(key)), codeOf(await bed.order(key))];
}

async function formats(): Promise<unknown> {
  const codes: unknown[] = [];
  for (const ipWhitelist of ["203.0.113.10", "2001:db8::7", "203.0.113.8/29", "2001:db8::/64", "203.0.113.8/33"])
    codes.push(codeOf(await bed.create({ ipWhitelist })) === "200000");
  return codes;
}

async function ranged(): Promise<unknown> {
  const key = await bed.issued({ ipWhitelist: "203.0.113.8/30,2001:db8::/64" });
  const from = async (address: string): Promise<unknown> => codeOf(await bed.self(key, { from: address }));
  return [await formats(), await from("127.0.0.1"), await from("127.0.0.3")];
}

async function addresses(): Promise<unknown> {
  await bed.control.patch("/addresses", { "127.0.0.8": "2001:db8::7" });
  const key = await bed.issued({ ipWhitelist: "2001:0db8:0::7" });
  return [await formats(), codeOf(await bed.self(key, { from: "127.0.0.8" })), codeOf(await bed.self(key))];
}

async function masks(): Promise<unknown> {
  const key = await bed.issued({ ipWhitelist: "203.0.113.10,198.51.100.7" });
  const shown = [await bed.row(key), dataOf<Record<string, unknown>>(await bed.self(key))].map(({ ipWhitelist }) => ipWhitelist);
  await bed.switches({ ipFormats: "ranges-too" });
  return [...shown, (await bed.row(await bed.issued({ ipWhitelist: "2001:db8::7,203.0.113.8/29" }))).ipWhitelist];
}

async function noIps(): Promise<unknown> {
  const answer = dataOf<Record<string, unknown>>(await bed.create());
  return [answer, await bed.row(answer as { apiKey: string })].map(({ ipWhitelist }) => ipWhitelist);
}

async function twins(): Promise<unknown> {
  const remark = `twin${Date.now()}`;
  const codes = [codeOf(await bed.create({ remark })), codeOf(await bed.create({ remark }))];
  return [...codes, codeOf(await bed.create({ remark, subName: "deskbravo2" }))];
}

async function expired(): Promise<unknown> {
  const own = await KucoinBed.open();
  try {
    await own.switches({ expiredListed: (await bed.control.get<Record<string, SwitchValue>>("/venues/kucoin/switches")).expiredListed });
    const key = await own.issued({ expire: "30" });
    await own.control.post("/clock", { advance: "720h" });
    return [dataOf(await own.list()).length, codeOf(await own.self(key)), codeOf(await own.remove(key))];
  } finally {
    await own.close();
  }
}

async function ownFields(): Promise<unknown> {
  const bound = await bed.issued({ expire: "30" });
  const end = Date.parse((await bed.desk(bound)).expiresAt!);
  const rows = [await bed.self(bound), await bed.self(await bed.issued())].map((answer) => dataOf<Record<string, unknown>>(answer));
  return rows.map(({ expiredAt, siteType }) => [expiredAt === end ? "its end" : expiredAt, siteType]);
}

async function lagging(): Promise<unknown> {
  const seen: unknown[] = [];
  const look = async (key: { apiKey: string }): Promise<void> => {
    const [row] = dataOf(await bed.list(SUB, key.apiKey));
    seen.push(row?.permission);
  };
  const later = (): Promise<unknown> => bed.control.post("/clock", { advance: "3s" });
  const key = await bed.issued();
  await look(key);
  await later();
  await bed.update(key, { permission: "Spot" });
  await look(key);
  await later();
  await bed.remove(key);
  await look(key);
  await later();
  await look(key);
  return seen;
}

const PARAMETER = { code: "400100", msg: "Parameter Error" };
const EMPTY = { code: "200000", data: [] };

const cases: readonly (readonly [name: string, value: SwitchValue, observe: () => Promise<unknown>, expected: unknown])[] = [
  ["errorStatus", 200, statuses, "200,200,200,200,200,200,200,200,200"],
  ["errorStatus", "by-kind", statuses, "401,401,401,401,401,403,403,400,415"],
  ["addressFirst", true, barredAndWrong, ["400006", "400006"]],
  ["addressFirst", false, barredAndWrong, ["400005", "400006"]],
  ["versionHeader", "400004", versions, ["400004", "400004", "400004", "400004"]],
  ["versionHeader", "ignored", versions, ["200000", "200000", "400004", "200000"]],
  ["signedQuery", "decoded", queries, ["200000", "400005"]],
  ["signedQuery", "either", queries, ["200000", "200000"]],
  ["notFoundCode", "400100", notThere, ["400100", "400100", "400100", "400100"]],
  ["notFoundCode", "404000", notThere, ["404000", "404000", "404000", "404000"]],
  ["absentListed", "empty", absent, [EMPTY, EMPTY]],
  ["absentListed", "refused", absent, [PARAMETER, PARAMETER]],
  ["keyPassphrase", "400004", wrongPassphrase, ["400004", "400004"]],
  ["keyPassphrase", "400100", wrongPassphrase, ["400100", "400100"]],
  ["permissionOmitted", "General", silent, ["200000", "General", "200000", "General"]],
  ["permissionOmitted", "kept", silent, ["200000", "General,Spot", "200000", "General,Spot"]],
  ["ipWhitelistOmitted", "removed", listSilent, ["200000", []]],
  ["ipWhitelistOmitted", "kept", listSilent, ["200000", ["203.0.113.10"]]],
  ["ipWhitelistEmpty", "removed", listEmpty, ["200000", []]],
  ["ipWhitelistEmpty", "kept", listEmpty, ["200000", ["203.0.113.10"]]],
  ["ipWhitelistEmpty", "400100", listEmpty, ["400100", ["203.0.113.10"]]],
  ["expireOmitted", "-1", endSilent, [true, true]],
  ["expireOmitted", "kept", endSilent, [false, false]],
  ["expireFrom", "update", prolonged, 40],
  ["expireFrom", "creation", prolonged, 30],
  ["createEcho", "without-spot", echoed, ["General,Futures", "General,Futures,Spot"]],
  ["createEcho", "as-granted", echoed, ["General,Futures,Spot", "General,Futures,Spot"]],
  ["beyondAccess", "dropped", beyond, "General,Futures"],
  ["beyondAccess", "400100", beyond, "400100"],
  ["beyondAccess", "granted", beyond, "General,Futures,Spot"],
  ["tradeWord", "400100", () => grantedOf({ permission: "General,Trade" }), "400100"],
  ["tradeWord", "Spot", () => grantedOf({ permission: "General,Trade" }), "General,Spot"],
  ["generalAdded", true, spotAlone, ["General,Spot", "200000", "200000"]],
  ["generalAdded", false, spotAlone, ["Spot", "400007", "200000"]],
  ["ipFormats", "ipv4", formats, [true, false, false, false, false]],
  ["ipFormats", "addresses", addresses, [[true, true, false, false, false], "200000", "400006"]],
  ["ipFormats", "ranges-too", ranged, [[true, true, true, true, false], "200000", "400006"]],
  ["ipMask", "masked", masks, ["203.**.10,198.**.7", "203.**.10,198.**.7", "2001:**:7,203.**.8/29"]],
  ["ipMask", "plain", masks, ["203.0.113.10,198.51.100.7", "203.0.113.10,198.51.100.7", "2001:db8::7,203.0.113.8/29"]],
  ["noIpsShown", "absent", noIps, [undefined, undefined]],
  ["noIpsShown", "empty", noIps, ["", ""]],
  ["remarkUnique", false, twins, ["200000", "200000", "200000"]],
  ["remarkUnique", true, twins, ["200000", "400100", "200000"]],
  ["expiredListed", "listed", expired, [1, "400003", "200000"]],
  ["expiredListed", "gone", expired, [0, "400003", "400100"]],
  [
    "selfFields",
    "documented",
    ownFields,
    [
      [undefined, undefined],
      [undefined, undefined],
    ],
  ],
  [
    "selfFields",
    "newer",
    ownFields,
    [
      ["its end", "global"],
      [null, "global"],
    ],
  ],
  ["listLagSeconds", 0, lagging, ["General", "General,Spot", undefined, undefined]],
  ["listLagSeconds", 2, lagging, [undefined, "General", "General,Spot", undefined]],
];

test.each(cases)("%s: %j", async (name, value, observe, expected) => {
  await bed.switches({ [name]: value });
  expect(await observe()).toEqual(expected);
});

test("statuses of 429, 404, 405 and 503 are documented, whatever the switch says", async () => {
  for (const errorStatus of [200, "by-kind"]) {
    await bed.switches({ errorStatus });
    await bed.fault(SELF, { kind: "429" });
    expect(refusalOf(await bed.get(SELF)).slice(0, 2)).toEqual([429, "429000"]);
    expect((await bed.get("/nowhere")).status).toBe(404);
    expect((await ask(bed.url, KEYS, { method: "PUT" })).status).toBe(405);
  }
});

test("no value of any switch is forgotten above", () => {
  const tried = cases.map(([name, value]) => JSON.stringify([name, value])).sort();
  const there = Object.entries(table).flatMap(([name, row]) => row.values.map((value) => JSON.stringify([name, value])));
  expect(tried).toEqual(there.sort());
});

test("every default is one of its values", () => {
  for (const row of Object.values(table)) expect(row.values).toContain(row.default);
});
