// Keys that the journal knows and the state doesn't: told by every run of the stack that meets them. And a token's own hand, where the
// account's is refused.

import { Stage } from "./stage";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(async () => {
  await stage.settle();
});
afterAll(() => stage.close());

const named = (name: string) => ({ identity: { ...(stage.inputs["identity"] as object), name } });
const told = (): string[] => stage.printed.split("\n").filter((line) => line.includes("unknown outcome of"));

test("a lost token of a resource that left the program is told by the others of its stack, also when they have nothing to do", async () => {
  const first = await stage.start();
  const kept = await stage.issue(first, named("kept"));
  await stage.fault("auth/w/token", { kind: "lost-after-effect" });
  await expect(stage.issue(first, named("lost"))).rejects.toThrow("may have had its effect");
  const [lost] = stage.entries().filter((entry) => entry["status"] === "begun");
  expect(told()).toEqual([]); // told in full when it happened

  const next = await stage.start();
  expect(await next.diff(kept.id, kept.outs, kept.inputs)).toMatchObject({ changes: false });
  expect(told()).toHaveLength(1);
  expect(told()[0]).toContain(
    `AccessToken "lost": unknown outcome of ${String(lost?.["begunAt"])}: its answer was lost; a key may be alive until `,
  );
  expect(told()[0]).toContain(`(journal mark ${String(lost?.["mark"])})`);
});

test("another stack says nothing of it", async () => {
  const first = await stage.start();
  const other = { identity: { ...(stage.inputs["identity"] as object), stack: "other" } };
  const kept = await stage.issue(first, other);
  await stage.fault("auth/w/token", { kind: "lost-after-effect" });
  await expect(stage.issue(first, named("lost"))).rejects.toThrow("may have had its effect");
  const next = await stage.start();
  await next.diff(kept.id, kept.outs, kept.inputs);
  await next.read(kept.id, kept.outs);
  expect(told()).toEqual([]);
});

test("a token that was recorded and left the state by hand is told by the next create, and stands in its warnings", async () => {
  const first = await stage.start();
  const held = await stage.issue(first);
  await (await stage.start()).diff(held.id, held.outs, held.inputs); // seen in the state
  expect(stage.entries()).toMatchObject([{ status: "recorded" }]);
  const again = await stage.issue(await stage.start());
  expect(told()).toHaveLength(1);
  expect(told()[0]).toContain(
    `it was recorded once, and isn't in the state that this run has seen; the key ${String(held.outs["fingerprint"])} may be`,
  );
  const warnings = again.outs["warnings"] as { message: string }[];
  expect(warnings.map(({ message }) => message)).toContain(told()[0]);
});

test("a restored older state: the newer token is told", async () => {
  const first = await stage.start();
  const old = await stage.issue(first);
  const newer = await stage.change(first, old, { reissue: "now" });
  await (await stage.start()).diff(newer.id, newer.outs, newer.inputs);
  const provider = await stage.start();
  await provider.diff(old.id, old.outs, old.inputs);
  expect(told()).toEqual([expect.stringContaining(`the key ${String(newer.outs["fingerprint"])} may be alive`)]);
});

test.each([
  ["revoked", (id: string) => stage.bed.control.delete(`/venues/bitfinex/keys/${id}`)],
  ["barred", (id: string) => stage.bed.control.patch(`/venues/bitfinex/keys/${id}`, { allowedIps: ["198.51.100.9"] })],
])("delete with the managing key %s: the token revokes itself", async (_, spoil) => {
  const made = { permissions: { account: "read", wallets: "read" }, label: "managing" };
  const key = await stage.bed.control.post<{ id: string; apiKey: string; apiSecret: string }>("/venues/bitfinex/keys", made);
  const config = stage.config({ main: stage.account({ apiKey: key.apiKey, apiSecret: key.apiSecret }) });
  const held = await stage.issue(await stage.start(config));
  await spoil(key.id);
  expect(await stage.alive()).toHaveLength(1);
  await (await stage.start(config)).delete(held.id, held.outs);
  expect(await stage.alive()).toEqual([]);
  expect(stage.entries()).toEqual([]);
});

test("delete with the managing key revoked, and a token that can't revoke itself: it stays, and says so", async () => {
  const key = await stage.bed.control.post<{ id: string; apiKey: string; apiSecret: string }>("/venues/bitfinex/keys", {
    permissions: { account: "read", wallets: "read" },
  });
  const config = stage.config({ main: stage.account({ apiKey: key.apiKey, apiSecret: key.apiSecret }) });
  const held = await stage.issue(await stage.start(config));
  await stage.bed.control.delete(`/venues/bitfinex/keys/${key.id}`);
  await stage.fault("auth/w/token/del", { kind: "refuse", code: 10020, message: "token: params", times: "always" });
  await expect((await stage.start(config)).delete(held.id, held.outs)).rejects.toThrow("revoke generation 1");
  expect(await stage.alive()).toHaveLength(1);
  expect(stage.entries()).toHaveLength(1);
});
