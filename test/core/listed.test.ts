// Keys that can't look at themselves: what the account's list proves, and what it doesn't.

import { destroy, Unseen } from "../../provider/core/destroy";
import { look, lookUntil } from "../../provider/core/look";
import type { ObservedKey } from "../../provider/core/driver";
import { KeyError } from "../../provider/core/errors";
import { Lists, Writes } from "../../provider/core/lists";
import type { Means } from "../../provider/core/means";
import { AT, born, living, next, up, type State } from "./scenarios";
import { declared, THERE, World } from "./venue";

async function lives(): Promise<{ world: World; state: State }> {
  const world = new World(true, true);
  const state = await born(world, ["w"], AT);
  world.restart();
  return { world, state };
}

const looked = ({ recorded }: State, means: Means, newborn = false) => look(recorded.current, { allowedIps: AT }, means, "look", newborn);
const listing = (world: World, list: () => Promise<readonly ObservedKey[]>): Means => {
  const means = world.means();
  const lists = new Lists({ ...means.driver, list: async () => ({ keys: await list() }) }, "acme", new Writes(), () => 0);
  return { ...means, driver: lists.driver, lists };
};

test("found by its fingerprint it is alive, with what the list shows of it", async () => {
  const { world, state } = await lives();
  await up(new World(false, true), undefined, declared(["o"], AT));
  expect(await looked(state, world.means())).toMatchObject({ is: "alive", answered: false, unbound: false, key: { grants: ["w"] } });
});

test("missing from the complete list it is dead", async () => {
  const { world, state } = await lives();
  world.keys[0]!.alive = false;
  expect(await looked(state, world.means())).toEqual({ is: "dead", because: "not-found" });
});

test.each(["no answer, no effect", "refused"] as const)("a list that can't be had proves nothing: %s", async (kind) => {
  const { world, state } = await lives();
  world.keys[0]!.alive = false;
  world.restart({ at: 1, kind });
  expect(await looked(state, world.means())).toMatchObject({ is: "unknown", error: { branch: expect.any(String) as string } });
});

test("a list with a key that isn't told from others proves nothing", async () => {
  const { world, state } = await lives();
  const means = listing(world, () => Promise.resolve([{ grants: [] }]));
  expect(await looked(state, means)).toMatchObject({ is: "unknown", error: { code: "broken-answer" } });
});

test("a mistake of the driver isn't taken for an absence", async () => {
  const { world, state } = await lives();
  await expect(
    looked(
      state,
      listing(world, () => Promise.reject(new TypeError("a mistake"))),
    ),
  ).rejects.toThrow(TypeError);
});

test("within the settle time of its birth, the absence of one that nobody saw is unknown", async () => {
  const { world, state } = await lives();
  const means = listing(world, () => Promise.resolve([]));
  const slow = { ...means, kind: { ...means.kind, settleMs: 5000 } };
  expect(await looked(state, slow, true)).toMatchObject({ is: "unknown", error: { code: "absence-unproved" } });
  expect(await looked(state, slow)).toEqual({ is: "dead", because: "not-found" });
  world.now += 5000;
  expect(await looked(state, slow, true)).toEqual({ is: "dead", because: "not-found" });
});

test("a list is no proof that the key answers from here", async () => {
  const world = new World(false, true);
  const { state, error } = await up(world, undefined, declared(["w"], { [THERE]: "" }));
  expect(error).toBeUndefined();
  expect(state!.recorded.current.vantage).toBeUndefined();
});

test("the account revokes it by its public part, and the list then shows that it is gone", async () => {
  const { world, state } = await lives();
  await destroy(state.recorded.current, "revoke", world.means());
  expect(world.log).toEqual(["revoke by account", "list", "ledger close"]);
  expect(living(world)).toEqual([]);
});

test("a revocation that was lost counts once the list lacks the key, and one that is refused doesn't", async () => {
  const { world, state } = await lives();
  world.restart({ at: 1, kind: "refused" });
  await expect(destroy(state.recorded.current, "revoke", world.means())).rejects.toMatchObject({ code: "not-revoked" });
  expect(living(world)).toHaveLength(1);
  world.restart({ at: 1, kind: "lost after its effect" });
  await destroy(state.recorded.current, "revoke", world.means());
});

test("one that the venue said to have revoked is given its time to leave a late list, though it is refused now", async () => {
  const world = new World(true, true, { settleMs: 300_000 });
  const { recorded } = await born(world, ["w"], AT);
  world.restart({ at: 2, kind: "no answer, no effect" });
  const failed: unknown = await destroy(recorded.current, "revoke", world.means()).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(Unseen);
  const { revokedAt } = failed as Unseen;
  world.restart();
  await destroy({ ...recorded.current, revokedAt }, "revoke", world.means());
  expect(world.log.filter((call) => call === "list").length).toBeGreaterThan(1);
});

test("where nothing has to settle one look is all, though the venue's time falls back", async () => {
  const { world, state } = await lives();
  const means = world.means();
  const seen = await lookUntil(
    () => false,
    world.now + 1_000,
    () => looked(state, means),
    means,
  );
  expect([seen.is, world.log]).toEqual(["alive", ["list"]]);
});

test("one that is refused and listed, and was never said to be revoked, isn't waited for", async () => {
  const world = new World(true, true, { settleMs: 300_000 });
  const { recorded } = await born(world, ["w"], AT);
  world.restart({ at: 1, kind: "refused" });
  const before = world.now;
  await expect(destroy(recorded.current, "revoke", world.means())).rejects.toMatchObject({ code: "not-revoked" });
  expect([world.log, world.now]).toEqual([["revoke by account", "list"], before]);
});

test("a list that still shows a key after its revocation is an error", async () => {
  const { world, state } = await lives();
  const { keys: shown } = await world.means().lists.all(world.means().scope);
  const means = listing(world, () => Promise.resolve(shown));
  const failed: unknown = await destroy(state.recorded.current, "revoke", means).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(KeyError);
  expect(failed).toMatchObject({ code: "not-revoked" });
});

test("an update names the key by its public part, and reads it back from the list", async () => {
  const { world, state } = await lives();
  const { error } = await up(world, state, next(world, state, ["o", "w"], AT));
  expect(error).toBeUndefined();
  expect(world.log).toEqual(["list", "update", "list"]);
});

test("a new label is an update in place that keeps the mark; one that the venue doesn't write is an error", async () => {
  const { world, state } = await lives();
  const desired = next(world, state, ["w"], AT, { label: "hedge" });
  world.deaf = true;
  const deaf = await up(world, state, desired);
  expect((deaf.error as KeyError).message).toContain("difference in its label");
  world.deaf = false;
  expect((await up(world, state, desired)).error).toBeUndefined();
  expect(world.keys[0]!.label).toBe(`hedge-${state.recorded.current.mark}`);
});
