// Every value of every switch of Binance, seen from outside. The last test says when one is forgotten.

import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { dialects } from "../../sandbox/index";
import type { SwitchTable } from "../../sandbox/switches";
import { BinanceBed, encode, ONE, refused, signatureOf, SUB, type BinanceKey, type Values } from "./binance-caller";
import { ask, type Answered } from "./caller";

const table: SwitchTable = dialects.binance.switches;
const OWN = "sapi/v1/account/apiRestrictions";
const HOME = "203.0.113.10";

let bed: BinanceBed;
beforeAll(async () => {
  bed = await BinanceBed.open();
});
afterEach(async () => {
  await bed.switches(Object.fromEntries(Object.keys(table).map((name) => [name, null])));
  const keys = await bed.control.get<{ id: string; alive: boolean; apiName: string }[]>("/venues/binance/keys");
  for (const key of keys) if (key.alive && key.apiName !== "managing-key") await bed.control.delete(`/venues/binance/keys/${key.id}`);
});
afterAll(() => bed.close());

/** Status, or the code of a refusal. */
const brief = (answer: Answered): unknown => (answer.status === 200 ? 200 : (refused(answer) as unknown[])[1]);
const make = (values: Values = {}, version = 2, where: "query" | "body" = "query") =>
  bed.call("POST", `sapi/v${version}/${SUB}`, { email: ONE, apiName: "bot", status: 1, ...values }, { in: where });
const drop = (apiKey: string) => bed.call("DELETE", `sapi/v1/${SUB}`, { email: ONE, subAccountApiKey: apiKey });
const list = (values: Values = {}) => bed.call("GET", `sapi/v1/${SUB}`, { email: ONE, ...values });
const permit = (key: BinanceKey, values: Values = {}) =>
  bed.call("POST", `sapi/v1/${SUB}Permission`, { email: ONE, subAccountApiKey: key.apiKey, ...values });
const restrict = (key: BinanceKey, values: Values) =>
  bed.call("POST", `sapi/v2/${SUB}/ipRestriction`, { email: ONE, subAccountApiKey: key.apiKey, ...values });
const release = (key: BinanceKey, ipAddress: string) =>
  bed.call("DELETE", `sapi/v1/${SUB}/ipRestriction/ipList`, { email: ONE, subAccountApiKey: key.apiKey, ipAddress });
const allowed = async (key: BinanceKey): Promise<unknown> => (await bed.desk(key)).allowedIps;
const pemOf = (type: "ed25519" | "rsa", modulusLength = 2048): string => {
  const pair = type === "rsa" ? generateKeyPairSync("rsa", { modulusLength }) : generateKeyPairSync("ed25519");
  return pair.publicKey.export({ type: "spki", format: "pem" }).toString();
};
const ED = pemOf("ed25519");

async function keyRefusals(): Promise<unknown> {
  const unknown = await bed.call("GET", OWN, {}, { key: { apiKey: "sandbox-unknown", apiSecret: "x" } });
  const malformed = await bed.call("GET", OWN, {}, { key: { apiKey: "!", apiSecret: "x" } });
  return [unknown.status, malformed.status, (await bed.call("GET", OWN, { recvWindow: "x" })).status];
}

async function withoutKey(): Promise<unknown> {
  return brief(await ask(bed.url, `/${OWN}?timestamp=1&signature=1`, { method: "GET" }));
}

/** Signed before encoding: below /sapi, and below /api. */
async function signedRaw(): Promise<unknown> {
  const answers: unknown[] = [];
  for (const [method, path] of [
    ["GET", `sapi/v1/${SUB}`],
    ["GET", "api/v3/account"],
  ] as const) {
    const query = encode({ email: ONE, timestamp: bed.now() });
    answers.push(brief(await bed.send(method, path, { query, signature: signatureOf(decodeURIComponent(query), bed.account) })));
  }
  return answers;
}

async function managedBy(permissions: string[], allowedIps: unknown): Promise<unknown> {
  const victim = await bed.create();
  const key = await bed.byHand({ email: "desk@example.com", permissions, allowedIps });
  return [
    brief(await bed.call("POST", `sapi/v2/${SUB}`, { email: ONE, apiName: "other", status: 1 }, { key })),
    brief(await bed.call("POST", `sapi/v1/${SUB}Permission`, { email: ONE, subAccountApiKey: victim.apiKey }, { key })),
    brief(await bed.call("DELETE", `sapi/v1/${SUB}`, { email: ONE, subAccountApiKey: victim.apiKey }, { key })),
    brief(await bed.call("GET", `sapi/v1/${SUB}`, { email: ONE }, { key })),
  ];
}

async function unsupported(): Promise<unknown> {
  const made: { email: string }[] = [];
  for (const body of [{ kind: "asset" }, { portfolioMarginRetail: true }])
    made.push(await bed.control.post("/venues/binance/sub-accounts", body));
  const key = await bed.byHand({ email: made[1]?.email });
  return [
    brief(await make({ email: made[0]?.email })),
    brief(await bed.call("DELETE", `sapi/v1/${SUB}`, { email: made[0]?.email, subAccountApiKey: "x" })),
    brief(await make({ email: made[1]?.email })),
    brief(await permit(key, { email: made[1]?.email })),
  ];
}

async function ofNobody(): Promise<unknown> {
  const email = "nobody@example.com";
  return [brief(await make({ email })), brief(await permit({ apiKey: "x" }, { email })), brief(await restrict({ apiKey: "x" }, { email }))];
}

async function queriedNobody(): Promise<unknown> {
  const answer = await list({ email: "nobody@example.com" });
  return answer.status === 200 ? answer.json : brief(answer);
}

async function withoutTarget(): Promise<unknown> {
  const key = { apiKey: "sandbox-nothing" };
  return [brief(await permit(key)), brief(await restrict(key, { status: 1 })), brief(await release(key, HOME))];
}

async function queriedUnknown(): Promise<unknown> {
  await bed.create();
  const answer = await list({ subAccountApiKey: "sandbox-nothing" });
  return answer.status === 200 ? answer.json : brief(answer);
}

async function deletedTwice(): Promise<unknown> {
  const { apiKey } = await bed.create();
  return [(await drop(apiKey)).json, brief(await drop(apiKey))];
}

/** How many keys a sub-account takes, of 31 that are tried. */
async function howMany(): Promise<unknown> {
  let made = 0;
  for (let n = 0; n < 31; n++) if ((await make({ apiName: `bot-${n}` })).status === 200) made++;
  return made;
}

async function oneTooMany(): Promise<unknown> {
  await bed.switches({ keysMax: 5 });
  let last: unknown;
  for (let n = 0; n < 6; n++) last = brief(await make({ apiName: `bot-${n}` }));
  return last;
}

const named = (...names: string[]) =>
  async function named(): Promise<unknown> {
    const answers: unknown[] = [];
    for (const apiName of names) answers.push(brief(await make({ apiName })));
    return answers;
  };

async function formats(): Promise<unknown> {
  const answers: unknown[] = [];
  for (const ipAddress of ["198.51.100.1", "2001:db8::1", "198.51.100.0/24", "198.51.100.0/33", "host"])
    answers.push(brief(await make({ status: 2, ipAddress })));
  return answers;
}

const addresses = (count: number, from = 1): string => Array.from({ length: count }, (_, n) => `198.51.100.${n + from}`).join(",");

async function counts(): Promise<unknown> {
  const answers = [brief(await make({ status: 2, ipAddress: addresses(5) })), brief(await make({ status: 2, ipAddress: addresses(6) }))];
  answers.push(brief(await make({ status: 2, ipAddress: addresses(30) })), brief(await make({ status: 2, ipAddress: addresses(31) })));
  // Adding beyond the limit counts what is there.
  const key = await bed.create();
  return [...answers, brief(await restrict(key, { status: 2, ipAddress: addresses(5) }))];
}

async function long(): Promise<unknown> {
  await bed.switches({ ipsMax: 0 });
  const key = await bed.create();
  const text = addresses(40, 100);
  expect(text.length).toBeGreaterThan(500);
  return [brief(await make({ status: 2, ipAddress: text })), brief(await restrict(key, { status: 2, ipAddress: text }))];
}

async function unrestrictedWithIps(): Promise<unknown> {
  const key = await bed.create();
  return [brief(await make({ ipAddress: HOME })), brief(await restrict(key, { status: 1, ipAddress: HOME })), await allowed(key)];
}

async function withoutStatus(): Promise<unknown> {
  const key = await bed.create();
  return [brief(await restrict(key, {})), await allowed(key)];
}

async function withoutIps(): Promise<unknown> {
  const [key, open] = [await bed.create(), await bed.create({ status: 1 })];
  const answers = [brief(await restrict(key, { status: 2 })), await allowed(key)];
  return [
    ...answers,
    brief(await restrict(open, { status: 2 })),
    await allowed(open),
    (await bed.call("GET", OWN, {}, { key: open })).status,
  ];
}

async function added(): Promise<unknown> {
  const key = await bed.create();
  return [((await restrict(key, { status: 2, ipAddress: "198.51.100.7" })).json as { ipList: unknown }).ipList, await allowed(key)];
}

async function addedAgain(): Promise<unknown> {
  const key = await bed.create();
  return [brief(await restrict(key, { status: 2, ipAddress: `${HOME},198.51.100.7` })), await allowed(key)];
}

async function deletedUnknownIp(): Promise<unknown> {
  const key = await bed.create({ ipAddress: `${HOME},198.51.100.7` });
  return [brief(await release(key, "198.51.100.7,198.51.100.9")), await allowed(key)];
}

async function deletedLastIp(): Promise<unknown> {
  const key = await bed.create();
  const answer = await release(key, HOME);
  return [answer.status === 200 ? (answer.json as { ipRestrict: unknown }).ipRestrict : brief(answer), await allowed(key)];
}

async function openList(): Promise<unknown> {
  const key = await bed.create({ status: 1 });
  const read = await bed.call("GET", `sapi/v1/${SUB}/ipRestriction`, { email: ONE, subAccountApiKey: key.apiKey });
  return [key.ipList, (read.json as { ipList?: unknown }).ipList];
}

async function statusOfList(): Promise<unknown> {
  const key = await bed.create();
  return ((await restrict(key, { status: 2, ipAddress: "198.51.100.7" })).json as { status: unknown }).status;
}

async function omitted(): Promise<unknown> {
  const key = await bed.create({ canTrade: true, canFuturesTrade: true });
  await permit(key, { canFuturesTrade: false, canVanillaOptions: true });
  return (await bed.desk(key)).permissions;
}

async function secondVersion(): Promise<unknown> {
  const body = await bed.create({ publicKey: ED, canFixApiReading: true }, { in: "body" });
  return [body.canFixApiTrading, body.canFixApiReading];
}

async function bareKey(): Promise<unknown> {
  const der = createPublicKey(ED).export({ type: "spki", format: "der" }).toString("base64");
  return [brief(await make({ publicKey: ED, apiName: "pem" }, 2, "body")), brief(await make({ publicKey: der }, 2, "body"))];
}

/** Malformed, in the query, RSA for the first version, RSA of another size. */
async function badKeys(): Promise<unknown> {
  return [
    brief(await make({ publicKey: "nonsense" }, 2, "body")),
    brief(await make({ publicKey: ED }, 2, "query")),
    brief(await make({ publicKey: pemOf("rsa") }, 1, "body")),
    brief(await make({ publicKey: pemOf("rsa", 3072) }, 2, "body")),
  ];
}

async function sameKeyTwice(): Promise<unknown> {
  const first = await bed.create({ publicKey: ED }, { in: "body" });
  const second = brief(await make({ publicKey: ED }, 2, "body"));
  await drop(first.apiKey);
  return [second, brief(await make({ publicKey: ED }, 1, "body"))];
}

/** Whether a key trades after 29 and after 31 days, without and with an address list. */
async function lapsed(): Promise<unknown> {
  const keys = [await bed.create({ status: 1, canTrade: true }), await bed.create({ canTrade: true })];
  const trades = async () => Promise.all(keys.map(async (key) => (await bed.desk(key)).permissions.includes("canTrade")));
  await bed.advance("29d");
  const before = await trades();
  await bed.advance("2d");
  return [
    before,
    await trades(),
    ((await bed.call("GET", OWN, {}, { key: keys[0]! })).json as Record<string, unknown>).enableSpotAndMarginTrading,
  ];
}

async function expiry(): Promise<unknown> {
  const answers: unknown[] = [];
  for (const values of [{ status: 1, canTrade: true }, { status: 1 }, { canTrade: true }]) {
    const key = await bed.create(values);
    const { createTime, tradingAuthorityExpirationTime: end } = (await bed.call("GET", OWN, {}, { key })).json as Record<string, number>;
    answers.push(end === undefined ? "none" : end - (createTime ?? 0));
  }
  return answers;
}

async function ordered(): Promise<unknown> {
  for (const apiName of ["a", "b", "c"]) await bed.create({ apiName });
  return (await bed.list()).rows.map(({ apiName }) => apiName);
}

async function shown(): Promise<unknown> {
  const { apiKey } = await bed.create();
  const { apikey } = (await bed.list()).rows[0] as { apikey: string };
  return apikey === apiKey ? "whole" : [apikey.length < apiKey.length, apikey.includes("****")];
}

async function tooLarge(): Promise<unknown> {
  await bed.create();
  return [brief(await list({ size: 100 })), brief(await list({ size: 101 }))];
}

/** The answers to four requests of which one is within the limit, and to one after the wait. */
async function persistent(): Promise<unknown> {
  const limited = await BinanceBed.open({ limits: true });
  try {
    await limited.switches({
      banAfter: await bed.control.get<Record<string, unknown>>("/venues/binance/switches").then((all) => all.banAfter),
    });
    await limited.control.patch("/venues/binance/limits", { endpoints: { "/api": { requests: 20, perMs: 60_000 } } });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) statuses.push((await limited.call("GET", "api/v3/account")).status);
    for (let n = 0; n < 9; n++) await limited.call("GET", "api/v3/account");
    statuses.push((await limited.call("GET", "api/v3/account")).status);
    await limited.advance("61s");
    statuses.push((await limited.call("GET", "api/v3/account")).status);
    return statuses;
  } finally {
    await limited.close();
  }
}

async function maintained(): Promise<unknown> {
  await bed.control.put("/venues/binance/maintenance", { on: true });
  const { status, json, headers } = await bed.call("GET", OWN);
  await bed.control.put("/venues/binance/maintenance", { on: false });
  return [status, (json as { code: number } | undefined)?.code ?? headers["content-type"]];
}

const DAYS = 86_400_000;

const cases: readonly [name: string, value: unknown, observe: () => Promise<unknown>, expected: unknown][] = [
  ["keyRefusalStatus", 400, keyRefusals, [400, 400, 400]],
  ["keyRefusalStatus", 401, keyRefusals, [401, 401, 400]],
  ["keyMissing", -2014, withoutKey, -2014],
  ["keyMissing", -2015, withoutKey, -2015],
  ["sapiRawPayload", "refused", signedRaw, [-1022, -1022]],
  ["sapiRawPayload", "accepted", signedRaw, [200, -1022]],
  ["unknownParameters", "ignored", async () => brief(await make({ canTraed: true })), 200],
  [
    "unknownParameters",
    "refused",
    async () => [brief(await make({ canTraed: true })), brief(await make({ canTrade: true }))],
    [-1104, 200],
  ],
  ["createNeeds", "canTrade", () => managedBy([], [HOME]), [-2015, 200, -2015, 200]],
  ["createNeeds", "reading", () => managedBy([], [HOME]), [200, 200, 200, 200]],
  ["kycIpCheck", "own-list", () => managedBy(["canTrade"], "anywhere"), [-2015, -2015, -2015, 200]],
  ["kycIpCheck", "nothing", () => managedBy(["canTrade"], "anywhere"), [200, 200, 200, 200]],
  ["unsupportedCode", -9000, unsupported, [-9000, -9000, 200, -9000]],
  ["unsupportedCode", -1020, unsupported, [-1020, -1020, 200, -1020]],
  ["unknownEmail", -2015, ofNobody, [-2015, -2015, -2015]],
  ["unknownEmail", -1102, ofNobody, [-1102, -1102, -1102]],
  ["queryUnknownEmail", "empty", queriedNobody, { total: 0, rows: [] }],
  ["queryUnknownEmail", "refused", queriedNobody, -2015],
  ["unknownKey", -2015, withoutTarget, [-2015, -2015, -2015]],
  ["unknownKey", -1102, withoutTarget, [-1102, -1102, -1102]],
  ["queryUnknownKey", "refused", queriedUnknown, -2015],
  ["queryUnknownKey", "empty", queriedUnknown, { total: 0, rows: [] }],
  ["deleteOfGone", "refused", deletedTwice, [{}, -2015]],
  ["deleteOfGone", "{}", deletedTwice, [{}, 200]],
  ["keysMax", 30, howMany, 30],
  ["keysMax", 5, howMany, 5],
  ["keysMax", 0, howMany, 31],
  ["keysMaxCode", -2015, oneTooMany, -2015],
  ["keysMaxCode", -9000, oneTooMany, -9000],
  ["apiNameMax", 20, named("x".repeat(20), "x".repeat(21), "x".repeat(65)), [200, -1102, -1102]],
  ["apiNameMax", 64, named("x".repeat(21), "x".repeat(64), "x".repeat(65)), [200, 200, -1102]],
  ["apiNameMax", 0, named("x".repeat(21), "x".repeat(65)), [200, 200]],
  ["apiNameAlphabet", "letters-digits-hyphen", named("my-fix-api", "my key", "my_key"), [200, -1100, -1100]],
  ["apiNameAlphabet", "any", named("my-fix-api", "my key", "é"), [200, 200, 200]],
  ["apiNamesUnique", false, named("same", "same"), [200, 200]],
  ["apiNamesUnique", true, named("same", "same"), [200, -1102]],
  ["ipFormats", "ipv4", formats, [200, -1102, -1102, -1102, -1102]],
  ["ipFormats", "addresses", formats, [200, 200, -1102, -1102, -1102]],
  ["ipFormats", "addresses-and-ranges", formats, [200, 200, 200, -1102, -1102]],
  ["ipsMax", 30, counts, [200, 200, 200, -1102, 200]],
  ["ipsMax", 5, counts, [200, -1102, -1102, -1102, -1102]],
  ["ipsMax", 0, counts, [200, 200, 200, 200, 200]],
  ["ipTextMax", 500, long, [-1102, -1102]],
  ["ipTextMax", 0, long, [-1102, 200]],
  ["ipWithoutRestriction", "ignored", unrestrictedWithIps, [200, 200, "anywhere"]],
  ["ipWithoutRestriction", "refused", unrestrictedWithIps, [-1102, -1102, [HOME]]],
  ["ipStatusOmitted", "unrestricted", withoutStatus, [200, "anywhere"]],
  ["ipStatusOmitted", "refused", withoutStatus, [-1102, [HOME]]],
  ["restrictWithoutIps", "refused", withoutIps, [-1102, [HOME], -1102, "anywhere", 200]],
  ["restrictWithoutIps", "accepted", withoutIps, [200, [HOME], 200, [], 400]],
  [
    "addIps",
    "adds",
    added,
    [
      [HOME, "198.51.100.7"],
      [HOME, "198.51.100.7"],
    ],
  ],
  ["addIps", "replaces", added, [["198.51.100.7"], ["198.51.100.7"]]],
  ["addIpAgain", "merged", addedAgain, [200, [HOME, "198.51.100.7"]]],
  ["addIpAgain", "refused", addedAgain, [-1102, [HOME]]],
  ["deleteIpUnknown", "refused", deletedUnknownIp, [-1102, [HOME, "198.51.100.7"]]],
  ["deleteIpUnknown", "ignored", deletedUnknownIp, [200, [HOME]]],
  ["lastIpDeleted", "unrestricted", deletedLastIp, ["false", "anywhere"]],
  ["lastIpDeleted", "locked", deletedLastIp, ["true", []]],
  ["lastIpDeleted", "refused", deletedLastIp, [-1102, [HOME]]],
  ["ipListWhenOpen", "absent", openList, [undefined, undefined]],
  ["ipListWhenOpen", "empty", openList, [[], []]],
  ["ipStatusAs", "string", statusOfList, "2"],
  ["ipStatusAs", "number", statusOfList, 2],
  ["omittedFlags", "kept", omitted, ["canTrade", "canVanillaOptions"]],
  ["omittedFlags", "false", omitted, ["canVanillaOptions"]],
  ["createV2Body", "as-v1", secondVersion, [undefined, undefined]],
  ["createV2Body", "with-fix-flags", secondVersion, [false, true]],
  ["publicKeySecret", "absent", async () => (await bed.create({ publicKey: ED }, { in: "body" })).secretKey, undefined],
  ["publicKeySecret", "empty", async () => (await bed.create({ publicKey: ED }, { in: "body" })).secretKey, ""],
  ["publicKeyForm", "pem", bareKey, [200, -1102]],
  [
    "publicKeyForm",
    "pem-or-base64",
    async () => {
      await bed.switches({ publicKeyTwice: "accepted" });
      return bareKey();
    },
    [200, 200],
  ],
  ["publicKeyCode", -1102, badKeys, [-1102, -1102, -1102, -1102]],
  ["publicKeyCode", -9000, badKeys, [-9000, -9000, -9000, -9000]],
  ["publicKeyInQueryV1", "refused", async () => brief(await make({ publicKey: ED }, 1)), -1102],
  ["publicKeyInQueryV1", "accepted", async () => brief(await make({ publicKey: ED }, 1)), 200],
  ["publicKeyTwice", "refused", sameKeyTwice, [-1102, 200]],
  ["publicKeyTwice", "accepted", sameKeyTwice, [200, 200]],
  ["tradeLapses", true, lapsed, [[true, true], [false, true], false]],
  ["tradeLapses", false, lapsed, [[true, true], [true, true], true]],
  ["showsTradeExpiry", false, expiry, ["none", "none", "none"]],
  ["showsTradeExpiry", true, expiry, [30 * DAYS, "none", "none"]],
  ["listMember", "rows", async () => Object.keys(await bed.list()), ["total", "rows"]],
  ["listMember", "list", async () => Object.keys(await bed.list()), ["total", "list"]],
  ["listKeys", "whole", shown, "whole"],
  ["listKeys", "masked", shown, [true, true]],
  ["listOrder", "newest-first", ordered, ["c", "b", "a"]],
  ["listOrder", "oldest-first", ordered, ["a", "b", "c"]],
  ["sizeBeyondMax", "capped", tooLarge, [200, 200]],
  ["sizeBeyondMax", "refused", tooLarge, [200, -1102]],
  ["banAfter", 1, persistent, [200, 429, 418, 418, 418, 418]],
  ["banAfter", 10, persistent, [200, 429, 429, 429, 418, 418]],
  ["banAfter", 0, persistent, [200, 429, 429, 429, 429, 200]],
  ["maintenanceAnswer", "html", maintained, [503, "text/html"]],
  ["maintenanceAnswer", "-1016-as-503", maintained, [503, -1016]],
  ["maintenanceAnswer", "-1001-as-500", maintained, [500, -1001]],
];

test.each(cases)("%s: %j", async (name, value, observe, expected) => {
  await bed.switches({ [name]: value });
  expect(await observe()).toEqual(expected);
});

test("no value of any switch is forgotten above", () => {
  const tried = new Set(cases.map(([name, value]) => JSON.stringify([name, value])));
  const missing = Object.entries(table)
    .flatMap(([name, row]) => row.values.map((value) => JSON.stringify([name, value])))
    .filter((pair) => !tried.has(pair));
  expect(missing).toEqual([]);
});

test("every default is one of its values", () => {
  for (const row of Object.values(table)) expect(row.values).toContain(row.default);
});
