// The managing credential: missing, empty, wrong, revoked, barred, of another account, or on its way to the wrong kind of host.
// Every refusal says so in full, and no key is made.

import { chmodSync, writeFileSync } from "node:fs";
import type { Properties } from "./program";
import { refusal, Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(async () => {
  await stage.settle();
});
afterAll(() => stage.close());

/** What `create` is refused with under this account; `check` and a preview need no credential. */
async function created(account: Properties, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const provider = await stage.start(stage.config({ main: stage.account(account) }), { env });
  const { inputs, failures } = await provider.check(stage.inputs);
  expect(failures).toEqual([]);
  const { message, partial } = await refusal(provider.create(inputs));
  expect(partial).toBeUndefined();
  expect(await stage.tokens()).toEqual([]);
  expect(stage.entries()).toEqual([]);
  return message;
}

const none = { apiKey: undefined, apiSecret: undefined };
const READ = "exchange-keys: read the configuration: exchange-keys:accounts.main";
const SEE = "see docs/configuration.md";

describe("nothing is sent", () => {
  afterEach(async () => {
    // The clearing in the outer hook comes later.
    expect(await stage.requests()).toEqual([]);
  });

  test("without an API key", async () => {
    expect(await created(none)).toBe(`${READ}.apiKey is missing; give apiKeyEnv, apiKeyFile or apiKey; ${SEE}`);
  });

  test("without a secret", async () => {
    expect(await created({ apiSecret: undefined })).toBe(
      `${READ}.apiSecret is missing; give apiSecretEnv, apiSecretFile or apiSecret; ${SEE}`,
    );
  });

  test("when a member is given twice", async () => {
    expect(await created({ apiSecretEnv: "X" })).toBe(`${READ}.apiSecret is given more than once: apiSecret, apiSecretEnv; ${SEE}`);
  });

  test.each([
    ["not set", {}],
    ["empty", { BFX_KEY: "" }],
    ["empty", { BFX_KEY: " \n" }],
  ])("when the environment variable is %s", async (state, env) => {
    const message = await created({ ...none, apiKeyEnv: "BFX_KEY", apiSecretEnv: "BFX_SECRET" }, env as Record<string, string>);
    expect(message).toBe(`${READ}.apiKeyEnv names an environment variable that is ${state}; ${SEE}`);
  });

  test.each(["apiSecretEnv", "apiSecretFile"])("when the secret itself stands in %s, it isn't told", async (member) => {
    const secret = "pasted_where_the_name_belongs_0123456789";
    stage.secrets.add(secret);
    const message = await created({ apiSecret: undefined, [member]: secret });
    expect(message).toContain(`accounts.main.${member} names a`);
    expect(message).not.toContain(secret);
  });

  test("when the file has no end", async () => {
    const message = await created({ apiSecret: undefined, apiSecretFile: "/dev/zero" });
    expect(message).toBe(`${READ}.apiSecretFile names a file that can't be read, or isn't a file of at most 64 kB; ${SEE}`);
  });

  test("when the file isn't there", async () => {
    const file = stage.file("secret");
    const message = await created({ apiSecret: undefined, apiSecretFile: file });
    expect(message).toBe(`${READ}.apiSecretFile names a file that can't be read, or isn't a file of at most 64 kB; ${SEE}`);
  });

  test("when the file is empty", async () => {
    const file = stage.file("secret");
    writeFileSync(file, "\n");
    expect(await created({ apiSecret: undefined, apiSecretFile: file })).toBe(`${READ}.apiSecretFile names a file that is empty; ${SEE}`);
  });

  test.each<[what: string, account: Properties]>([
    ["key", { apiKey: "a-key-of-production" }],
    ["secret", { apiSecret: "a-secret-of-production" }],
  ])("of a %s that isn't the sandbox's", async (_, account) => {
    for (const secret of Object.values(account)) stage.secrets.add(String(secret));
    expect(await created(account)).toBe(
      "bitfinex (sandbox): open account \"main\": a credential that isn't the sandbox's would go to loopback; " +
        "give the account the sandbox's credentials, which begin with sandbox-, or another environment",
    );
  });

  test("of a sandbox's credential to a real venue", async () => {
    const { apiKey, apiSecret } = stage.bed.account;
    // The network guard, which stands before every connection of the process, would be in the message.
    const message = await created({ environment: "production", address: undefined, rate: undefined, apiKey, apiSecret });
    expect(message).toBe(
      'bitfinex: open account "main": a sandbox\'s credential would leave this machine; ' +
        'give the account the venue\'s credentials, or the environment "sandbox"',
    );
  });

  test("while NODE_TLS_REJECT_UNAUTHORIZED=0 turns verification off", async () => {
    expect(await created({}, { NODE_TLS_REJECT_UNAUTHORIZED: "0" })).toBe(
      "bitfinex (sandbox): open the connection: NODE_TLS_REJECT_UNAUTHORIZED=0 turns the verification of TLS off; " +
        "unset it; add the authority with NODE_EXTRA_CA_CERTS if a proxy needs one",
    );
  });
});

const REFUSED =
  'bitfinex (sandbox): account "main": read the account: the venue refuses the API key (10100): unknown, revoked, or used from an address that its IP list bars; ' +
  "look at the key at bitfinex.com/api; refresh and destroy use the credentials in the state, unless --run-program is given";

test("a wrong key", async () => {
  stage.secrets.add("sandbox-nobody-knows-it");
  expect(await created({ apiKey: "sandbox-nobody-knows-it" })).toBe(REFUSED);
});

test("a wrong secret", async () => {
  stage.secrets.add("sandbox-another-secret");
  expect(await created({ apiSecret: "sandbox-another-secret" })).toBe(
    'bitfinex (sandbox): account "main": read the account: the venue refuses the signature (10100): the API secret is wrong; ' +
      "set the account's apiSecret again; a line break at the end of it does this too",
  );
});

test("a line end in the secret's file is no part of it", async () => {
  const file = stage.file("secret");
  writeFileSync(file, `${stage.bed.account.apiSecret}\r\n`);
  chmodSync(file, 0o600);
  const account = stage.account({ ...none, apiKeyEnv: "BFX_KEY", apiSecretFile: file });
  const provider = await stage.start(stage.config({ main: account }), { env: { BFX_KEY: ` ${stage.bed.account.apiKey}\n` } });
  await stage.issue(provider);
  expect(await stage.alive()).toHaveLength(1);
});

interface Key {
  readonly id: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

const made = (body: Properties): Promise<Key> => stage.bed.control.post<Key>("/venues/bitfinex/keys", body);
const account = { permissions: { account: "read-write", wallets: "read" }, allowedIps: ["203.0.113.10"] };

test("a revoked managing key: create and refresh fail, and a delete is done by the token itself", async () => {
  const { id, apiKey, apiSecret } = await made(account);
  const former = stage.config({ main: stage.account({ apiKey, apiSecret }) });
  const held = await stage.issue(await stage.start(former));
  await stage.bed.control.delete(`/venues/bitfinex/keys/${id}`);
  const provider = await stage.start(former);
  expect((await refusal(provider.create(held.inputs))).message).toBe(REFUSED);
  expect((await refusal(provider.read(held.id, held.outs))).message).toBe(REFUSED);
  expect(await stage.alive()).toEqual([held.outs["token"]]);
  await provider.delete(held.id, held.outs);
  expect(await stage.alive()).toEqual([]);
  expect(stage.entries()).toEqual([]);
});

test.each(["apikey-invalid", "own-error"])("a managing key whose list bars this address (%s)", async (ipRefusal) => {
  await stage.bed.switches({ ipRefusal });
  const { apiKey, apiSecret } = await made({ ...account, allowedIps: ["203.0.113.99"] });
  expect(await created({ apiKey, apiSecret })).toBe(REFUSED);
});

test("a managing key that may not read the account", async () => {
  const { apiKey, apiSecret } = await made({ permissions: { wallets: "read" } });
  expect(await created({ apiKey, apiSecret })).toBe(
    'bitfinex (sandbox): account "main": read the account: the key lacks the permission for this call (10001); ' +
      "edit the key's permissions at bitfinex.com/api, or use another managing key",
  );
});

test("a managing key that may not mint", async () => {
  await stage.bed.switches({ mintNeeds: "settings:write" });
  const { apiKey, apiSecret } = await made(account);
  expect(await created({ apiKey, apiSecret })).toBe(
    'bitfinex (sandbox): create token "report": account "main": mint the token: the key lacks the permission for this call (10001); ' +
      "edit the key's permissions at bitfinex.com/api, or use another managing key",
  );
});

test("an account other than the one that the configuration declares", async () => {
  expect(await created({ accountId: 777 })).toBe(
    'bitfinex (sandbox): look at account "main": the credential belongs to account 123456, and the configuration declares 777; ' +
      "give the credential of the declared account, or correct its accountId",
  );
});

test("an account other than the recorded one: nothing is read, written or taken for dead", async () => {
  const held = await stage.issue(await stage.start());
  await stage.bed.control.post("/venues/bitfinex/accounts", { id: 654_321 });
  const { apiKey, apiSecret } = await made({ ...account, accountId: 654_321 });
  const provider = await stage.start(stage.config({ main: stage.account({ apiKey, apiSecret }) }));
  const says = (operation: string) =>
    `bitfinex (sandbox): ${operation} token "report": its key belongs to account 123456, and the credential of "main" to 654321; ` +
    "give the credential of the recorded account, or declare the resource under another account alias";
  const { inputs } = await provider.check({ ...stage.inputs, reissue: "now" }, held.inputs);
  expect((await refusal(provider.read(held.id, held.outs))).message).toBe(says("refresh"));
  expect((await refusal(provider.update(held.id, held.outs, inputs))).message).toBe(says("update"));
  expect((await refusal(provider.delete(held.id, held.outs))).message).toBe(says("delete"));
  expect(await stage.alive()).toEqual([held.outs["token"]]);
});

test("a managing key that was replaced in the configuration: the state's copy fails and says so, the new one goes on", async () => {
  const before = await made(account);
  const former = stage.config({ main: stage.account({ apiKey: before.apiKey, apiSecret: before.apiSecret }) });
  const held = await stage.issue(await stage.start(former));
  await stage.bed.control.delete(`/venues/bitfinex/keys/${before.id}`);
  expect((await refusal((await stage.start(former)).read(held.id, held.outs))).message).toContain(
    "refresh and destroy use the credentials in the state",
  );
  const after = await made(account);
  const provider = await stage.start(stage.config({ main: stage.account({ apiKey: after.apiKey, apiSecret: after.apiSecret }) }));
  expect((await provider.read(held.id, held.outs)).id).toBe(held.id);
});
