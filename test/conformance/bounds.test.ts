// Rule 5 at every step: no key is ever wider than what was there and what is declared together, and none is let in from anywhere on the way
// from one list to another. The sandbox remembers every state that a key passed through.

import { able } from "../../provider/core/capability";
import { containedIn } from "../../provider/core/ip";
import type { KeyState, Program } from "./fixture";
import { ISSUED, Stack } from "./stack";

jest.setTimeout(60_000); // a loaded machine is slow

const IN_PLACE = ISSUED.filter(({ venue, kind }) => able(Stack.kindOf({ venue, kind }).capabilities, "update-ips"));

describe.each(IN_PLACE)("$venue $kind", (each) => {
  let stack: Stack;
  beforeEach(async () => {
    stack = await Stack.open(each);
  });
  afterEach(() => stack.close());

  const THERE = "203.0.113.77";
  const stateOf = (program: Program): KeyState => {
    const { kind } = stack;
    const judged = kind.permissions(program["permissions"]);
    if (!("ok" in judged)) throw new Error("the program's permissions aren't right");
    const ips = program["allowedIps"] as KeyState["allowedIps"];
    return { grants: kind.grants(judged.ok, program), allowedIps: ips };
  };

  function assertWithin(state: KeyState, bounds: readonly KeyState[], program: Program): void {
    const declared = [...new Set(bounds.flatMap(({ grants }) => grants))];
    const { wider } = stack.kind.compare(declared, state.grants, stack.kind.options?.(program) ?? {});
    expect(wider).toEqual([]);
    if (bounds.some(({ allowedIps }) => allowedIps === "anywhere")) return;
    expect(state.allowedIps).not.toBe("anywhere");
    const list = Object.fromEntries((state.allowedIps as readonly string[]).map((address) => [address, ""]));
    expect(Object.keys(list)).not.toEqual([]);
    expect(
      containedIn(
        list,
        bounds.flatMap(({ allowedIps }) => allowedIps as readonly string[]),
      ),
    ).toEqual([]);
  }

  test("from birth to death, through changes of one property and of all at once", async () => {
    const { least, wider, bound } = stack.given;
    const here = bound["allowedIps"] as readonly string[];
    const steps: readonly Program[] = [
      bound,
      { ...wider, allowedIps: here },
      { ...least, allowedIps: [...here, THERE] },
      { ...least, allowedIps: [THERE] },
      { ...wider, allowedIps: here },
      { ...least, allowedIps: [THERE] },
      { ...wider, allowedIps: [THERE] },
    ];
    let before: KeyState | undefined;
    let seen = 0;
    for (const program of steps) {
      const { error, failures } = await stack.up(program);
      expect(error ?? failures).toBeUndefined();
      const desired = stateOf(program);
      const [key] = await stack.living();
      const states = key?.states ?? [];
      const fresh = states.slice(seen);
      // At birth a kind may pass through a state without grants; nothing else may precede the whole.
      expect(fresh.length).toBeGreaterThan(0);
      const bare = stack.kind.birth === "bare" && before === undefined;
      for (const state of bare ? fresh.filter(({ grants }) => grants.length > 0) : fresh) {
        assertWithin(state, before === undefined ? [desired] : [before, desired], program);
      }
      assertWithin(fresh.at(-1)!, [desired], program);
      seen = states.length;
      before = desired;
    }
  });
});
