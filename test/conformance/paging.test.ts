// Lists of every length around the venue's page: our key is found on whichever page it is, changed, revoked, and seen to be gone; nobody
// else's is touched.

import { fixtureOf } from "./fixture";
import { expectAsDeclared, ISSUED, orphans, Stack } from "./stack";

jest.setTimeout(60_000); // a loaded machine is slow

const LISTED = ISSUED.filter(({ venue, kind }) => fixtureOf(venue).kinds[kind]!.strangers !== undefined);

describe.each(LISTED)("$venue $kind", (each) => {
  const { page, most = Infinity } = fixtureOf(each.venue).kinds[each.kind]!;
  // Beside ours, so that the list ends before, at and after the end of a page.
  const sizes = page === undefined ? [0, Math.min(3, most - 1)] : [0, page - 1, page, 3 * page - 1];

  test.each(sizes.filter((size) => size < most))("%d keys of others beside ours", async (count) => {
    const stack = await Stack.open(each);
    try {
      await stack.given.strangers?.(stack.control, count);
      await stack.meet();
      expect(await stack.others()).toBe(count);
      const { least, wider } = stack.given;
      for (const program of [least, wider, least]) {
        const { error, failures } = await stack.up(program);
        expect(error ?? failures).toBeUndefined();
        await expectAsDeclared(stack, program);
        expect(await stack.refresh()).toEqual({ did: "refresh" });
        expect(await stack.up(program)).toEqual({ did: "same" });
      }
      const { held } = stack;
      expect(await stack.destroy()).toEqual({ did: "delete" });
      expect([await stack.living(), await orphans(stack), await stack.others()]).toEqual([[], [], count]);
      // From a state that has it still: gone is gone, on whichever page it was.
      stack.held = held;
      expect(await stack.refresh()).toEqual({ did: "refresh" });
      expect(stack.held).toBeUndefined();
    } finally {
      await stack.close();
    }
  });

  test("as many keys as the venue allows: one more is refused, and says so", async () => {
    if (most === Infinity) return expect(most).toBe(Infinity); // no number is documented
    const stack = await Stack.open(each);
    try {
      const there = (await stack.given.living(stack.control)).length;
      await stack.given.strangers?.(stack.control, most - there);
      await stack.meet();
      const { error } = await stack.up(stack.given.least);
      expect(error).toMatchObject({ name: "KeyError", branch: "refused" });
      expect([stack.held, await stack.living(), await stack.open()]).toEqual([undefined, [], []]);
    } finally {
      await stack.close();
    }
  });
});
