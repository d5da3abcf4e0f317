// Every value of every switch of Deribit, seen from outside. The last tests say when one is forgotten.

import { constants, createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import { dialects } from "../../sandbox/index";
import type { SwitchTable, SwitchValue } from "../../sandbox/switches";
import { codeOf, DeribitBed, resultOf, SUMMARY, type ApiKey } from "./deribit-caller";

const table: SwitchTable = dialects.deribit.switches;

let bed: DeribitBed;
beforeAll(async () => {
  bed = await DeribitBed.open();
});
afterEach(async () => {
  await bed.switches(Object.fromEntries(Object.keys(table).map((name) => [name, null])));
  await bed.clear();
});
afterAll(() => bed.close());

const from = "127.0.0.2";
const signIn = { grant_type: "client_credentials" };

async function refused(): Promise<unknown> {
  return (await bed.get("private/nothing")).status;
}

async function limited(): Promise<unknown> {
  await bed.fault("private/list_api_keys", { kind: "429" });
  return (await bed.list()).status;
}

async function environment(): Promise<unknown> {
  return ((await bed.list()).json as { testnet: boolean }).testnet;
}

async function unknown(): Promise<unknown> {
  const key = await bed.issued();
  await bed.remove(key.id);
  return [codeOf(await bed.summary(key)), codeOf(await bed.summary({ apiKey: "sandbox-nobody", apiSecret: "x" }))];
}

async function barred(): Promise<unknown> {
  const token = await bed.token(bed.account, "account:read ip:203.0.113.10");
  return [codeOf(await bed.get(SUMMARY, { from })), codeOf(await bed.get(SUMMARY, { from, token }))];
}

async function disabled(): Promise<unknown> {
  return codeOf(await bed.summary(await bed.byHand({ permissions: ["account:read"], enabled: false })));
}

async function stale(): Promise<unknown> {
  await bed.get(SUMMARY, { nonce: "twice" });
  const late = await bed.get(SUMMARY, { timestamp: (await bed.time()) - 120_000 });
  const answer = [codeOf(late), codeOf(await bed.get(SUMMARY, { nonce: "twice" }))];
  await bed.control.post("/clock", { advance: "5m" });
  return answer;
}

async function withoutScope(): Promise<unknown> {
  return codeOf(await bed.order(await bed.issued()));
}

async function missing(): Promise<unknown> {
  return codeOf(await bed.call("private/remove_api_key"));
}

async function wrong(): Promise<unknown> {
  return codeOf(await bed.create({ name: "hyphen-ated" }));
}

async function listAtBirth(): Promise<unknown> {
  const answer = await bed.create({ ip_whitelist: ["203.0.113.11"], name: "bound" });
  if (codeOf(answer) !== 0) return codeOf(answer);
  return (await bed.desk(resultOf<ApiKey>(answer).client_id)).allowedIps;
}

async function arrayInQuery(): Promise<unknown> {
  const { id, apiKey } = await bed.issued();
  const list = encodeURIComponent('["203.0.113.11"]');
  const answer = await bed.get(`private/edit_api_key?id=${id}&max_scope=account:read&ip_whitelist=${list}`);
  return [codeOf(answer), (await bed.desk(apiKey)).allowedIps];
}

async function unknownId(): Promise<unknown> {
  return codeOf(await bed.remove(99));
}

async function afterRemoval(): Promise<unknown> {
  const { id } = await bed.issued();
  await bed.remove(id);
  return (await bed.issued()).id === id;
}

async function ninth(): Promise<unknown> {
  for (let n = 0; n < 7; n++) await bed.issued();
  return codeOf(await bed.create());
}

async function encodings(): Promise<unknown> {
  return [codeOf(await bed.create({ max_scope: "account:read" })), codeOf(await bed.create({ max_scope: ["account:read"] }))];
}

async function bare(): Promise<unknown> {
  const codes: number[] = [];
  for (const max_scope of ["account:none", ["account:none", "trade:none"], "", []]) codes.push(codeOf(await bed.create({ max_scope })));
  const { id } = await bed.issued();
  for (const max_scope of ["account:none", ""]) codes.push(codeOf(await bed.edit(id, { max_scope })));
  return codes;
}

async function custody(): Promise<unknown> {
  // The managing key has none, so that what is taken is beyond it.
  return [codeOf(await bed.create({ max_scope: "custody:read" })), codeOf(await bed.create({ max_scope: "custody:read_write" }))];
}

async function scopeText(): Promise<unknown> {
  return (await bed.issued({ max_scope: "wallet:read trade:read account:read" })).max_scope;
}

async function nones(): Promise<unknown> {
  return (await bed.issued({ max_scope: "wallet:none trade:read" })).max_scope;
}

async function names(): Promise<unknown> {
  return [codeOf(await bed.create({ name: "Public key 1" })), codeOf(await bed.create({ name: "seventeen letters" }))];
}

async function sameName(): Promise<unknown> {
  const { id } = await bed.issued({ name: "one" });
  const other = await bed.issued({ name: "" });
  return [
    codeOf(await bed.create({ name: "one" })),
    codeOf(await bed.create({ name: "" })),
    codeOf(await bed.edit(other.id, { name: "one" })),
    codeOf(await bed.edit(id, { name: "one" })),
  ];
}

async function editAlone(): Promise<unknown> {
  const { id, apiKey } = await bed.issued({ max_scope: "trade:read" });
  const codes = [codeOf(await bed.call("private/edit_api_key", { id, name: "x" })), codeOf(await bed.call("private/edit_api_key", { id }))];
  return [...codes, (await bed.desk(apiKey)).permissions.join()];
}

async function omitted(): Promise<unknown> {
  const { id, apiKey } = await bed.issued({ name: "kept", enabled_features: ["restricted_block_trades"] });
  await bed.edit(id, { name: "kept", enabled_features: ["restricted_block_trades"], ip_whitelist: ["203.0.113.11"], enabled: false });
  await bed.edit(id, { max_scope: "trade:read" });
  const { label, allowedIps, enabled } = await bed.desk(apiKey);
  return [label, allowedIps, enabled];
}

async function emptied(): Promise<unknown> {
  const { id, apiKey } = await bed.issued();
  await bed.edit(id, { ip_whitelist: ["203.0.113.11"] });
  const code = codeOf(await bed.edit(id, { ip_whitelist: [] }));
  return [code, (await bed.desk(apiKey)).allowedIps];
}

async function formats(): Promise<unknown> {
  const { id } = await bed.issued();
  const codes: number[] = [];
  for (const ip of ["203.0.113.1", "2001:db8::1", "203.0.113.0/24", "2001:db8::/64", "203.0.113.0/33", "*"])
    codes.push(codeOf(await bed.edit(id, { ip_whitelist: [ip] })));
  return codes.map((code) => code === 0);
}

async function ranged(): Promise<unknown> {
  const key = await bed.issued();
  await bed.edit(key.id, { ip_whitelist: ["203.0.113.11/32", "2001:db8::/64"] });
  return [codeOf(await bed.summary(key, { from })), codeOf(await bed.summary(key))];
}

async function many(): Promise<unknown> {
  const { id } = await bed.issued();
  const ips = (count: number): string[] => Array.from({ length: count }, (_, n) => `198.51.100.${n}`);
  return [codeOf(await bed.edit(id, { ip_whitelist: ips(10) })), codeOf(await bed.edit(id, { ip_whitelist: ips(11) }))];
}

async function echoed(): Promise<unknown> {
  const { id } = await bed.issued();
  const sent = ["203.0.113.9", "203.0.113.10", "203.0.113.9"];
  return resultOf<ApiKey>(await bed.edit(id, { ip_whitelist: sent })).ip_whitelist;
}

async function echoedV6(): Promise<unknown> {
  await bed.switches({ ipFormats: "addresses-and-ranges" });
  const { id } = await bed.issued();
  return resultOf<ApiKey>(await bed.edit(id, { ip_whitelist: ["2001:0DB8:0::1", "2001:db8:0:0::/64"] })).ip_whitelist;
}

async function emptyMembers(): Promise<unknown> {
  const made = await bed.issued();
  return ["ip_whitelist" in made, "enabled_features" in made];
}

async function secretsListed(): Promise<unknown> {
  const { client_secret } = await bed.issued();
  return resultOf<ApiKey[]>(await bed.list()).at(-1)?.client_secret === client_secret;
}

async function listedBeyond(): Promise<unknown> {
  await bed.byHand({ permissions: ["wallet:read_write"] });
  const answer = await bed.list();
  return codeOf(answer) || resultOf<ApiKey[]>(answer).map((key) => "client_secret" in key);
}

async function resetPublic(): Promise<unknown> {
  const pem = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" });
  const made = resultOf<ApiKey>(await bed.create({ public_key: pem }));
  const answer = await bed.call("private/reset_api_key", { id: made.id });
  return codeOf(answer) || resultOf<ApiKey>(answer).client_secret === made.client_secret;
}

async function outlived(): Promise<unknown> {
  const codes: number[] = [];
  for (const end of ["remove_api_key", "disable_api_key", "reset_api_key"]) {
    const key = await bed.issued();
    const token = await bed.token(key);
    await bed.control.post("/clock", { advance: "1s" });
    await bed.call(`private/${end}`, { id: key.id });
    codes.push(codeOf(await bed.get(SUMMARY, { token })));
  }
  return codes;
}

async function narrowed(): Promise<unknown> {
  const key = await bed.issued({ max_scope: "trade:read_write account:read" });
  const token = await bed.token(key);
  await bed.edit(key.id, { max_scope: "account:read" });
  return [codeOf(await bed.order(key, { token })), codeOf(await bed.get(SUMMARY, { token }))];
}

async function tokenFrom(): Promise<unknown> {
  const token = await bed.token(bed.account, "account:read");
  return [codeOf(await bed.get(SUMMARY, { token, from })), codeOf(await bed.get(SUMMARY, { token }))];
}

async function life(): Promise<unknown> {
  const { apiKey: client_id, apiSecret: client_secret } = bed.account;
  const { expires_in, access_token } = resultOf<{ expires_in: number; access_token: string }>(
    await bed.auth({ ...signIn, client_id, client_secret }),
  );
  await bed.control.post("/clock", { advance: "16m" });
  return [expires_in, codeOf(await bed.get(SUMMARY, { token: access_token }))];
}

const rsa = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

async function paddings(): Promise<unknown> {
  const { client_id } = resultOf<ApiKey>(await bed.create({ public_key: rsa.publicKey }));
  const codes: number[] = [];
  for (const padding of [constants.RSA_PKCS1_PADDING, constants.RSA_PKCS1_PSS_PADDING]) {
    const timestamp = await bed.time();
    const text = Buffer.from(`${timestamp}\nn${padding}\n`);
    const signature = sign("sha256", text, { key: createPrivateKey(rsa.privateKey), padding }).toString("base64url");
    codes.push(codeOf(await bed.auth({ grant_type: "client_signature", client_id, timestamp, nonce: `n${padding}`, signature })));
  }
  return codes;
}

const cases: [string, SwitchValue, () => Promise<unknown>, unknown][] = [
  ["errorStatus", 200, refused, 200],
  ["errorStatus", 400, refused, 400],
  ["rateLimitStatus", "as-errors", limited, 200],
  ["rateLimitStatus", 429, limited, 429],
  ["testnet", false, environment, false],
  ["testnet", true, environment, true],
  ["unknownKey", 13004, unknown, [13004, 13004]],
  ["unknownKey", 13009, unknown, [13009, 13009]],
  ["unknownKey", 10000, unknown, [10000, 10000]],
  ["ipRefusal", "as-unknown-key", barred, [13004, 13009]],
  ["ipRefusal", 13009, barred, [13009, 13009]],
  ["ipRefusal", 11042, barred, [11042, 11042]],
  ["disabledRefusal", "as-unknown-key", disabled, 13004],
  ["disabledRefusal", 13009, disabled, 13009],
  ["disabledRefusal", 13021, disabled, 13021],
  ["staleCode", 13009, stale, [13009, 13009]],
  ["staleCode", 10000, stale, [10000, 10000]],
  ["staleCode", 13004, stale, [13004, 13004]],
  ["permissionCode", 13009, withoutScope, 13009],
  ["permissionCode", 13021, withoutScope, 13021],
  ["permissionCode", 11042, withoutScope, 11042],
  ["permissionCode", 13403, withoutScope, 13403],
  ["missingParam", -32602, missing, -32602],
  ["missingParam", -32000, missing, -32000],
  ["missingParam", 13010, missing, 13010],
  ["invalidParam", -32602, wrong, -32602],
  ["invalidParam", 11029, wrong, 11029],
  ["invalidParam", 13016, wrong, 13016],
  ["invalidParam", 11050, wrong, 11050],
  ["unknownParams", "ignored", listAtBirth, []],
  ["unknownParams", "refused", listAtBirth, -32602],
  ["queryArrays", "refused", arrayInQuery, [-32602, []]],
  ["queryArrays", "json", arrayInQuery, [0, ["203.0.113.11"]]],
  ["unknownId", -32602, unknownId, -32602],
  ["unknownId", 13020, unknownId, 13020],
  ["unknownId", 13021, unknownId, 13021],
  ["idsReused", true, afterRemoval, true],
  ["idsReused", false, afterRemoval, false],
  ["keyLimitCode", -32602, ninth, -32602],
  ["keyLimitCode", 11029, ninth, 11029],
  ["keyLimitCode", 13021, ninth, 13021],
  ["maxScopeTakes", "either", encodings, [0, 0]],
  ["maxScopeTakes", "string", encodings, [0, -32602]],
  ["maxScopeTakes", "array", encodings, [-32602, 0]],
  ["bareScope", "words-only", bare, [0, 0, -32602, -32602, 0, -32602]],
  ["bareScope", "accepted", bare, [0, 0, 0, 0, 0, 0]],
  ["bareScope", "refused", bare, [-32602, -32602, -32602, -32602, -32602, -32602]],
  ["custodyWrite", false, custody, [13403, -32602]],
  ["custodyWrite", true, custody, [13403, 13403]],
  ["scopeOrder", "turned", scopeText, "trade:read account:read wallet:read"],
  ["scopeOrder", "sorted", scopeText, "account:read trade:read wallet:read"],
  ["noneShown", true, nones, "trade:read wallet:none"],
  ["noneShown", false, nones, "trade:read"],
  ["nameAlphabet", "documented", names, [-32602, -32602]],
  ["nameAlphabet", "any", names, [0, -32602]],
  ["namesUnique", false, sameName, [0, 0, 0, 0]],
  ["namesUnique", true, sameName, [-32602, 0, -32602, 0]],
  ["editNeedsScope", true, editAlone, [-32602, -32602, "trade:read"]],
  ["editNeedsScope", false, editAlone, [0, -32602, "trade:read"]],
  ["editOmitted", "cleared", omitted, ["", [], false]],
  ["editOmitted", "kept", omitted, ["kept", ["203.0.113.11"], false]],
  ["emptyIps", "from-anywhere", emptied, [0, []]],
  ["emptyIps", "kept", emptied, [0, ["203.0.113.11"]]],
  ["emptyIps", "refused", emptied, [-32602, ["203.0.113.11"]]],
  ["ipFormats", "ipv4", formats, [true, false, false, false, false, false]],
  ["ipFormats", "ipv4-and-ipv6", formats, [true, true, false, false, false, false]],
  ["ipFormats", "addresses-and-ranges", formats, [true, true, true, true, false, false]],
  ["ipFormats", "addresses-and-ranges", ranged, [0, 13004]],
  ["mostIps", 10, many, [0, -32602]],
  ["mostIps", 0, many, [0, 0]],
  ["ipEcho", "rewritten", echoed, ["203.0.113.10", "203.0.113.9"]],
  ["ipEcho", "as-sent", echoed, ["203.0.113.9", "203.0.113.10", "203.0.113.9"]],
  ["ipEcho", "rewritten", echoedV6, ["2001:db8::/64", "2001:db8::1"]],
  ["emptyMembers", "absent", emptyMembers, [false, false]],
  ["emptyMembers", "shown", emptyMembers, [true, true]],
  ["listSecrets", "shown", secretsListed, true],
  ["listSecrets", "absent", secretsListed, false],
  ["listBeyondScope", "hidden", listedBeyond, [true, false]],
  ["listBeyondScope", "13403", listedBeyond, 13403],
  ["resetOfPublicKey", "unchanged", resetPublic, true],
  ["resetOfPublicKey", "refused", resetPublic, -32602],
  ["tokensOutliveKey", true, outlived, [0, 0, 0]],
  ["tokensOutliveKey", false, outlived, [13009, 13009, 13009]],
  ["tokenScopes", "as-issued", narrowed, [0, 0]],
  ["tokenScopes", "as-key", narrowed, [13009, 0]],
  ["tokenIps", "free", tokenFrom, [0, 0]],
  ["tokenIps", "as-key", tokenFrom, [13009, 0]],
  ["accessTokenSeconds", 31_536_000, life, [31_536_000, 0]],
  ["accessTokenSeconds", 900, life, [900, 13009]],
  ["rsaPadding", "pkcs1", paddings, [0, 13009]],
  ["rsaPadding", "pss", paddings, [13009, 0]],
];

test.each(cases)("%s: %j", async (name, value, observe, expected) => {
  await bed.switches({ [name]: value });
  expect(await observe()).toEqual(expected);
});

test("no value of any switch is forgotten above", () => {
  const tried = new Set(cases.map(([name, value]) => JSON.stringify([name, value])));
  const there = Object.entries(table).flatMap(([name, row]) => row.values.map((value) => JSON.stringify([name, value])));
  expect([...tried].sort()).toEqual(there.sort());
});

test("every default is one of its values", () => {
  for (const row of Object.values(table)) expect(row.values).toContain(row.default);
});
