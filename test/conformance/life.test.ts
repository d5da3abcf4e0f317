// Every kind of key of every venue, through its life. Each step runs twice: first the change, then no change, and then no write either.

import { able } from "../../provider/core/capability";
import { expectAsDeclared, ISSUED, orphans, Stack, type Done } from "./stack";
import { fixtureOf, type Program } from "./fixture";

jest.setTimeout(30_000); // a loaded machine is slow, and reads are tried again after real pauses

describe.each(ISSUED)("$venue $kind", (each) => {
  let stack: Stack;
  beforeEach(async () => {
    stack = await Stack.open(each);
  });
  afterEach(() => stack.close());

  /** Carries a step out, then once more; answers what it did first. */
  async function twice(program: Program): Promise<Done> {
    const first = await stack.up(program);
    expect(first.error ?? first.failures).toBeUndefined();
    await expectAsDeclared(stack, program);
    expect(await orphans(stack)).toEqual([]);
    await stack.forget();
    expect(await stack.up(program)).toEqual({ did: "same" });
    expect(await stack.requests()).toEqual([]);
    expect(await stack.refresh()).toEqual({ did: "refresh" });
    expect(await stack.up(program)).toEqual({ did: "same" });
    expect(await stack.writes()).toEqual([]);
    return first;
  }

  const generation = (): unknown => stack.held?.outputs["generation"];
  const retiring = (): number => (stack.held?.outputs["retiring"] as unknown[]).length;
  const alive = async (publicPart: string | undefined): Promise<boolean> =>
    (await stack.living()).some((key) => key.publicPart === publicPart);

  /** A change of one property: in place, or by a successor, as the capability table says. `at once`: the predecessor is dead then. */
  async function change(from: Program, to: Program, ability: "update-permissions" | "update-ips" | "update-lifetime", atOnce: boolean) {
    expect((await twice(from)).did).toBe("create");
    const former = stack.recorded[0];
    expect((await twice(to)).did).toBe("update");
    if (able(stack.kind.capabilities, ability)) {
      expect([generation(), stack.recorded[0]]).toEqual([1, former]);
      return;
    }
    expect([generation(), stack.held?.outputs["reason"]]).toEqual([2, atOnce ? "narrowed" : "changed"]);
    expect([await alive(former), retiring()]).toEqual([!atOnce, atOnce ? 0 : 1]);
  }

  test("created, looked at, deleted", async () => {
    expect((await twice(stack.given.least)).did).toBe("create");
    expect(await stack.living()).toHaveLength(1);
    expect(await stack.destroy()).toEqual({ did: "delete" });
    expect([await stack.living(), await stack.open()]).toEqual([[], []]);
  });

  test("deleted once more, from a state that has it still", async () => {
    await stack.up(stack.given.least);
    const { held } = stack;
    await stack.destroy();
    stack.held = held;
    expect(await stack.destroy()).toEqual({ did: "delete" });
  });

  test("widened", () => change(stack.given.least, stack.given.wider, "update-permissions", false));
  test("narrowed", () => change(stack.given.wider, stack.given.least, "update-permissions", true));
  test("bound to one address", () => change(stack.given.least, stack.given.bound, "update-ips", true));
  test("let in from anywhere", () => change(stack.given.bound, stack.given.least, "update-ips", false));
  test("living longer", async () => {
    const { longer } = stack.given;
    if (longer === undefined) return expect(stack.kind.lifetime).toBeUndefined();
    await change(stack.given.least, longer, "update-lifetime", false);
  });

  const others = Object.entries(fixtureOf(each.venue).kinds[each.kind]!.others ?? {});
  test("changes that only this kind has", async () => {
    for (const [name, { to, ability }] of others) {
      expect((await twice(stack.given.least)).did).toBe("create");
      const former = stack.recorded[0];
      expect([name, (await twice(to)).did]).toEqual([name, "update"]);
      expect([name, stack.recorded[0] === former]).toEqual([name, able(stack.kind.capabilities, ability)]);
      expect(await stack.destroy()).toEqual({ did: "delete" });
    }
    expect(await stack.living()).toEqual([]);
  });

  test("the purpose of an address is for people: the venue isn't asked", async () => {
    await stack.up(stack.given.bound);
    const [address = ""] = Object.keys(stack.held?.inputs["allowedIps"] as object);
    await stack.forget();
    expect(await stack.up({ ...stack.given.bound, allowedIps: { [address]: "gateway" } })).toEqual({ did: "update" });
    expect(await stack.requests()).toEqual([]);
  });

  test("renewed when due; the predecessor is revoked by the first run after its time", async () => {
    const { least, due } = stack.given;
    await twice({ ...least, rotation: { every: due.after, overlap: due.overlap } });
    const program = { ...least, rotation: { every: due.after, overlap: due.overlap } };
    const former = stack.recorded[0];
    await stack.advance(due.after);
    expect((await twice(program)).did).toBe("update");
    expect([generation(), stack.held?.outputs["reason"], await alive(former)]).toEqual([2, "due", true]);
    await stack.advance(due.overlap);
    expect((await twice(program)).did).toBe("update");
    expect([generation(), await alive(former), retiring()]).toEqual([2, false, 0]);
  });

  test("issued anew on request: the predecessor is dead at once", async () => {
    await twice(stack.given.least);
    const former = stack.recorded[0];
    expect((await twice({ ...stack.given.least, reissue: "leaked" })).did).toBe("update");
    expect([generation(), stack.held?.outputs["reason"], await alive(former)]).toEqual([2, "reissue", false]);
  });

  test("every generation dies with the resource", async () => {
    await stack.up(stack.given.least);
    await stack.up(stack.given.wider);
    await stack.destroy();
    expect([await stack.living(), await stack.open()]).toEqual([[], []]);
  });
});
