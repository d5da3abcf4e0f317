// The runs that the laws of apply are about: a state, a change, and one `up` as the engine does it, against the venue in memory.

import { apply } from "../../provider/core/apply";
import { changeWithoutUpdate, differences, narrows, updatable, type VenueSide } from "../../provider/core/diff";
import { ipDelta } from "../../provider/core/ip";
import { compose } from "../../provider/core/label";
import { Unfinished, type Declared } from "../../provider/core/means";
import type { AllowedIps, Credential, Grants } from "../../provider/core/model";
import { kept, plan } from "../../provider/core/plan";
import { publicPartOf, type Recorded } from "../../provider/core/record";
import { withUnsettled } from "../../provider/core/update";
import { decide } from "../../provider/core/rotation";
import { fingerprint } from "../../provider/core/secret";
import { Crash, declared, HERE, kindOf, LABEL, THERE, World, type Sort } from "./venue";

export const AT: AllowedIps = { [HERE]: "" };

/** What stands in the state: the record, and what it was declared as. */
export interface State {
  readonly recorded: Recorded;
  readonly as: Declared;
}
export interface Outcome {
  readonly state: State | undefined;
  readonly error?: unknown;
}

export const sideOf = ({ grants, key, label }: Declared): VenueSide => ({
  grants,
  label,
  allowedIps: key.allowedIps,
  lifetimeSeconds: key.lifetimeSeconds,
});

/** One `up`, as the engine does it: what is thrown as Unfinished is recorded, anything else leaves the state as it was. */
export async function up(world: World, state: State | undefined, desired: Declared): Promise<Outcome> {
  const { capabilities } = kindOf(world);
  const found = state === undefined ? [] : differences(sideOf(state.as), sideOf(desired));
  const recorded = state && withUnsettled(state.recorded, world.changing.get(state.recorded.current.mark));
  world.bounds = {
    grants: [...desired.grants, ...(state === undefined ? [] : world.living.flatMap(({ grants }) => grants))],
    ips: [desired.key.allowedIps, ...world.living.map(({ allowedIps }) => allowedIps)],
  };
  const steps = plan(recorded, desired, updatable(found, capabilities));
  if (state !== undefined && steps.length === 0) return { state };
  try {
    return { state: { recorded: await apply(steps, recorded, desired, world.means()), as: desired } };
  } catch (error) {
    if (world.crashed) return { state, error: new Crash() };
    if (!(error instanceof Unfinished)) return { state, error };
    if (!world.recording) return { state, error: error.because };
    const { current, unsettled } = error.recorded;
    const done = current.generation === desired.generation && unsettled === undefined;
    return { state: { recorded: error.recorded, as: done || state === undefined ? desired : state.as }, error: error.because };
  }
}

/** What `check` decides for a change. */
export function next(
  world: World,
  state: State | undefined,
  grants: Grants,
  allowedIps: AllowedIps,
  more: { reissue?: string; overlap?: number; label?: string } = {},
): Declared {
  const wanted = declared(grants, allowedIps, more.label === undefined ? {} : { label: more.label });
  if (state === undefined) return wanted;
  const found = differences(sideOf(state.as), sideOf(wanted));
  const change = changeWithoutUpdate(found, kindOf(world).capabilities);
  const previous = { ...state.as, alive: true, lifetimeSeconds: state.as.key.lifetimeSeconds };
  return {
    ...wanted,
    ...decide({
      now: world.now,
      previous,
      change,
      narrows: narrows(found),
      reissue: more.reissue,
      overlapSeconds: more.overlap ?? 600,
      renew: "due",
    }),
  };
}

export async function born(world: World, grants: Grants, allowedIps: AllowedIps): Promise<State> {
  const { state, error } = await up(world, undefined, declared(grants, allowedIps));
  if (state === undefined) throw error;
  return state;
}

export interface Scenario {
  readonly name: string;
  readonly inPlace: boolean;
  /** Makes the state that the change starts from. */
  before(world: World): Promise<State | undefined>;
  change(world: World, state: State | undefined): Declared;
}

export const SCENARIOS: readonly Scenario[] = [
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
      const end = world.now + 3_600_000;
      const { state } = await up(world, first, {
        ...next(world, first, ["w"], AT, { reissue: "x" }),
        keepUntil: { "1": new Date(end).toISOString() },
      });
      world.now = end;
      return state;
    },
    change: (world, state) => next(world, state, ["o", "w"], AT),
  },
];

export async function ready(
  scenario: Scenario,
  listed = false,
  sort: Sort = {},
): Promise<{ world: World; state: State | undefined; desired: Declared }> {
  // What is born bare must be changed in place.
  const world = new World(scenario.inPlace || sort.birth !== undefined, listed, sort);
  const state = await scenario.before(world);
  world.ledger.clear(); // what stands in the state is confirmed by the next run
  world.restart();
  return { world, state, desired: scenario.change(world, state) };
}

export const fingerprints = (recorded: Recorded): string[] => [recorded.current, ...recorded.retiring].map((key) => key.fingerprint).sort();
export const living = (world: World): string[] => world.living.map(({ token }) => fingerprint("acme", token)).sort();

function tokenOf(credential: Credential): string {
  return credential.kind === "token" ? credential.token.reveal() : "";
}

/** What must be true at the end, but for keys that nobody knows any more and the ledger reports. */
export function expectSettled(world: World, state: State, desired: Declared): void {
  expect(state.recorded.current.generation).toBe(desired.generation);
  expect(plan(state.recorded, desired, updatable(differences(sideOf(state.as), sideOf(desired)), kindOf(world).capabilities))).toEqual([]);
  const { current, retiring } = state.recorded;
  const key = world.key(publicPartOf(current.credential) ?? tokenOf(current.credential))!;
  expect({ alive: key.alive, grants: key.grants }).toEqual({ alive: true, grants: desired.grants });
  // An address that a range on the list holds too may stay beside it.
  if (world.updates === "in-parts") expect(ipDelta(desired.key.allowedIps, key.allowedIps)).toEqual({ added: [], removed: [] });
  else expect(key.allowedIps).toEqual(desired.key.allowedIps);
  // Where labels can't be updated, another one is another resource.
  if (world.listed && world.inPlace && world.updates === undefined) expect(key.label).toBe(compose(desired.label, current.mark, LABEL));
  for (const earlier of retiring) expect(kept(earlier, desired)).toBe(true);
  const lost = world.living.filter((one) => world.ledger.has(one.mark)).map(({ token }) => fingerprint("acme", token));
  for (const each of living(world)) expect([...fingerprints(state.recorded), ...lost]).toContain(each);
}

/** Runs again, without faults, until nothing is left to do: soon, or never. */
export async function converge(world: World, state: State | undefined, desired: Declared): Promise<State> {
  let current = state;
  for (let run = 0; run < 3; run += 1) {
    world.restart();
    const { state: after, error } = await up(world, current, desired);
    current = after;
    world.now += world.settleMs ?? 0; // a person doesn't try again at once
    if (error === undefined && after !== undefined) return after;
  }
  throw new Error("it didn't get there in three runs");
}
