// What only Deribit's accounts do: a second factor that no machine has, keys that are switched off, a managing key that lacks a scope, and numbers
// of keys that are used again.

import { fingerprint } from "../../provider/core/secret";
import { Stack } from "../conformance/stack";

jest.setTimeout(30_000); // a loaded machine is slow

const KEYS = "/venues/deribit/keys";
const PEM = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";

interface Key {
  readonly id: string;
  readonly number: number;
  readonly label: string;
  readonly apiKey: string;
  readonly enabled: boolean;
  readonly removedAt: string | null;
  readonly publicKey: string | null;
}

let stack: Stack;
beforeEach(async () => {
  stack = await Stack.open({ venue: "deribit", kind: "ApiKey" });
});
afterEach(() => stack.close());

const keys = async (): Promise<readonly Key[]> => (await stack.control.get<Key[]>(KEYS)).filter(({ removedAt }) => removedAt === null);
const managing = async (): Promise<Key> => (await keys()).find(({ label }) => label === "managing")!;

test.each(["on", "setup-required"])(
  "a second factor (%s): the error says what to set, nothing is made, and nothing is taken for gone",
  async (tfa) => {
    await stack.up(stack.given.least);
    const { held } = stack;
    await stack.control.patch("/venues/deribit/accounts/7001", { tfa });
    const { error } = await stack.refresh();
    expect(error).toMatchObject({ code: "account-barred" });
    expect(error?.message).toContain(
      "in the account's security settings at Deribit, take the management of API keys out of what asks for it",
    );
    expect(stack.held).toBe(held);
    stack.held = undefined;
    expect((await stack.up(stack.given.least)).error).toMatchObject({ code: "account-barred" });
    expect(await stack.living()).toHaveLength(1);
  },
);

test("a key that was switched off shows no grants, and is switched on again with all that is declared", async () => {
  await stack.up(stack.given.bound);
  const [key] = await stack.living();
  await stack.control.patch(`${KEYS}/${key!.id}`, { enabled: false });
  expect(await stack.refresh()).toEqual({ did: "refresh" });
  expect(stack.held?.outputs["grants"]).toEqual([]);
  expect(stack.held?.outputs["powers"]).toEqual({});
  expect(await stack.up(stack.given.bound)).toEqual({ did: "update" });
  expect((await keys()).map(({ enabled }) => enabled)).toEqual([true, true]);
});

test("a scope that the managing key lacks is told before anything is made", async () => {
  const { error } = await stack.up({ permissions: { wallet: "read_write" }, allowedIps: "anywhere" });
  expect(error).toMatchObject({ code: "managing-key" });
  expect(error?.message).toContain('the managing key of "main" can\'t manage keys: it needs wallet:read_write, since no key');
  expect([await stack.writes(), await stack.living()]).toEqual([[], []]);
});

test("the managing key is in the list, and is neither changed nor removed, whatever the state says", async () => {
  const { apiKey, number } = await managing();
  await stack.up(stack.given.least);
  const { held } = stack;
  const { credential } = held!.outputs as { credential: object };
  const outputs = {
    ...held!.outputs,
    credential: { ...credential, apiKey },
    fingerprint: fingerprint("deribit", apiKey),
    keyId: String(number),
  };
  stack.held = { ...held!, outputs };
  expect((await stack.up(stack.given.wider)).error).toMatchObject({ code: "self-lock-out" });
  expect((await stack.destroy()).error).toMatchObject({ code: "self-lock-out" });
  expect((await managing()).apiKey).toBe(apiKey);
  expect((await stack.writes()).length).toBe(2); // the birth of ours
});

test("with a public key there is no secret anywhere", async () => {
  expect(await stack.up({ ...stack.given.bound, publicKey: PEM })).toEqual({ did: "create" });
  const { credential, apiSecret, keyType } = stack.held!.outputs;
  expect(Object.keys(credential as object).sort()).toEqual(["apiKey", "environment", "keyType", "venue"]);
  expect([apiSecret, keyType]).toEqual([undefined, "public-key"]);
  expect((await keys()).map(({ publicKey }) => publicKey)).toEqual([null, PEM]);
  expect(await stack.refresh()).toEqual({ did: "refresh" });
  expect(await stack.up({ ...stack.given.bound, publicKey: PEM })).toEqual({ did: "same" });
  expect(await stack.destroy()).toEqual({ did: "delete" });
});

test("a number that was used again is somebody else's key: it stays", async () => {
  await stack.switches({ idsReused: true });
  await stack.up(stack.given.least);
  const [ours] = await stack.living();
  await stack.given.remove(stack.control, ours!);
  const number = (all: readonly Key[], label: string): number | undefined => all.find((key) => key.label === label)?.number;
  const before = (await stack.control.get<Key[]>(KEYS)).find(({ id }) => id === ours!.id)?.number;
  await stack.control.post(KEYS, { accountId: 7001, label: "stranger", permissions: ["trade:read"] });
  expect(number(await keys(), "stranger")).toBe(before);
  expect(await stack.destroy()).toEqual({ did: "delete" });
  expect((await keys()).map(({ label }) => label)).toEqual(["managing", "stranger"]);
});
