// Single runs of apply: what is asked in which order, what a birth, an update and a revocation that go wrong leave behind.

import { apply } from "../../provider/core/apply";
import { KeyError } from "../../provider/core/errors";
import { MARGIN_MS } from "../../provider/core/lost";
import { Unfinished } from "../../provider/core/means";
import { plan } from "../../provider/core/plan";
import { withUnsettled } from "../../provider/core/update";
import { AT, born, converge, expectSettled, fingerprints, living, next, ready, SCENARIOS, up } from "./scenarios";
import { declared, HERE, orphans, T0, THERE, World } from "./venue";

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
  expect(state!.recorded).toMatchObject({ unverified: { permissions: expect.any(String) }, grants: ["w"] });
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

test("an update that is refused as a whole leaves nothing to settle, and one whose end nobody saw before stays open", async () => {
  const { world, state, desired } = await ready(
    SCENARIOS.find(({ name }) => name === "update in place")!,
    true,
  );
  world.restart({ at: 3, kind: "refused" });
  expect((await up(world, state, desired)).error).toMatchObject({ code: "permission-refused" });
  expect(world.log).toEqual(["list", "ledger changing", "update", "ledger unchanged"]);
  expect([...world.changing]).toEqual([]);
  world.restart({ at: 3, kind: "crash after" });
  await up(world, state, desired);
  world.restart({ at: 3, kind: "refused" });
  expect((await up(world, state, desired)).error).toMatchObject({ code: "permission-refused" });
  expect([...world.changing]).toHaveLength(1);
});

test("a change that nobody saw the end of has its minute before another is sent: its request may still be on its way", async () => {
  const { world, state, desired } = await ready(
    SCENARIOS.find(({ name }) => name === "update in place")!,
    true,
  );
  const begun = world.now;
  world.restart({ at: 3, kind: "crash after" });
  await up(world, state, desired);
  world.now += 1_000;
  world.restart();
  const { state: after, error } = await up(world, state, desired);
  expect(error).toBeUndefined();
  expect(world.now).toBeGreaterThanOrEqual(begun + MARGIN_MS);
  expect(after!.recorded.current.changes).toBe(1);
  // Told by counting, so that a clock that was set back hides nothing.
  expect(withUnsettled(state!.recorded, { change: 1, at: new Date(0).toISOString() }).unsettled).toBeDefined();
  expect(withUnsettled(after!.recorded, { change: 1, at: new Date(world.now + 99_000).toISOString() }).unsettled).toBeUndefined();
});
