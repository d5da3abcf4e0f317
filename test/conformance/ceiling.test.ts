// The account's ceiling: how many keys there may be is judged on what the venue lists, and a successor takes its predecessor's place.

import { fixtureOf } from "./fixture";
import { ISSUED, Stack } from "./stack";

jest.setTimeout(60_000); // a loaded machine is slow

const LISTED = ISSUED.filter(({ venue, kind }) => fixtureOf(venue).kinds[kind]!.strangers !== undefined);

describe.each(LISTED)("$venue $kind", (each) => {
  test("maxKeys counts the keys of others too", async () => {
    const stack = await Stack.open(each);
    try {
      await stack.given.strangers?.(stack.control, 2);
      const there = (await stack.given.living(stack.control)).length;
      await stack.meet();
      stack.account = { ceiling: { maxKeys: there } };
      const { error } = await stack.up(stack.given.least);
      expect(error).toMatchObject({ code: "ceiling" });
      expect(error?.message).toContain(`may have ${there} keys, and the venue lists ${there}`);
      expect([await stack.writes(), await stack.living(), await stack.open()]).toEqual([[], [], []]);
      stack.account = { ceiling: { maxKeys: there + 1 } };
      expect(await stack.up(stack.given.least)).toEqual({ did: "create" });
      expect(await stack.up({ ...stack.given.least, reissue: "leaked" })).toEqual({ did: "update" });
      expect(await stack.living()).toHaveLength(1);
    } finally {
      await stack.close();
    }
  });
});
