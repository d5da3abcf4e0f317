// Lists of a sub-account's keys through the real provider process: one reading for all who refresh at once, and none that a write made old.

import { BybitStage } from "./bybit";
import type { Properties } from "./program";
import type { Held } from "./stage";

const COUNT = 25;
let bybit: BybitStage;
beforeAll(async () => {
  bybit = await BybitStage.open(...Array.from({ length: COUNT - 1 }, (_, index) => `bot-${index}`));
});
afterEach(() => bybit.settle());
afterAll(() => bybit.close());

const lists = async (): Promise<number> => (await bybit.asked()).filter((path) => path === "sub-apikeys").length;

async function issueAll(inputs: readonly Properties[]): Promise<readonly Held[]> {
  const provider = await bybit.start();
  return Promise.all(inputs.map((each) => bybit.issue(provider, each)));
}

test("a refresh of many at once reads each page once, and finds each key as it is", async () => {
  await bybit.switches({ lastCursor: "none" });
  const held = await issueAll(bybit.all);
  expect(await bybit.living()).toHaveLength(COUNT);
  const provider = await bybit.start();
  await bybit.forget();
  const read = await Promise.all(held.map(({ id, outs }) => provider.read(id, outs)));
  expect(read.map(({ id, outs }) => [id, outs["apiKey"]])).toEqual(held.map(({ id, outs }) => [id, outs["apiKey"]]));
  expect([...(await bybit.asked())].sort()).toEqual(["query-api", "sub-apikeys", "sub-apikeys"]);
});

test("a write drops what was read", async () => {
  const [one, two] = (await issueAll(bybit.all.slice(0, 2))) as [Held, Held];
  const provider = await bybit.start();
  await bybit.forget();
  await provider.read(one.id, one.outs);
  const before = await lists();
  await provider.read(two.id, two.outs);
  expect(await lists()).toBe(before);
  const { inputs } = await provider.check({ ...one.inputs, permissions: { ContractTrade: ["Order"] } }, one.inputs);
  const changed = await provider.update(one.id, one.outs, inputs);
  expect(changed["grants"]).not.toContain("ContractTrade:Position");
  const after = await lists();
  expect(after).toBeGreaterThan(before);
  // What the update read back is whole, and still good.
  await provider.read(two.id, two.outs);
  expect(await lists()).toBe(after);
  await provider.delete(two.id, two.outs);
  expect(await lists()).toBeGreaterThan(after);
  expect((await provider.read(one.id, changed)).id).toBe(one.id);
  expect((await bybit.living()).map(({ apiKey }) => apiKey)).toEqual([one.outs["apiKey"]]);
});
