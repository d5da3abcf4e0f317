// A change in place is cut at each request, or the engine dies before it records anything, and then the program is put back: nobody may take
// the key for what it was. Without a refresh the next run says that there is something to do, and does it.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { able } from "../../provider/core/capability";
import { callsOf, downFromWrite, faultsThatMissed, type Call, type Operation } from "./calls";
import { expectAsDeclared, ISSUED, orphans, Stack } from "./stack";

jest.setTimeout(60_000); // reads are tried again after real pauses

const CHANGED = ISSUED.filter((kind) => able(Stack.kindOf(kind).capabilities, "update-permissions"));
const WIDENING: Operation = { before: (stack) => stack.up(stack.given.least), act: (stack) => stack.up(stack.given.wider) };

describe.each(CHANGED)("$venue $kind", (kind) => {
  let calls: readonly Call[];
  beforeAll(async () => {
    calls = await callsOf(WIDENING, kind);
  });

  async function putBack(stack: Stack, refreshed: boolean, where: unknown): Promise<void> {
    await stack.control.delete("/faults");
    if (refreshed) expect([where, (await stack.refresh()).error]).toEqual([where, undefined]);
    const { least } = stack.given;
    expect([where, (await stack.up(least)).error?.message]).toEqual([where, undefined]);
    await stack.settle();
    await expectAsDeclared(stack, least);
    expect(await orphans(stack)).toEqual([]);
    expect([where, (await stack.up(least)).did]).toEqual([where, "same"]);
  }

  test.each([
    ["reset", false],
    ["reset", true],
    ["lost-after-effect", false],
    ["lost-after-effect", true],
  ])("%s at each request (refreshed before the next run: %s)", async (fault, refreshed) => {
    expect(calls.some(({ write }) => write)).toBe(true);
    const cut = async ({ method, path, after }: Call): Promise<void> => {
      await Stack.during(kind, async (stack) => {
        await WIDENING.before(stack);
        await stack.control.post("/faults", { venue: stack.venue, match: { method, path, after }, kind: fault });
        await WIDENING.act(stack);
        expect(await faultsThatMissed(stack)).toEqual([]);
        await putBack(stack, refreshed, `${fault} at ${method} ${path} after ${after}`);
      });
    };
    await Promise.all(calls.map(cut)); // each has a sandbox of its own, and most of the time is pauses
  });

  test.each([[false], [true]])("the engine dies before it records the change (refreshed: %s)", async (refreshed) => {
    await Stack.during(kind, async (stack) => {
      await WIDENING.before(stack);
      const { held } = stack;
      await WIDENING.act(stack);
      stack.held = held;
      await putBack(stack, refreshed, "killed");
    });
  });

  test("the engine dies, and the journal's file of the key is garbage: nobody knows what it said", async () => {
    await Stack.during(kind, async (stack) => {
      await WIDENING.before(stack);
      const { held } = stack;
      await WIDENING.act(stack);
      stack.held = held;
      writeFileSync(join(stack.journal, `${String(held!.outputs["mark"])}.json`), "{ broken");
      await putBack(stack, false, "garbage");
    });
  });

  // Where the lost key can be revoked without its passphrase.
  const alone = Stack.kindOf(kind).passphrase?.revokes === true ? [] : ["a successor that was lost, and the program is put back"];
  if (alone.length > 0)
    test.each(alone)("%s: the next run finds and revokes it", async () => {
      await Stack.during(kind, async (stack) => {
        const reissue: Operation = { before: WIDENING.before, act: ({ given }) => stack.up({ ...given.least, reissue: "leaked" }) };
        const whole = await callsOf({ ...reissue, act: (other) => other.up({ ...other.given.least, reissue: "leaked" }) }, kind);
        await reissue.before(stack);
        await downFromWrite(stack, whole, "lost-after-effect");
        expect((await reissue.act(stack)).error).toBeDefined();
        await stack.control.delete("/faults");
        await stack.settle();
        expect(await stack.living()).toHaveLength(2);
        expect(await stack.up(stack.given.least)).toEqual({ did: "update" });
        await stack.settle();
        expect((await stack.living()).map(({ publicPart }) => publicPart)).toEqual([...stack.recorded]);
        await putBack(stack, false, "lost");
      });
    });

  test.each([
    ["has its effect", "lost-after-effect", "wider"],
    ["has none", "reset", "least"],
  ] as const)(
    "the venue is down from the write on, which %s: the state says that nobody knows, a refresh tells what is, and the next run settles it",
    async (_, writing, found) => {
      await Stack.during(kind, async (stack) => {
        await stack.up(stack.given[found]);
        const permissions = stack.held?.inputs["permissions"];
        await WIDENING.before(stack);
        await downFromWrite(stack, calls, writing);
        expect((await WIDENING.act(stack)).error).toBeDefined();
        expect(stack.held?.outputs["unsettled"]).toMatchObject({ cause: expect.any(String) as string });
        await stack.control.delete("/faults");
        await stack.settle();
        expect((await stack.refresh()).error).toBeUndefined();
        expect(stack.held?.inputs["permissions"]).toEqual(permissions);
        expect(stack.held?.outputs["unsettled"]).toMatchObject({ cause: expect.any(String) as string });
        expect(await stack.up(stack.given.least)).toEqual({ did: "update" });
        expect(stack.held?.outputs["unsettled"]).toBeUndefined();
        await putBack(stack, false, "down");
      });
    },
  );
});
