// kill -9 while the venue holds an answer. The provider process outlives its engine: what it has just made it revokes, since nobody can
// record it, and it writes nothing more. Where it dies too, the journal tells of the key until its end.

import { killHard } from "./processes";
import { ok, REPORT, Stack } from "./stack";
import { Venue, type Call } from "./venue";

let venue: Venue;
let stack: Stack;
beforeAll(async () => {
  venue = await Venue.open();
  stack = await Stack.open(venue);
});
afterAll(async () => {
  await stack?.close();
  await venue?.close();
});
beforeEach(async () => {
  await venue.noFaults();
  if (stack.locked) await stack.run("cancel", "--yes"); // what a failed test has left
});

interface Blow {
  readonly call: Call;
  readonly phase: "before" | "after";
  /** How many calls of this kind pass first. */
  readonly after?: number;
}

/** Runs the CLI until the venue holds the call, kills the engine, lets the call go on, and waits for the provider to end by itself. */
async function killEngine(blow: Blow, ...args: string[]): Promise<void> {
  const hold = await venue.hold(blow.call, blow.phase, blow.after);
  const running = stack.start(...args, "--yes", "--skip-preview");
  const tooSoon = running.ended.then(({ text }) => Promise.reject(new Error(`it ended too soon:\n${text}`)));
  await Promise.race([hold.reached(), tooSoon]);
  tooSoon.catch(() => undefined);
  const provider = stack.log.providers().at(-1)!;
  await running.kill();
  await hold.release();
  expect(await stack.log.ended(provider)).toBe(0);
}

/** The next run as a person makes it: unlocked, then run. */
async function again(...args: string[]): Promise<string> {
  await ok(stack.run("cancel", "--yes"));
  return (await ok(stack.run(...args, "--yes", "--skip-preview"))).text;
}

async function alive(): Promise<readonly boolean[]> {
  return (await venue.tokens()).map((token) => token.alive).slice(before);
}

let before = 0;
let count = 0;
/** A resource of its own for each story, so that no journal entry of another speaks in it. The first `up` that ends takes the former one away. */
async function story(state: "born" | "absent"): Promise<string> {
  const name = `token-${++count}`;
  stack.declare({ [name]: REPORT });
  before = (await venue.tokens()).length;
  if (state === "born") {
    await ok(stack.up());
    expect(await alive()).toEqual([true]);
  }
  return name;
}

describe("the engine alone, during create", () => {
  test.each<[string, Blow, readonly boolean[]]>([
    ["at the look at the account: nothing is made", { call: "whoami", phase: "after" }, []],
    ["at the minting, before its effect", { call: "mint", phase: "before" }, [false]],
    ["at the minting, after its effect", { call: "mint", phase: "after" }, [false]],
    ["at the token's look at itself", { call: "look", phase: "after", after: 1 }, [false]],
  ])("%s", async (_, blow, minted) => {
    const name = await story("absent");
    await killEngine(blow, "up");
    expect(await alive()).toEqual(minted);
    expect(stack.openEntries(name)).toEqual([]);
    expect(stack.locked).toBe(true);
    expect(await again("up")).not.toMatch(/unknown outcome/);
    expect(await alive()).toEqual([...minted, true]);
    expect(await venue.alive()).toHaveLength(1);
    expect(stack.resource(name)!.outputs).toMatchObject({ generation: 1, warnings: [] });
  });
});

describe("the engine alone, during renewal", () => {
  // The predecessor is first, then what was minted for the dead engine.
  test.each<[string, Blow, readonly boolean[]]>([
    ["at the look at the account: nothing is made", { call: "whoami", phase: "after" }, [true]],
    ["at the minting", { call: "mint", phase: "after" }, [true, false]],
    ["at the token's look at itself", { call: "look", phase: "after", after: 1 }, [true, false]],
    ["at the revocation of the predecessor, before its effect", { call: "revoke", phase: "before" }, [false, false]],
    ["at the revocation of the predecessor, after its effect", { call: "revoke", phase: "after" }, [false, false]],
  ])("%s", async (_, blow, minted) => {
    const name = await story("born");
    stack.declare({ [name]: { ...REPORT, reissue: "now" } });
    await killEngine(blow, "up");
    expect(await alive()).toEqual(minted);
    expect(stack.openEntries(name)).toEqual([]);
    expect(await again("up")).not.toMatch(/unknown outcome/);
    expect(await alive()).toEqual([...minted.map(() => false), true]);
    expect(await venue.alive()).toHaveLength(1);
    expect(stack.resource(name)!.outputs).toMatchObject({ generation: 2, retiring: [] });
  });

  test("at the revocation of one whose time has passed: the next run finds it dead", async () => {
    const name = await story("born");
    await venue.advance("16h");
    await ok(stack.up());
    expect(await alive()).toEqual([true, true]);
    await venue.advance("61m");
    await killEngine({ call: "revoke", phase: "after" }, "up");
    expect(await alive()).toEqual([false, true]);
    await again("up");
    expect(await alive()).toEqual([false, true]);
    expect(stack.resource(name)!.outputs).toMatchObject({ generation: 2, retiring: [] });
  });
});

describe("the engine alone, during delete", () => {
  test.each<[string, Blow, boolean]>([
    ["at the look at the account: no write is sent any more", { call: "whoami", phase: "after" }, true],
    ["at the revocation, before its effect", { call: "revoke", phase: "before" }, false],
    ["at the revocation, after its effect", { call: "revoke", phase: "after" }, false],
  ])("%s", async (_, blow, left) => {
    const name = await story("born");
    await killEngine(blow, "destroy");
    expect(await alive()).toEqual([left]);
    expect(stack.resource(name)).toBeDefined();
    await again("destroy");
    expect(await alive()).toEqual([false]);
    expect(stack.resources()).toEqual([]);
    expect(stack.openEntries(name)).toEqual([]);
  });
});

describe("engine and provider, while the venue holds the answer to the minting", () => {
  const unknown = /unknown outcome[^\n]*a key may be alive until (\S+) at the latest \(journal mark [0-9a-f]{20}\)/;

  async function killBoth(): Promise<void> {
    const hold = await venue.hold("mint", "after");
    const running = stack.start("up", "--yes", "--skip-preview");
    await hold.reached();
    killHard(stack.log.providers().at(-1)!);
    await running.kill();
    await hold.deserted();
    await hold.release();
    await ok(stack.run("cancel", "--yes"));
  }

  test("during create: each operation tells of it until its end, the next create goes on", async () => {
    const name = await story("absent");
    await killBoth();
    expect(await alive()).toEqual([true]); // nobody can find it: tokens aren't listed
    expect(stack.openEntries(name)).toMatchObject([{ status: "begun", generation: 1, identity: { name } }]);

    const created = await ok(stack.up());
    expect(created.text).toMatch(unknown);
    expect(created.text).toMatch(/warning: bitfinex \(sandbox\): [^\n]*unknown outcome/);
    expect(await alive()).toEqual([true, true]);
    expect((await ok(stack.refresh())).text).toMatch(unknown);
    expect((await ok(stack.up("--expect-no-changes"))).text).toMatch(unknown); // by the recorded warning

    const end = Date.parse(unknown.exec(created.text)![1]!);
    const [orphan] = (await venue.tokens()).slice(before);
    expect(end).toBeGreaterThanOrEqual(Date.parse(orphan!.expiresAt));
    await venue.advance("25h");
    expect(await alive()).toEqual([false, false]);
    const renewed = await ok(stack.up());
    expect(renewed.text).not.toMatch(/unknown outcome/);
    expect((await ok(stack.up("--refresh", "--expect-no-changes"))).text).not.toMatch(/unknown outcome/);
    expect(await alive()).toEqual([false, false, true]);
    expect(stack.openEntries(name)).toEqual([]);
  });

  test("during renewal: the next one goes on, the predecessor has its time", async () => {
    const name = await story("born");
    await venue.advance("16h");
    await killBoth();
    expect((await ok(stack.up())).text).toMatch(unknown);
    expect(await alive()).toEqual([true, true, true]);
    expect(stack.resource(name)!.outputs).toMatchObject({ generation: 2, retiring: [{ generation: 1 }] });
    expect((await ok(stack.destroy())).text).toMatch(unknown);
    expect(await alive()).toEqual([false, true, false]);
  });
});
