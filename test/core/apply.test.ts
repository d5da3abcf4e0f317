// Plans carried out against a venue in memory: every fault at every call, the engine ending at every point, and what is left then.

import fc from "fast-check";
import { MARGIN_MS } from "../../provider/core/lost";
import type { AllowedIps } from "../../provider/core/model";
import { AT, converge, expectSettled, fingerprints, living, next, ready, SCENARIOS, up, type State } from "./scenarios";
import { Crash, FAULTS, HERE, orphans, THERE, World, type Fault, type Sort } from "./venue";

const PASSPHRASE = { length: 20, special: "-", revokes: true } as const;
const SORTS: readonly (Sort & { readonly name: string; readonly listed: boolean })[] = [
  { name: "a key that looks at itself", listed: false },
  { name: "a key that the account lists", listed: true },
  { name: "a key that is born bare", listed: true, birth: "bare" },
  { name: "a key that is changed in parts", listed: true, updates: "in-parts" },
  { name: "a key that is born bare and changed in parts", listed: true, birth: "bare", updates: "in-parts" },
  { name: "a list that is late", listed: true, settleMs: 5_000 },
  { name: "a list that is minutes late, of a key that is born bare", listed: true, birth: "bare", settleMs: 300_000 },
  { name: "a key with a passphrase", listed: true, passphrase: PASSPHRASE },
];
const FLAVOURED = SCENARIOS.flatMap((scenario) => SORTS.map((sort) => ({ scenario, ...sort, name: `${scenario.name}, ${sort.name}` })));

describe.each(FLAVOURED)("$name", ({ scenario, listed, ...sort }) => {
  test("done once, and a second time there is nothing to do", async () => {
    const { world, state, desired } = await ready(scenario, listed, sort);
    const first = await up(world, state, desired);
    expect(first.error).toBeUndefined();
    expectSettled(world, first.state!, desired);
    expect(living(world)).toEqual(fingerprints(first.state!.recorded));
    const calls = world.calls;
    const second = await up(world, first.state, desired);
    expect(second).toEqual(first);
    expect(world.calls).toBe(calls);
  });

  test.each(FAULTS)("%s, at each call: no key without record, and the next run gets there", async (kind: Fault) => {
    const { world: whole, state: from, desired: to } = await ready(scenario, listed, sort);
    await up(whole, from, to);
    const calls = whole.calls;
    expect(calls).toBeGreaterThan(2);
    for (let at = 1; at <= calls; at += 1) {
      const { world, state, desired } = await ready(scenario, listed, sort);
      const recordedBefore = state === undefined ? [] : fingerprints(state.recorded);
      world.restart({ at, kind });
      const failed = await up(world, state, desired);
      const where = `${kind} at ${world.log[at - 1] ?? "no call"}`;
      if (kind.startsWith("crash")) expect(failed.error).toBeInstanceOf(Crash);
      const crashed = failed.error instanceof Crash;
      // A process that crashed recorded nothing.
      const left = crashed ? state : failed.state;
      expect([where, orphans(world, left?.recorded)]).toEqual([where, []]);
      // A key leaves the state only when it is dead.
      const gone = recordedBefore.filter((each) => left !== undefined && !fingerprints(left.recorded).includes(each));
      expect([where, gone.filter((each) => living(world).includes(each))]).toEqual([where, []]);
      const settled = await converge(world, left, desired);
      expectSettled(world, settled, desired);
    }
  });

  // What was changed in place may be put back in the program before anybody looks.
  const changed = scenario.inPlace ? FAULTS : [];
  if (changed.length > 0)
    test.each(changed)("%s, at each call, and the program is put back", async (kind: Fault) => {
      const { world: whole, state: from, desired: to } = await ready(scenario, listed, sort);
      await up(whole, from, to);
      for (let at = 1; at <= whole.calls; at += 1) {
        const { world, state, desired } = await ready(scenario, listed, sort);
        world.restart({ at, kind });
        const { state: left } = await up(world, state, desired);
        const former = { ...state!.as, keepUntil: desired.keepUntil };
        expectSettled(world, await converge(world, left, former), former);
      }
    });

  test("the engine ends at each point: what this run made is dead, or was recorded", async () => {
    const { world: whole, state: from, desired: to } = await ready(scenario, listed, sort);
    await up(whole, from, to);
    for (let at = 0; at <= whole.calls; at += 1) {
      const { world, state, desired } = await ready(scenario, listed, sort);
      world.restart(undefined, at);
      const before = living(world);
      const { error } = await up(world, state, desired);
      if (error === undefined) {
        expect(world.log).not.toContain("create"); // with nothing new to record, it may have ended after the last write
        continue;
      }
      expect(error).toMatchObject({ code: "engine-gone" });
      expect(living(world).filter((each) => !before.includes(each))).toEqual([]);
      expect([...world.ledger]).toEqual([]);
      if (state === undefined) continue;
      world.restart();
      expectSettled(world, await converge(world, state, desired), desired);
    }
  });
});

test("laws: any change, any fault at any call, any ending of the engine; then the desired, exactly, and a second time nothing", async () => {
  const grants = fc.uniqueArray(fc.constantFrom("a", "o", "w", "x"), { minLength: 1 });
  const ips: fc.Arbitrary<AllowedIps> = fc.constantFrom<AllowedIps>("anywhere", AT, { [HERE]: "", [THERE]: "" }, { "203.0.113.0/28": "" });
  const change = fc.record({
    grants,
    ips,
    minutes: fc.integer({ min: 0, max: 20 }),
    fault: fc.option(fc.record({ at: fc.integer({ min: 1, max: 12 }), kind: fc.constantFrom(...FAULTS) }), { nil: undefined }),
    engineEndsAt: fc.option(fc.integer({ min: 0, max: 12 }), { nil: Infinity }),
    reissue: fc.option(fc.constantFrom("x", "y"), { nil: undefined }),
    text: fc.option(fc.constantFrom("hedge", "maker"), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.constantFrom(...SORTS),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      async (given, sort, changes) => {
        const { listed } = sort;
        const world = new World(given || sort.birth !== undefined, listed, sort);
        let state: State | undefined;
        for (const { grants: wanted, ips: list, minutes, fault, engineEndsAt, reissue, text } of changes) {
          world.now += minutes * 60_000;
          const desired = next(world, state, wanted, list, {
            ...(reissue === undefined ? {} : { reissue: `${reissue}${world.now}` }),
            ...(text === undefined || !listed || world.updates !== undefined ? {} : { label: text }),
          });
          world.restart(fault, engineEndsAt);
          state = (await up(world, state, desired)).state;
          expect(orphans(world, state?.recorded)).toEqual([]);
          state = await converge(world, state, desired);
          expectSettled(world, state, desired);
          for (const { mark } of [state.recorded.current, ...state.recorded.retiring]) world.ledger.delete(mark); // the next run confirms
        }
        if (!listed) return;
        // What an answer was lost of is dead once another key is made.
        world.now += 2 * MARGIN_MS + (world.settleMs ?? 0);
        world.restart();
        expect((await up(world, state, next(world, state, ["w"], AT, { reissue: "last" }))).error).toBeUndefined();
        expect(world.living.filter(({ mark }) => world.ledger.get(mark) === "begun")).toEqual([]);
      },
    ),
    { numRuns: 400 },
  );
});
