// Other ways to be somebody at Deribit: access tokens, keys with a public key, and the second factor.

import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { totpCode } from "../../sandbox/console/totp";
import type { Answered } from "./caller";
import { codeOf, DeribitBed, errorOf, resultOf, SUMMARY, type ApiKey } from "./deribit-caller";

let bed: DeribitBed;
beforeAll(async () => {
  bed = await DeribitBed.open();
});
afterEach(async () => {
  await bed.clear();
  await bed.control.post("/clock", { offsetMs: 0 });
});
afterAll(() => bed.close());

describe("tokens", () => {
  test("client credentials, a signature, a refresh token", async () => {
    const { apiKey, apiSecret } = bed.account;
    const token = resultOf<Record<string, unknown>>(
      await bed.auth({ grant_type: "client_credentials", client_id: apiKey, client_secret: apiSecret }),
    );
    expect(token).toMatchObject({ token_type: "bearer", expires_in: 31_536_000, enabled_features: [] });
    expect(String(token["scope"]).split(" ")).toEqual(expect.arrayContaining(["account:read_write", "mainaccount"]));
    expect(codeOf(await bed.get(SUMMARY, { token: token["access_token"] as string }))).toBe(0);

    const timestamp = await bed.time();
    const signature = createHmac("sha256", apiSecret).update(`${timestamp}\nabc\ndata`).digest("hex");
    const signed = { grant_type: "client_signature", client_id: apiKey, timestamp, nonce: "abc", data: "data", signature };
    expect(codeOf(await bed.auth({ ...signed, data: "" }))).toBe(13009);
    expect(codeOf(await bed.auth(signed))).toBe(0);
    expect(codeOf(await bed.auth(signed))).toBe(13009);

    const again = await bed.auth({ grant_type: "refresh_token", refresh_token: token["refresh_token"] });
    expect(codeOf(await bed.get(SUMMARY, { token: resultOf<{ access_token: string }>(again).access_token }))).toBe(0);
    expect(codeOf(await bed.auth({ grant_type: "refresh_token", refresh_token: "sandbox-none" }))).toBe(13009);
    expect(codeOf(await bed.auth({ grant_type: "password" }))).toBe(-32602);
  });

  test("a requested scope is silently narrowed to the key's, and holds", async () => {
    const key = await bed.byHand({ permissions: ["account:read", "trade:read_write"] });
    const params = { grant_type: "client_credentials", client_id: key.apiKey, client_secret: key.apiSecret };
    const narrowed = resultOf<{ scope: string }>(await bed.auth({ ...params, scope: "account:read_write wallet:read session:x" }));
    expect(narrowed.scope).toBe("account:read mainaccount session:x");
    const token = await bed.token(key, "account:read");
    expect([codeOf(await bed.order(key)), codeOf(await bed.order(key, { token }))]).toEqual([0, 13009]);
  });

  test("expires and ip are bounds of the token", async () => {
    const token = await bed.token(bed.account, "account:read expires:60 ip:203.0.113.10");
    const anywhere = await bed.token(bed.account, "account:read ip:*");
    expect([codeOf(await bed.get(SUMMARY, { token })), codeOf(await bed.get(SUMMARY, { token, from: "127.0.0.2" }))]).toEqual([0, 13009]);
    await bed.control.post("/clock", { advance: "61s" });
    expect([codeOf(await bed.get(SUMMARY, { token })), codeOf(await bed.get(SUMMARY, { token: anywhere }))]).toEqual([13009, 0]);
  });

  test("a scoped token manages no more than it has", async () => {
    const token = await bed.token(bed.account, "account:read_write trade:read");
    expect(codeOf(await bed.create({ max_scope: "trade:read_write" }, { token }))).toBe(13403);
    const trader = await bed.issued({ max_scope: "trade:read_write" });
    for (const method of ["remove_api_key", "disable_api_key", "enable_api_key", "reset_api_key"])
      expect(codeOf(await bed.call(`private/${method}`, { id: trader.id }, { token }))).toBe(13403);
    expect(codeOf(await bed.edit(trader.id, { max_scope: "trade:read" }, { token }))).toBe(13403);
    expect(codeOf(await bed.create({ max_scope: "trade:read" }, { token }))).toBe(0);
    const [, hidden] = resultOf<ApiKey[]>(await bed.list({ token }));
    expect(hidden).not.toHaveProperty("client_secret");
  });
});

describe("public keys", () => {
  const ed = generateKeyPairSync("ed25519");
  const pem = ed.publicKey.export({ type: "spki", format: "pem" }) as string;

  test("the key signs in with a signature, and in no other way", async () => {
    const made = resultOf<ApiKey & { public_key: string }>(await bed.create({ public_key: pem }));
    expect(made.client_secret).toMatch(/^[0-9a-f]{32}$/);
    expect(made.public_key).toBe(pem);
    const timestamp = await bed.time();
    const signature = sign(null, Buffer.from(`${timestamp}\nn1\n`), ed.privateKey).toString("base64url");
    const signed = { grant_type: "client_signature", client_id: made.client_id, timestamp, nonce: "n1", signature };
    const token = resultOf<{ access_token: string }>(await bed.auth(signed)).access_token;
    expect(codeOf(await bed.get(SUMMARY, { token }))).toBe(0);
    for (const client_secret of ["", made.client_secret])
      expect(codeOf(await bed.auth({ grant_type: "client_credentials", client_id: made.client_id, client_secret }))).toBe(13004);
    expect(codeOf(await bed.summary({ apiKey: made.client_id, apiSecret: made.client_secret }))).toBe(13009);
    expect(codeOf(await bed.summary({ apiKey: made.client_id, apiSecret: "" }))).toBe(13009);
  });

  test.each([
    ["no PEM", "x"],
    ["a private key", ed.privateKey.export({ type: "pkcs8", format: "pem" })],
    ["a short RSA key", generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ type: "spki", format: "pem" })],
    ["an EC key", generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "pem" })],
  ])("%s is refused", async (_what, public_key) => {
    expect(errorOf(await bed.create({ public_key }))).toMatchObject({ code: -32602, data: { param: "public_key" } });
  });
});

describe("the second factor", () => {
  const id = 7001;
  let totpSecret: string;
  beforeEach(async () => {
    await bed.control.patch(`/venues/deribit/accounts/${id}`, { tfa: "on" });
    const accounts = await bed.control.get<{ id: number; totpSecret: string }[]>("/venues/deribit/accounts?secrets=true");
    totpSecret = accounts.find((account) => account.id === id)!.totpSecret;
  });
  afterEach(() => bed.control.patch(`/venues/deribit/accounts/${id}`, { tfa: "off" }));

  /** Each with a step of its own, since a code counts once. */
  let steps = 0;
  const code = async (): Promise<string> => {
    steps += 1;
    await bed.control.post("/clock", { offsetMs: steps * 90_000 });
    return totpCode(totpSecret, await bed.time()).code;
  };
  const challenge = async (params: Record<string, unknown> = {}): Promise<string> =>
    resultOf<{ challenge: string }>(await bed.create(params)).challenge;
  const reasonOf = (answer: Answered): unknown => (errorOf(answer) as { data?: { reason?: string } } | undefined)?.data?.reason;

  test("is asked for as a result, and nothing is done before it is there", async () => {
    const authorization_data = await code();
    const asked = resultOf<Record<string, unknown>>(await bed.create());
    expect(asked).toEqual({
      security_keys: [{ type: "tfa", name: "tfa" }],
      security_key_authorization_required: true,
      rp_id: "www.deribit.com",
      challenge: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    });
    expect(resultOf(await bed.create({ authorization_data, challenge: asked["challenge"] }))).toHaveProperty("client_secret");
    expect(reasonOf(await bed.create({ authorization_data, challenge: asked["challenge"] }))).toBe("challenge_timeout");
    expect(reasonOf(await bed.create({ authorization_data, challenge: await challenge() }))).toBe("used_tfa_code");
  });

  test("a wrong or missing code, another request, a late one", async () => {
    const authorization_data = await code();
    expect(reasonOf(await bed.create({ authorization_data: "000000x", challenge: await challenge() }))).toBe("tfa_code_not_matched");
    expect(reasonOf(await bed.create({ challenge: await challenge() }))).toBe("tfa_code_is_required");
    expect(reasonOf(await bed.create({ authorization_data, challenge: await challenge({ name: "other" }) }))).toBe("challenge_timeout");
    const late = await challenge();
    await bed.control.post("/clock", { advance: "61s" });
    expect(reasonOf(await bed.create({ authorization_data, challenge: late }))).toBe("challenge_timeout");
    expect(codeOf(await bed.create({ authorization_data: await code(), challenge: await challenge() }))).toBe(0);
  });

  test("five failures in a row bar for a minute", async () => {
    for (let n = 0; n < 5; n++) expect(codeOf(await bed.create({ authorization_data: "1" }))).toBe(13668);
    const barred = errorOf(await bed.create()) as { code: number; data: { wait: number } };
    expect(barred.code).toBe(12998);
    expect(barred.data.wait).toBeGreaterThan(50);
    expect(barred.data.wait).toBeLessThanOrEqual(60);
    await bed.control.post("/clock", { advance: "61s" });
    expect(await challenge()).toMatch(/=$/);
  });

  test("which methods ask for it, and which don't", async () => {
    const key = await bed.byHand({ permissions: ["account:read"] });
    const params = { id: key.number, max_scope: "account:read", name: "x" };
    const asks: Record<string, boolean> = {};
    for (const method of "create_api_key edit_api_key list_api_keys change_scope_in_api_key disable_api_key change_api_key_name enable_api_key reset_api_key remove_api_key".split(
      " ",
    )) {
      const answer = resultOf<{ security_key_authorization_required?: boolean }>(await bed.call(`private/${method}`, params));
      asks[method] = answer.security_key_authorization_required === true;
    }
    const asking = Object.keys(asks).filter((method) => asks[method]);
    expect(asking).toEqual(["create_api_key", "edit_api_key", "list_api_keys", "change_scope_in_api_key", "disable_api_key"]);
    await bed.control.patch(`/venues/deribit/accounts/${id}`, { tfa: "setup-required" });
    expect(codeOf(await bed.list())).toBe(13904);
  });
});
