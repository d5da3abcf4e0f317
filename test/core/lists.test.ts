// Lists of keys, read once for all who ask between two writes: what is shared, what drops it, and which lists show no absence.

import type { Driver, ListPage } from "../../provider/core/driver";
import { Lists, Writes } from "../../provider/core/lists";

const HERE = { subAccount: "1" };
const keyOf = (publicPart: string) => ({ publicPart, grants: [] });
const empty = { keys: [] };

/** A question that waits for its answer. */
interface Asked {
  readonly scope: string | undefined;
  readonly page: string | undefined;
  answer(page: ListPage): void;
  fail(error: Error): void;
}

class Bench {
  readonly asked: Asked[] = [];
  readonly writes = new Writes();
  now = 0;
  /** Ends what the driver was last asked to write. */
  end: () => void = () => undefined;
  readonly lists = this.view();

  /** Another credential's view of the same account. */
  view(): Lists {
    const write = () => new Promise<never>((_, reject) => (this.end = () => reject(new Error("refused"))));
    const driver: Driver = {
      whoami: () => Promise.resolve({ accountId: "1", remarks: [] }),
      list: ({ subAccount }, page) =>
        new Promise((answer, fail) => void this.asked.push({ scope: subAccount, page, answer, fail: (error) => fail(error) })),
      create: write,
      update: write,
      revoke: write,
    };
    return new Lists(driver, "acme", this.writes, () => this.now);
  }

  /** Answers the newest question, and lets what follows from it happen. */
  async answer(page: ListPage): Promise<void> {
    this.asked.at(-1)!.answer(page);
    await settled();
  }
}

/** All that can happen without an answer has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

test("those who ask at the same time, and later without a write between, share one reading", async () => {
  const [one, two] = [bench.lists.all(HERE), bench.lists.all({ ...HERE })];
  await bench.answer({ keys: [keyOf("a")] });
  expect(await one).toEqual({ keys: [keyOf("a")], disturbed: false });
  expect(await two).toBe(await one);
  expect(await bench.lists.all(HERE)).toBe(await one);
  expect(bench.asked).toHaveLength(1);
});

test("each scope has its own", async () => {
  const lists = [bench.lists.all(HERE), bench.lists.all({ subAccount: "2" }), bench.lists.all({})];
  expect(bench.asked.map(({ scope }) => scope)).toEqual(["1", "2", undefined]);
  bench.asked.forEach(({ scope, answer }) => answer({ keys: [keyOf(String(scope))] }));
  expect((await Promise.all(lists)).map(({ keys }) => keys[0]!.publicPart)).toEqual(["1", "2", "undefined"]);
});

const WRITES = {
  create: ({ driver }: Lists) => driver.create!({ permissions: {}, allowedIps: "anywhere", extras: {} }),
  update: ({ driver }: Lists) => driver.update!({} as Parameters<NonNullable<Driver["update"]>>[0]),
  revoke: ({ driver }: Lists) => driver.revoke!({ scope: HERE, by: "account", undo: false }),
};

describe.each(Object.keys(WRITES) as (keyof typeof WRITES)[])("%s", (method) => {
  test("drops what was read before when it begins, and what was read meanwhile when it ends, be it refused", async () => {
    const readings = [bench.lists.all(HERE)];
    await bench.answer(empty);
    const write = WRITES[method](bench.lists).catch(() => "refused");
    readings.push(bench.lists.all(HERE));
    expect(bench.asked).toHaveLength(2);
    await bench.answer(empty);
    expect(await bench.lists.all(HERE)).toBe(await readings[1]);
    bench.end();
    expect(await write).toBe("refused");
    readings.push(bench.lists.all(HERE));
    expect(bench.asked).toHaveLength(3);
    await bench.answer(empty);
    expect(new Set(await Promise.all(readings)).size).toBe(3);
  });
});

test("a write by one credential drops what another has read", async () => {
  const observer = bench.view();
  void observer.all(HERE);
  await bench.answer(empty);
  const write = WRITES.create(bench.lists).catch(() => "refused");
  void observer.all(HERE);
  expect(bench.asked).toHaveLength(2);
  bench.end();
  await write;
});

test("what somebody else may have changed is dropped by a word", async () => {
  void bench.lists.all(HERE);
  await bench.answer(empty);
  bench.lists.forget();
  void bench.lists.all(HERE);
  expect(bench.asked).toHaveLength(2);
});

test("it is believed for ten seconds from when it was asked for", async () => {
  void bench.lists.all(HERE);
  await bench.answer(empty);
  bench.now = 9_999;
  void bench.lists.all(HERE);
  expect(bench.asked).toHaveLength(1);
  bench.now = 10_000;
  void bench.lists.all(HERE);
  expect(bench.asked).toHaveLength(2);
});

test("a failure is shared by those who wait for it, and by none that ask later", async () => {
  const waiting = [bench.lists.all(HERE), bench.lists.all(HERE)];
  bench.asked[0]!.fail(new Error("down"));
  expect(await Promise.allSettled(waiting)).toMatchObject([{ reason: { message: "down" } }, { reason: { message: "down" } }]);
  const later = bench.lists.all(HERE);
  await bench.answer(empty);
  expect(await later).toEqual({ keys: [], disturbed: false });
});

test("the failure of an older reading doesn't drop a newer one", async () => {
  const older = bench.lists.all(HERE).catch(() => "failed");
  bench.lists.forget();
  const newer = bench.lists.all(HERE);
  await bench.answer(empty);
  bench.asked[0]!.fail(new Error("down"));
  expect(await older).toBe("failed");
  expect(await bench.lists.all(HERE)).toBe(await newer);
  expect(bench.asked).toHaveLength(2);
});

describe("several pages", () => {
  /** Reads three pages; what happens between them, and whether an absence from the list means anything then. */
  async function read(before: () => unknown, between: () => unknown): Promise<boolean> {
    before();
    const list = bench.lists.all(HERE);
    await bench.answer({ keys: [keyOf("a"), keyOf("b")], next: "2" });
    between();
    await bench.answer({ keys: [keyOf("c")], next: "3" });
    await bench.answer({ keys: [keyOf("d")] });
    const { keys, disturbed } = await list;
    expect(keys.map(({ publicPart }) => publicPart)).toEqual(["a", "b", "c", "d"]);
    expect(bench.asked.map(({ page }) => page)).toEqual([undefined, "2", "3"]);
    return disturbed;
  }
  const nothing = () => undefined;
  const begin = () => WRITES.create(bench.lists).catch(nothing);

  test("are one list, in order", async () => expect(await read(nothing, nothing)).toBe(false));
  test("into which a write fell are disturbed", async () => expect(await read(nothing, begin)).toBe(true));
  test("read while a write is under way are disturbed", async () => expect(await read(begin, nothing)).toBe(true));
  test("between which a write ended are disturbed", async () => expect(await read(begin, () => bench.end())).toBe(true));

  test("are not by a word that they are to be forgotten, and nobody shares them then", async () => {
    expect(await read(nothing, () => bench.lists.forget())).toBe(false);
    void bench.lists.all(HERE);
    expect(bench.asked).toHaveLength(4);
  });

  test("nor for a word that was said before", async () => {
    bench.lists.forget();
    expect(await read(nothing, nothing)).toBe(false);
  });

  test("after a write are not", async () => {
    const write = begin();
    bench.end();
    await write;
    expect(await read(nothing, nothing)).toBe(false);
  });

  test("one page is whole, whatever happens meanwhile", async () => {
    const write = begin();
    const list = bench.lists.all(HERE);
    await bench.answer(empty);
    bench.end();
    await write;
    expect((await list).disturbed).toBe(false);
  });

  test.each([
    ["that comes back", (turn: number) => (turn % 2 === 0 ? "even" : "odd"), 3],
    ["that is always another", String, 2_000],
  ])("a cursor %s makes no list, and is an error", async (_, next, most) => {
    const list = bench.lists.all(HERE).catch((error: unknown) => error);
    for (let turn = 1; turn <= most; turn += 1) await bench.answer({ keys: [], next: next(turn) });
    expect(await list).toMatchObject({ code: "broken-answer", said: { venue: "acme" } });
    expect(bench.asked).toHaveLength(most);
  });
});

test("quiet comes when the last write under way has ended, and at once where there is none", async () => {
  const { writes } = bench;
  await writes.quiet();
  const ends: (() => void)[] = [];
  const write = () => writes.during(() => new Promise<void>((resolve) => ends.push(resolve)));
  const both = [write(), write()];
  let quiet = 0;
  const waiting = [writes.quiet(), writes.quiet()].map((each) => each.then(() => (quiet += 1)));
  ends[0]!();
  await both[0];
  expect(quiet).toBe(0);
  ends[1]!();
  await Promise.all([...both, ...waiting]);
  expect(quiet).toBe(2);
});

test("a driver that can't list says so to nobody but us", async () => {
  const lists = new Lists({ whoami: () => Promise.resolve({ accountId: "1", remarks: [] }) }, "acme", bench.writes, () => 0);
  await expect(lists.all(HERE)).rejects.toThrow("no list");
  expect(Object.keys(lists.driver)).toEqual(["whoami"]);
});
