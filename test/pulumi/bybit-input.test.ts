// What a program or a stack gets wrong about Bybit's keys, told by the real provider process: venue, operation, cause, way out; and nothing made.

import { BybitStage, MASTER, SUB } from "./bybit";
import type { ProviderProcess } from "./process";
import type { Properties } from "./program";
import { refusal } from "./stage";

let bybit: BybitStage;
beforeAll(async () => {
  bybit = await BybitStage.open();
});
afterEach(() => bybit.settle());
afterAll(() => bybit.close());

const NOBODY = { apiKey: "sandbox-nobody", apiSecret: "sandbox-nobodys-secret" };
const doing = (operation: string): string => `bybit (sandbox): ${operation} API key "hedge": `;

/** Inputs as check returns them. */
async function checked(provider: ProviderProcess, changes: Properties = {}): Promise<Properties> {
  const { inputs, failures } = await provider.check({ ...bybit.stage.inputs, ...changes });
  expect(failures).toEqual([]);
  return inputs;
}

test("inputs that check refuses, each with its property and what to write instead; nothing is asked", async () => {
  const provider = await bybit.start();
  const told = async (changes: Properties): Promise<readonly string[]> =>
    (await provider.check({ ...bybit.stage.inputs, ...changes })).failures.map(({ property, reason }) => `${property}: ${reason}`);
  const allowed =
    'allowed are ContractTrade: ["Order","Position"], Spot: ["SpotTrade"], Wallet: ["AccountTransfer","SubMemberTransferList"], ' +
    'Options: ["OptionsTrade"], Derivatives: ["DerivativesTrade"], Exchange: ["ExchangeHistory"], Earn: ["Earn"]';
  const cases: readonly (readonly [Properties, string])[] = [
    [{ permissions: { orders: "read" } }, `permissions.orders: bybit: keys of sub-accounts have no "orders"; ${allowed}`],
    [{ permissions: {} }, `permissions: bybit: Bybit refuses a key without permissions; ${allowed}`],
    [
      { permissions: { Wallet: ["Withdraw"] } },
      'permissions.Wallet: bybit: it has only ["AccountTransfer","SubMemberTransferList"]; take the rest away',
    ],
    [
      { allowedIps: ["2001:4860::1"] },
      'allowedIps[0]: bybit: "2001:4860::1" is IPv6, which this kind of key doesn\'t take; write an IPv4 address',
    ],
    [
      { allowedIps: ["203.0.113.0/24"] },
      'allowedIps[0]: bybit: "203.0.113.0/24" is a range, which this kind of key doesn\'t take; write each address by itself',
    ],
    [
      { access: undefined },
      'access: bybit: say access: "read-only" or "read-write"; there is no default, since Bybit\'s own is read-write',
    ],
    [{ access: "readonly" }, 'access: bybit: access has the wrong form; say "read-only" or "read-write"'],
    [
      { subAccount: "desk-alpha" },
      'subAccount: bybit: subAccount has the wrong form; give the sub-account\'s uid, a text of digits such as "53888000"',
    ],
    [{ label: "sixteen-letters-" }, "label: bybit: it has 16 characters, and beside our mark the venue allows 15; shorten it"],
  ];
  for (const [changes, sentence] of cases) expect(await told(changes)).toEqual([sentence]);
  for (const allowedIps of [[], {}, undefined]) expect((await told({ allowedIps }))[0]).toMatch(/^allowedIps: bybit: .+; .+/);
  expect(await bybit.asked()).toEqual([]);
});

test.each(["10005", "10001", "10003"])(
  "a sub-account that doesn't exist, or is another master's, where the venue says %s",
  async (code) => {
    await bybit.switches({ unknownSubCode: Number(code) });
    const provider = await bybit.start();
    const inputs = await checked(provider, { subAccount: "53888999" });
    const { message, partial } = await refusal(provider.create(inputs));
    expect(message).toMatch(/^bybit \(sandbox\): create API key "hedge": .+ \(\d+\).*; .+/);
    expect(message).toContain(`(${code})`);
    expect([partial, bybit.stage.entries()]).toEqual([undefined, []]);
  },
);

test.each([
  ["without the permission", MASTER, { Spot: ["SpotTrade"] }, "it needs one of AccountTransfer, SubMemberTransfer, Withdraw"],
  ["of a sub-account", SUB, { Wallet: ["AccountTransfer"] }, `it is a sub-account's, and only its master ${MASTER} manages keys`],
])("a managing key %s: told before anything is written", async (_, accountId, permissions, lacks) => {
  const provider = await bybit.start(await bybit.make({ accountId, permissions }));
  const inputs = await checked(provider);
  const before = await bybit.living();
  const { message } = await refusal(provider.create(inputs));
  expect(message).toBe(
    `${doing("create")}the managing key of "main" can't manage keys: ${lacks}; edit that key at the venue, or give the account another one`,
  );
  expect(await bybit.asked()).toEqual(["query-api"]);
  expect(await bybit.living()).toEqual(before);
});

test("a credential of another account than the recorded one never finds the key gone, and changes nothing", async () => {
  const held = await bybit.issue(await bybit.start());
  const other = await bybit.start(await bybit.make({ accountId: SUB, permissions: { Wallet: ["AccountTransfer"] } }));
  const inputs = await checked(other, { permissions: { Spot: ["SpotTrade"] } });
  const wrong = (operation: string) =>
    `${doing(operation)}its key belongs to account ${MASTER}, and the credential of "main" to ${SUB}; give the credential of the recorded account, or declare the resource under another account alias`;
  expect((await refusal(other.read(held.id, held.outs))).message).toBe(wrong("refresh"));
  expect((await refusal(other.update(held.id, held.outs, inputs))).message).toBe(wrong("update"));
  expect((await refusal(other.delete(held.id, held.outs))).message).toBe(wrong("delete"));
  const declared = await bybit.start({ accountId: "42" });
  expect((await refusal(declared.read(held.id, held.outs))).message).toBe(
    `bybit (sandbox): look at account "main": the credential belongs to account ${MASTER}, and the configuration declares 42; give the credential of the declared account, or correct its accountId`,
  );
  expect((await bybit.living()).map(({ apiKey }) => apiKey)).toContain(held.outs["apiKey"]);
  expect((await (await bybit.start()).read(held.id, held.outs)).id).toBe(held.id);
});

test("a key of another environment, by whatever status the venue says it: never gone", async () => {
  const held = await bybit.issue(await bybit.start());
  for (const invalidKeyStatus of [401, 200]) {
    await bybit.switches({ invalidKeyStatus });
    const provider = await bybit.start(NOBODY);
    const inputs = await checked(provider);
    for (const asked of [
      () => provider.create(inputs),
      () => provider.read(held.id, held.outs),
      () => provider.delete(held.id, held.outs),
    ]) {
      expect((await refusal(asked())).message).toBe(
        `bybit (sandbox): account "main": read the account: the venue doesn't know the API key (10003): it was deleted, has expired, or belongs to another environment; look at the key on Bybit's API page, and at the account's environment`,
      );
    }
  }
  expect(await bybit.living()).toHaveLength(1);
});

test("the secret is in the secret outputs and in no other; the journal has the key's fingerprint", async () => {
  const { outs } = await bybit.issue(await bybit.start());
  const { credential, apiKey, apiSecret, ...plain } = outs as { credential: Properties; apiKey: string; apiSecret: string };
  const [living] = await bybit.living();
  expect([apiKey, apiSecret]).toEqual([living!.apiKey, living!.apiSecret]);
  expect(credential).toEqual({ venue: "bybit", environment: "sandbox", apiKey, apiSecret });
  for (const secret of [apiKey, apiSecret]) expect(JSON.stringify(plain)).not.toContain(secret);
  expect(bybit.stage.entries()).toMatchObject([{ status: "issued", fingerprint: outs["fingerprint"], subAccount: SUB, accountId: MASTER }]);
});

test("an answer that was lost after the key was made: the key is found by its mark and dead, and no secret is told", async () => {
  await bybit.stage.bed.control.post("/faults", {
    ...{ venue: "bybit", match: { path: "/v5/user/create-sub-api" }, kind: "lost-after-effect", times: 1 },
  });
  const provider = await bybit.start();
  const { message, partial } = await refusal(provider.create(await checked(provider)));
  expect(message).toContain("the key had been made and was revoked, since its secret was in the lost answer; run it again");
  expect([partial, await bybit.living(), bybit.stage.entries()]).toEqual([undefined, [], []]);
});
