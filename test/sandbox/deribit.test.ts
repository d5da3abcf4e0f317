// Deribit's way to prove a caller, raw bytes, timestamps, nonces, addresses; its envelope, its credits, and what is kept in a file.

import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rightByPublicKey, rightHmac, textToSign } from "../../sandbox/venues/deribit/signatures";
import { switches } from "../../sandbox/venues/deribit/switches";
import { Switches } from "../../sandbox/switches";
import { ask } from "./caller";
import { codeOf, DeribitBed, errorOf, resultOf, ROOT, SUMMARY } from "./deribit-caller";

let bed: DeribitBed;
beforeAll(async () => {
  bed = await DeribitBed.open();
});
afterEach(async () => {
  await bed.clear();
  await bed.switches(Object.fromEntries(Object.keys(switches).map((name) => [name, null])));
  await bed.control.post("/clock", { offsetMs: 0 });
});
afterAll(() => bed.close());

const folder = mkdtempSync(join(tmpdir(), "sandbox-deribit-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("signatures", () => {
  const vectors = JSON.parse(readFileSync(join(__dirname, "../fixtures/deribit/signatures/vectors.json"), "utf8")) as {
    hmac: { clientSecret: string; text: string; signature: string }[];
    ed25519: { publicKey: string; text: string; signature: string };
  };
  const set = new Switches(switches);

  test.each(vectors.hmac)("HMAC $signature", ({ clientSecret, text, signature }) => {
    const [timestamp = "", nonce = "", ...data] = text.split("\n");
    const key = { secret: clientSecret, publicKey: null } as never;
    expect(rightHmac(key, textToSign(timestamp, nonce, data.join("\n")), signature)).toBe(true);
    expect(rightHmac(key, textToSign(timestamp, nonce, `${data.join("\n")} `), signature)).toBe(false);
  });

  test("Ed25519, in base64url without padding", () => {
    const { publicKey, text, signature } = vectors.ed25519;
    const key = { secret: "", publicKey } as never;
    expect(rightByPublicKey(key, Buffer.from(text), signature, set)).toBe(true);
    expect(rightByPublicKey(key, Buffer.from(`${text}x`), signature, set)).toBe(false);
    expect(rightByPublicKey(key, Buffer.from(text), `${signature}==`, set)).toBe(false);
  });

  test("the published one for a request, over the wire and byte for byte", async () => {
    const state = join(folder, "vectors.json");
    const first = await DeribitBed.open({ state });
    const { apiKey, apiSecret } = first.account;
    await first.close();
    writeFileSync(state, readFileSync(state, "utf8").replaceAll(apiKey, "AMANDA").replaceAll(apiSecret, "AMANDASECRECT"));
    const second = await DeribitBed.open({ state });
    try {
      await second.control.post("/clock", { set: new Date(1_576_074_319_000).toISOString() });
      const sig = "9bfbc51a2bc372d72cc396cf1a213dc78d42eb74cb7dc272351833ad0de276ab";
      // In another order and with spaces, as some versions of the documents have it.
      const authorization = `deri-hmac-sha256 nonce=1iqt2wls, ts=1576074319000, id=AMANDA, sig=${sig}`;
      expect(codeOf(await second.get("private/get_account_summary?currency=BTC&extended=true", { authorization }))).toBe(13009);
      expect(codeOf(await second.get(SUMMARY, { authorization }))).toBe(0);
      expect(codeOf(await second.get(SUMMARY, { authorization }))).toBe(13009);
    } finally {
      await second.close();
    }
  });

  test("the body as it came: a space counts", async () => {
    const body = '{"jsonrpc":"2.0","id":1, "method":"private/list_api_keys"}';
    expect(codeOf(await bed.send("POST", "private/list_api_keys", body))).toBe(0);
    const [ts, nonce] = [await bed.time(), "once"];
    const text = `${ts}\n${nonce}\nPOST\n${ROOT}private/list_api_keys\n${JSON.stringify(JSON.parse(body))}\n`;
    const sig = createHmac("sha256", bed.account.apiSecret).update(text).digest("hex");
    const authorization = `deri-hmac-sha256 id=${bed.account.apiKey},ts=${ts},sig=${sig},nonce=${nonce}`;
    expect(codeOf(await bed.send("POST", "private/list_api_keys", body, { authorization }))).toBe(13009);
    expect(codeOf(await bed.send("POST", "private/list_api_keys", JSON.stringify(JSON.parse(body)), { authorization }))).toBe(0);
  });

  test("upper-case hex is no signature", async () => {
    const ts = await bed.time();
    const sig = createHmac("sha256", bed.account.apiSecret).update(`${ts}\nn\nGET\n${ROOT}${SUMMARY}\n\n`).digest("hex");
    const header = (text: string): string => `deri-hmac-sha256 id=${bed.account.apiKey},ts=${ts},sig=${text},nonce=n`;
    expect(codeOf(await bed.get(SUMMARY, { authorization: header(sig.toUpperCase()) }))).toBe(13009);
    expect(codeOf(await bed.get(SUMMARY, { authorization: header(sig) }))).toBe(0);
  });

  // Seconds apart, for what passes between.
  test.each([
    [-55_000, 0],
    [-60_500, 13009],
    [55_000, 0],
    [65_500, 13009],
  ])("a timestamp that is %i ms off: %i", async (offset, code) => {
    expect(codeOf(await bed.get(SUMMARY, { timestamp: (await bed.time()) + offset }))).toBe(code);
  });

  test("the window goes by the sandbox's clock", async () => {
    const timestamp = await bed.time();
    await bed.control.post("/clock", { advance: "2m" });
    expect(codeOf(await bed.get(SUMMARY, { timestamp }))).toBe(13009);
    expect(codeOf(await bed.get(SUMMARY))).toBe(0);
  });

  test("a nonce counts once for a key, and a wrong signature spends none", async () => {
    const other = await bed.byHand({ permissions: ["account:read"] });
    expect(codeOf(await bed.get(SUMMARY, { nonce: "a", key: { ...other, apiSecret: "sandbox-wrong" } }))).toBe(13009);
    expect(codeOf(await bed.get(SUMMARY, { nonce: "a", key: other }))).toBe(0);
    expect(codeOf(await bed.get(SUMMARY, { nonce: "a", key: other }))).toBe(13009);
    expect(codeOf(await bed.get(SUMMARY, { nonce: "a" }))).toBe(0);
    await bed.control.post("/clock", { advance: "2m" });
    expect(codeOf(await bed.get(SUMMARY, { nonce: "a", key: other }))).toBe(0);
  });

  test.each([
    ["", 10000],
    ["Digest x", 10000],
    ["deri-hmac-sha256 id=x,ts=1,nonce=2", 10000],
    ["deri-hmac-sha256 id=sandbox-nobody,ts=1,sig=2,nonce=3", 13004],
    ["Bearer sandbox-nobody", 13009],
    [`Basic ${Buffer.from("sandbox-nobody:x").toString("base64")}`, 13004],
  ])("%j is refused with %i", async (authorization, code) => {
    expect(codeOf(await bed.get(SUMMARY, { authorization }))).toBe(code);
  });

  test("Basic, with the right secret alone", async () => {
    const basic = (secret: string): string => `Basic ${Buffer.from(`${bed.account.apiKey}:${secret}`).toString("base64")}`;
    expect(codeOf(await bed.get(SUMMARY, { authorization: basic(bed.account.apiSecret) }))).toBe(0);
    expect(codeOf(await bed.get(SUMMARY, { authorization: basic("sandbox-wrong") }))).toBe(13004);
  });
});

describe("addresses", () => {
  test("a key with a list is refused elsewhere, in every way to use it", async () => {
    const { apiKey, apiSecret } = bed.account;
    const from = "127.0.0.2";
    const basic = `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString("base64")}`;
    expect(codeOf(await bed.get(SUMMARY, { from }))).toBe(13004);
    expect(codeOf(await bed.get(SUMMARY, { from, authorization: basic }))).toBe(13004);
    const asked = { grant_type: "client_credentials", client_id: apiKey, client_secret: apiSecret };
    expect(codeOf(await bed.auth(asked, { from }))).toBe(13004);
    expect(codeOf(await bed.auth(asked))).toBe(0);
  });

  test("a key without a list can be used from anywhere, until it gets one", async () => {
    const key = await bed.issued();
    expect(codeOf(await bed.summary(key, { from: "127.0.0.2" }))).toBe(0);
    await bed.edit(key.id, { ip_whitelist: ["203.0.113.11"] });
    expect(codeOf(await bed.summary(key, { from: "127.0.0.2" }))).toBe(0);
    expect(codeOf(await bed.summary(key))).toBe(13004);
  });
});

describe("requests", () => {
  test("the envelope gives the id back, and the times", async () => {
    expect((await bed.list()).json).toEqual({
      jsonrpc: "2.0",
      id: 7,
      result: expect.any(Array),
      usIn: expect.any(Number),
      usOut: expect.any(Number),
      usDiff: 36,
      testnet: false,
    });
    expect((await bed.get("private/list_api_keys")).json).not.toHaveProperty("id");
  });

  test.each([
    ["another method in the body", '{"jsonrpc":"2.0","method":"private/remove_api_key","params":{}}', 11050],
    ["no JSON", "{", 11050],
    ["an array", "[]", 11050],
    ["no body", "", 11050],
    ["33 kB", JSON.stringify({ jsonrpc: "2.0", method: "private/list_api_keys", params: { x: "x".repeat(33 * 1024) } }), -32600],
  ])("%s is refused", async (_what, body, code) => {
    expect(codeOf(await bed.send("POST", "private/list_api_keys", body))).toBe(code);
  });

  test.each(["private/set_api_key_as_default", "private/withdraw", "toString", ""])("there is no method %j", async (method) => {
    expect(codeOf(await bed.get(method))).toBe(-32601);
  });

  test("other paths are 404, other verbs are no request", async () => {
    expect((await ask(bed.url, "/api/v1/private/list_api_keys")).status).toBe(404);
    expect(codeOf(await bed.send("DELETE", "private/list_api_keys"))).toBe(11050);
  });

  test("the time, and maintenance", async () => {
    expect(Math.abs(resultOf<number>(await bed.get("public/get_time", { authorization: "" })) - (await bed.time()))).toBeLessThan(5_000);
    await bed.control.put("/venues/deribit/maintenance", { on: true });
    expect(errorOf(await bed.list())).toEqual({ code: 11051, message: "system_maintenance" });
    await bed.control.put("/venues/deribit/maintenance", { on: false });
  });

  test("faults come as Deribit writes errors", async () => {
    const kinds = [{ kind: "refuse", code: 10040 }, { kind: "refuse" }, { kind: "500" }, { kind: "503" }, { kind: "429" }];
    const met: unknown[] = [];
    for (const kind of kinds) {
      await bed.fault("private/list_api_keys", kind);
      met.push(errorOf(await bed.list()));
    }
    const names = ["retry", "bad_request", "internal_server_error", "temporarily_unavailable", "too_many_requests"];
    expect(met).toEqual([10040, 11050, 11094, 13028, 10028].map((code, index) => ({ code, message: names[index] })));
  });

  test("100 at once, then 20 a second; orders cost nothing of it", async () => {
    const pool = "non-matching-engine";
    const path = "/venues/deribit/limits";
    const { endpoints } = await bed.control.get<{ endpoints: Record<string, unknown> }>(path);
    expect(endpoints).toEqual({ [pool]: { requests: 50_000, perMs: 5_000, steady: true } });
    // So slowly that nothing comes back while the test runs.
    await bed.control.patch(path, { enabled: true, endpoints: { [pool]: { requests: 50_000, perMs: 1_000_000_000, steady: true } } });
    const timestamp = await bed.time();
    const answers = await Promise.all(Array.from({ length: 101 }, (_, n) => bed.get(SUMMARY, { nonce: `burst-${n}`, timestamp })));
    expect(answers.map(codeOf).filter((code) => code === 0)).toHaveLength(100);
    expect(answers.map(codeOf)).toContain(10028);
    const trader = await bed.byHand({ accountId: 7002, permissions: ["trade:read_write", "account:read"] });
    expect([codeOf(await bed.order(trader)), codeOf(await bed.summary(trader))]).toEqual([0, 0]);
    expect(codeOf(await bed.order(await bed.byHand({ permissions: ["trade:read_write"] })))).toBe(0);
    await bed.control.patch(path, { enabled: false, endpoints: { [pool]: null } });
  });
});

test("the state file keeps keys, nonces and tokens", async () => {
  const state = join(folder, "kept.json");
  const first = await DeribitBed.open({ state });
  const key = await first.issued({ name: "kept" });
  const token = await first.token(key);
  const timestamp = await first.time();
  expect(codeOf(await first.summary(key, { nonce: "spent", timestamp }))).toBe(0);
  await first.close();
  const second = await DeribitBed.open({ state });
  try {
    expect(second.account).toEqual(first.account);
    expect(codeOf(await second.summary(key, { nonce: "spent", timestamp }))).toBe(13009);
    expect(codeOf(await second.get(SUMMARY, { token }))).toBe(0);
    expect((await second.desk(key.apiKey)).states).toHaveLength(1);
  } finally {
    await second.close();
  }
});
