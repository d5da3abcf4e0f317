// A create whose answer was lost, where the venue lists keys: the key is found by its mark and revoked, or its entry stays open.

import { Lists, Writes } from "../../provider/core/lists";
import { compose } from "../../provider/core/label";
import type { KeyError } from "../../provider/core/errors";
import { MARGIN_MS, settleLost } from "../../provider/core/lost";
import { plan } from "../../provider/core/plan";
import { apply } from "../../provider/core/apply";
import { AT, born, fingerprints, living, up } from "./scenarios";
import { Crash, declared, LABEL, World } from "./venue";

const LATER = 61_000;
const desired = declared(["w"], AT);

test("found by its mark it is revoked by the account, its entry is closed, and the error says so", async () => {
  const world = new World(false, true);
  world.restart({ at: 2, kind: "lost after its effect" });
  const { error } = await up(world, undefined, desired);
  expect(error).toMatchObject({ code: "unknown-outcome" });
  expect((error as KeyError).message).toContain("the key had been made and was revoked");
  expect(world.log).toEqual(["ledger begin", "create", "list", "revoke by account", "list", "ledger close"]);
  expect([world.living, [...world.ledger], world.told]).toEqual([[], [], []]);
});

test("not found, its entry stays open until the venue must show it; then it was never made", async () => {
  const world = new World(false, true);
  world.restart({ at: 2, kind: "no answer, no effect" });
  const { error } = await up(world, undefined, desired);
  expect((error as KeyError).message).toContain("the journal reminds");
  expect([...world.ledger.values()]).toEqual(["begun"]);
  expect(world.told).toHaveLength(1);
  world.restart();
  const begun = world.now;
  expect((await up(world, undefined, desired)).error).toBeUndefined();
  expect(world.now).toBeGreaterThanOrEqual(begun + MARGIN_MS);
  expect([...world.ledger.values()]).toEqual(["issued"]);
});

test("the settle time of the list is waited for, before a key counts as never made", async () => {
  const world = new World(false, true);
  world.restart({ at: 2, kind: "no answer, no effect" });
  const begun = world.now;
  await up(world, undefined, desired);
  world.restart();
  const means = world.means();
  const slow = { ...means, kind: { ...means.kind, settleMs: 5000 } };
  await apply(plan(undefined, desired, []), undefined, desired, slow);
  expect(world.now).toBeGreaterThanOrEqual(begun + MARGIN_MS + 5000);
  expect([...world.ledger.values()]).toEqual(["issued"]);
});

test("what a run that was killed a moment ago left is waited for: its request may still be on its way", async () => {
  const world = new World(false, true);
  world.restart({ at: 2, kind: "crash after" });
  await up(world, undefined, desired);
  const [left] = living(world);
  const begun = world.now;
  world.now += 1_000;
  world.restart();
  const { state } = await up(world, undefined, desired);
  expect(world.now).toBeGreaterThanOrEqual(begun + MARGIN_MS);
  expect(living(world)).toEqual(fingerprints(state!.recorded));
  expect(living(world)).not.toContain(left);
});

test("a clock that was set back meanwhile hides no leftover, and makes nobody wait longer", async () => {
  const world = new World(false, true);
  world.restart({ at: 2, kind: "crash after" });
  await up(world, undefined, desired);
  const [left] = living(world);
  world.now -= 40_000;
  world.restart();
  const begun = world.now;
  await up(world, undefined, desired);
  expect(living(world)).not.toContain(left);
  expect(world.now).toBe(begun + MARGIN_MS);
});

test("what a crashed run left is dead before the next key is made", async () => {
  const world = new World(false, true);
  world.restart({ at: 2, kind: "crash after" });
  expect((await up(world, undefined, desired)).error).toBeInstanceOf(Crash);
  const [left] = living(world);
  world.now += LATER;
  world.restart();
  const { state } = await up(world, undefined, desired);
  expect(world.log.indexOf("revoke by account")).toBeLessThan(world.log.indexOf("create"));
  expect(living(world)).not.toContain(left);
  expect(living(world)).toContain(state!.recorded.current.fingerprint);
});

test("an issued key, which another state may hold, is never revoked as a leftover", async () => {
  const world = new World(false, true);
  const state = await born(world, ["w"], AT);
  world.now += LATER;
  world.restart();
  const { state: other } = await up(world, undefined, desired); // as --target-replace does it
  expect(living(world)).toEqual([...fingerprints(state.recorded), ...fingerprints(other!.recorded)].sort());
});

test.each(["no answer, no effect", "refused"] as const)("while a leftover can't be revoked, no other key is made: %s", async (kind) => {
  const world = new World(false, true);
  world.restart({ at: 2, kind: "crash after" });
  await up(world, undefined, desired);
  world.now += LATER;
  world.restart({ at: 2, kind });
  expect((await up(world, undefined, desired)).error).toMatchObject({ code: "not-revoked" });
  expect(world.keys).toHaveLength(1);
  expect([...world.ledger.values()]).toEqual(["begun"]);
});

test("settling that fails right after the lost answer leaves the entry open, and says both", async () => {
  const world = new World(false, true);
  world.restart({ at: 2, kind: "lost after its effect" });
  const means = world.means();
  const lists = new Lists({ ...means.driver, list: () => Promise.reject(new TypeError("a mistake")) }, "acme", new Writes(), () => 0);
  const broken = { ...means, driver: lists.driver, lists };
  await expect(apply(plan(undefined, desired, []), undefined, desired, broken)).rejects.toThrow(TypeError);
  expect([...world.ledger.values()]).toEqual(["begun"]);
});

test("two keys with one mark, or the managing credential with it: nothing is revoked", async () => {
  const world = new World(false, true);
  const state = await born(world, ["w"], AT);
  const { mark, fingerprint } = state.recorded.current;
  const managing = { ...world.means(), managing: [fingerprint] };
  await expect(settleLost({ mark }, "settle", managing, false)).rejects.toMatchObject({ code: "self-lock-out" });
  world.keys.push({ ...world.keys[0]!, token: "copy", label: compose("copied", mark, LABEL) });
  await expect(settleLost({ mark }, "settle", world.means(), false)).rejects.toMatchObject({ code: "not-revoked" });
  expect(world.living).toHaveLength(2);
});

test("nobody else's key is touched", async () => {
  const world = new World(false, true);
  const state = await born(world, ["w"], AT);
  world.ledger.clear();
  world.restart({ at: 2, kind: "lost after its effect" });
  await up(world, undefined, desired);
  expect(living(world)).toEqual(fingerprints(state.recorded));
});
