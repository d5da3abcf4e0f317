// The connection is cut at each request of each operation, before its effect and after it. No key may be alive that neither state nor
// journal knows, and the next runs get to what is declared.

import { callsOf, faultsThatMissed, type Call, type Operation } from "./calls";
import type { Program } from "./fixture";
import { expectAsDeclared, ISSUED, orphans, Stack, type Done } from "./stack";

jest.setTimeout(60_000); // reads are tried again after real pauses

interface Cut extends Operation {
  readonly name: string;
  /** What is declared afterwards; undefined: nothing. */
  after(stack: Stack): Program | undefined;
}

const OPERATIONS: readonly Cut[] = [
  { name: "create", before: () => Promise.resolve(), act: (stack) => stack.up(stack.given.least), after: ({ given }) => given.least },
  {
    name: "widening",
    before: (stack) => stack.up(stack.given.least),
    act: (stack) => stack.up(stack.given.wider),
    after: ({ given }) => given.wider,
  },
  {
    name: "narrowing",
    before: (stack) => stack.up(stack.given.wider),
    act: (stack) => stack.up(stack.given.least),
    after: ({ given }) => given.least,
  },
  {
    name: "reissue",
    before: (stack) => stack.up(stack.given.least),
    act: (stack) => stack.up({ ...stack.given.least, reissue: "leaked" }),
    after: ({ given }) => ({ ...given.least, reissue: "leaked" }),
  },
  { name: "refresh", before: (stack) => stack.up(stack.given.least), act: (stack) => stack.refresh(), after: ({ given }) => given.least },
  {
    name: "delete",
    async before(stack) {
      await stack.up(stack.given.least);
      await stack.up(stack.given.wider);
    },
    act: (stack) => stack.destroy(),
    after: () => undefined,
  },
];

async function settle(stack: Stack, program: Program | undefined, refresh: boolean): Promise<Done> {
  if (program === undefined) return stack.destroy();
  // A state whose resource is gone is made anew by the next run.
  if (refresh) expect((await stack.refresh()).error).toBeUndefined();
  return stack.up(program);
}

describe.each(ISSUED)("$venue $kind", (kind) => {
  describe.each(OPERATIONS)("$name", (operation) => {
    let calls: readonly Call[];
    let writes: readonly Call[];
    beforeAll(async () => {
      calls = await callsOf(operation, kind);
      writes = calls.filter(({ write }) => write);
    });

    test.each([
      ["reset", false],
      ["reset", true],
      ["lost-after-effect", false],
      ["lost-after-effect", true],
    ])("%s at each request (refreshed before the next run: %s)", async (fault, refreshed) => {
      expect(calls.length).toBeGreaterThan(1);
      const cut = async ({ method, path, after }: Call): Promise<void> => {
        const where = `${fault} at ${method} ${path} after ${after}`;
        await Stack.during(kind, async (stack) => {
          await operation.before(stack);
          await stack.control.post("/faults", { venue: stack.venue, match: { method, path, after }, kind: fault });
          const failed = await operation.act(stack);
          expect([where, await faultsThatMissed(stack)]).toEqual([where, []]);
          expect([where, await orphans(stack)]).toEqual([where, []]);
          await stack.control.delete("/faults");
          const program = operation.after(stack);
          const lost = (await stack.open()).length;
          const settled = failed.error === undefined ? failed : await settle(stack, program, refreshed);
          expect([where, settled.error?.message]).toEqual([where, undefined]);
          expect([where, await orphans(stack)]).toEqual([where, []]);
          if (program === undefined) expect([where, await stack.living()]).toEqual([where, []]);
          else {
            await expectAsDeclared(stack, program, lost);
            expect([where, (await stack.up(program)).did]).toEqual([where, "same"]);
          }
        });
      };
      await Promise.all(calls.map(cut)); // each has a sandbox of its own, and most of the time is pauses
    });

    if (operation.name === "refresh") return; // it writes nothing

    test.each([[true], [false]])(
      "the venue is down once the first write is done (refreshed before the next run: %s)",
      async (refreshed) => {
        await Stack.during(kind, async (stack) => {
          const first = writes[0]!;
          await operation.before(stack);
          const [next] = calls.slice(calls.indexOf(first) + 1);
          const { method, path, after } = next ?? first;
          await stack.control.post("/faults", { venue: stack.venue, match: { method, path, after }, kind: "reset", times: "always" });
          // Until then nothing else is asked; from then on nothing is answered.
          for (const other of new Set(calls.filter((call) => call.path !== path).map((call) => call.path))) {
            const done = calls.slice(0, calls.indexOf(first) + 1).filter((call) => call.path === other).length;
            await stack.control.post("/faults", {
              venue: stack.venue,
              match: { path: other, after: done },
              kind: "reset",
              times: "always",
            });
          }
          expect((await operation.act(stack)).error).toBeDefined();
          expect(await orphans(stack)).toEqual([]);
          await stack.control.delete("/faults");
          const program = operation.after(stack);
          const settled = await settle(stack, program, refreshed);
          expect(settled.error?.message).toBeUndefined();
          expect(await orphans(stack)).toEqual([]);
          if (program === undefined) expect(await stack.living()).toEqual([]);
          else {
            await expectAsDeclared(stack, program);
            expect((await stack.up(program)).did).toBe("same");
          }
        });
      },
    );
  });
});
