// What happens at the venue behind the program's back: seen by a refresh, shown as a change, repaired by the next run, once.

import { fixtureOf } from "./fixture";
import { expectAsDeclared, ISSUED, orphans, Stack } from "./stack";

jest.setTimeout(30_000); // a loaded machine is slow, and reads are tried again after real pauses

describe.each(ISSUED)("$venue $kind", (each) => {
  let stack: Stack;
  beforeEach(async () => {
    stack = await Stack.open(each);
    await stack.up(stack.given.least);
  });
  afterEach(() => stack.close());

  const remove = async (publicPart: string | undefined): Promise<void> => {
    const key = (await stack.living()).find((one) => one.publicPart === publicPart);
    await stack.given.remove(stack.control, key!);
    await stack.settle();
  };

  async function repaired(program = stack.given.least): Promise<void> {
    await expectAsDeclared(stack, program);
    expect(await orphans(stack)).toEqual([]);
    expect(await stack.refresh()).toEqual({ did: "refresh" });
    await stack.forget();
    expect(await stack.up(program)).toEqual({ did: "same" });
    expect(await stack.requests()).toEqual([]);
  }

  test("deleted: gone, and made again", async () => {
    await remove(stack.recorded[0]);
    expect(await stack.refresh()).toEqual({ did: "refresh" });
    expect(stack.held).toBeUndefined();
    expect(await stack.up(stack.given.least)).toEqual({ did: "create" });
    await repaired();
  });

  test("deleted while its predecessor lives: not alive, and a successor made", async () => {
    const { due } = stack.given;
    const program = { ...stack.given.least, rotation: { every: due.after, overlap: due.overlap } };
    await stack.up(program);
    await stack.advance(due.after);
    await stack.up(program);
    expect(stack.recorded).toHaveLength(2);
    await remove(stack.recorded[0]);
    expect(await stack.refresh()).toEqual({ did: "refresh" });
    expect(stack.held?.inputs).toMatchObject({ alive: false, generation: 2 });
    expect(await stack.up(program)).toEqual({ did: "update" });
    expect(stack.held?.inputs).toMatchObject({ alive: true, generation: 3, reason: "gone" });
    await repaired(program);
  });

  test("without a refresh nobody is asked, and nothing is shown", async () => {
    await remove(stack.recorded[0]);
    await stack.forget();
    expect(await stack.up(stack.given.least)).toEqual({ did: "same" });
    expect(await stack.requests()).toEqual([]);
  });

  const { edit, least } = fixtureOf(each.venue).kinds[each.kind]!;
  const tested = "cannot" in edit ? test.skip : test;
  tested(`edited: the change shows in the inputs, and is undone${"cannot" in edit ? ` (${edit.cannot})` : ""}`, async () => {
    if ("cannot" in edit) return;
    const [key] = await stack.living();
    await edit(stack.control, key!);
    await stack.settle();
    const before = stack.held?.inputs["permissions"];
    expect(await stack.refresh()).toEqual({ did: "refresh" });
    expect(stack.held?.inputs["permissions"]).not.toEqual(before);
    expect(await stack.up(least)).toEqual({ did: "update" });
    await repaired();
  });

  tested("edited while it has time left: the former key is revoked by the next run", async () => {
    if ("cannot" in edit) return;
    const { due } = stack.given;
    const program = { ...least, rotation: { every: due.after, overlap: due.overlap } };
    await stack.up(program);
    await stack.advance(due.after);
    await stack.up(program);
    const [current, former] = stack.recorded;
    const { keepUntil } = stack.held!.inputs as { keepUntil: Record<string, string> };
    expect(await stack.refresh()).toEqual({ did: "refresh" });
    expect(stack.held?.inputs["keepUntil"]).toEqual(keepUntil);
    await edit(
      stack.control,
      (await stack.living()).find(({ publicPart }) => publicPart === former)!,
    );
    await stack.settle();
    expect(await stack.refresh()).toEqual({ did: "refresh" });
    const [retiring] = stack.held!.outputs["retiring"] as { createdAt: string }[];
    expect(stack.held?.inputs["keepUntil"]).toEqual({ "1": retiring!.createdAt });
    expect(await stack.up(program)).toEqual({ did: "update" });
    expect(stack.recorded).toEqual([current]);
    expect((await stack.living()).map(({ publicPart }) => publicPart)).toEqual([current]);
    await repaired(program);
  });

  test("narrower than declared while its predecessor has time left: a refresh, and another, leave that time alone", async () => {
    const { due } = stack.given;
    const program = { ...least, rotation: { every: due.after, overlap: due.overlap } };
    await stack.up(program);
    await stack.advance(due.after);
    await stack.up(program);
    const { keepUntil } = stack.held!.inputs as { keepUntil: Record<string, string> };
    expect(Object.keys(keepUntil)).toEqual(["1"]);
    // As a refresh leaves it that found no permission and no address of it any more.
    const narrowed = { permissions: {}, allowedIps: { "192.0.2.254": "" } };
    stack.held = { ...stack.held!, inputs: { ...stack.held!.inputs, ...narrowed }, outputs: { ...stack.held!.outputs, ...narrowed } };
    expect(await stack.refresh()).toEqual({ did: "refresh" });
    expect(stack.held?.inputs["keepUntil"]).toEqual(keepUntil);
  });

  test("the venue in maintenance: not known, never gone", async () => {
    await stack.control.put(`/venues/${stack.venue}/maintenance`, { on: true });
    const { held } = stack;
    expect((await stack.refresh()).error).toMatchObject({ name: "KeyError", branch: expect.stringMatching(/refused|unknown/) as string });
    expect(stack.held).toBe(held);
    expect((await stack.destroy()).error).toBeDefined();
    expect(await stack.living()).toHaveLength(1);
    await stack.control.put(`/venues/${stack.venue}/maintenance`, { on: false });
    await repaired();
  });
});
