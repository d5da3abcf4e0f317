// The engine dies: its address refuses and standard input ends, while the process would live on. No write is started then, what was minted
// is revoked, and the process ends by itself.

import { refusal, Stage, type Held } from "./stage";
import type { ProviderProcess } from "./process";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.settle());
afterAll(() => stage.close());

const MINT = "auth/w/token";
const LOOK = "auth/r/permissions";
const REVOKE = "auth/w/token/del";

/** Requests that write, in order. */
const writes = async (): Promise<readonly string[]> => (await stage.requests()).filter((path) => path.startsWith("auth/w/"));

/** Lets an operation run into a hold, kills the engine meanwhile, lets it go on, and waits for the process to end by itself. */
async function killedDuring(provider: ProviderProcess, path: string, after: number, asked: () => Promise<unknown>): Promise<void> {
  const hold = await stage.fault(path, { kind: "hold" }, after);
  const answered = asked().catch(() => undefined);
  await stage.held(hold);
  await provider.killEngine();
  await stage.release(hold);
  expect(await provider.ended).toBe(0);
  await answered;
}

async function recorded(): Promise<Held> {
  const held = await stage.issue(await stage.start());
  await stage.bed.control.delete("/requests");
  return held;
}

test("an idle process ends by itself", async () => {
  const provider = await stage.start();
  await provider.check(stage.inputs);
  await provider.killEngine();
  expect(await provider.ended).toBe(0);
});

test("standard input alone says nothing: as long as the engine's address answers, the process goes on", async () => {
  const provider = await stage.start();
  await provider.check(stage.inputs);
  provider.endInput();
  await stage.issue(provider);
  expect(await stage.alive()).toHaveLength(1);
  await provider.closeEngineAddress();
  expect(await provider.ended).toBe(0);
});

describe("before a write", () => {
  const says =
    "the Pulumi engine that asked for this has ended, so nobody could record the result; nothing was sent; " +
    "run `pulumi cancel` if the stack is locked, then `pulumi up` again";

  test("of create", async () => {
    const provider = await stage.start();
    const { inputs } = await provider.check(stage.inputs);
    await provider.closeEngineAddress();
    expect((await refusal(provider.create(inputs))).message).toBe(`bitfinex (sandbox): create token "report": write: ${says}`);
    expect(await writes()).toEqual([]);
    expect(stage.entries()).toEqual([]);
  });

  test("of update", async () => {
    const held = await recorded();
    const provider = await stage.start();
    const { inputs } = await provider.check({ ...stage.inputs, reissue: "now" }, held.inputs);
    await provider.closeEngineAddress();
    expect((await refusal(provider.update(held.id, held.outs, inputs))).message).toContain(says);
    expect(await writes()).toEqual([]);
    expect(await stage.alive()).toEqual([held.outs["token"]]);
  });

  test("of delete", async () => {
    const held = await recorded();
    const provider = await stage.start();
    await provider.check(stage.inputs);
    await provider.closeEngineAddress();
    expect((await refusal(provider.delete(held.id, held.outs))).message).toContain(says);
    expect(await writes()).toEqual([]);
    expect(await stage.alive()).toEqual([held.outs["token"]]);
  });
});

test.each([
  ["the look at the account", "auth/r/info/user", 0, []],
  ["the look at the managing key", LOOK, 0, []],
  ["the mint", MINT, 0, [MINT, REVOKE]],
  ["the new token's look at itself", LOOK, 1, [MINT, REVOKE]],
])("killed during create, in %s", async (_, path, after, written) => {
  const provider = await stage.start();
  const { inputs } = await provider.check(stage.inputs);
  await killedDuring(provider, path, after, () => provider.create(inputs));
  expect(await writes()).toEqual(written);
  expect(await stage.alive()).toEqual([]);
  expect(stage.entries()).toEqual([]);
});

test.each([
  ["the mint", MINT, 0, [MINT, REVOKE], 1],
  ["the new token's look at itself", LOOK, 1, [MINT, REVOKE], 1],
  ["the revocation of the former one", REVOKE, 0, [MINT, REVOKE, REVOKE], 0],
  ["the look at the former one that is dead", LOOK, 2, [MINT, REVOKE, REVOKE], 0],
])("killed during a reissue, in %s: the new key is revoked, and the next run converges", async (_, path, after, written, formerAlive) => {
  const held = await recorded();
  const provider = await stage.start();
  const { inputs } = await provider.check({ ...stage.inputs, reissue: "now" }, held.inputs);
  await killedDuring(provider, path, after, () => provider.update(held.id, held.outs, inputs));
  expect(await writes()).toEqual(written);
  expect(await stage.alive()).toEqual(formerAlive === 1 ? [held.outs["token"]] : []);

  const next = await stage.change(await stage.start(), held, { reissue: "now" });
  expect(await stage.alive()).toEqual([next.outs["token"]]);
  expect(next.outs).toMatchObject({ generation: 2, retiring: [] });
  expect(stage.entries().map(({ mark }) => mark)).toEqual([next.outs["mark"]]);
});

test.each([
  ["the revocation", REVOKE, 0],
  ["the look that proves it", LOOK, 1],
])("killed during delete, in %s: what was begun is finished, and the next run finds it so", async (_, path, after) => {
  const held = await recorded();
  const provider = await stage.start();
  await provider.check(stage.inputs);
  await killedDuring(provider, path, after, () => provider.delete(held.id, held.outs));
  expect(await writes()).toEqual([REVOKE]);
  expect(await stage.alive()).toEqual([]);
  await (await stage.start()).delete(held.id, held.outs);
  expect(stage.entries()).toEqual([]);
});

test("killed with two keys to revoke: after the first no other revocation is begun", async () => {
  const first = await stage.issue(await stage.start());
  const second = await stage.change(await stage.start(), first, { permissions: { account: "read", wallets: "read", orders: "read" } });
  expect(await stage.alive()).toHaveLength(2);
  await stage.bed.control.delete("/requests");
  const provider = await stage.start();
  await provider.check(stage.inputs);
  await killedDuring(provider, REVOKE, 0, () => provider.delete(second.id, second.outs));
  expect(await writes()).toEqual([REVOKE]);
  expect(await stage.alive()).toEqual([second.outs["token"]]);
});

test("several creates under way: each that was minted is revoked", async () => {
  const provider = await stage.start();
  const identity = stage.inputs["identity"] as object;
  const named = (index: number) => ({ ...stage.inputs, identity: { ...identity, name: `key-${index}` } });
  const inputs = await Promise.all([0, 1, 2, 3].map(async (index) => (await provider.check(named(index))).inputs));
  await killedDuring(provider, MINT, 0, () => Promise.all(inputs.map((news) => provider.create(news))));
  expect(await stage.alive()).toEqual([]);
  expect(stage.entries()).toEqual([]);
  const done = await writes();
  expect(done.filter((path) => path === MINT)).toHaveLength(done.filter((path) => path === REVOKE).length);
});
