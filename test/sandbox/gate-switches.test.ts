// Every value of every switch of Gate, seen from outside. The last tests say when one is forgotten.

import { dialects } from "../../sandbox/index";
import type { SwitchTable, SwitchValue } from "../../sandbox/switches";
import type { Answered } from "./caller";
import { GateBed, keysOf, outcomeOf, SPOT, SUB, type Different, type Row } from "./gate-caller";

const table: SwitchTable = dialects.gate.switches;
const READ_SPOT = [{ name: "spot", read_only: true }];
const nobody = { apiKey: "sandbox-nobody", apiSecret: "sandbox-s" };

let bed: GateBed;
beforeAll(async () => {
  bed = await GateBed.open();
});
afterEach(async () => {
  await bed.control.delete("/faults");
  await bed.switches({ ...Object.fromEntries(Object.keys(table).map((name) => [name, null])), settleSeconds: 0, keysMax: 0 });
});
afterAll(() => bed.close());

const outcomes = async (...answers: Promise<Answered>[]): Promise<unknown[]> => (await Promise.all(answers)).map(outcomeOf);
const statuses = async (...answers: Promise<Answered>[]): Promise<number[]> => (await Promise.all(answers)).map(({ status }) => status);

async function stop(key: { apiKey: string }, standing: string): Promise<void> {
  await bed.control.patch(`/venues/gate/keys/${(await bed.desk(key)).id}`, { standing });
}

async function locked(): Promise<number> {
  const sub = await bed.sub();
  await bed.control.patch(`/venues/gate/sub-accounts/${sub}`, { locked: true });
  return sub;
}

const requestStatuses = (): Promise<unknown> =>
  statuses(bed.get("/account/detail", { headers: { SIGN: "" } }), bed.get("/account/detail", { timestamp: "1" }));

async function permissionStatuses(): Promise<unknown> {
  const reader = await bed.issued({ perms: READ_SPOT });
  return statuses(bed.order(reader), bed.transfer(reader));
}

async function texts(): Promise<unknown> {
  const answers = [await bed.create({ mode: 3 }), await bed.get("/nowhere"), await bed.balance(nobody)];
  return answers.map(({ json }) => Object.keys(json as object).join());
}

async function tooMany(): Promise<unknown> {
  await bed.fault("/account/detail", { kind: "429" });
  const { status, json } = await bed.get("/account/detail");
  return [status, (json as { label?: string }).label];
}

async function resets(): Promise<unknown> {
  await bed.control.patch("/venues/gate/limits", { enabled: true });
  const { headers } = await bed.get("/account/detail");
  await bed.control.patch("/venues/gate/limits", { enabled: false });
  return String(headers["x-gate-ratelimit-reset-timestamp"]).length;
}

async function stopped(): Promise<unknown> {
  const keys = [await bed.issued(), await bed.issued()] as const;
  await stop(keys[0], "locked");
  await stop(keys[1], "frozen");
  return outcomes(...keys.map((key) => bed.order(key)));
}

const barredAndWrong = (): Promise<unknown> =>
  outcomes(bed.detail({ ...bed.account, apiSecret: "wrong" }, { from: "127.0.0.2" }), bed.detail(bed.account, { from: "127.0.0.2" }));

async function queries(): Promise<unknown> {
  const key = await bed.issued();
  const signed = (signedQuery: string): Different => ({ key, signedQuery });
  const target = "/spot/accounts?currency=BTC%2C";
  return outcomes(bed.get(target, signed("currency=BTC,")), bed.get(target, signed("currency=BTC%2C")));
}

async function managers(): Promise<unknown> {
  const keys = await Promise.all(
    [{}, { account: "read-write" }, { wallet: "read-write" }].map((permissions) => bed.byHand({ permissions })),
  );
  return outcomes(...keys.map((key) => bed.create({}, SUB, { key })));
}

async function lookers(): Promise<unknown> {
  const keys = await Promise.all([{}, { account: "read" }].map((permissions) => bed.byHand({ permissions })));
  return outcomes(...keys.flatMap((key) => [bed.detail(key), bed.get("/account/main_keys", { key })]));
}

const beyond = (): Promise<unknown> =>
  outcomes(
    bed.create(),
    bed.create({ perms: [{ name: "wallet", read_only: true }] }),
    bed.create({ perms: [{ name: "account", read_only: false }] }),
  );

async function others(): Promise<unknown> {
  const { userId } = await bed.control.post<{ userId: number }>("/venues/gate/accounts", {});
  const key = await bed.byHand({ userId, permissions: { wallet: "read-write" } });
  return outcomes(bed.create({}, SUB, { key }), bed.get(keysOf(SUB), { key }), bed.get(`/sub_accounts/${SUB}`, { key }));
}

const absentSub = (): Promise<unknown> => statuses(bed.create({}, 99), bed.get("/sub_accounts/99"));

async function absentList(): Promise<unknown> {
  const { status, json } = await bed.get(keysOf(99));
  return status === 200 ? json : status;
}

const absentKey = (): Promise<unknown> => outcomes(bed.row(nobody), bed.update(nobody), bed.remove(nobody));

async function lockedOut(): Promise<unknown> {
  const sub = await locked();
  return outcomeOf(await bed.order(await bed.byHand({ userId: sub, permissions: { spot: "read-write" } })));
}

async function granted(perms: unknown): Promise<unknown> {
  const answer = await bed.create({ perms });
  return answer.status === 200 ? (await bed.desk({ apiKey: (answer.json as Row).key })).permissions : outcomeOf(answer);
}

const unknownAreas = async (): Promise<unknown> => [
  await granted([...SPOT, { name: "withdrawal", read_only: false }]),
  await granted([...SPOT, { name: "crossx", read_only: true }]),
];

async function empties(): Promise<unknown> {
  const key = await bed.issued();
  return outcomes(bed.create({ perms: [] }), bed.create({ perms: undefined }), bed.update(key, { perms: [{ name: "" }] }));
}

async function silent(member: "perms" | "name"): Promise<unknown> {
  const key = await bed.issued();
  await bed.update(key, { [member]: undefined });
  const { permissions, name } = await bed.desk(key);
  return member === "perms" ? permissions : name;
}

async function modes(): Promise<unknown> {
  const key = await bed.issued();
  return [outcomeOf(await bed.update(key, { mode: 2 })), (await bed.desk(key)).mode, outcomeOf(await bed.update(key, { mode: 1 }))];
}

/** The length of the name that a key gets, or the refusal. */
async function named(length: number): Promise<unknown> {
  const answer = await bed.create({ name: "n".repeat(length) });
  return answer.status === 200 ? (answer.json as Row).name.length : outcomeOf(answer);
}

const lengths = async (): Promise<unknown> => [await named(32), await named(33), await named(64), await named(65)];

const letters = (): Promise<unknown> => statuses(...["desk-1_a", "desk 1", "bøt", "a.b"].map((name) => bed.create({ name })));

async function twins(): Promise<unknown> {
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
async function most(): Promise<unknown> {
  const sub = await bed.sub();
  const got: unknown[] = [];
  for (let n = 0; n < 21; n++) got.push(outcomeOf(await bed.create({}, sub)));
  return [got.filter((one) => one === 200).length, got.at(-1)];
}

async function tooManyKeys(): Promise<unknown> {
  await bed.switches({ keysMax: 5 });
  const sub = await bed.sub();
  for (let n = 0; n < 5; n++) await bed.issued({}, sub);
  const refused = outcomeOf(await bed.create({}, sub));
  await bed.remove({ apiKey: (await bed.list(sub))[0]!.key }, sub);
  return [refused, outcomeOf(await bed.create({}, sub))];
}

/** Whether an update is in force at once, after 61 and after 301 seconds. */
async function settles(): Promise<unknown> {
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
async function settlesWhere(): Promise<unknown> {
  await bed.switches({ settleSeconds: 60 });
  const sub = await bed.sub();
  const key = await bed.issued({ perms: [...SPOT, { name: "account", read_only: true }] }, sub);
  await bed.update(key, { perms: [{ name: "account", read_only: true }], ip_whitelist: [] }, sub);
  const detail = (await bed.detail(key)).json as { ip_whitelist: string[] };
  const seen = [(await bed.list(sub))[0]?.perms.length, detail.ip_whitelist.length, outcomeOf(await bed.order(key))];
  await bed.remove(key, sub);
  return [...seen, (await bed.list(sub)).length, outcomeOf(await bed.order(key))];
}

async function timesOfUpdate(): Promise<unknown> {
  const { text } = await bed.row(await bed.issued());
  return ["update_at", "updated_at"].filter((name) => text.includes(`"${name}"`));
}

/** The numbers of a locked and a frozen key, of a sub-account and of the main account. */
async function stateNumbers(): Promise<unknown> {
  const sub = await bed.sub();
  for (const userId of [sub, 2_124_001])
    for (const standing of ["locked", "frozen"]) await stop(await bed.byHand({ userId, name: standing }), standing);
  const main = (await bed.get("/account/main_keys")).json as Row[];
  return [...(await bed.list(sub)), ...main.slice(-2)].map(({ state }) => state);
}

async function lastAccess(): Promise<unknown> {
  const row = (await bed.row(await bed.issued())).json as Row;
  return row.last_access === undefined ? "absent" : row.last_access - row.created_at;
}

async function order(): Promise<unknown> {
  const key = await bed.issued({ perms: ["spot", "futures", "wallet"].map((name) => ({ name, read_only: true })) });
  return ((await bed.row(key)).json as Row).perms.map(({ name }) => name).join();
}

async function mainKeys(): Promise<unknown> {
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

const lapses = (): Promise<unknown> =>
  months("unboundLapse", async (own) => {
    const [sub, main] = [await own.issued({ ip_whitelist: [] }), await own.byHand({ permissions: { spot: "read" } })];
    await own.advance("2161h");
    return [(await own.balance(sub)).status, (await own.balance(main)).status];
  });

const lapsesFrom = (): Promise<unknown> =>
  months("unboundFrom", async (own) => {
    const key = await own.issued({ ip_whitelist: [] });
    await own.advance("1000h");
    await own.update(key, { ip_whitelist: [] });
    await own.advance("1200h");
    return (await own.balance(key)).status;
  });

const lapsed = (): Promise<unknown> =>
  months("lapsedShown", async (own) => {
    await own.issued({ ip_whitelist: [] });
    await own.advance("2161h");
    return (await own.list())[0]?.state;
  });

const updatedLate = (): Promise<unknown> =>
  months("lapsedUpdate", async (own) => {
    const key = await own.issued({ ip_whitelist: [] });
    await own.advance("2161h");
    return [outcomeOf(await own.balance(key)), outcomeOf(await own.update(key)), outcomeOf(await own.balance(key))];
  });

const KEY = "401 INVALID_KEY";
const EVERYTHING = { spot: "read-write" };

const cases: readonly (readonly [name: string, value: SwitchValue, observe: () => Promise<unknown>, expected: unknown])[] = [
  ["requestStatus", 401, requestStatuses, [401, 401]],
  ["requestStatus", 400, requestStatuses, [400, 400]],
  ["permissionStatus", 401, permissionStatuses, [401, 401]],
  ["permissionStatus", 403, permissionStatuses, [403, 403]],
  ["textMember", "detail-unless-seen", texts, ["label,detail", "label,detail", "label,message"]],
  ["textMember", "message", texts, ["label,message", "label,message", "label,message"]],
  ["limitLabel", "none", tooMany, [429, undefined]],
  ["limitLabel", "TOO_BUSY", tooMany, [429, "TOO_BUSY"]],
  ["resetUnit", "milliseconds", resets, 13],
  ["resetUnit", "seconds", resets, 10],
  ["deadKey", "INVALID_KEY", () => outcomes(bed.balance(nobody)), [KEY]],
  ["deadKey", "INVALID_CREDENTIALS", () => outcomes(bed.balance(nobody)), ["401 INVALID_CREDENTIALS"]],
  ["stoppedKey", "INVALID_KEY", stopped, [KEY, KEY]],
  ["stoppedKey", "ACCOUNT_LOCKED", stopped, ["401 ACCOUNT_LOCKED", "401 ACCOUNT_LOCKED"]],
  ["stoppedKey", "FORBIDDEN", stopped, ["401 FORBIDDEN", "401 FORBIDDEN"]],
  ["addressFirst", true, barredAndWrong, ["401 IP_FORBIDDEN", "401 IP_FORBIDDEN"]],
  ["addressFirst", false, barredAndWrong, ["401 INVALID_SIGNATURE", "401 IP_FORBIDDEN"]],
  ["signedQuery", "decoded", queries, [200, "401 INVALID_SIGNATURE"]],
  ["signedQuery", "either", queries, [200, 200]],
  ["missingArea", "FORBIDDEN", async () => outcomeOf(await bed.transfer(await bed.issued())), "401 FORBIDDEN"],
  ["missingArea", "READ_ONLY", async () => outcomeOf(await bed.transfer(await bed.issued())), "401 READ_ONLY"],
  ["managingNeeds", "wallet", managers, ["401 FORBIDDEN", "401 FORBIDDEN", 200]],
  ["managingNeeds", "account", managers, ["401 FORBIDDEN", 200, "401 FORBIDDEN"]],
  ["managingNeeds", "nothing", managers, [200, 200, 200]],
  ["accountNeeds", "account", lookers, ["401 FORBIDDEN", "401 FORBIDDEN", 200, 200]],
  ["accountNeeds", "nothing", lookers, [200, 200, 200, 200]],
  ["beyondOwn", "granted", beyond, [200, 200, 200]],
  ["beyondOwn", "refused", beyond, ["401 FORBIDDEN", 200, 200]],
  ["notOwnSub", "SUB_ACCOUNT_NOT_FOUND", others, Array.from({ length: 3 }, () => "400 SUB_ACCOUNT_NOT_FOUND")],
  ["notOwnSub", "FORBIDDEN", others, ["401 FORBIDDEN", "401 FORBIDDEN", "401 FORBIDDEN"]],
  ["absentSubStatus", 400, absentSub, [400, 400]],
  ["absentSubStatus", 404, absentSub, [404, 404]],
  ["absentSubList", "empty", absentList, []],
  ["absentSubList", "refused", absentList, 400],
  ["absentKey", "401-INVALID_KEY", absentKey, [KEY, KEY, KEY]],
  ["absentKey", "400-INVALID_PARAM_VALUE", absentKey, Array.from({ length: 3 }, () => "400 INVALID_PARAM_VALUE")],
  ["absentKey", "404-NOT_FOUND", absentKey, ["404 NOT_FOUND", "404 NOT_FOUND", "404 NOT_FOUND"]],
  ["lockedSub", "alive", lockedOut, 201],
  ["lockedSub", "ACCOUNT_LOCKED", lockedOut, "401 ACCOUNT_LOCKED"],
  ["unknownArea", "dropped", unknownAreas, [EVERYTHING, EVERYTHING]],
  ["unknownArea", "refused", unknownAreas, ["400 INVALID_PARAM_VALUE", "400 INVALID_PARAM_VALUE"]],
  ["readOnlyOmitted", "read-write", () => granted([{ name: "spot" }]), EVERYTHING],
  ["readOnlyOmitted", "read", () => granted([{ name: "spot" }]), { spot: "read" }],
  ["emptyPerms", "accepted", empties, [200, 200, 204]],
  ["emptyPerms", "refused", empties, Array.from({ length: 3 }, () => "400 INVALID_PARAM_VALUE")],
  ["permsOmitted", "cleared", () => silent("perms"), {}],
  ["permsOmitted", "kept", () => silent("perms"), EVERYTHING],
  ["nameOmitted", "cleared", () => silent("name"), ""],
  ["nameOmitted", "kept", () => silent("name"), "bot"],
  ["modeChanged", "ignored", modes, [204, 1, 204]],
  ["modeChanged", "refused", modes, ["400 INVALID_PARAM_VALUE", 1, 204]],
  ["nameMax", 32, lengths, [32, 32, 32, 32]],
  ["nameMax", 64, lengths, [32, 33, 64, 64]],
  ["nameMax", 0, lengths, [32, 33, 64, 65]],
  ["nameTooLong", "cut", () => named(33), 32],
  ["nameTooLong", "refused", () => named(33), "400 INVALID_PARAM_VALUE"],
  ["nameAlphabet", "letters-digits-dashes", letters, [200, 400, 400, 400]],
  ["nameAlphabet", "any", letters, [200, 200, 200, 200]],
  ["namesUnique", false, twins, [200, 204, 204, 200]],
  ["namesUnique", true, twins, ["400 INVALID_PARAM_VALUE", 204, "400 INVALID_PARAM_VALUE", 200]],
  ["keysMax", 5, most, [5, "401 FORBIDDEN"]],
  ["keysMax", 20, most, [20, "401 FORBIDDEN"]],
  ["keysMax", 0, most, [21, 200]],
  ["keysMaxLabel", "FORBIDDEN", tooManyKeys, ["401 FORBIDDEN", 200]],
  ["keysMaxLabel", "BAD_REQUEST", tooManyKeys, ["400 BAD_REQUEST", 200]],
  ["settleSeconds", 300, settles, [201, 201, 401]],
  ["settleSeconds", 60, settles, [201, 401, 401]],
  ["settleSeconds", 0, settles, [401, 401, 401]],
  ["settlesIn", "everything", settlesWhere, [2, 1, 201, 1, 201]],
  ["settlesIn", "use", settlesWhere, [1, 0, 201, 0, 201]],
  ["updatedMember", "update_at", timesOfUpdate, ["update_at"]],
  ["updatedMember", "updated_at", timesOfUpdate, ["updated_at"]],
  ["stateNumbers", "by-page", stateNumbers, [3, 2, 2, 3]],
  ["stateNumbers", "2-locked", stateNumbers, [2, 3, 2, 3]],
  ["stateNumbers", "2-frozen", stateNumbers, [3, 2, 3, 2]],
  ["neverUsed", "created", lastAccess, 0],
  ["neverUsed", "absent", lastAccess, "absent"],
  ["permsOrder", "reversed", order, "wallet,futures,spot"],
  ["permsOrder", "as-sent", order, "spot,futures,wallet"],
  ["mainKeys", "list", mainKeys, 11],
  [
    "mainKeys",
    "own",
    mainKeys,
    {
      state: 1,
      key: { mode: 1 },
      perms: [
        { name: "wallet", read_only: false },
        { name: "account", read_only: false },
      ],
    },
  ],
  ["unboundLapse", "90-days", lapses, [401, 401]],
  ["unboundLapse", "never", lapses, [200, 401]],
  ["unboundFrom", "creation", lapsesFrom, 401],
  ["unboundFrom", "update", lapsesFrom, 200],
  ["lapsedShown", "normal", lapsed, 1],
  ["lapsedShown", "frozen", lapsed, 2],
  ["lapsedShown", "gone", lapsed, undefined],
  ["lapsedUpdate", "stays-dead", updatedLate, [KEY, 204, KEY]],
  ["lapsedUpdate", "revives", updatedLate, [KEY, 204, 200]],
];

test.each(cases)("%s: %j", async (name, value, observe, expected) => {
  await bed.switches({ [name]: value });
  expect(await observe()).toEqual(expected);
});

test("no value of any switch is forgotten above", () => {
  const tried = cases.map(([name, value]) => JSON.stringify([name, value])).sort();
  const there = Object.entries(table).flatMap(([name, row]) => row.values.map((value) => JSON.stringify([name, value])));
  expect(tried).toEqual(there.sort());
});

test("every default is one of its values", () => {
  for (const row of Object.values(table)) expect(row.values).toContain(row.default);
});
