// What Deribit lets one see under each value of a switch, asked from outside.

import { constants, createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import { dialects } from "../../sandbox/index";
import type { SwitchTable } from "../../sandbox/switches";
import { codeOf, DeribitBed, resultOf, SUMMARY, type ApiKey } from "./deribit-caller";
import { defaults } from "./switching";

export const table: SwitchTable = dialects.deribit.switches;

export let bed: DeribitBed;

/** A sandbox for the tests of a file, its switches as they were at first before each. */
export function inBed(): void {
  beforeAll(async () => {
    bed = await DeribitBed.open();
  });
  afterEach(async () => {
    await bed.switches(defaults(table));
    await bed.clear();
  });
  afterAll(() => bed.close());
}

export const from = "127.0.0.2";
const signIn = { grant_type: "client_credentials" };

export async function refused(): Promise<unknown> {
  return (await bed.get("private/nothing")).status;
}

export async function limited(): Promise<unknown> {
  await bed.fault("private/list_api_keys", { kind: "429" });
  return (await bed.list()).status;
}

export async function environment(): Promise<unknown> {
  return ((await bed.list()).json as { testnet: boolean }).testnet;
}

export async function unknown(): Promise<unknown> {
  const key = await bed.issued();
  await bed.remove(key.id);
  return [codeOf(await bed.summary(key)), codeOf(await bed.summary({ apiKey: "sandbox-nobody", apiSecret: "x" }))];
}

export async function barred(): Promise<unknown> {
  const token = await bed.token(bed.account, "account:read ip:203.0.113.10");
  return [codeOf(await bed.get(SUMMARY, { from })), codeOf(await bed.get(SUMMARY, { from, token }))];
}

export async function disabled(): Promise<unknown> {
  return codeOf(await bed.summary(await bed.byHand({ permissions: ["account:read"], enabled: false })));
}

export async function stale(): Promise<unknown> {
  await bed.get(SUMMARY, { nonce: "twice" });
  const late = await bed.get(SUMMARY, { timestamp: (await bed.time()) - 120_000 });
  const answer = [codeOf(late), codeOf(await bed.get(SUMMARY, { nonce: "twice" }))];
  await bed.control.post("/clock", { advance: "5m" });
  return answer;
}

export async function withoutScope(): Promise<unknown> {
  return codeOf(await bed.order(await bed.issued()));
}

export async function missing(): Promise<unknown> {
  return codeOf(await bed.call("private/remove_api_key"));
}

export async function wrong(): Promise<unknown> {
  return codeOf(await bed.create({ name: "hyphen-ated" }));
}

export async function listAtBirth(): Promise<unknown> {
  const answer = await bed.create({ ip_whitelist: ["203.0.113.11"], name: "bound" });
  if (codeOf(answer) !== 0) return codeOf(answer);
  return (await bed.desk(resultOf<ApiKey>(answer).client_id)).allowedIps;
}

export async function arrayInQuery(): Promise<unknown> {
  const { id, apiKey } = await bed.issued();
  const list = encodeURIComponent('["203.0.113.11"]');
  const answer = await bed.get(`private/edit_api_key?id=${id}&max_scope=account:read&ip_whitelist=${list}`);
  return [codeOf(answer), (await bed.desk(apiKey)).allowedIps];
}

export async function unknownId(): Promise<unknown> {
  return codeOf(await bed.remove(99));
}

export async function afterRemoval(): Promise<unknown> {
  const { id } = await bed.issued();
  await bed.remove(id);
  return (await bed.issued()).id === id;
}

export async function ninth(): Promise<unknown> {
  for (let n = 0; n < 7; n++) await bed.issued();
  return codeOf(await bed.create());
}

export async function encodings(): Promise<unknown> {
  return [codeOf(await bed.create({ max_scope: "account:read" })), codeOf(await bed.create({ max_scope: ["account:read"] }))];
}

export async function bare(): Promise<unknown> {
  const codes: number[] = [];
  for (const max_scope of ["account:none", ["account:none", "trade:none"], "", []]) codes.push(codeOf(await bed.create({ max_scope })));
  const { id } = await bed.issued();
  for (const max_scope of ["account:none", ""]) codes.push(codeOf(await bed.edit(id, { max_scope })));
  return codes;
}

export async function custody(): Promise<unknown> {
  // The managing key has none, so that what is taken is beyond it.
  return [codeOf(await bed.create({ max_scope: "custody:read" })), codeOf(await bed.create({ max_scope: "custody:read_write" }))];
}

export async function scopeText(): Promise<unknown> {
  return (await bed.issued({ max_scope: "wallet:read trade:read account:read" })).max_scope;
}

export async function nones(): Promise<unknown> {
  return (await bed.issued({ max_scope: "wallet:none trade:read" })).max_scope;
}

export async function names(): Promise<unknown> {
  return [codeOf(await bed.create({ name: "Public key 1" })), codeOf(await bed.create({ name: "seventeen letters" }))];
}

export async function sameName(): Promise<unknown> {
  const { id } = await bed.issued({ name: "one" });
  const other = await bed.issued({ name: "" });
  return [
    codeOf(await bed.create({ name: "one" })),
    codeOf(await bed.create({ name: "" })),
    codeOf(await bed.edit(other.id, { name: "one" })),
    codeOf(await bed.edit(id, { name: "one" })),
  ];
}

export async function editAlone(): Promise<unknown> {
  const { id, apiKey } = await bed.issued({ max_scope: "trade:read" });
  const codes = [codeOf(await bed.call("private/edit_api_key", { id, name: "x" })), codeOf(await bed.call("private/edit_api_key", { id }))];
  return [...codes, (await bed.desk(apiKey)).permissions.join()];
}

export async function omitted(): Promise<unknown> {
  const { id, apiKey } = await bed.issued({ name: "kept", enabled_features: ["restricted_block_trades"] });
  await bed.edit(id, { name: "kept", enabled_features: ["restricted_block_trades"], ip_whitelist: ["203.0.113.11"], enabled: false });
  await bed.edit(id, { max_scope: "trade:read" });
  const { label, allowedIps, enabled } = await bed.desk(apiKey);
  return [label, allowedIps, enabled];
}

export async function emptied(): Promise<unknown> {
  const { id, apiKey } = await bed.issued();
  await bed.edit(id, { ip_whitelist: ["203.0.113.11"] });
  const code = codeOf(await bed.edit(id, { ip_whitelist: [] }));
  return [code, (await bed.desk(apiKey)).allowedIps];
}

export async function formats(): Promise<unknown> {
  const { id } = await bed.issued();
  const codes: number[] = [];
  for (const ip of ["203.0.113.1", "2001:db8::1", "203.0.113.0/24", "2001:db8::/64", "203.0.113.0/33", "*"])
    codes.push(codeOf(await bed.edit(id, { ip_whitelist: [ip] })));
  return codes.map((code) => code === 0);
}

export async function ranged(): Promise<unknown> {
  const key = await bed.issued();
  await bed.edit(key.id, { ip_whitelist: ["203.0.113.11/32", "2001:db8::/64"] });
  return [codeOf(await bed.summary(key, { from })), codeOf(await bed.summary(key))];
}

export async function many(): Promise<unknown> {
  const { id } = await bed.issued();
  const ips = (count: number): string[] => Array.from({ length: count }, (_, n) => `198.51.100.${n}`);
  return [codeOf(await bed.edit(id, { ip_whitelist: ips(10) })), codeOf(await bed.edit(id, { ip_whitelist: ips(11) }))];
}

export async function echoed(): Promise<unknown> {
  const { id } = await bed.issued();
  const sent = ["203.0.113.9", "203.0.113.10", "203.0.113.9"];
  return resultOf<ApiKey>(await bed.edit(id, { ip_whitelist: sent })).ip_whitelist;
}

export async function echoedV6(): Promise<unknown> {
  await bed.switches({ ipFormats: "addresses-and-ranges" });
  const { id } = await bed.issued();
  return resultOf<ApiKey>(await bed.edit(id, { ip_whitelist: ["2001:0DB8:0::1", "2001:db8:0:0::/64"] })).ip_whitelist;
}

export async function emptyMembers(): Promise<unknown> {
  const made = await bed.issued();
  return ["ip_whitelist" in made, "enabled_features" in made];
}

export async function secretsListed(): Promise<unknown> {
  const { client_secret } = await bed.issued();
  return resultOf<ApiKey[]>(await bed.list()).at(-1)?.client_secret === client_secret;
}

export async function listedBeyond(): Promise<unknown> {
  await bed.byHand({ permissions: ["wallet:read_write"] });
  const answer = await bed.list();
  return codeOf(answer) || resultOf<ApiKey[]>(answer).map((key) => "client_secret" in key);
}

export async function resetPublic(): Promise<unknown> {
  const pem = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" });
  const made = resultOf<ApiKey>(await bed.create({ public_key: pem }));
  const answer = await bed.call("private/reset_api_key", { id: made.id });
  return codeOf(answer) || resultOf<ApiKey>(answer).client_secret === made.client_secret;
}

export async function outlived(): Promise<unknown> {
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

export async function narrowed(): Promise<unknown> {
  const key = await bed.issued({ max_scope: "trade:read_write account:read" });
  const token = await bed.token(key);
  await bed.edit(key.id, { max_scope: "account:read" });
  return [codeOf(await bed.order(key, { token })), codeOf(await bed.get(SUMMARY, { token }))];
}

export async function tokenFrom(): Promise<unknown> {
  const token = await bed.token(bed.account, "account:read");
  return [codeOf(await bed.get(SUMMARY, { token, from })), codeOf(await bed.get(SUMMARY, { token }))];
}

export async function life(): Promise<unknown> {
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

export async function paddings(): Promise<unknown> {
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
