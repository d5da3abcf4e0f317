// Keys that can't look at themselves: what the account's list proves, and what it doesn't.

import { destroy, Unseen } from "../../provider/core/destroy";
import { look, lookUntil } from "../../provider/core/look";
import type { ObservedKey } from "../../provider/core/driver";
import { KeyError } from "../../provider/core/errors";
import { Lists, Writes } from "../../provider/core/lists";
import type { Means } from "../../provider/core/means";
import { AT, born, living, next, up, type State } from "./scenarios";
import { declared, T0, THERE, World } from "./venue";

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
  world.now += 5000; // by the venue's time, which may be a second early
  expect(await looked(state, slow, true)).toMatchObject({ is: "unknown" });
  world.now += 1000;
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

/** A venue that refuses a revocation, and whose list shows the key until some milliseconds have passed. */
function refusing(world: World, code: "credential-refused" | "parameter-refused" | "permission-refused", afterMs: number): Means {
  const shown = world.keys.map(({ token, grants }) => ({ publicPart: token, grants }));
  const end = world.now + afterMs;
  const means = listing(world, () => Promise.resolve(world.now >= end ? [] : shown));
  const error = new KeyError(code, { venue: "acme", operation: "revoke", cause: "the venue refuses", wayOut: "look" });
  return { ...means, kind: { ...means.kind, settleMs: 300_000 }, driver: { ...means.driver, revoke: () => Promise.reject(error) } };
}

test.each(["credential-refused", "parameter-refused"] as const)(
  "a refusal that may mean that the key is on its way out is waited for, to the last second of the settle time: %s",
  async (code) => {
    const { world, state } = await lives();
    await destroy(state.recorded.current, "revoke", refusing(world, code, 300_900));
    expect(world.now - T0).toBeGreaterThan(300_000);
    expect(world.now - T0).toBeLessThan(310_000);
  },
);

test("beyond the settle time such a key isn't revoked; another refusal isn't waited for", async () => {
  const { world, state } = await lives();
  const begun = world.now;
  const late = refusing(world, "credential-refused", 400_000);
  await expect(destroy(state.recorded.current, "revoke", late)).rejects.toMatchObject({ code: "not-revoked" });
  expect(world.now - begun).toBeLessThan(400_000);
  const since = world.now;
  const denied = refusing(world, "permission-refused", 400_000);
  await expect(destroy(state.recorded.current, "revoke", denied)).rejects.toMatchObject({ code: "not-revoked" });
  expect(world.now).toBe(since);
});

test("an update names the key by its public part, and reads it back from the list", async () => {
  const { world, state } = await lives();
  const { error } = await up(world, state, next(world, state, ["o", "w"], AT));
  expect(error).toBeUndefined();
  expect(world.log).toEqual(["list", "ledger changing", "update", "list"]);
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

describe("a key that the venue names by a number of its own", () => {
  const numbers = (world: World, keyId: string): Means =>
    listing(world, async () => (await world.means().driver.list!(world.means().scope, undefined)).keys.map((key) => ({ ...key, keyId })));
  const revoking = async (state: State, means: Means, options: { undo?: boolean } = {}): Promise<readonly unknown[]> => {
    const asked: unknown[] = [];
    const driver = { ...means.driver, revoke: (ref: { keyId?: string }) => (asked.push(ref.keyId), means.driver.revoke!(ref as never)) };
    const numbered = { ...state.recorded.current, keyId: "3" };
    await destroy(numbered, "revoke", { ...means, driver }, options);
    return asked;
  };

  test("is revoked by the number that it has now", async () => {
    const { world, state } = await lives();
    expect(await revoking(state, numbers(world, "4"))).toEqual(["4"]);
    expect(world.living).toEqual([]);
  });

  test("and not at all once it is gone: the number may be somebody else's", async () => {
    const { world, state } = await lives();
    world.keys[0]!.alive = false;
    expect(await revoking(state, numbers(world, "3"))).toEqual([]);
  });

  test("nor where the list can't be had, unless it was made a moment ago", async () => {
    const { world, state } = await lives();
    const barred = new KeyError("rate-limited", { operation: "list", cause: "too many", wayOut: "wait" });
    const blind = listing(world, () => Promise.reject(barred));
    await expect(revoking(state, blind)).rejects.toMatchObject({ code: "not-revoked" });
    expect(world.living).toHaveLength(1);
    await expect(revoking(state, blind, { undo: true })).rejects.toMatchObject({ code: "not-revoked" });
    expect(world.living).toEqual([]);
  });
});

test("an empty list that may stand for a place that nobody knows is no proof against a key that answers", async () => {
  const { world, state } = await lives();
  const asked: string[] = [];
  const doubting = (alive: boolean): Means => {
    const means = listing(world, () => Promise.resolve([]));
    const inspect = () => {
      asked.push("inspect");
      const error = new KeyError("credential-refused", { operation: "look", cause: "refused", wayOut: "none" });
      return Promise.resolve(alive ? { alive: { grants: [] } } : { absent: { kind: "refusal" as const, error } });
    };
    return { ...means, kind: { ...means.kind, emptyList: "doubtful" }, driver: { ...means.driver, inspect } };
  };
  expect(await looked(state, doubting(true))).toMatchObject({ is: "unknown", error: { code: "absence-unproved" } });
  expect(await looked(state, doubting(false))).toEqual({ is: "dead", because: "not-found" });
  expect(asked).toHaveLength(2);
  // One whose secret nobody here has can't be asked.
  const secretless = { ...state.recorded.current, credential: { kind: "public-key", apiKey: "sandbox-token-1" } as const };
  expect(await look(secretless, { allowedIps: AT }, doubting(true), "look")).toMatchObject({ is: "dead" });
  const { kind: _, ...sure } = doubting(true);
  expect(await looked(state, { ...sure, kind: world.means().kind })).toMatchObject({ is: "dead" });
  expect(asked).toHaveLength(2);
});

test("what a key has for life, and no list shows, is taken as it was asked for", async () => {
  const { world, state } = await lives();
  const means = world.means();
  const kind = { ...means.kind, lifelong: ({ fix }: Readonly<Record<string, unknown>>) => (fix === true ? ["fix"] : []) };
  const seen = (extras: Readonly<Record<string, unknown>>) =>
    look(state.recorded.current, { allowedIps: AT, extras }, { ...means, kind }, "look");
  expect(await seen({ fix: true })).toMatchObject({ is: "alive", key: { grants: ["fix", "w"] } });
  expect(await seen({})).toMatchObject({ is: "alive", key: { grants: ["w"] } });
  expect(await look(state.recorded.current, { allowedIps: AT }, { ...means, kind }, "look")).toMatchObject({ key: { grants: ["w"] } });
});
