// `exchange-keys test`: what is said of a key in the state that works, and the likeliest cause for one that doesn't.

import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Connection } from "../../provider/pulumi/connection";
import { exported, secret, urnOf, type Written } from "../ceremony/documents";
import { HERE, Table } from "../ceremony/table";
import type { Credentials } from "../sandbox/caller";
import { run, type Ended } from "./command";
import { fingerprint } from "../../provider/core/secret";

let table: Table;
beforeAll(async () => (table = await Table.open()));
afterAll(() => table.close());
beforeEach(async () => {
  await table.bed.control.delete("/faults");
});

const THERE = "203.0.113.11";
const TOKEN = "pulumi-nodejs:dynamic/exchange-keys/bitfinex:AccessToken";

function state(resources: readonly Written[], account: Record<string, unknown> = {}): string {
  const type = "pulumi:providers:pulumi-nodejs";
  return JSON.stringify(exported({ urn: urnOf("default", type), type, inputs: table.config(account) }, ...resources));
}

async function tested(text: string, args: readonly string[] = ["maker"], env: Record<string, string> = {}): Promise<Ended> {
  return run(["test", "--state", "-", ...args], { cwd: table.folder, env: { ...table.env, ...env }, stdin: text });
}

async function connection(text: string, name = "maker", env: Record<string, string> = {}): Promise<Connection & { code: number | null }> {
  const { code, out, err } = await tested(text, ["--json", name], env);
  if (out === "") throw new Error(err);
  return { ...(JSON.parse(out) as Connection), code };
}

const recorded = (key: Credentials, changes: Record<string, unknown> = {}): Written => table.recorded("maker", key, changes, secret);

/** One that may also say whose it is. */
function reading(key: Credentials, changes: Record<string, unknown> = {}): Written {
  const made = recorded(key, changes);
  return { ...made, outputs: { ...made.outputs, grants: ["account:read", "orders:read"] } };
}

test("a key that is as recorded", async () => {
  const key = await table.key({ orders: "read", account: "read" }, { allowedIps: [HERE] });
  const { code, out, err } = await tested(state([reading(key, { allowedIps: { [HERE]: "gateway" } })]));
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(
    /^API key "maker": bitfinex \(sandbox\), fingerprint [0-9a-f]{16}\n {2}authenticates +yes\n {2}account +123456, as recorded\n/,
  );
  expect(out).toMatch(/\n {2}permissions +account:read, orders:read; as recorded\n/);
  expect(out).toMatch(
    /\n {2}address +203\.0\.113\.10, which the declared list holds\n {2}clock +within a second .*\n {2}round trip +\d+ ms\n$/,
  );
  for (const part of [key.apiKey, key.apiSecret]) expect(out).not.toContain(part);
});

test("a token, by the same command", async () => {
  const token = await table.bed.mint({ caps: ["o"], writePermission: false });
  const made = table.recorded("report", { apiKey: "-", apiSecret: "-" }, { kind: "AccessToken", lifetime: "1d" });
  const outputs = { ...made.outputs, fingerprint: fingerprint("bitfinex", token), grants: ["history:read", "orders:read"] };
  const credential = secret({ venue: "bitfinex", environment: "sandbox", token });
  const resource = { urn: urnOf("report", TOKEN), type: TOKEN, inputs: made.inputs, outputs: { ...outputs, credential } };
  const seen = await connection(state([resource]), "report");
  expect(seen).toMatchObject({ code: 0, title: 'token "report"', authenticates: "yes" });
  const ended = {
    ...resource,
    outputs: { ...resource.outputs, credential: secret({ environment: "sandbox", token: "sandbox-no-such-token" }) },
  };
  expect(await connection(state([ended]), "report")).toMatchObject({ code: 1, cause: { id: "refused-listed" } });
  const past = { ...ended, outputs: { ...ended.outputs, expiresAt: "2026-01-01T00:00:00.000Z" } };
  expect(await connection(state([past]), "report")).toMatchObject({ code: 1, cause: { id: "ended" } });
});

test("more and less than recorded, and no word of whose it is", async () => {
  const seen = await connection(state([recorded(await table.key({ wallets: "read-write" }))]));
  expect(seen).toMatchObject({ code: 1, authenticates: "yes", account: { recorded: "123456" } });
  expect(seen.grants).toEqual({
    is: ["wallets:read", "wallets:write"],
    extra: ["wallets:read", "wallets:write"],
    missing: ["orders:read"],
  });
});

test("another account's key, and a sub-account's", async () => {
  const other = await table.bed.control.post<{ id: number }>("/venues/bitfinex/accounts", { masterAccountId: 123456 });
  const key = await table.key({ orders: "read", account: "read" }, { accountId: other.id });
  const { code, out } = await tested(state([reading(key)]));
  expect(code).toBe(1);
  expect(out).toMatch(new RegExp(`account +${other.id}, a sub-account of 123456; but 123456 is recorded`));
});

test("it works from an address that isn't on the declared list: too wide", async () => {
  const seen = await connection(state([recorded(await table.key({ orders: "read" }), { allowedIps: { [THERE]: "" } })]));
  expect(seen).toMatchObject({ code: 1, authenticates: "yes", address: { seen: HERE, listed: false } });
});

test("refused where the list says so; refused where it says otherwise", async () => {
  const key = await table.key({ orders: "read" }, { allowedIps: [THERE] });
  const unlisted = await connection(state([recorded(key, { allowedIps: { [THERE]: "" } })]));
  expect(unlisted).toMatchObject({ code: 1, authenticates: "no", cause: { id: "refused-unlisted" } });
  // Other tests ask with the account's key in microseconds.
  const listed = await connection(state([recorded(key, { allowedIps: { [HERE]: "" } })], { nonceUnit: "us" }));
  expect(listed).toMatchObject({ code: 1, authenticates: "no", cause: { id: "refused-listed" } });
  expect(listed.cause?.text).toContain("while the account's own key answers");
  const alone = await connection(state([recorded(key, { allowedIps: { [HERE]: "" } })]), "maker", { BFX_KEY: "" });
  expect(alone).toMatchObject({ code: 1, cause: { id: "refused-listed" } });
  expect(alone.cause?.text).not.toContain("while the account's own key answers");
});

test("the account's own key is refused as well: nothing is known of this one", async () => {
  const key = await table.key({ orders: "read" });
  await table.revoke(key.id);
  const seen = await connection(state([recorded(key)]), "maker", { BFX_KEY: "sandbox-no-such-key" });
  expect(seen).toMatchObject({ code: 3, authenticates: "unknown", cause: { id: "account-refused" } });
  expect(seen.cause?.text).toMatch(/^the own key of account "[\w-]+" is refused here as well/);
});

test("a secret that isn't the key's", async () => {
  const key = await table.key({ orders: "read" });
  const seen = await connection(state([recorded({ ...key, apiSecret: "sandbox-another" })]));
  expect(seen).toMatchObject({ code: 1, authenticates: "no", cause: { id: "digest" } });
});

test("a bot that counts microseconds: unknown, until the state says so", async () => {
  const key = await table.key({ orders: "read", account: "read" });
  await table.bed.key("auth/r/permissions", {}, { key });
  const made = (nonceUnit: string): Written => reading(key, { nonceUnit });
  expect(await connection(state([made("ms")]))).toMatchObject({ code: 3, authenticates: "unknown", cause: { id: "nonce" } });
  expect(await connection(state([made("us")]))).toMatchObject({ code: 0, account: { is: "123456" } });
});

test.each([
  ["maintenance", "maintenance"],
  ["429", "rate-limit"],
  ["html", "unreachable"],
  ["reset", "unreachable"],
])(
  "%s: nothing is known",
  async (kind, id) => {
    const key = await table.key({ orders: "read" });
    await table.bed.fault("auth/r/permissions", { kind, times: "always" });
    expect(await connection(state([recorded(key)]))).toMatchObject({ code: 3, authenticates: "unknown", cause: { id } });
  },
  30_000,
);

test("a key that may not ask what it can do", async () => {
  const key = await table.key({ orders: "read" });
  await table.bed.fault("auth/r/permissions", { kind: "refuse", status: 500, code: 10001, message: "permission: denied", times: "always" });
  expect(await connection(state([recorded(key)]))).toMatchObject({ code: 1, cause: { id: "permission" } });
});

test("a clock that is off", async () => {
  const key = await table.key({ orders: "read" });
  await table.bed.fault("*", { kind: "clock", skewMs: 40_000, times: "always" });
  expect((await tested(state([recorded(key)]))).out).toMatch(/clock +the venue's is (39|40|41) s ahead of this machine's/);
});

test.each([
  ["nobody", [recordedAs("maker")], 'the stack has no key "nobody"; it has maker'],
  ["nobody", [], "it has no exchange keys at all"],
  ["maker", [recordedAs("maker"), { ...recordedAs("maker"), urn: urnOf("maker", TOKEN), type: TOKEN }], "give the URN of one: urn:pulumi:"],
  ["maker", [recordedAs("maker")], "make it with pulumi stack export --show-secrets"],
])("%s of such a state", async (name, resources, words) => {
  const { code, out, err } = await tested(state(resources), [name]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(/^exchange-keys: test the connection: .*; /);
  expect(err).toContain(words);
});

function recordedAs(name: string): Written {
  return Table.prototype.recorded(name, { apiKey: "sandbox-a", apiSecret: "sandbox-b" });
}

test("the stack's own export, by the pulumi on PATH, whose words are never repeated", async () => {
  const key = await table.key({ orders: "read", account: "read" });
  writeFileSync(join(table.folder, "state.json"), state([reading(key)]));
  const pulumi = join(table.folder, "pulumi");
  writeFileSync(
    pulumi,
    `#!/bin/sh\n[ "$*" = "stack export --show-secrets --non-interactive --stack=dev" ] && exec cat state.json\necho sandbox-told >&2; echo sandbox-told; exit 7\n`,
  );
  chmodSync(pulumi, 0o755);
  const here = { cwd: table.folder, env: { ...table.env, PATH: `${table.folder}:${table.env["PATH"] ?? ""}` } };
  const { code, out } = await run(["test", "dev", "maker"], here);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining("authenticates    yes") });
  const failed = await run(["test", "other", "maker"], here);
  expect(failed).toEqual({
    code: 3,
    out: "",
    err: expect.stringMatching(/^exchange-keys: test: pulumi couldn't export the stack \(exit code 7\); /),
  });
  expect(failed.err).not.toContain("sandbox-told");
  const none = await run(["test", "dev", "maker"], { cwd: table.folder, env: { ...table.env, PATH: "/nowhere" } });
  expect(none).toEqual({ code: 2, out: "", err: expect.stringContaining("there is no pulumi on PATH") });
  expect((await run(["test", "dev"], here)).code).toBe(2);
});
