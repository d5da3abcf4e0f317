// Generations: what the preview announces, how long a predecessor lives, and by which run it is revoked. Time is the sandbox's.

import { changes, fails, ok, REPORT, Stack, type TokenArgs } from "./stack";
import { Venue } from "./venue";

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

/** What a preview announces for the one resource; nothing where it announces nothing. */
async function announced(...args: string[]): Promise<Record<string, unknown> | undefined> {
  const { steps } = await ok(stack.preview(...args));
  expect(steps.length).toBeLessThan(2);
  return steps[0] === undefined ? undefined : changes(steps[0]);
}

/** `up`; answers which of the story's tokens are then alive, oldest first. */
async function up(...args: string[]): Promise<readonly boolean[]> {
  await ok(stack.up(...args));
  return (await venue.tokens()).map(({ alive }) => alive).slice(before);
}

let before = 0;
/** Starts a story with another resource; that of the former one goes, with all its tokens. */
async function story(name: string, args: TokenArgs, settings: Readonly<Record<string, unknown>> = {}): Promise<void> {
  stack.configure(settings);
  stack.declare({ [name]: args });
  before = (await venue.tokens()).length;
  expect(await up()).toEqual([true]);
  expect(await venue.alive()).toHaveLength(1);
}

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

test("due after two thirds of its lifetime: shown, done, the former one kept for an hour and then revoked", async () => {
  await story("due", REPORT);
  await venue.advance("15h");
  expect(await announced()).toBeUndefined();
  await venue.advance("1h");
  expect(await announced()).toEqual({ generation: 2, reason: "due", decidedAt: time, keepUntil: { 1: time } });
  const text = await stack.previewText();
  for (const line of [/~ generation *: 1 => 2/, /~ reason *: "first" => "due"/, /\+ 1: "20/]) expect(text).toMatch(line);
  await fails(stack.preview("--expect-no-changes"));
  expect((await venue.tokens()).length).toBe(before + 1);

  expect(await up()).toEqual([true, true]);
  expect(await up("--refresh", "--expect-no-changes")).toEqual([true, true]);
  expect(stack.resource("due")!.outputs).toMatchObject({ generation: 2, retiring: [{ generation: 1, end: time }] });
  await venue.advance("59m");
  expect(await announced()).toBeUndefined();
  await venue.advance("2m");
  expect(await announced()).toEqual({ keepUntil: {} });
  expect(await venue.during(() => up())).toEqual({ address: 1, whoami: 1, look: 2, revoke: 1 });
  expect(await up("--expect-no-changes")).toEqual([false, true]);
  expect(stack.resource("due")!.outputs).toMatchObject({ generation: 2, retiring: [] });
});

test("lapsed: the next run makes another, and has nothing to revoke", async () => {
  await venue.advance("25h");
  expect(await announced()).toEqual({ generation: 3, reason: "lapsed", decidedAt: time });
  expect(await venue.during(() => up())).toEqual({ address: 1, whoami: 1, look: 2, mint: 1 });
  expect(await up("--expect-no-changes")).toEqual([false, false, true]);
});

test("a refresh that finds the current one dead while its predecessor lives says so by an input", async () => {
  await story("gone", REPORT);
  await venue.advance("16h");
  expect(await up()).toEqual([true, true]);
  await venue.kill((await venue.alive())[1]!);
  expect(await announced("--refresh")).toMatchObject({ alive: true, generation: 3, reason: "gone" });
  expect(await up("--refresh")).toEqual([true, false, true]);
  await venue.advance("61m");
  expect(await up()).toEqual([false, false, true]);
});

test("narrowed: the wider one is revoked by the same run; widened: it has its time", async () => {
  await story("narrowed", REPORT);
  stack.declare({ narrowed: { ...REPORT, permissions: { wallets: "read" } } });
  expect(await announced()).toMatchObject({ permissions: { wallets: "read" }, generation: 2, reason: "narrowed" });
  expect(await up()).toEqual([false, true]);
  stack.declare({ narrowed: { ...REPORT, permissions: { wallets: "read", orders: "read" } } });
  expect(await announced()).toMatchObject({ generation: 3, reason: "changed", keepUntil: { 2: time } });
  expect(await up()).toEqual([false, true, true]);
  // Narrowed while an earlier one lives on: none of them is left.
  stack.declare({ narrowed: { ...REPORT, permissions: { orders: "read" } } });
  expect(await announced()).toMatchObject({ generation: 4, reason: "narrowed", keepUntil: {} });
  expect(await up()).toEqual([false, false, false, true]);
});

test("reissue: at once, once for each text", async () => {
  await story("reissued", REPORT);
  const reissued = { ...REPORT, reissue: "2027-01-02: laptop stolen" };
  stack.declare({ reissued: reissued });
  expect(await announced()).toMatchObject({ generation: 2, reason: "reissue" });
  expect(await up()).toEqual([false, true]);
  stack.declare({ reissued: REPORT }); // taking the text away is no wish for another
  expect(await announced()).toEqual({ reissue: undefined });
  expect(await up()).toEqual([false, true]);
});

test("renew: none holds back what is due, and nothing else", async () => {
  await story("held", REPORT, { renew: "none" });
  await venue.advance("20h");
  expect(await announced()).toBeUndefined();
  await venue.advance("5h");
  expect(await announced()).toMatchObject({ generation: 2, reason: "lapsed" });
  stack.configure({ renew: "due" });
  expect(await up()).toEqual([false, true]);
});

test("another lifetime is another token: a shorter one replaces, a longer one overlaps", async () => {
  await story("lasting", REPORT);
  stack.declare({ lasting: { ...REPORT, lifetime: "6h" } });
  expect(await announced()).toMatchObject({ lifetime: "6h", rotation: { every: "4h", overlap: "1h" }, generation: 2, reason: "narrowed" });
  expect(await up()).toEqual([false, true]);
  stack.declare({ lasting: { ...REPORT, lifetime: "2d" } });
  expect(await announced()).toMatchObject({ generation: 3, reason: "changed", keepUntil: { 2: time } });
  expect(await up()).toEqual([false, true, true]);
  expect(await venue.during(() => ok(stack.destroy()))).toEqual({ address: 1, whoami: 1, look: 1 + 2, revoke: 2 });
  expect(await venue.alive()).toEqual([]);
  expect(stack.openEntries()).toEqual([]);
});
