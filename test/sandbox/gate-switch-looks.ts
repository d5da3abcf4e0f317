// What Gate lets one see under each value of a switch, asked from outside.

import { dialects } from "../../sandbox/index";
import type { SwitchTable, SwitchValue } from "../../sandbox/switches";
import type { Answered } from "./caller";
import { GateBed, keysOf, outcomeOf, SPOT, SUB, type Different, type Row } from "./gate-caller";
import { defaults } from "./switching";

export const table: SwitchTable = dialects.gate.switches;
const READ_SPOT = [{ name: "spot", read_only: true }];
export const nobody = { apiKey: "sandbox-nobody", apiSecret: "sandbox-s" };

export let bed: GateBed;

/** A sandbox for the tests of a file, its switches as they were at first before each. */
export function inBed(): void {
  beforeAll(async () => {
    bed = await GateBed.open();
  });
  afterEach(async () => {
    await bed.control.delete("/faults");
    await bed.switches({ ...defaults(table), settleSeconds: 0, keysMax: 0 });
  });
  afterAll(() => bed.close());
}

export const outcomes = async (...answers: Promise<Answered>[]): Promise<unknown[]> => (await Promise.all(answers)).map(outcomeOf);
const statuses = async (...answers: Promise<Answered>[]): Promise<number[]> => (await Promise.all(answers)).map(({ status }) => status);

async function stop(key: { apiKey: string }, standing: string): Promise<void> {
  await bed.control.patch(`/venues/gate/keys/${(await bed.desk(key)).id}`, { standing });
}

export async function locked(): Promise<number> {
  const sub = await bed.sub();
  await bed.control.patch(`/venues/gate/sub-accounts/${sub}`, { locked: true });
  return sub;
}

export const requestStatuses = (): Promise<unknown> =>
  statuses(bed.get("/account/detail", { headers: { SIGN: "" } }), bed.get("/account/detail", { timestamp: "1" }));

export async function permissionStatuses(): Promise<unknown> {
  const reader = await bed.issued({ perms: READ_SPOT });
  return statuses(bed.order(reader), bed.transfer(reader));
}

export async function texts(): Promise<unknown> {
  const answers = [await bed.create({ mode: 3 }), await bed.get("/nowhere"), await bed.balance(nobody)];
  return answers.map(({ json }) => Object.keys(json as object).join());
}

export async function tooMany(): Promise<unknown> {
  await bed.fault("/account/detail", { kind: "429" });
  const { status, json } = await bed.get("/account/detail");
  return [status, (json as { label?: string }).label];
}

export async function resets(): Promise<unknown> {
  await bed.control.patch("/venues/gate/limits", { enabled: true });
  const { headers } = await bed.get("/account/detail");
  await bed.control.patch("/venues/gate/limits", { enabled: false });
  return String(headers["x-gate-ratelimit-reset-timestamp"]).length;
}

export async function stopped(): Promise<unknown> {
  const keys = [await bed.issued(), await bed.issued()] as const;
  await stop(keys[0], "locked");
  await stop(keys[1], "frozen");
  return outcomes(...keys.map((key) => bed.order(key)));
}

export const barredAndWrong = (): Promise<unknown> =>
  outcomes(bed.detail({ ...bed.account, apiSecret: "wrong" }, { from: "127.0.0.2" }), bed.detail(bed.account, { from: "127.0.0.2" }));

export async function queries(): Promise<unknown> {
  const key = await bed.issued();
  const signed = (signedQuery: string): Different => ({ key, signedQuery });
  const target = "/spot/accounts?currency=BTC%2C";
  return outcomes(bed.get(target, signed("currency=BTC,")), bed.get(target, signed("currency=BTC%2C")));
}

export async function managers(): Promise<unknown> {
  const keys = await Promise.all(
    [{}, { account: "read-write" }, { wallet: "read-write" }].map((permissions) => bed.byHand({ permissions })),
  );
  return outcomes(...keys.map((key) => bed.create({}, SUB, { key })));
}

export async function lookers(): Promise<unknown> {
  const keys = await Promise.all([{}, { account: "read" }].map((permissions) => bed.byHand({ permissions })));
  return outcomes(...keys.flatMap((key) => [bed.detail(key), bed.get("/account/main_keys", { key })]));
}

export const beyond = (): Promise<unknown> =>
  outcomes(
    bed.create(),
    bed.create({ perms: [{ name: "wallet", read_only: true }] }),
    bed.create({ perms: [{ name: "account", read_only: false }] }),
  );

export async function others(): Promise<unknown> {
  const { userId } = await bed.control.post<{ userId: number }>("/venues/gate/accounts", {});
  const key = await bed.byHand({ userId, permissions: { wallet: "read-write" } });
  return outcomes(bed.create({}, SUB, { key }), bed.get(keysOf(SUB), { key }), bed.get(`/sub_accounts/${SUB}`, { key }));
}

export const absentSub = (): Promise<unknown> => statuses(bed.create({}, 99), bed.get("/sub_accounts/99"));

export async function absentList(): Promise<unknown> {
  const { status, json } = await bed.get(keysOf(99));
  return status === 200 ? json : status;
}

export const absentKey = (): Promise<unknown> => outcomes(bed.row(nobody), bed.update(nobody), bed.remove(nobody));

export async function lockedOut(): Promise<unknown> {
  const sub = await locked();
  return outcomeOf(await bed.order(await bed.byHand({ userId: sub, permissions: { spot: "read-write" } })));
}

export async function granted(perms: unknown): Promise<unknown> {
  const answer = await bed.create({ perms });
  return answer.status === 200 ? (await bed.desk({ apiKey: (answer.json as Row).key })).permissions : outcomeOf(answer);
}

export const unknownAreas = async (): Promise<unknown> => [
  await granted([...SPOT, { name: "withdrawal", read_only: false }]),
  await granted([...SPOT, { name: "crossx", read_only: true }]),
];

export async function empties(): Promise<unknown> {
  const key = await bed.issued();
  return outcomes(bed.create({ perms: [] }), bed.create({ perms: undefined }), bed.update(key, { perms: [{ name: "" }] }));
}

export async function silent(member: "perms" | "name"): Promise<unknown> {
  const key = await bed.issued();
  await bed.update(key, { [member]: undefined });
  const { permissions, name } = await bed.desk(key);
  return member === "perms" ? permissions : name;
}

export async function modes(): Promise<unknown> {
  const key = await bed.issued();
  return [outcomeOf(await bed.update(key, { mode: 2 })), (await bed.desk(key)).mode, outcomeOf(await bed.update(key, { mode: 1 }))];
}

/** The length of the name that a key gets, or the refusal. */
export async function named(length: number): Promise<unknown> {
  const answer = await bed.create({ name: "n".repeat(length) });
  return answer.status === 200 ? (answer.json as Row).name.length : outcomeOf(answer);
}

export const lengths = async (): Promise<unknown> => [await named(32), await named(33), await named(64), await named(65)];

export const letters = (): Promise<unknown> => statuses(...["desk-1_a", "desk 1", "bøt", "a.b"].map((name) => bed.create({ name })));

export async function twins(): Promise<unknown> {
  const sub = await bed.sub();
  const key = await bed.issued({ name: "twin" }, sub);
  const other = await bed.issued({ name: "other" }, sub);
  return outcomes(
    bed.create({ name: "twin" }, sub),
    bed.update(key, { name: "twin" }, sub),
    bed.update(other, { name: "twin" }, sub),
    bed.create({ name: "twin" }, await bed.sub()),
  );
}

/** How many keys a sub-account gets of 21, and what the next one gets. */
export async function most(): Promise<unknown> {
  const sub = await bed.sub();
  const got: unknown[] = [];
  for (let n = 0; n < 21; n++) got.push(outcomeOf(await bed.create({}, sub)));
  return [got.filter((one) => one === 200).length, got.at(-1)];
}

export async function tooManyKeys(): Promise<unknown> {
  await bed.switches({ keysMax: 5 });
  const sub = await bed.sub();
  for (let n = 0; n < 5; n++) await bed.issued({}, sub);
  const refused = outcomeOf(await bed.create({}, sub));
  await bed.remove({ apiKey: (await bed.list(sub))[0]!.key }, sub);
  return [refused, outcomeOf(await bed.create({}, sub))];
}

/** Whether an update is in force at once, after 61 and after 301 seconds. */
export async function settles(): Promise<unknown> {
  const key = await bed.issued();
  await bed.update(key, { perms: READ_SPOT });
  const seen: unknown[] = [];
  for (const pause of ["0s", "61s", "240s"]) {
    await bed.advance(pause);
    seen.push((await bed.order(key)).status);
  }
  return seen;
}

/** What is listed and what a key can do, right after an update and a deletion. */
export async function settlesWhere(): Promise<unknown> {
  await bed.switches({ settleSeconds: 60 });
  const sub = await bed.sub();
  const key = await bed.issued({ perms: [...SPOT, { name: "account", read_only: true }] }, sub);
  await bed.update(key, { perms: [{ name: "account", read_only: true }], ip_whitelist: [] }, sub);
  const detail = (await bed.detail(key)).json as { ip_whitelist: string[] };
  const seen = [(await bed.list(sub))[0]?.perms.length, detail.ip_whitelist.length, outcomeOf(await bed.order(key))];
  await bed.remove(key, sub);
  return [...seen, (await bed.list(sub)).length, outcomeOf(await bed.order(key))];
}

export async function timesOfUpdate(): Promise<unknown> {
  const { text } = await bed.row(await bed.issued());
  return ["update_at", "updated_at"].filter((name) => text.includes(`"${name}"`));
}

/** The numbers of a locked and a frozen key, of a sub-account and of the main account. */
export async function stateNumbers(): Promise<unknown> {
  const sub = await bed.sub();
  for (const userId of [sub, 2_124_001])
    for (const standing of ["locked", "frozen"]) await stop(await bed.byHand({ userId, name: standing }), standing);
  const main = (await bed.get("/account/main_keys")).json as Row[];
  return [...(await bed.list(sub)), ...main.slice(-2)].map(({ state }) => state);
}

export async function lastAccess(): Promise<unknown> {
  const row = (await bed.row(await bed.issued())).json as Row;
  return row.last_access === undefined ? "absent" : row.last_access - row.created_at;
}

export async function order(): Promise<unknown> {
  const key = await bed.issued({ perms: ["spot", "futures", "wallet"].map((name) => ({ name, read_only: true })) });
  return ((await bed.row(key)).json as Row).perms.map(({ name }) => name).join();
}

export async function mainKeys(): Promise<unknown> {
  const { json } = await bed.get("/account/main_keys");
  return Array.isArray(json) ? Object.keys(json[0] as object).length : json;
}

/** A bed of its own with this switch's present value, since the clock moves on for months. */
async function months(name: string, observe: (own: GateBed) => Promise<unknown>): Promise<unknown> {
  const own = await GateBed.open();
  try {
    await own.switches({ [name]: (await bed.control.get<Record<string, SwitchValue>>("/venues/gate/switches"))[name] });
    return await observe(own);
  } finally {
    await own.close();
  }
}

export const lapses = (): Promise<unknown> =>
  months("unboundLapse", async (own) => {
    const [sub, main] = [await own.issued({ ip_whitelist: [] }), await own.byHand({ permissions: { spot: "read" } })];
    await own.advance("2161h");
    return [(await own.balance(sub)).status, (await own.balance(main)).status];
  });

export const lapsesFrom = (): Promise<unknown> =>
  months("unboundFrom", async (own) => {
    const key = await own.issued({ ip_whitelist: [] });
    await own.advance("1000h");
    await own.update(key, { ip_whitelist: [] });
    await own.advance("1200h");
    return (await own.balance(key)).status;
  });

export const lapsed = (): Promise<unknown> =>
  months("lapsedShown", async (own) => {
    await own.issued({ ip_whitelist: [] });
    await own.advance("2161h");
    return (await own.list())[0]?.state;
  });

export const updatedLate = (): Promise<unknown> =>
  months("lapsedUpdate", async (own) => {
    const key = await own.issued({ ip_whitelist: [] });
    await own.advance("2161h");
    return [outcomeOf(await own.balance(key)), outcomeOf(await own.update(key)), outcomeOf(await own.balance(key))];
  });

export const KEY = "401 INVALID_KEY";
export const EVERYTHING = { spot: "read-write" };
