// What Binance lets one see under each value of a switch, asked from outside.

import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { dialects } from "../../sandbox/index";
import type { SwitchTable } from "../../sandbox/switches";
import { BinanceBed, encode, ONE, refused, signatureOf, SUB, type BinanceKey, type Values } from "./binance-caller";
import { ask, type Answered } from "./caller";
import { defaults } from "./switching";

export const table: SwitchTable = dialects.binance.switches;
const OWN = "sapi/v1/account/apiRestrictions";
export const HOME = "203.0.113.10";

export let bed: BinanceBed;

/** A sandbox for the tests of a file, its switches as they were at first before each. */
export function inBed(): void {
  beforeAll(async () => {
    bed = await BinanceBed.open();
  });
  afterEach(async () => {
    await bed.switches(defaults(table));
    const keys = await bed.control.get<{ id: string; alive: boolean; apiName: string }[]>("/venues/binance/keys");
    for (const key of keys) if (key.alive && key.apiName !== "managing-key") await bed.control.delete(`/venues/binance/keys/${key.id}`);
  });
  afterAll(() => bed.close());
}

/** Status, or the code of a refusal. */
export const brief = (answer: Answered): unknown => (answer.status === 200 ? 200 : (refused(answer) as unknown[])[1]);
export const make = (values: Values = {}, version = 2, where: "query" | "body" = "query") =>
  bed.call("POST", `sapi/v${version}/${SUB}`, { email: ONE, apiName: "bot", status: 1, ...values }, { in: where });
const drop = (apiKey: string) => bed.call("DELETE", `sapi/v1/${SUB}`, { email: ONE, subAccountApiKey: apiKey });
export const list = (values: Values = {}) => bed.call("GET", `sapi/v1/${SUB}`, { email: ONE, ...values });
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
export const ED = pemOf("ed25519");

export async function keyRefusals(): Promise<unknown> {
  const unknown = await bed.call("GET", OWN, {}, { key: { apiKey: "sandbox-unknown", apiSecret: "x" } });
  const malformed = await bed.call("GET", OWN, {}, { key: { apiKey: "!", apiSecret: "x" } });
  return [unknown.status, malformed.status, (await bed.call("GET", OWN, { recvWindow: "x" })).status];
}

export async function withoutKey(): Promise<unknown> {
  return brief(await ask(bed.url, `/${OWN}?timestamp=1&signature=1`, { method: "GET" }));
}

/** Signed before encoding: below /sapi, and below /api. */
export async function signedRaw(): Promise<unknown> {
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

export async function managedBy(permissions: string[], allowedIps: unknown): Promise<unknown> {
  const victim = await bed.create();
  const key = await bed.byHand({ email: "desk@example.com", permissions, allowedIps });
  return [
    brief(await bed.call("POST", `sapi/v2/${SUB}`, { email: ONE, apiName: "other", status: 1 }, { key })),
    brief(await bed.call("POST", `sapi/v1/${SUB}Permission`, { email: ONE, subAccountApiKey: victim.apiKey }, { key })),
    brief(await bed.call("DELETE", `sapi/v1/${SUB}`, { email: ONE, subAccountApiKey: victim.apiKey }, { key })),
    brief(await bed.call("GET", `sapi/v1/${SUB}`, { email: ONE }, { key })),
  ];
}

export async function unsupported(): Promise<unknown> {
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

export async function ofNobody(): Promise<unknown> {
  const email = "nobody@example.com";
  return [brief(await make({ email })), brief(await permit({ apiKey: "x" }, { email })), brief(await restrict({ apiKey: "x" }, { email }))];
}

export async function queriedNobody(): Promise<unknown> {
  const answer = await list({ email: "nobody@example.com" });
  return answer.status === 200 ? answer.json : brief(answer);
}

export async function withoutTarget(): Promise<unknown> {
  const key = { apiKey: "sandbox-nothing" };
  return [brief(await permit(key)), brief(await restrict(key, { status: 1 })), brief(await release(key, HOME))];
}

export async function queriedUnknown(): Promise<unknown> {
  await bed.create();
  const answer = await list({ subAccountApiKey: "sandbox-nothing" });
  return answer.status === 200 ? answer.json : brief(answer);
}

export async function deletedTwice(): Promise<unknown> {
  const { apiKey } = await bed.create();
  return [(await drop(apiKey)).json, brief(await drop(apiKey))];
}

/** How many keys a sub-account takes, of 31 that are tried. */
export async function howMany(): Promise<unknown> {
  let made = 0;
  for (let n = 0; n < 31; n++) if ((await make({ apiName: `bot-${n}` })).status === 200) made++;
  return made;
}

export async function oneTooMany(): Promise<unknown> {
  await bed.switches({ keysMax: 5 });
  let last: unknown;
  for (let n = 0; n < 6; n++) last = brief(await make({ apiName: `bot-${n}` }));
  return last;
}

export const named = (...names: string[]) =>
  async function named(): Promise<unknown> {
    const answers: unknown[] = [];
    for (const apiName of names) answers.push(brief(await make({ apiName })));
    return answers;
  };

export async function formats(): Promise<unknown> {
  const answers: unknown[] = [];
  for (const ipAddress of ["198.51.100.1", "2001:db8::1", "198.51.100.0/24", "198.51.100.0/33", "host"])
    answers.push(brief(await make({ status: 2, ipAddress })));
  return answers;
}

export const addresses = (count: number, from = 1): string => Array.from({ length: count }, (_, n) => `198.51.100.${n + from}`).join(",");

export async function counts(): Promise<unknown> {
  const answers = [brief(await make({ status: 2, ipAddress: addresses(5) })), brief(await make({ status: 2, ipAddress: addresses(6) }))];
  answers.push(brief(await make({ status: 2, ipAddress: addresses(30) })), brief(await make({ status: 2, ipAddress: addresses(31) })));
  // Adding beyond the limit counts what is there.
  const key = await bed.create();
  return [...answers, brief(await restrict(key, { status: 2, ipAddress: addresses(5) }))];
}

export async function long(): Promise<unknown> {
  await bed.switches({ ipsMax: 0 });
  const key = await bed.create();
  const text = addresses(40, 100);
  expect(text.length).toBeGreaterThan(500);
  return [brief(await make({ status: 2, ipAddress: text })), brief(await restrict(key, { status: 2, ipAddress: text }))];
}

export async function unrestrictedWithIps(): Promise<unknown> {
  const key = await bed.create();
  return [brief(await make({ ipAddress: HOME })), brief(await restrict(key, { status: 1, ipAddress: HOME })), await allowed(key)];
}

export async function withoutStatus(): Promise<unknown> {
  const key = await bed.create();
  return [brief(await restrict(key, {})), await allowed(key)];
}

export async function withoutIps(): Promise<unknown> {
  const [key, open] = [await bed.create(), await bed.create({ status: 1 })];
  const answers = [brief(await restrict(key, { status: 2 })), await allowed(key)];
  return [
    ...answers,
    brief(await restrict(open, { status: 2 })),
    await allowed(open),
    (await bed.call("GET", OWN, {}, { key: open })).status,
  ];
}

export async function added(): Promise<unknown> {
  const key = await bed.create();
  return [((await restrict(key, { status: 2, ipAddress: "198.51.100.7" })).json as { ipList: unknown }).ipList, await allowed(key)];
}

export async function addedAgain(): Promise<unknown> {
  const key = await bed.create();
  return [brief(await restrict(key, { status: 2, ipAddress: `${HOME},198.51.100.7` })), await allowed(key)];
}

export async function deletedUnknownIp(): Promise<unknown> {
  const key = await bed.create({ ipAddress: `${HOME},198.51.100.7` });
  return [brief(await release(key, "198.51.100.7,198.51.100.9")), await allowed(key)];
}

export async function deletedLastIp(): Promise<unknown> {
  const key = await bed.create();
  const answer = await release(key, HOME);
  return [answer.status === 200 ? (answer.json as { ipRestrict: unknown }).ipRestrict : brief(answer), await allowed(key)];
}

export async function openList(): Promise<unknown> {
  const key = await bed.create({ status: 1 });
  const read = await bed.call("GET", `sapi/v1/${SUB}/ipRestriction`, { email: ONE, subAccountApiKey: key.apiKey });
  return [key.ipList, (read.json as { ipList?: unknown }).ipList];
}

export async function statusOfList(): Promise<unknown> {
  const key = await bed.create();
  return ((await restrict(key, { status: 2, ipAddress: "198.51.100.7" })).json as { status: unknown }).status;
}

export async function omitted(): Promise<unknown> {
  const key = await bed.create({ canTrade: true, canFuturesTrade: true });
  await permit(key, { canFuturesTrade: false, canVanillaOptions: true });
  return (await bed.desk(key)).permissions;
}

export async function secondVersion(): Promise<unknown> {
  const body = await bed.create({ publicKey: ED, canFixApiReading: true }, { in: "body" });
  return [body.canFixApiTrading, body.canFixApiReading];
}

export async function bareKey(): Promise<unknown> {
  const der = createPublicKey(ED).export({ type: "spki", format: "der" }).toString("base64");
  return [brief(await make({ publicKey: ED, apiName: "pem" }, 2, "body")), brief(await make({ publicKey: der }, 2, "body"))];
}

/** Malformed, in the query, RSA for the first version, RSA of another size. */
export async function badKeys(): Promise<unknown> {
  return [
    brief(await make({ publicKey: "nonsense" }, 2, "body")),
    brief(await make({ publicKey: ED }, 2, "query")),
    brief(await make({ publicKey: pemOf("rsa") }, 1, "body")),
    brief(await make({ publicKey: pemOf("rsa", 3072) }, 2, "body")),
  ];
}

export async function sameKeyTwice(): Promise<unknown> {
  const first = await bed.create({ publicKey: ED }, { in: "body" });
  const second = brief(await make({ publicKey: ED }, 2, "body"));
  await drop(first.apiKey);
  return [second, brief(await make({ publicKey: ED }, 1, "body"))];
}

/** Whether a key trades after 29 and after 31 days, without and with an address list. */
export async function lapsed(): Promise<unknown> {
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

export async function expiry(): Promise<unknown> {
  const answers: unknown[] = [];
  for (const values of [{ status: 1, canTrade: true }, { status: 1 }, { canTrade: true }]) {
    const key = await bed.create(values);
    const { createTime, tradingAuthorityExpirationTime: end } = (await bed.call("GET", OWN, {}, { key })).json as Record<string, number>;
    answers.push(end === undefined ? "none" : end - (createTime ?? 0));
  }
  return answers;
}

export async function ordered(): Promise<unknown> {
  for (const apiName of ["a", "b", "c"]) await bed.create({ apiName });
  return (await bed.list()).rows.map(({ apiName }) => apiName);
}

export async function shown(): Promise<unknown> {
  const { apiKey } = await bed.create();
  const { apikey } = (await bed.list()).rows[0] as { apikey: string };
  return apikey === apiKey ? "whole" : [apikey.length < apiKey.length, apikey.includes("****")];
}

export async function tooLarge(): Promise<unknown> {
  await bed.create();
  return [brief(await list({ size: 100 })), brief(await list({ size: 101 }))];
}

/** The answers to four requests of which one is within the limit, and to one after the wait. */
export async function persistent(): Promise<unknown> {
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

export async function maintained(): Promise<unknown> {
  await bed.control.put("/venues/binance/maintenance", { on: true });
  const { status, json, headers } = await bed.call("GET", OWN);
  await bed.control.put("/venues/binance/maintenance", { on: false });
  return [status, (json as { code: number } | undefined)?.code ?? headers["content-type"]];
}

export const DAYS = 86_400_000;
