// Every value of every switch of Bitfinex, seen from outside; the console's are in console-cases.ts. The last test says when one is forgotten.

import { dialects } from "../../sandbox/index";
import { Switches, type SwitchTable } from "../../sandbox/switches";
import { ask, Bed, type Answered, type Credentials } from "./caller";
import { consoleCases } from "./console-cases";
import { defaults, testSwitches, type SwitchCase } from "./switching";

const table: SwitchTable = dialects.bitfinex.switches;
const INVALID = ["error", 10001, "token: invalid"];
const PERMISSION = ["error", 10001, "api_key: permission invalid"];
const wanted = { scope: "api", ttl: 3600, caps: ["a"] };

let bed: Bed;
beforeAll(async () => {
  bed = await Bed.open();
});
afterEach(() => bed.switches(defaults(table)));
afterAll(() => bed.close());

const keyWith = (body: Record<string, unknown>): Promise<Credentials & { id: string }> => bed.control.post("/venues/bitfinex/keys", body);
const lives = async (token: string): Promise<boolean> => (await bed.token(token, "auth/r/permissions")).status === 200;
const lifetime = async (token: string): Promise<number> => {
  const listed = await bed.control.get<{ token: string; createdAt: string; expiresAt: string }[]>("/venues/bitfinex/tokens?secrets=true");
  const found = listed.find((candidate) => candidate.token === token);
  return (Date.parse(found?.expiresAt ?? "") - Date.parse(found?.createdAt ?? "")) / 1_000;
};
const tokenOf = ({ json }: Answered): string => (json as [string])[0];
const brief = ({ status, json }: Answered) => [status, json];

/** The answer to a key and to a token from an address that isn't theirs. */
async function barred(): Promise<unknown> {
  await bed.switches({ custIpBinds: true });
  const token = await bed.mint({ _cust_ip: "203.0.113.10" });
  const answers = [
    await bed.key("auth/r/permissions", {}, { from: "127.0.0.2" }),
    await bed.token(token, "auth/r/permissions", {}, { from: "127.0.0.2" }),
  ];
  return answers.map(({ json }) => json);
}

async function invalidCode(): Promise<unknown> {
  return ((await bed.token("sandbox-pub:api:none-read", "auth/r/permissions")).json as unknown[])[1];
}

async function bound(): Promise<unknown> {
  const listed = await bed.mint({ _cust_ip: "203.0.113.77" });
  const zero = await bed.mint({ _cust_ip: "0" });
  const own = await bed.mint({ _cust_ip: "203.0.113.10" });
  return [await lives(listed), await lives(zero), await lives(own)];
}

async function elsewhere(): Promise<unknown> {
  const token = await bed.mint();
  const child = tokenOf(await bed.token(token, "auth/w/token", wanted));
  const statuses: number[] = [];
  for (const each of [token, child]) statuses.push((await bed.token(each, "auth/r/permissions", {}, { from: "127.0.0.2" })).status);
  return statuses;
}

async function sameNonceTwice(): Promise<unknown> {
  const token = await bed.mint();
  await bed.token(token, "auth/r/permissions", {}, { nonce: "5" });
  return (await bed.token(token, "auth/r/permissions", {}, { nonce: "5" })).status;
}

async function deletedByKey(): Promise<unknown> {
  const token = await bed.mint();
  return [(await bed.key("auth/w/token/del", { token })).json, await lives(token)];
}

async function deletedTwice(): Promise<unknown> {
  const token = await bed.mint();
  const answers: unknown[] = [];
  for (let n = 0; n < 2; n++) answers.push((await bed.token(token, "auth/w/token/del", { token })).json);
  answers.push((await bed.token(token, "auth/w/token/del", { token: await bed.mint() })).json, await lives(token));
  return answers;
}

async function orphaned(): Promise<unknown> {
  const key = await keyWith({ permissions: { account: "read-write" } });
  const token = tokenOf(await bed.key("auth/w/token", wanted, { key }));
  const child = tokenOf(await bed.token(token, "auth/w/token", wanted));
  await bed.control.delete(`/venues/bitfinex/keys/${key.id}`);
  return [await lives(token), await lives(child)];
}

async function mintedByTokens(): Promise<unknown> {
  const reader = await bed.mint();
  const writer = await bed.mint({ writePermission: true });
  return [(await bed.token(reader, "auth/w/token", wanted)).status, (await bed.token(writer, "auth/w/token", wanted)).status];
}

async function mintedByKeys(): Promise<unknown> {
  const statuses: number[] = [];
  for (const permissions of [{}, { account: "read-write" }, { settings: "write" }]) {
    const answer = await bed.key("auth/w/token", wanted, { key: await keyWith({ permissions }) });
    if (answer.status !== 200) expect(answer.json).toEqual(PERMISSION);
    statuses.push(answer.status);
  }
  return statuses;
}

async function beyondParent(): Promise<unknown> {
  await bed.switches({ capsExtraScopes: "none" });
  const answer = await bed.key("auth/w/token", { ...wanted, caps: ["a", "wd"], writePermission: true });
  return answer.status === 200 ? bed.scopes(tokenOf(answer)) : answer.json;
}

const scopesOfMinted = async (params: Record<string, unknown> = {}): Promise<unknown> => bed.scopes(await bed.mint(params));

async function withoutCaps(): Promise<unknown> {
  await bed.switches({ capsExtraScopes: "none" });
  const answers = [await bed.key("auth/w/token", { scope: "api" }), await bed.key("auth/w/token", { scope: "api", caps: [] })];
  return Promise.all(answers.map((answer) => (answer.status === 200 ? bed.scopes(tokenOf(answer)) : answer.json)));
}

async function longLived(): Promise<unknown> {
  await bed.switches({ ttlBeyondMax: "refused" });
  const statuses: number[] = [];
  for (const ttl of [3_600, 3_601, 86_400, 86_401, 604_800, 604_801])
    statuses.push((await bed.key("auth/w/token", { ...wanted, ttl })).status);
  return statuses;
}

async function shortLived(): Promise<unknown> {
  const statuses: number[] = [];
  for (const ttl of [1, 59, 60, 119, 120]) statuses.push((await bed.key("auth/w/token", { ...wanted, ttl })).status);
  return statuses;
}

async function tooLong(): Promise<unknown> {
  const answer = await bed.key("auth/w/token", { ...wanted, ttl: 1_000_000 });
  return answer.status === 200 ? lifetime(tokenOf(answer)) : answer.json;
}

async function maintained(): Promise<unknown> {
  await bed.control.put("/venues/bitfinex/maintenance", { on: true });
  const answer = await bed.key("auth/r/permissions");
  await bed.control.put("/venues/bitfinex/maintenance", { on: false });
  return brief(answer);
}

async function limited(): Promise<unknown> {
  await bed.fault("auth/r/permissions", { kind: "429" });
  return brief(await bed.key("auth/r/permissions"));
}

async function withoutAccount(): Promise<unknown> {
  const key = await keyWith({ permissions: { orders: "read" } });
  const answers: number[] = [];
  for (const path of ["auth/r/info/user", "auth/r/logins/hist", "auth/r/audit/hist"])
    answers.push((await bed.key(path, {}, { key })).status);
  return answers;
}

async function texts(): Promise<unknown> {
  const account = await bed.control.post<{ id: number }>("/venues/bitfinex/accounts");
  const key = await keyWith({ accountId: account.id, permissions: { account: "read" } });
  const other = await keyWith({ accountId: account.id });
  const token = tokenOf(await bed.key("auth/w/token", wanted, { key }));
  await bed.token(token, "auth/w/token/del", { token });
  await bed.control.patch(`/venues/bitfinex/keys/${other.id}`, { label: "renamed" });
  await bed.control.delete(`/venues/bitfinex/keys/${other.id}`);
  const rows = (await bed.key("auth/r/audit/hist", {}, { key })).json as unknown[][];
  return rows.map((row) => (row[2] as string).replace("settings: ", ""));
}

async function objects(): Promise<unknown> {
  const logins = (await bed.key("auth/r/logins/hist")).json as unknown[][];
  const audit = (await bed.key("auth/r/audit/hist")).json as unknown[][];
  return [typeof logins[0]?.[7], typeof audit[0]?.[6]];
}

const all = { account: "r", history: "r", orders: "r", positions: "r", funding: "r", settings: "r", wallets: "r", bfxpay: "r" };

const cases: readonly SwitchCase[] = [
  ["ipRefusal", "apikey-invalid", barred, [["error", 10100, "apikey: invalid"], INVALID]],
  [
    "ipRefusal",
    "own-error",
    barred,
    [
      ["error", 10100, "ip: invalid"],
      ["error", 10100, "ip: invalid"],
    ],
  ],
  ["tokenInvalidCode", 10001, invalidCode, 10001],
  ["tokenInvalidCode", 10100, invalidCode, 10100],
  ["tokenInvalidCode", 10112, invalidCode, 10112],
  ["tokenInvalidCode", 10114, invalidCode, 10114],
  ["custIpBinds", false, bound, [true, true, true]],
  ["custIpBinds", true, bound, [false, true, true]],
  ["tokenIps", "free", elsewhere, [200, 200]],
  ["tokenIps", "as-parent", elsewhere, [500, 500]],
  ["tokenNonce", "per-token", sameNonceTwice, 500],
  ["tokenNonce", "ignored", sameNonceTwice, 200],
  ["tokenDelBy", "own-token", deletedByKey, [INVALID, true]],
  ["tokenDelBy", "same-user", deletedByKey, [[1], false]],
  ["tokenDelRefusal", "token-invalid", deletedByKey, [INVALID, true]],
  ["tokenDelRefusal", "permission", deletedByKey, [PERMISSION, true]],
  ["tokenDelOfDead", "token-invalid", deletedTwice, [[1], INVALID, INVALID, false]],
  ["tokenDelOfDead", "[1]", deletedTwice, [[1], [1], INVALID, false]],
  ["tokensOutliveParent", true, orphaned, [true, true]],
  ["tokensOutliveParent", false, orphaned, [false, false]],
  ["tokensMayMint", "all", mintedByTokens, [200, 200]],
  ["tokensMayMint", "write", mintedByTokens, [500, 200]],
  ["tokensMayMint", "none", mintedByTokens, [500, 500]],
  ["mintNeeds", "nothing", mintedByKeys, [200, 200, 200]],
  ["mintNeeds", "account:write", mintedByKeys, [500, 200, 500]],
  ["mintNeeds", "settings:write", mintedByKeys, [500, 500, 200]],
  ["capsBeyondParent", "dropped", beyondParent, { account: "rw" }],
  ["capsBeyondParent", "refused", beyondParent, ["error", 10020, "caps: invalid"]],
  ["capsBeyondParent", "granted", beyondParent, { account: "rw", withdraw: "rw" }],
  ["capsExtraScopes", "none", scopesOfMinted, { account: "r" }],
  ["capsExtraScopes", "history-read", scopesOfMinted, { account: "r", history: "r" }],
  ["capsExtraScopes", "history-write", scopesOfMinted, { account: "r", history: "rw" }],
  ["capsExtraScopes", "withdraw-write", scopesOfMinted, { account: "r", withdraw: "w" }],
  ["capsExtraScopes", "unknown-write", scopesOfMinted, { account: "r", sandbox_unlisted: "rw" }],
  ["capsOmitted", "all-of-parent", withoutCaps, [all, all]],
  ["capsOmitted", "none", withoutCaps, [{}, {}]],
  [
    "capsOmitted",
    "refused",
    withoutCaps,
    [
      ["error", 10020, "caps: invalid"],
      ["error", 10020, "caps: invalid"],
    ],
  ],
  [
    "capsLegacy",
    "refused",
    async () => brief(await bed.key("auth/w/token", { ...wanted, caps: ["h"] })),
    [500, ["error", 10020, "caps: invalid"]],
  ],
  ["capsLegacy", "accepted", () => scopesOfMinted({ caps: ["h", "p"] }), { history: "r", positions: "r" }],
  ["scopeOmitted", "refused", async () => (await bed.key("auth/w/token", { caps: ["a"] })).json, ["error", 10020, "scope: invalid"]],
  ["scopeOmitted", "api", async () => (await bed.key("auth/w/token", { caps: ["a"] })).status, 200],
  ["ttlMax", 604800, longLived, [200, 200, 200, 200, 200, 500]],
  ["ttlMax", 86400, longLived, [200, 200, 200, 500, 500, 500]],
  ["ttlMax", 3600, longLived, [200, 500, 500, 500, 500, 500]],
  ["ttlMax", 0, longLived, [200, 200, 200, 200, 200, 200]],
  ["ttlMin", 1, shortLived, [200, 200, 200, 200, 200]],
  ["ttlMin", 60, shortLived, [500, 500, 200, 200, 200]],
  ["ttlMin", 120, shortLived, [500, 500, 500, 500, 200]],
  ["ttlBeyondMax", "capped", tooLong, 604_800],
  ["ttlBeyondMax", "refused", tooLong, ["error", 10020, "ttl: invalid"]],
  ["paramsStatus", 500, async () => (await bed.key("auth/w/token", {})).status, 500],
  ["paramsStatus", 400, async () => (await bed.key("auth/w/token", {})).status, 400],
  ["rateLimitStatus", 429, limited, [429, ["error", 11010, "ratelimit: error"]]],
  ["rateLimitStatus", 200, limited, [200, ["error", 11010, "ratelimit: error"]]],
  ["maintenanceAnswer", "20060-as-200", maintained, [200, ["error", 20060, "maintenance"]]],
  ["maintenanceAnswer", "20060-as-500", maintained, [500, ["error", 20060, "maintenance"]]],
  ["maintenanceAnswer", "503-object", maintained, [503, expect.objectContaining({ error: "temporarily_unavailable" })]],
  ["accountNeeds", "account:read", withoutAccount, [500, 500, 500]],
  ["accountNeeds", "nothing", withoutAccount, [200, 200, 200]],
  ["permissionRows", 14, async () => ((await bed.key("auth/r/permissions")).json as unknown[]).length, 14],
  ["permissionRows", 10, async () => ((await bed.key("auth/r/permissions")).json as unknown[]).length, 10],
  ["auditTexts", "none", texts, ["api key created", "api key created"]],
  [
    "auditTexts",
    "guessed",
    texts,
    ["api key revoked", "api key edited", "token deleted", "token created", "api key created", "api key created"],
  ],
  ["objectsAs", "string", objects, ["string", "string"]],
  ["objectsAs", "object", objects, ["object", "object"]],
  ...consoleCases(() => bed),
];

testSwitches(table, cases, { bed: () => bed, again: true });

test("a patch with one mistake changes nothing", () => {
  const switches = new Switches(table);
  const before = switches.all();
  expect(() => switches.patch({ ipRefusal: "own-error", nonsense: 1 })).toThrow(/nonsense: no such switch/);
  expect(switches.all()).toEqual(before);
});

test("a public endpoint needs no credential under any of them", async () => {
  expect((await ask(bed.url, "/v2/platform/status", { method: "GET" })).json).toEqual([1]);
});
