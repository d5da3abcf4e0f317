// Whatever a venue's documents leave open: under every value of every switch of its dialect all is right, or fails as documented, with no
// living key that isn't recorded.

import { able } from "../../provider/core/capability";
import { dialects, type VenueName } from "../../sandbox/index";
import { fixtureOf, type SwitchCase } from "./fixture";
import { expectAsDeclared, ISSUED, orphans, Stack } from "./stack";

jest.setTimeout(30_000); // reads are tried again after real pauses

describe.each(ISSUED)("$venue $kind", (each) => {
  const table = fixtureOf(each.venue).kinds[each.kind]!.switches;
  const switches = dialects[each.venue as VenueName].switches as Record<string, { readonly values: readonly unknown[] }>;

  test("the fixture has every value of every switch", () => {
    const named = Object.fromEntries(
      Object.entries(table).map(([name, cases]) => [name, "aside" in cases ? "aside" : Object.keys(cases).sort()]),
    );
    const there = Object.entries(switches).map(([name, { values }]) => [
      name,
      named[name] === "aside" ? "aside" : values.map(String).sort(),
    ]);
    expect(named).toEqual(Object.fromEntries(there));
  });

  const runs = Object.entries(table).flatMap(([name, cases]) =>
    "aside" in cases
      ? []
      : (switches[name]?.values ?? []).flatMap((value) =>
          (cases[String(value)] as readonly SwitchCase[]).map((run) => ({
            name,
            value,
            run,
            title: `${name} ${String(value)}, ${said(run)}`,
          })),
        ),
  );

  test.each(runs)("$title", async ({ name, value, run }) => {
    const stack = await Stack.open(each);
    const program = { ...stack.given.least, ...run.program };
    const { ends } = run;
    try {
      await stack.switches({ ...run.with, [name]: value });
      if (run.fault !== undefined) await stack.control.post("/faults", { venue: each.venue, ...run.fault });
      if (run.maintenance) await stack.control.put(`/venues/${each.venue}/maintenance`, { on: true });
      if (run.strangers !== undefined) await stack.given.strangers?.(stack.control, run.strangers);
      await stack.meet();
      const { error } = await stack.up(program);
      expect(await orphans(stack)).toEqual([]);
      if (ends !== "works" && ends.fails === "create") {
        expect(error).toMatchObject({ code: ends.code });
        expect([stack.held, await stack.living(), await stack.open()]).toEqual([undefined, [], []]);
        return;
      }
      expect(error).toBeUndefined();
      await expectAsDeclared(stack, program);
      expect(await stack.up(program)).toEqual({ did: "same" });
      expect(await stack.refresh()).toEqual({ did: "refresh" });
      expect(await stack.up(program)).toEqual({ did: "same" });
      for (const next of run.then ?? []) await changed(stack, { ...stack.given.least, ...next });
      if (ends === "works") return await goesOn(stack, { ...program, ...run.then?.at(-1) });
      expect((await stack.destroy()).error).toMatchObject({ code: ends.code });
      expect(await stack.living()).toHaveLength(1);
      expect(await orphans(stack)).toEqual([]);
      await stack.advance("169h"); // past the longest life: then it is dead without anybody's word
      expect(await stack.destroy()).toEqual({ did: "delete" });
      expect(await stack.open()).toEqual([]);
    } finally {
      await stack.close();
    }
  });
});

/** Changed in place to exactly what is declared, its addresses too. */
async function changed(stack: Stack, program: Record<string, unknown>): Promise<void> {
  const { error, did } = await stack.up(program);
  expect([did, error?.message]).toEqual(["update", undefined]);
  await expectAsDeclared(stack, program);
  const { allowedIps } = (await stack.living())[0]?.states?.at(-1) ?? {};
  if (allowedIps !== undefined) {
    expect([allowedIps].flat().sort()).toEqual([program["allowedIps"]].flat().sort());
  }
  expect(await stack.refresh()).toEqual({ did: "refresh" });
  expect(await stack.up(program)).toEqual({ did: "same" });
}

/** Renewed, ended behind our back, seen and repaired, deleted; deleted once more from a state that has it still. */
async function goesOn(stack: Stack, program: Record<string, unknown>): Promise<void> {
  // With the same public key another key would renew nothing: it is refused.
  const did = program["publicKey"] === undefined ? "update" : "refused";
  expect(await stack.up({ ...program, reissue: "leaked" })).toMatchObject({ did });
  expect(await stack.living()).toHaveLength(1);
  const provable = stack.held?.outputs["vantage"] !== undefined || able(stack.kind.capabilities, "list");
  if (provable) {
    const [key] = await stack.living();
    await stack.given.remove(stack.control, key!);
    await stack.settle();
    expect(await stack.refresh()).toEqual({ did: "refresh" });
    expect(stack.held).toBeUndefined();
    expect(await stack.up(program)).toEqual({ did: "create" });
  }
  const { held } = stack;
  expect(await stack.destroy()).toEqual({ did: "delete" });
  expect([await stack.living(), await stack.open()]).toEqual([[], []]);
  if (!provable) return;
  stack.held = held;
  expect(await stack.destroy()).toEqual({ did: "delete" });
}

function said({ ends, with: others, program, then: next, maintenance, fault }: SwitchCase): string {
  const what = [others, program, next].flatMap((given) => (given === undefined ? [] : [JSON.stringify(given)]));
  const events = [...(maintenance ? ["in maintenance"] : []), ...(fault === undefined ? [] : [`fault ${String(fault["kind"])}`])];
  return [...what, ...events, ends === "works" ? "works" : `${ends.fails} fails: ${ends.code}`].join(", ");
}
