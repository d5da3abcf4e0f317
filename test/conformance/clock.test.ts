// A clock that is off: what needs no time of ours goes on by the venue's; what decides by time is refused, and nothing is made.

import { fixtureOf } from "./fixture";
import { ISSUED, Stack } from "./stack";

jest.setTimeout(60_000); // reads are tried again after real pauses

const LISTED = ISSUED.filter(({ venue, kind }) => fixtureOf(venue).kinds[kind]!.strangers !== undefined);

describe.each(LISTED)("$venue $kind", (each) => {
  test.each(["10m", "-10m"])("the venue's clock is %s off ours", async (by) => {
    const stack = await Stack.open(each);
    try {
      await stack.up(stack.given.least);
      const { held } = stack;
      await stack.advance("1h"); // so that the venue's clock doesn't go back before the key's birth
      await stack.skew(by);
      expect(await stack.refresh()).toEqual({ did: "refresh" });
      expect(stack.held?.outputs["fingerprint"]).toBe(held?.outputs["fingerprint"]);
      const { error } = await stack.up({ ...stack.given.least, reissue: "now" });
      expect(error).toMatchObject({ code: "clock-skew" });
      expect(await stack.living()).toHaveLength(1);
      expect(await stack.destroy()).toEqual({ did: "delete" });
      expect(await stack.living()).toEqual([]);
    } finally {
      await stack.close();
    }
  });
});
