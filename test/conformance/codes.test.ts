// Every error code that a venue documents: at a look nothing is taken for gone, at a write nothing is left that nobody knows, and the message
// says venue, operation, cause and way out.

import { CATALOGUE } from "../../provider/core/errors";
import { fixtureOf } from "./fixture";
import { ISSUED, orphans, Stack, type Done } from "./stack";

jest.setTimeout(120_000); // reads are tried again after real pauses

const CODED = ISSUED.filter(({ venue, kind }) => fixtureOf(venue).kinds[kind]!.codes !== undefined);

describe.each(CODED)("$venue $kind", (each) => {
  const codes = fixtureOf(each.venue).kinds[each.kind]!.codes ?? [];

  test("the fixture has every row of the error table", () => {
    const wire = require(`../../provider/venues/${each.venue}/wire`) as { CODES: readonly { venueCode?: string | number }[] };
    const rows = wire.CODES.flatMap(({ venueCode }) => (venueCode === undefined ? [] : [String(venueCode)]));
    const named = codes.map(({ refuse }) => String(refuse["code"] ?? refuse["label"]));
    expect([...new Set(named)].sort()).toEqual([...new Set(rows)].sort());
  });

  function assertSaid({ error }: Done): void {
    expect(error?.message).toMatch(new RegExp(`^${each.venue} \\(sandbox\\): .+: .+; .+`, "s"));
    expect(error?.message).not.toMatch(/sandbox-/);
  }

  test.each(codes)("$refuse", async ({ refuse, code }) => {
    const stack = await Stack.open(each);
    try {
      const { all, writes } = await life(stack);
      const set = async (paths: readonly string[]): Promise<void> => {
        for (const path of paths) {
          await stack.control.post("/faults", { venue: each.venue, match: { path }, kind: "refuse", times: "always", ...refuse });
        }
      };
      await stack.up(stack.given.least);
      const { held } = stack;
      await set(all);
      const looked = await stack.refresh();
      expect(looked.error).toMatchObject({ code });
      assertSaid(looked);
      expect(stack.held).toBe(held);
      assertSaid(await stack.destroy());
      expect([stack.held, (await stack.living()).length]).toEqual([held, 1]);
      await stack.control.delete("/faults");
      expect(await stack.destroy()).toEqual({ did: "delete" });

      // Only what makes keys is refused: the look at the account is let through.
      await set(writes.slice(0, 1));
      const made = await stack.up(stack.given.least);
      assertSaid(made);
      const believed = CATALOGUE[code].branch === "refused" && code !== "venue-refused";
      expect(made.error).toMatchObject({ code: believed ? code : "unknown-outcome" });
      expect([await stack.living(), await orphans(stack)]).toEqual([[], []]);
      // What isn't known stays in the journal; what was refused has nothing to remember.
      expect((await stack.open()).length).toBe(believed ? 0 : 1);
    } finally {
      await stack.close();
    }
  });

  /** The paths that a key's life goes over, those that write apart. */
  async function life(stack: Stack): Promise<{ readonly all: readonly string[]; readonly writes: readonly string[] }> {
    await stack.up(stack.given.least);
    await stack.refresh();
    await stack.destroy();
    const paths = (requests: readonly { readonly path: string }[]) => [...new Set(requests.map(({ path }) => path))];
    const [all, writes] = [paths(await stack.requests()), paths(await stack.writes())];
    await stack.forget();
    return { all, writes };
  }
});
