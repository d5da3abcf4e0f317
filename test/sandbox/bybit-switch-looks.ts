// What Bybit lets one see under each value of a switch, asked from outside.

import { generateKeyPairSync } from "node:crypto";
import { dialects } from "../../sandbox/index";
import type { SwitchTable } from "../../sandbox/switches";
import { ask } from "./caller";
import { BybitBed, CREATION, ORDER, SUB, told, type Told } from "./bybit-caller";

export const table: SwitchTable = dialects.bybit.switches;
const DAY = 86_400_000;

export let bed: BybitBed;

/** A sandbox for the tests of a file, its switches as they were at first before each. */
export function inBed(): void {
  beforeEach(async () => {
    bed = await BybitBed.open();
  });
  afterEach(() => bed.close());
}

export const brief = ({ status, code, message }: Told) => [status, code, message];
export const code = (answer: Told): number => answer.code;
export const nobody = { apiKey: "sandbox-nobody", apiSecret: "sandbox-s" };
/** Creates a key with these parameters; its code, or what the desk then shows of it. */
export async function made(
  params: Record<string, unknown>,
  show: (key: Awaited<ReturnType<BybitBed["desk"]>>) => unknown,
): Promise<unknown> {
  const answer = await bed.post("user/create-sub-api", { ...CREATION, ...params });
  return answer.code === 0 ? show(await bed.desk(answer.result.apiKey)) : answer.code;
}
/** The same after an update of a key that trades contracts, read-only, from two addresses. */
export async function updated(
  params: Record<string, unknown>,
  show: (key: Awaited<ReturnType<BybitBed["desk"]>>) => unknown,
): Promise<unknown> {
  const { apiKey } = await bed.create({ readOnly: 1 });
  const answer = await bed.post("user/update-sub-api", { apikey: apiKey, ...params });
  return answer.code === 0 ? show(await bed.desk(apiKey)) : answer.code;
}
export const codeOrRows = (answer: Told): unknown => (answer.code === 0 ? answer.result.result : answer.code);

async function expiredKey(): Promise<{ key: Awaited<ReturnType<BybitBed["create"]>>; skewMs: number }> {
  const key = await bed.create({ ips: "*" });
  await bed.advance("91d");
  return { key, skewMs: 91 * DAY };
}

export async function settled(): Promise<unknown> {
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

export async function listedNotes(): Promise<unknown> {
  for (const note of ["one", "two", "three"]) await bed.create({ note });
  return (await bed.list(SUB, 2)).map(({ note }) => note);
}

export async function lastPage(): Promise<unknown> {
  await bed.create();
  const { result } = await bed.get("user/sub-apikeys", `subMemberId=${SUB}&limit=1`);
  if (result.nextPageCursor === "") return "none";
  const next = await bed.get("user/sub-apikeys", `subMemberId=${SUB}&limit=1&cursor=${result.nextPageCursor}`);
  return [next.result.result, next.result.nextPageCursor];
}

export async function deadline(): Promise<unknown> {
  const row = await bed.row((await bed.create()).apiKey);
  return [row?.["deadlineDay"], row?.["expiredAt"]];
}

export async function flag(): Promise<unknown> {
  const { publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return (await bed.row((await bed.byHand({ accountId: SUB, publicKey })).apiKey))?.["flag"];
}

export async function derivativesOrder(): Promise<unknown> {
  const key = await bed.byHand({ accountId: SUB, permissions: { Earn: ["Earn"] } });
  const codes: number[] = [];
  for (const category of ["linear", "option", "spot"])
    codes.push(code(await bed.post("order/create", { ...ORDER, category, orderLinkId: "a" }, { key })));
  return codes;
}

export async function managedReading(): Promise<unknown> {
  const key = await bed.byHand({ readOnly: true, permissions: { Wallet: ["AccountTransfer"] } });
  const own = await bed.byHand({ accountId: SUB, readOnly: true, permissions: { Wallet: ["AccountTransfer"] } });
  const reads = code(await bed.get("user/query-sub-members", "", { key }));
  return [
    code(await bed.post("user/create-sub-api", CREATION, { key })),
    code(await bed.post("user/update-sub-api", { readOnly: 0 }, { key: own })),
    reads,
  ];
}

export async function beyond(): Promise<unknown> {
  const key = await bed.byHand({ permissions: { Wallet: ["SubMemberTransfer"] } });
  const wants = (permissions: Record<string, string[]>) => bed.post("user/create-sub-api", { ...CREATION, permissions }, { key });
  return [code(await wants({ Spot: ["SpotTrade"] })), code(await wants({ Wallet: ["SubMemberTransferList"] }))];
}

export async function masterIps(): Promise<unknown> {
  const key = await bed.byHand({ allowedIps: ["203.0.113.10"], permissions: { Wallet: ["AccountTransfer"] } });
  const answer = await bed.post("user/update-api", { readOnly: 1, ips: "*" }, { key });
  return [answer.code, (await bed.desk(key.apiKey)).allowedIps];
}

const octets = (count: number): string => Array.from({ length: count }, (_, n) => `203.0.113.${n + 1}`).join(",");

export async function formats(): Promise<unknown> {
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

export async function counts(numbers: readonly number[]): Promise<unknown> {
  const codes: unknown[] = [];
  for (const count of numbers) codes.push(await made({ ips: octets(count) }, () => 0));
  return codes;
}

export async function notes(values: readonly string[]): Promise<unknown> {
  const seen: unknown[] = [];
  for (const note of values) seen.push(await made({ note }, ({ label }) => label.length));
  return seen;
}

export async function unbound(): Promise<unknown> {
  const { apiKey } = await bed.create();
  await bed.advance("91d");
  await bed.post("user/update-sub-api", { apikey: apiKey, readOnly: 0, ips: "*" }, { skewMs: 91 * DAY });
  const { alive, expiresAt } = await bed.desk(apiKey);
  return [alive, Math.round((Date.parse(expiresAt ?? "") - Date.now()) / DAY)];
}

export async function passwordChanged(): Promise<unknown> {
  const bound = await bed.create();
  const open = await bed.create({ ips: "*" });
  await bed.control.patch(`/venues/bybit/sub-accounts/${SUB}`, { passwordChanged: true });
  const days = async (apiKey: string) => {
    const { expiresAt } = await bed.desk(apiKey);
    return expiresAt && Math.round((Date.parse(expiresAt) - Date.now()) / DAY);
  };
  return [await days(bound.apiKey), await days(open.apiKey)];
}

export async function revived(): Promise<unknown> {
  const { key, skewMs } = await expiredKey();
  const answer = await bed.post("user/update-sub-api", { apikey: key.apiKey, readOnly: 0, ips: "203.0.113.10" }, { skewMs });
  const { alive } = await bed.desk(key.apiKey);
  return [answer.code, alive, code(await bed.post("user/delete-sub-api", { apikey: key.apiKey }, { skewMs }))];
}

export async function frozen(): Promise<unknown> {
  const key = await bed.create();
  await bed.post("user/frozen-sub-member", { subuid: Number(SUB), frozen: 1 });
  const while_ = code(await bed.get("user/query-api", "", { key }));
  await bed.post("user/frozen-sub-member", { subuid: Number(SUB), frozen: 0 });
  return [while_, code(await bed.get("user/query-api", "", { key }))];
}

export async function crowded(count: number): Promise<unknown> {
  for (let n = 0; n < count; n++) await bed.create({ note: `n${n}` });
  const after = code(await bed.post("user/create-sub-api", CREATION));
  await bed.post("user/delete-sub-api", { apikey: (await bed.list())[0]?.apiKey });
  return [after, code(await bed.post("user/create-sub-api", CREATION))];
}

export async function shutOut(): Promise<unknown> {
  await bed.control.patch("/venues/bybit/limits", { enabled: true, endpoints: { address: { requests: 1, perMs: 5_000 } } });
  await bed.get("user/query-api");
  const { status, text } = await bed.get("user/query-api");
  return [status, text];
}

export async function maintained(): Promise<unknown> {
  await bed.control.put("/venues/bybit/maintenance", { on: true });
  const { status, code, text } = await bed.get("user/query-api");
  return [status, code ?? text];
}

export const unsigned = async () => told(await ask(bed.url, "/v5/user/query-api", { method: "GET" }));
export const deleteTwice = async () => {
  const { apiKey } = await bed.create();
  return [code(await bed.post("user/delete-sub-api", { apikey: apiKey })), code(await bed.post("user/delete-sub-api", { apikey: apiKey }))];
};
export const lateBy = async () => code(await bed.get("user/query-api", "", { skewMs: -60_000 }));
export const unlisted = () =>
  made({ permissions: { Spot: ["SpotTrade", "Margin"], Wallet: ["Withdraw"], Nothing: ["Here"] } }, ({ permissions }) =>
    Object.keys(permissions),
  );
export const derived = async () => [
  await made({ permissions: { Earn: ["Earn"] } }, ({ permissions }) => "Derivatives" in permissions),
  await made({}, ({ permissions }) => "Derivatives" in permissions),
  await made({ permissions: { Derivatives: ["DerivativesTrade"] } }, ({ permissions }) => "Derivatives" in permissions),
];
export const sameNote = async () => [await made({ note: "same" }, () => 0), await made({ note: "same" }, () => 0)];

export async function refusedText(): Promise<unknown> {
  const { code, message } = await bed.post("order/create", ORDER, { key: await bed.byHand({ accountId: SUB }) });
  expect(code).toBe(10005);
  return message;
}

export async function lookExpired(): Promise<unknown> {
  const { key, skewMs } = await expiredKey();
  return code(await bed.get("user/query-api", "", { key, skewMs }));
}

export async function balanceOfTrader(): Promise<unknown> {
  const key = await bed.byHand({ accountId: SUB, permissions: { Spot: ["SpotTrade"] } });
  return code(await bed.get("account/wallet-balance", "accountType=UNIFIED", { key }));
}

export async function unverified(): Promise<unknown> {
  await bed.control.patch("/venues/bybit/accounts/1448939", { kycLevel: "LEVEL_DEFAULT" });
  return code(await bed.post("user/create-sub-api", CREATION));
}

export function typesOf({ permissions }: { permissions: Record<string, string[]> }): string[] {
  return Object.keys(permissions);
}
