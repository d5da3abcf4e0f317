// A new token that isn't what was declared: wider, narrower, unbound, unusable. It is revoked at once; where that fails too it goes into
// the state as unproved, and the next update revokes it and makes another.

import type { Properties } from "./program";
import { refusal, Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.settle());
afterAll(() => stage.close());

const START = 'bitfinex (sandbox): create token "report"';
const WIDER = "it was revoked; declare these permissions, or use a managing key that lacks them";

/** What a create is refused with; nothing of it may live on. */
async function stillborn(changes: Properties = {}, account: Properties = {}): Promise<string> {
  const provider = await stage.start(stage.config({ main: stage.account(account) }));
  const { inputs, failures } = await provider.check({ ...stage.inputs, ...changes });
  expect(failures).toEqual([]);
  const { message, partial } = await refusal(provider.create(inputs));
  expect(partial).toBeUndefined();
  expect(await stage.tokens()).toHaveLength(1);
  expect(await stage.alive()).toEqual([]);
  expect(stage.entries()).toEqual([]);
  return message;
}

test.each([
  ["history-write", "history:write"],
  ["withdraw-write", "withdraw:write"],
  ["unknown-write", "sandbox_unlisted:write"],
])("wider by %s", async (capsExtraScopes, grant) => {
  await stage.bed.switches({ capsExtraScopes });
  expect(await stillborn()).toBe(`${START}: the venue also granted ${grant}, which wasn't declared; ${WIDER}`);
});

test("wider by a read scope: a warning, and recorded as it was born; no difference later", async () => {
  const held = await stage.issue(await stage.start());
  expect(held.outs["grants"]).toEqual(["account:read", "history:read", "wallets:read"]);
  const message = 'bitfinex (sandbox): token "report": the venue also granted history:read, which wasn\'t declared';
  expect(held.outs["warnings"]).toEqual([{ message }]);
  const read = await (await stage.start()).read(held.id, held.outs);
  expect(read.outs).toEqual(held.outs);
  expect(read.inputs).toEqual(held.inputs);
});

test("wider by a read scope, and strict", async () => {
  expect(await stillborn({ strict: true })).toBe(`${START}: the venue also granted history:read, which wasn't declared; ${WIDER}`);
});

test("strict, and exactly as declared", async () => {
  await stage.bed.switches({ capsExtraScopes: "none" });
  const { outs } = await stage.issue(await stage.start(), { strict: true });
  expect(outs).toMatchObject({ grants: ["account:read", "wallets:read"], warnings: [], selfRenewing: "not documented" });
});

test("narrower, of a managing key that lacks a scope itself", async () => {
  const permissions = { account: "read-write", wallets: "read" };
  const key = await stage.bed.control.post<{ apiKey: string; apiSecret: string }>("/venues/bitfinex/keys", { permissions });
  const { apiKey, apiSecret } = key;
  const message = await stillborn({ permissions: { account: "read-write", orders: "read-write" } }, { apiKey, apiSecret });
  expect(message).toBe(
    `${START}: the venue didn't grant orders:read, orders:write; the account's own key may lack it; ` +
      "it was revoked; give the managing key these permissions, or declare less",
  );
});

test("declared for another address, and it answers here", async () => {
  expect(await stillborn({ allowedIps: ["203.0.113.99"] })).toBe(
    `${START}: it is declared for other addresses, and it answers at 203.0.113.10; ` +
      'it was revoked; run from an address on its list, or declare "anywhere"',
  );
});

test.each(["apikey-invalid", "own-error"])(
  "bound to another address, and refused here (%s): as declared, and said to be unproved",
  async (ipRefusal) => {
    await stage.bed.switches({ ipRefusal, custIpBinds: true });
    const held = await stage.issue(await stage.start(), { allowedIps: ["203.0.113.99"] });
    expect(held.outs["unverified"]).toEqual({ permissions: expect.any(String), allowedIps: expect.any(String) });
    expect(held.outs).not.toHaveProperty("vantage");
    const message =
      'bitfinex (sandbox): token "report": it is bound to addresses that don\'t include 203.0.113.10, so nothing of it could be proved from here';
    expect(held.outs["warnings"]).toEqual([{ message }]);
    const provider = await stage.start();
    expect((await provider.read(held.id, held.outs)).outs).toEqual(held.outs);
    // From here nobody can revoke it either: that is an error, and it stays recorded.
    expect((await refusal(provider.delete(held.id, held.outs))).message).toContain('revoke generation 1 of token "report"');
    expect(await stage.alive()).toEqual([held.outs["token"]]);
  },
);

test("bound to this very address", async () => {
  await stage.bed.switches({ custIpBinds: true });
  const held = await stage.issue(await stage.start(), { allowedIps: ["203.0.113.10"] });
  expect(held.outs).toMatchObject({ unverified: { allowedIps: expect.any(String) }, vantage: { address: "203.0.113.10" } });
  await (await stage.start()).delete(held.id, held.outs);
  expect(await stage.alive()).toEqual([]);
});

test("refused from an address that may use it", async () => {
  await stage.fault("auth/r/permissions", { kind: "refuse", code: 10_001, message: "token: invalid" }, 1);
  expect(await stillborn()).toBe(
    `${START}: the venue issued it and refuses it; it was revoked; look at the account and its managing key at the venue`,
  );
});

test("it can't be looked at: what nobody could prove is revoked", async () => {
  await stage.fault("auth/r/permissions", { kind: "500" }, 1);
  expect(await stillborn()).toMatch(/^bitfinex \(sandbox\): create token "report": look at the key: the venue refuses \(code 10000\); /);
});

test("revoking it fails too: it stays in the state, and the next update revokes and replaces it", async () => {
  await stage.bed.switches({ capsExtraScopes: "history-write" });
  const { id: fault } = await stage.fault("auth/w/token/del", { kind: "500", times: "always" });
  const first = await stage.start();
  const { inputs } = await first.check(stage.inputs);
  const { message, partial } = await refusal(first.create(inputs));
  expect(message).toMatch(
    /the venue also granted history:write, which wasn't declared; and revoking it failed: .+; run `pulumi up` again: the key is in the state and is revoked first$/,
  );
  const [wide] = await stage.alive();
  expect(partial!.reasons).toEqual([message]);
  expect(partial!.properties).toMatchObject({
    token: wide,
    unproved: expect.any(String) as string,
    generation: 1,
    __provider: stage.inputs.__provider,
  });
  expect(stage.entries()).toHaveLength(1);

  await stage.bed.control.delete(`/faults/${fault}`);
  await stage.bed.switches({ capsExtraScopes: null });
  const second = await stage.start();
  const held = await stage.change(second, { id: partial!.id, inputs, outs: partial!.properties });
  expect(await stage.alive()).toEqual([held.outs["token"]]);
  expect(held.outs["token"]).not.toBe(wide);
  expect(held.outs).not.toHaveProperty("unproved");
  expect(stage.entries().map(({ mark }) => mark)).toEqual([held.outs["mark"]]);
});

test("a renewal that fails its proof leaves the former key as it was", async () => {
  const held = await stage.issue(await stage.start());
  await stage.bed.switches({ capsExtraScopes: "withdraw-write" });
  const provider = await stage.start();
  const { inputs } = await provider.check({ ...stage.inputs, reissue: "leaked" }, held.inputs);
  const { message, partial } = await refusal(provider.update(held.id, held.outs, inputs));
  expect(message).toBe(`${START}: the venue also granted withdraw:write, which wasn't declared; ${WIDER}`);
  expect(partial).toBeUndefined();
  expect(await stage.alive()).toEqual([held.outs["token"]]);
});

test("one that dies earlier than its lifetime says is found dead, and replaced", async () => {
  await stage.bed.switches({ ttlMax: 3_600 });
  const config = stage.config({ main: stage.account() }, { testClock: stage.bed.sandbox.control.url });
  const held = await stage.issue(await stage.start(config));
  await stage.bed.control.post("/clock", { advance: "2h" });
  expect((await (await stage.start(config)).read(held.id, held.outs)).id).toBe("");
});
