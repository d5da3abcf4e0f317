// Where Binance's documents leave a trap: lists that prove nothing, and addresses that can't be set. Each ends with an error, and no key is
// left that nobody knows.

import { fixtureOf } from "../conformance/fixture";
import { orphans, Stack } from "../conformance/stack";

const { least, bound } = fixtureOf("binance").kinds["SubAccountApiKey"]!;
const [HERE = "", SECOND] = ["203.0.113.10", "203.0.113.77"];

let stack: Stack;
beforeEach(async () => {
  stack = await Stack.open({ venue: "binance", kind: "SubAccountApiKey" });
});
afterEach(() => stack.close());

const MASKED = "the list has a key that can't be told from others, so it shows no absence";

test("a masked list at birth: the key is deleted, and kept in the state until that is seen", async () => {
  await stack.switches({ listKeys: "masked" });
  // Somebody else's key stays in the list, so that the absence of ours shows nowhere.
  await stack.given.strangers!(stack.control, 1);
  await stack.meet();
  const { error } = await stack.up(least);
  expect(error?.message).toContain(MASKED);
  expect([await stack.living(), await orphans(stack)]).toEqual([[], []]);
  expect(stack.held).toMatchObject({ unfinished: true });
  await stack.switches({ listKeys: "whole" });
  expect((await stack.up(least)).error).toBeUndefined();
  expect(await stack.living()).toHaveLength(1);
  expect(await stack.others()).toBe(1);
});

test("a masked list later: not known, never gone, and not deleted from the state before that is seen", async () => {
  await stack.up(least);
  await stack.given.strangers!(stack.control, 1);
  await stack.switches({ listKeys: "masked" });
  const { held } = stack;
  expect((await stack.refresh()).error).toMatchObject({ code: "broken-answer" });
  expect(stack.held).toBe(held);
  expect((await stack.destroy()).error?.message).toContain(MASKED);
  expect(stack.held).toBeDefined();
  await stack.switches({ listKeys: "whole" });
  expect(await stack.destroy()).toEqual({ did: "delete" });
});

test("an empty list isn't believed while the key itself answers", async () => {
  await stack.up(bound);
  stack.held = { ...stack.held!, outputs: { ...stack.held!.outputs, subAccount: "nobody@example.com" } };
  const { held } = stack;
  const { error } = await stack.refresh();
  expect(error).toMatchObject({ code: "absence-unproved" });
  expect(error?.message).toContain("the sub-account may have another name now");
  expect(stack.held).toBe(held);
  expect((await stack.destroy()).error).toMatchObject({ code: "not-revoked" });
  expect(await stack.living()).toHaveLength(1);
});

test("addresses that can be set only where none of them is there: an error that names them, and never an open list", async () => {
  await stack.switches({ addIps: "replaces", addIpAgain: "refused" });
  expect((await stack.up({ ...least, allowedIps: [HERE] })).error).toBeUndefined();
  const { error } = await stack.up({ ...least, allowedIps: [HERE, SECOND] });
  expect(error?.message).toContain(`the venue still shows a difference in ${HERE}`);
  const [key] = await stack.living();
  for (const { allowedIps } of key!.states!) {
    expect(allowedIps).not.toBe("anywhere");
    expect(allowedIps).not.toEqual([]);
  }
});

test("trading that lapsed shows as drift, and comes back; it was told in time", async () => {
  const program = { ...least, permissions: { canTrade: true } };
  await stack.up(program);
  expect(stack.held?.outputs["warnings"]).toMatchObject([{ about: "lapse", from: expect.any(String) as string }]);
  await stack.advance("721h");
  expect(await stack.refresh()).toEqual({ did: "refresh" });
  expect(stack.held?.inputs["permissions"]).toEqual({});
  expect(await stack.up(program)).toEqual({ did: "update" });
  expect((await stack.living())[0]?.grants).toContain("canTrade");
});

test("a managing key without trading is refused before anything is written", async () => {
  const { apiKey } = stack.sandbox.venues.binance!.account;
  const keys = await stack.control.get<{ id: string; apiKey: string }[]>("/venues/binance/keys");
  const { id = "" } = keys.find((key) => key.apiKey === apiKey) ?? {};
  await stack.control.patch(`/venues/binance/keys/${id}`, { permissions: [] });
  const { error } = await stack.up(least);
  expect(error).toMatchObject({ code: "managing-key" });
  expect(await stack.writes()).toEqual([]);
});
