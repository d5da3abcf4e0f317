// A key that is to do less while an earlier generation has time left, or in the very run in which it is renewed: no generation may go on doing
// more than is declared.

import { expectAsDeclared, ISSUED, orphans, Stack } from "./stack";

jest.setTimeout(60_000);

describe.each(ISSUED)("$venue $kind", (kind) => {
  let stack: Stack;
  beforeEach(async () => (stack = await Stack.open(kind)));
  afterEach(() => stack.close());

  const renewing = () => ({ every: stack.given.due.after, overlap: stack.given.due.overlap });

  async function alone(): Promise<void> {
    await stack.settle();
    expect(stack.recorded).toHaveLength(1);
    expect((await stack.living()).map(({ publicPart }) => publicPart)).toEqual([...stack.recorded]);
    expect(await orphans(stack)).toEqual([]);
    await expectAsDeclared(stack, { ...stack.given.least, rotation: renewing() });
    expect((await stack.up({ ...stack.given.least, rotation: renewing() })).did).toBe("same");
  }

  test("narrowed during the overlap: the earlier generation is revoked", async () => {
    const { wider, least, due } = stack.given;
    await stack.up({ ...wider, rotation: renewing() });
    await stack.advance(due.after);
    expect(await stack.up({ ...wider, rotation: renewing() })).toEqual({ did: "update" });
    expect(stack.recorded).toHaveLength(2);
    expect(await stack.up({ ...least, rotation: renewing() })).toEqual({ did: "update" });
    await alone();
  });

  test("narrowed in the run in which it is due: the former key has no time left", async () => {
    const { wider, least, due } = stack.given;
    await stack.up({ ...wider, rotation: renewing() });
    await stack.advance(due.after);
    expect(await stack.up({ ...least, rotation: renewing() })).toEqual({ did: "update" });
    await alone();
  });
});
