// What KuCoin lets one see under each value of a switch, asked from outside.

import { dialects } from "../../sandbox/index";
import type { SwitchTable, SwitchValue } from "../../sandbox/switches";
import { codeOf, dataOf, KucoinBed, SELF, SUB, type Different } from "./kucoin-caller";
import { defaults } from "./switching";

export const table: SwitchTable = dialects.kucoin.switches;

export let bed: KucoinBed;

/** A sandbox for the tests of a file, its switches as they were at first before each. */
export function inBed(): void {
  beforeAll(async () => {
    bed = await KucoinBed.open();
  });
  afterEach(() => bed.switches(defaults(table)));
  afterAll(() => bed.close());
}

export const granted = async (key: { apiKey: string }): Promise<string> => (await bed.desk(key)).permissions.join();
const nobody = { apiKey: "sandbox-nobody", apiSecret: "sandbox-s", passphrase: "sandbox-pass1" };

/** What a creation granted, or its code. */
export async function grantedOf(different: Record<string, unknown>): Promise<string | undefined> {
  const answer = await bed.create(different);
  return codeOf(answer) === "200000" ? granted(dataOf<{ apiKey: string }>(answer)) : codeOf(answer);
}

export async function statuses(): Promise<unknown> {
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

export async function barredAndWrong(): Promise<unknown> {
  const wrong = { ...bed.account, apiSecret: "sandbox-wrong" };
  return [codeOf(await bed.self(wrong, { from: "127.0.0.2" })), codeOf(await bed.self(bed.account, { from: "127.0.0.2" }))];
}

export async function versions(): Promise<unknown> {
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

export async function queries(): Promise<unknown> {
  const timestamp = await bed.now();
  const target = "/api/v1/accounts?currency=BTC%2C";
  const signed = (query: string): Different => ({ timestamp, message: `${timestamp}GET${query}` });
  const answers = [await bed.get(target, signed(decodeURIComponent(target))), await bed.get(target, signed(target))];
  return answers.map(codeOf);
}

export async function notThere(): Promise<unknown> {
  const key = await bed.issued();
  const answers = [
    await bed.create({ subName: "nobody12" }),
    await bed.update(nobody, {}),
    await bed.update(key, { subName: "nobody12" }),
    await bed.remove(nobody),
  ];
  return answers.map(codeOf);
}

export async function absent(): Promise<unknown> {
  const answers = [await bed.list("nobody12"), await bed.list(SUB, "sandbox-nobody")];
  return answers.map(({ json }) => json);
}

export async function wrongPassphrase(): Promise<unknown> {
  const key = { ...(await bed.issued()), passphrase: "sandbox-wrong" };
  return [codeOf(await bed.update(key, {})), codeOf(await bed.remove(key))];
}

export async function silent(): Promise<unknown> {
  const key = await bed.issued({ permission: "General,Spot" });
  const omitted = codeOf(await bed.update(key, { ipWhitelist: "203.0.113.10" }));
  const after = await granted(key);
  return [omitted, after, codeOf(await bed.update(key, { permission: "" })), await granted(key)];
}

export async function listSilent(): Promise<unknown> {
  const key = await bed.issued({ ipWhitelist: "203.0.113.10" });
  return [codeOf(await bed.update(key, { permission: "Spot" })), (await bed.desk(key)).allowedIps];
}

export async function listEmpty(): Promise<unknown> {
  const key = await bed.issued({ ipWhitelist: "203.0.113.10" });
  return [codeOf(await bed.update(key, { ipWhitelist: "" })), (await bed.desk(key)).allowedIps];
}

export async function endSilent(): Promise<unknown> {
  const key = await bed.issued({ expire: "30" });
  await bed.update(key, {});
  const omitted = (await bed.desk(key)).expiresAt === null;
  await bed.update(key, { expire: "90" });
  await bed.update(key, { expire: "" });
  return [omitted, (await bed.desk(key)).expiresAt === null];
}

export async function prolonged(): Promise<unknown> {
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

export async function echoed(): Promise<unknown> {
  const answer = await bed.create({ permission: "General,Spot,Futures" });
  const { permission, apiKey } = dataOf<{ permission: string; apiKey: string }>(answer);
  return [permission, await granted({ apiKey })];
}

export async function beyond(): Promise<unknown> {
  const subName = "deskfutures9";
  const there = await bed.control.get<{ subName: string }[]>("/venues/kucoin/sub-accounts");
  if (!there.some((one) => one.subName === subName))
    await bed.control.post("/venues/kucoin/sub-accounts", { subName, tradeTypes: ["Futures"] });
  return grantedOf({ subName, permission: "General,Spot,Futures" });
}

export async function spotAlone(): Promise<unknown> {
  const key = await bed.issued({ permission: "Spot" });
  return [await granted(key), codeOf(await bed.self(key)), codeOf(await bed.order(key))];
}

export async function formats(): Promise<unknown> {
  const codes: unknown[] = [];
  for (const ipWhitelist of ["203.0.113.10", "2001:db8::7", "203.0.113.8/29", "2001:db8::/64", "203.0.113.8/33"])
    codes.push(codeOf(await bed.create({ ipWhitelist })) === "200000");
  return codes;
}

export async function ranged(): Promise<unknown> {
  const key = await bed.issued({ ipWhitelist: "203.0.113.8/30,2001:db8::/64" });
  const from = async (address: string): Promise<unknown> => codeOf(await bed.self(key, { from: address }));
  return [await formats(), await from("127.0.0.1"), await from("127.0.0.3")];
}

export async function addresses(): Promise<unknown> {
  await bed.control.patch("/addresses", { "127.0.0.8": "2001:db8::7" });
  const key = await bed.issued({ ipWhitelist: "2001:0db8:0::7" });
  return [await formats(), codeOf(await bed.self(key, { from: "127.0.0.8" })), codeOf(await bed.self(key))];
}

export async function masks(): Promise<unknown> {
  const key = await bed.issued({ ipWhitelist: "203.0.113.10,198.51.100.7" });
  const shown = [await bed.row(key), dataOf<Record<string, unknown>>(await bed.self(key))].map(({ ipWhitelist }) => ipWhitelist);
  await bed.switches({ ipFormats: "ranges-too" });
  return [...shown, (await bed.row(await bed.issued({ ipWhitelist: "2001:db8::7,203.0.113.8/29" }))).ipWhitelist];
}

export async function noIps(): Promise<unknown> {
  const answer = dataOf<Record<string, unknown>>(await bed.create());
  return [answer, await bed.row(answer as { apiKey: string })].map(({ ipWhitelist }) => ipWhitelist);
}

export async function twins(): Promise<unknown> {
  const remark = `twin${Date.now()}`;
  const codes = [codeOf(await bed.create({ remark })), codeOf(await bed.create({ remark }))];
  return [...codes, codeOf(await bed.create({ remark, subName: "deskbravo2" }))];
}

export async function expired(): Promise<unknown> {
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

export async function ownFields(): Promise<unknown> {
  const bound = await bed.issued({ expire: "30" });
  const end = Date.parse((await bed.desk(bound)).expiresAt!);
  const rows = [await bed.self(bound), await bed.self(await bed.issued())].map((answer) => dataOf<Record<string, unknown>>(answer));
  return rows.map(({ expiredAt, siteType }) => [expiredAt === end ? "its end" : expiredAt, siteType]);
}

export async function lagging(): Promise<unknown> {
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

export const PARAMETER = { code: "400100", msg: "Parameter Error" };
export const EMPTY = { code: "200000", data: [] };
