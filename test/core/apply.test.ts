// Plans carried out against a venue in memory: every fault at every call, the engine ending at every point, and what is left then.

import fc from "fast-check";
import { apply } from "../../provider/core/apply";
import { changeWithoutUpdate, differences, updatable, type VenueSide } from "../../provider/core/diff";
import { KeyError } from "../../provider/core/errors";
import { Unfinished, type Declared } from "../../provider/core/means";
import type { AllowedIps, Grants } from "../../provider/core/model";
import { kept, plan } from "../../provider/core/plan";
import type { Recorded } from "../../provider/core/record";
import { decide } from "../../provider/core/rotation";
import { fingerprint } from "../../provider/core/secret";
import { Crash, declared, FAULTS, HERE, kindOf, orphans, T0, THERE, World, type Fault } from "./venue";

const AT: AllowedIps = { [HERE]: "" };

/** What stands in the state: the record, and what it was declared as. */
interface State {
  readonly recorded: Recorded;
  readonly as: Declared;
}
interface Outcome {
  readonly state: State | undefined;
  readonly error?: unknown;
}

const sideOf = ({ grants, key }: Declared): VenueSide => ({ grants, allowedIps: key.allowedIps, lifetimeSeconds: key.lifetimeSeconds });

/** One `up`, as the engine does it: what is thrown as Unfinished is recorded, anything else leaves the state as it was. */
async function up(world: World, state: State | undefined, desired: Declared): Promise<Outcome> {
  const { capabilities } = kindOf(world.inPlace);
  const found = state === undefined ? [] : differences(sideOf(state.as), sideOf(desired));
  world.bounds = {
    grants: [...desired.grants, ...(state === undefined ? [] : world.living.flatMap(({ grants }) => grants))],
    ips: [desired.key.allowedIps, ...world.living.map(({ allowedIps }) => allowedIps)],
  };
  const steps = plan(state?.recorded, desired, updatable(found, capabilities));
  if (state !== undefined && steps.length === 0) return { state };
  try {
    return { state: { recorded: await apply(steps, state?.recorded, desired, world.means()), as: desired } };
  } catch (error) {
    if (world.crashed) return { state, error: new Crash() };
    if (!(error instanceof Unfinished)) return { state, error };
    if (!world.recording) return { state, error: error.because };
    const done = error.recorded.current.generation === desired.generation;
    return { state: { recorded: error.recorded, as: done || state === undefined ? desired : state.as }, error: error.because };
  }
}

/** What `check` decides for a change. */
function next(
  world: World,
  state: State | undefined,
  grants: Grants,
  allowedIps: AllowedIps,
  more: { reissue?: string; overlap?: number } = {},
): Declared {
  const wanted = declared(grants, allowedIps);
  if (state === undefined) return wanted;
  const change = changeWithoutUpdate(differences(sideOf(state.as), sideOf(wanted)), kindOf(world.inPlace).capabilities);
  const previous = { ...state.as, alive: true, lifetimeSeconds: state.as.key.lifetimeSeconds };
  return {
    ...wanted,
    ...decide({ now: world.now, previous, change, reissue: more.reissue, overlapSeconds: more.overlap ?? 600, renew: "due" }),
  };
}

async function born(world: World, grants: Grants, allowedIps: AllowedIps): Promise<State> {
  const { state, error } = await up(world, undefined, declared(grants, allowedIps));
  if (state === undefined) throw error;
  return state;
}

interface Scenario {
  readonly name: string;
  readonly inPlace: boolean;
  /** Makes the state that the change starts from. */
  before(world: World): Promise<State | undefined>;
  change(world: World, state: State | undefined): Declared;
}

const SCENARIOS: readonly Scenario[] = [
  { name: "create", inPlace: false, before: () => Promise.resolve(undefined), change: () => declared(["o", "w"], AT) },
  {
    name: "renewal with overlap",
    inPlace: false,
    before: (world) => born(world, ["w"], AT),
    change: (world, state) => next(world, state, ["o", "w"], AT),
  },
  {
    name: "narrowing without update",
    inPlace: false,
    before: (world) => born(world, ["o", "w"], "anywhere"),
    change: (world, state) => next(world, state, ["w"], AT),
  },
  {
    name: "reissue with an earlier one still alive",
    inPlace: false,
    async before(world) {
      const first = await born(world, ["w"], AT);
      return (await up(world, first, next(world, first, ["o", "w"], AT))).state;
    },
    change: (world, state) => next(world, state, ["o", "w"], AT, { reissue: "leaked" }),
  },
  {
    name: "a list that excludes this address",
    inPlace: false,
    before: (world) => born(world, ["w"], AT),
    change: (world, state) => next(world, state, ["w"], { [HERE]: "", [THERE]: "" }),
  },
  {
    name: "update in place",
    inPlace: true,
    before: (world) => born(world, ["a", "w"], { [HERE]: "", [THERE]: "" }),
    change: (world, state) => next(world, state, ["o", "w"], AT),
  },
  {
    name: "update in place with an earlier one whose time has passed",
    inPlace: true,
    async before(world) {
      const first = await born(world, ["w"], AT);
      const { state } = await up(world, first, {
        ...next(world, first, ["w"], AT, { reissue: "x" }),
        keepUntil: { "1": new Date(T0 + 600_000).toISOString() },
      });
      world.now = T0 + 600_000;
      return state;
    },
    change: (world, state) => next(world, state, ["o", "w"], AT),
  },
];

async function ready(scenario: Scenario): Promise<{ world: World; state: State | undefined; desired: Declared }> {
  const world = new World(scenario.inPlace);
  const state = await scenario.before(world);
  world.ledger.clear(); // what stands in the state is confirmed by the next run
  world.restart();
  return { world, state, desired: scenario.change(world, state) };
}

const fingerprints = (recorded: Recorded): string[] => [recorded.current, ...recorded.retiring].map((key) => key.fingerprint).sort();
const living = (world: World): string[] => world.living.map(({ token }) => fingerprint("acme", token)).sort();

/** What must be true at the end, but for keys that nobody knows any more and the ledger reports. */
function expectSettled(world: World, state: State, desired: Declared): void {
  expect(state.recorded.current.generation).toBe(desired.generation);
  expect(
    plan(state.recorded, desired, updatable(differences(sideOf(state.as), sideOf(desired)), kindOf(world.inPlace).capabilities)),
  ).toEqual([]);
  const { current, retiring } = state.recorded;
  if (current.credential.kind !== "token") throw new Error("tokens alone here");
  const key = world.key(current.credential.token.reveal())!;
  expect({ alive: key.alive, grants: key.grants, allowedIps: key.allowedIps }).toEqual({
    alive: true,
    grants: desired.grants,
    allowedIps: desired.key.allowedIps,
  });
  for (const earlier of retiring) expect(kept(earlier, desired)).toBe(true);
  const lost = world.living.filter((one) => world.ledger.has(one.mark)).map(({ token }) => fingerprint("acme", token));
  for (const each of living(world)) expect([...fingerprints(state.recorded), ...lost]).toContain(each);
}

describe.each(SCENARIOS)("$name", (scenario) => {
  test("done once, and a second time there is nothing to do", async () => {
    const { world, state, desired } = await ready(scenario);
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
    const { world: whole, state: from, desired: to } = await ready(scenario);
    await up(whole, from, to);
    const calls = whole.calls;
    expect(calls).toBeGreaterThan(2);
    for (let at = 1; at <= calls; at += 1) {
      const { world, state, desired } = await ready(scenario);
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

  test("the engine ends at each point: what this run made is dead, or was recorded", async () => {
    const { world: whole, state: from, desired: to } = await ready(scenario);
    await up(whole, from, to);
    for (let at = 0; at <= whole.calls; at += 1) {
      const { world, state, desired } = await ready(scenario);
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

/** Runs again, without faults, until nothing is left to do: soon, or never. */
async function converge(world: World, state: State | undefined, desired: Declared): Promise<State> {
  let current = state;
  for (let run = 0; run < 3; run += 1) {
    world.restart();
    const { state: after, error } = await up(world, current, desired);
    current = after;
    if (error === undefined && after !== undefined) return after;
  }
  throw new Error("it didn't get there in three runs");
}

test("the first call to the venue comes after the ledger's entry", async () => {
  const world = new World(false);
  await up(world, undefined, declared(["w"], AT));
  expect(world.log).toEqual(["ledger begin", "create", "ledger issued", "inspect"]);
});

test("nothing happens to the predecessor before its successor has been looked at", async () => {
  const { world, state, desired } = await ready(SCENARIOS[2]!);
  await up(world, state, desired);
  expect(world.log).toEqual(["ledger begin", "create", "ledger issued", "inspect", "revoke by itself", "inspect", "ledger close"]);
});

test("a ledger that can't be written: nothing is asked of the venue", async () => {
  const world = new World(false);
  world.restart({ at: 1, kind: "refused" });
  const { error } = await up(world, undefined, declared(["w"], AT));
  expect(error).toMatchObject({ code: "configuration" });
  expect(world.log).toEqual(["ledger begin"]);
});

test("an unknown outcome leaves the ledger open and is told once; a refusal closes it", async () => {
  const world = new World(false);
  world.restart({ at: 2, kind: "lost after its effect" });
  expect((await up(world, undefined, declared(["w"], AT))).error).toMatchObject({ code: "unknown-outcome" });
  expect([...world.ledger.values()]).toEqual(["begun"]);
  expect(world.told).toEqual([
    'acme: create token "t": unknown outcome: no answer came; a key may be alive until 2030-01-02T00:01:00.000Z at the latest (journal mark mark-1)',
  ]);
  world.ledger.clear();
  world.restart({ at: 2, kind: "refused" });
  expect((await up(world, undefined, declared(["w"], AT))).error).toMatchObject({ code: "permission-refused" });
  expect([...world.ledger]).toEqual([]);
});

test.each([
  ["wider", { extra: ["x"] }],
  ["narrower", { missing: ["w"] }],
] as const)("a new key that is %s than declared is dead at once, and its predecessor lives", async (code, venue) => {
  const world = new World(false);
  const state = await born(world, ["w"], AT);
  Object.assign(world, venue);
  world.restart();
  const { state: after, error } = await up(world, state, next(world, state, ["o", "w"], AT));
  expect(error).toMatchObject({ code });
  expect(living(world)).toEqual(fingerprints(state.recorded));
  expect(after).toBe(state);
});

test("a list that the venue doesn't heed is found out at birth from an address that isn't on it", async () => {
  const world = new World(false);
  world.binds = false;
  const { error } = await up(world, undefined, declared(["w"], { [THERE]: "" }));
  expect(error).toMatchObject({ code: "unbound" });
  expect(world.living).toEqual([]);
});

test("a key bound to other addresses is recorded as unproved from here, and stays", async () => {
  const world = new World(false);
  const { state } = await up(world, undefined, declared(["w"], { [THERE]: "" }));
  expect(state!.recorded).toMatchObject({ unverified: ["permissions"], grants: ["w"] });
  expect(state!.recorded.current.vantage).toBeUndefined();
  expect(world.living).toHaveLength(1);
});

test("one revocation that fails keeps none of the others from being tried", async () => {
  const { world, state, desired } = await ready(SCENARIOS[3]!);
  const [oldest] = state!.recorded.retiring;
  // The oldest can't be revoked by either hand; the leaked one can.
  world.restart();
  const means = world.means();
  const stubborn = means.driver.revoke!;
  const blocked = {
    ...means.driver,
    revoke: (ref: Parameters<typeof stubborn>[0]) =>
      ref.credential === oldest!.credential ? Promise.reject(refusedRevoke()) : stubborn(ref),
  };
  const steps = plan(state!.recorded, desired, []);
  const failed = await apply(steps, state!.recorded, desired, { ...means, driver: blocked }).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(Unfinished);
  const { recorded, because } = failed as Unfinished;
  expect(because.code).toBe("not-revoked");
  expect(recorded.retiring.map(({ generation }) => generation)).toEqual([oldest!.generation]);
  expect(living(world)).toEqual(fingerprints(recorded));
  // It was to die at once: nothing that is recorded of it gives it time again.
  expect(recorded.retiring[0]!.end).toBeUndefined();
});

test.each([
  ["a first key", 0],
  ["a successor", 2],
])("%s that fails its proof and can't be revoked goes into the state, and is dead after the next run", async (_, scenario) => {
  const { world, state, desired } = await ready(SCENARIOS[scenario]!);
  world.extra = ["x"];
  const means = world.means();
  const driver = { ...means.driver, revoke: () => Promise.reject(refusedRevoke()) };
  const steps = plan(state?.recorded, desired, []);
  const failed = (await apply(steps, state?.recorded, desired, { ...means, driver }).catch((error: unknown) => error)) as Unfinished;
  expect(failed.because).toMatchObject({ code: "not-revoked" });
  expect(failed.message).toContain("also granted x");
  expect(fingerprints(failed.recorded)).toEqual(living(world));
  expect(failed.recorded.current.generation).toBe(state?.recorded.current.generation ?? 1);
  // While it can't be revoked, no other try adds one more of its kind.
  const made = world.keys.length;
  const again = await apply(plan(failed.recorded, desired, []), failed.recorded, desired, { ...means, driver }).catch(
    (error: unknown) => error,
  );
  expect(again).toMatchObject({ code: "not-revoked" });
  expect(world.keys).toHaveLength(made);
  world.extra = [];
  const settled = await converge(world, { recorded: failed.recorded, as: state?.as ?? desired }, desired);
  expectSettled(world, settled, desired);
  expect(world.living.filter(({ grants }) => grants.includes("x"))).toEqual([]);
});

function refusedRevoke(): KeyError {
  return new KeyError("permission-refused", { venue: "acme", operation: "revoke", cause: "no", wayOut: "none" });
}

test("a revocation that the venue confirmed and nobody could look at is enough, the next time, with a refusal", async () => {
  const world = new World(false);
  world.vantage = undefined; // so that no refusal proves anything
  const state = await born(world, ["w"], "anywhere");
  const desired = next(world, state, ["w"], "anywhere", { reissue: "leaked" });
  world.restart({ at: 6, kind: "no answer, no effect" });
  const failed = await up(world, state, desired);
  expect(world.log.slice(4)).toEqual(["revoke by itself", "inspect"]);
  expect(failed.error).toMatchObject({ code: "not-revoked" });
  expect(failed.state!.recorded.retiring).toMatchObject([{ generation: 1, revokedAt: new Date(T0).toISOString() }]);
  expectSettled(world, await converge(world, failed.state, desired), desired);
});

test("an error that no driver should throw still records the new key", async () => {
  const { world, state, desired } = await ready(SCENARIOS[2]!);
  const means = world.means();
  const driver = { ...means.driver, revoke: () => Promise.reject(new TypeError("a mistake in the driver")) };
  const failed = await apply(plan(state!.recorded, desired, []), state!.recorded, desired, { ...means, driver }).catch(
    (error: unknown) => error,
  );
  expect(failed).toBeInstanceOf(Unfinished);
  expect(orphans(world, (failed as Unfinished).recorded)).toEqual([]);
  expect(fingerprints((failed as Unfinished).recorded)).toEqual(living(world));
});

test.each(["grants", "allowedIps"] as const)("an update that the venue says yes to and doesn't do is an error: %s", async (what) => {
  const world = new World(true);
  const state = await born(world, ["a", "w"], { [HERE]: "", [THERE]: "" });
  world.restart();
  world.deaf = true;
  const desired = what === "grants" ? next(world, state, ["w"], { [HERE]: "", [THERE]: "" }) : next(world, state, ["a", "w"], AT);
  const { error } = await up(world, state, desired);
  expect(error).toMatchObject({ code: "venue-refused" });
  expect((error as KeyError).message).toContain(what === "grants" ? "difference in a" : `difference in ${THERE}`);
});

test("the credential that manages the account is never revoked", async () => {
  const { world, state, desired } = await ready(SCENARIOS[2]!);
  const means = { ...world.means(), managing: [state!.recorded.current.fingerprint] };
  const failed = await apply(plan(state!.recorded, desired, []), state!.recorded, desired, means).catch((error: unknown) => error);
  expect((failed as Unfinished).because).toMatchObject({ code: "self-lock-out" });
  expect(world.log).not.toContain("revoke by account");
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
  });
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(change, { minLength: 1, maxLength: 4 }), async (inPlace, changes) => {
      const world = new World(inPlace);
      let state: State | undefined;
      for (const { grants: wanted, ips: list, minutes, fault, engineEndsAt, reissue } of changes) {
        world.now += minutes * 60_000;
        const desired = next(world, state, wanted, list, reissue === undefined ? {} : { reissue: `${reissue}${world.now}` });
        world.restart(fault, engineEndsAt);
        state = (await up(world, state, desired)).state;
        expect(orphans(world, state?.recorded)).toEqual([]);
        state = await converge(world, state, desired);
        expectSettled(world, state, desired);
        for (const { mark } of [state.recorded.current, ...state.recorded.retiring]) world.ledger.delete(mark); // the next run confirms
      }
    }),
    { numRuns: 400 },
  );
});
