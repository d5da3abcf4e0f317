// Windows and credits by a clock of our own: what they let through, seen from a venue whose requests are late on the way.

import fc from "fast-check";
import { Credits, paceOf, SlidingWindow, type Pace } from "../../provider/http/limiter";

test("lets a burst through and then waits for the oldest to leave the window", () => {
  let now = 0;
  const window = new SlidingWindow({ requests: 2, perMs: 1_000 }, () => now);
  expect(window.waitMs()).toBe(0);
  window.ended();
  now = 400;
  expect(window.waitMs()).toBe(0);
  window.ended();
  expect(window.waitMs()).toBe(610);
  now = 1_010;
  expect(window.waitMs()).toBe(0);
  window.ended();
  expect(window.waitMs()).toBe(400);
});

test("whatever the delays on the way, the venue's window never sees one too many", () => {
  let now = 0;
  const limit = { requests: 5, perMs: 1_000 };
  const window = new SlidingWindow(limit, () => now);
  const arrivals: number[] = [];
  for (let i = 0; i < 200; i += 1) {
    now += window.waitMs();
    const [there, back] = [(i * 7919) % 300, (i * 104_729) % 200];
    arrivals.push(now + there);
    now += there + back;
    window.ended();
  }
  for (let i = limit.requests; i < arrivals.length; i += 1) {
    expect(arrivals[i]! - arrivals[i - limit.requests]!).toBeGreaterThan(limit.perMs);
  }
});

/** One request: how long we idle before it, how long it is on its way there and back, and what it weighs. */
interface Trip {
  readonly idle: number;
  readonly there: number;
  readonly back: number;
  readonly weight: number;
}
interface Arrival {
  readonly at: number;
  readonly weight: number;
}

const trips = (heaviest: number): fc.Arbitrary<Trip[]> => {
  const delay = fc.oneof(fc.constant(0), fc.nat(5), fc.nat(3_000));
  const weight = fc.integer({ min: 1, max: heaviest });
  return fc.array(fc.record({ idle: delay, there: delay, back: delay, weight }), { minLength: 1, maxLength: 40 });
};

/** Sends them as the queue does, one at a time; answers when each came to the venue, and how long we waited in all. */
function travel(
  all: readonly Trip[],
  open: (now: () => number) => Pace,
): { readonly arrivals: readonly Arrival[]; readonly waited: number } {
  let now = 0;
  let waited = 0;
  const pace = open(() => now);
  const arrivals = all.map(({ idle, there, back, weight }) => {
    now += idle;
    // A timer counts whole milliseconds.
    for (let ms = pace.waitMs(weight); ms > 0; ms = pace.waitMs(weight)) {
      now += Math.ceil(ms);
      waited += Math.ceil(ms);
    }
    const at = (now += there);
    now += back;
    pace.ended(weight);
    return { at, weight };
  });
  return { arrivals, waited };
}

const WEIGHTS = { requests: 10, perMs: 1_000 };

test("law: whatever weights and delays, no window of the venue's holds more than the limit", () => {
  fc.assert(
    fc.property(trips(WEIGHTS.requests), (all) => {
      const { arrivals } = travel(all, (now) => new SlidingWindow(WEIGHTS, now));
      for (const { at: end } of arrivals) {
        const within = arrivals.filter(({ at }) => at > end - WEIGHTS.perMs && at <= end);
        expect(within.reduce((sum, { weight }) => sum + weight, 0)).toBeLessThanOrEqual(WEIGHTS.requests);
      }
    }),
  );
});

test("a weight waits for as much room as it takes, and one beyond the limit for all of it", () => {
  let now = 0;
  const window = new SlidingWindow(WEIGHTS, () => now);
  window.ended(6);
  now = 100;
  window.ended(3);
  expect([1, 2, 7, 8, 99].map((weight) => window.waitMs(weight))).toEqual([0, 910, 910, 1_010, 1_010]);
});

const BUCKET = { requests: 20, perMs: 1_000, burst: 100 };

/** What the venue's own bucket has left after each arrival. */
function left(arrivals: readonly Arrival[]): readonly number[] {
  let [credits, last] = [BUCKET.burst, 0];
  return arrivals.map(({ at, weight }) => {
    credits = Math.min(BUCKET.burst, credits + ((at - last) / BUCKET.perMs) * BUCKET.requests) - weight;
    last = at;
    return credits;
  });
}

test("law: whatever weights and delays, the venue's bucket never runs dry", () => {
  fc.assert(
    fc.property(trips(BUCKET.burst), (all) => {
      const { arrivals } = travel(all, (now) => new Credits(BUCKET, now));
      expect(Math.min(...left(arrivals))).toBeGreaterThanOrEqual(0);
    }),
  );
});

test.each([
  ["a window", WEIGHTS, 1],
  ["credits", BUCKET, 5],
])("%s loses little: at most 1.1 of what the limit allows, where nothing is late", (_, limit, weight) => {
  const all = Array.from({ length: 200 }, () => ({ idle: 0, there: 0, back: 0, weight }));
  const { waited } = travel(all, (now) => paceOf(limit, now));
  const spent = 200 * weight - ("burst" in limit ? BUCKET.burst : limit.requests);
  expect(waited).toBeLessThanOrEqual((1.1 * spent * limit.perMs) / limit.requests);
  expect(waited).toBeGreaterThanOrEqual((spent * limit.perMs) / limit.requests - limit.perMs);
});

test("credits may be spent at once, come back steadily, and never beyond the burst", () => {
  let now = 0;
  const credits = new Credits(BUCKET, () => now);
  now = 60_000;
  expect(credits.waitMs(100)).toBe(0);
  credits.ended(100);
  // 20 a second, with the margin of a hundredth and 5 ms.
  expect([1, 20, 100].map((weight) => Math.round(credits.waitMs(weight)))).toEqual([56, 1_015, 5_055]);
  expect(credits.waitMs(500)).toBe(credits.waitMs(100));
  now += 1_000;
  expect([credits.waitMs(20), Math.round(credits.waitMs(40))]).toEqual([0, 1_015]);
});

test("credits rest for as long as the venue asks", () => {
  let now = 0;
  const credits = new Credits(BUCKET, () => now);
  credits.hold(5_000);
  credits.hold(100);
  now = 1_000;
  expect(credits.waitMs()).toBe(4_000);
});

test("a limit with a burst is counted in credits, one without in a window", () => {
  expect(paceOf(BUCKET)).toBeInstanceOf(Credits);
  expect(paceOf(WEIGHTS)).toBeInstanceOf(SlidingWindow);
});

test("rests for as long as the venue asks, and a shorter wish doesn't shorten it", () => {
  let now = 0;
  const window = new SlidingWindow({ requests: 9, perMs: 1_000 }, () => now);
  window.hold(5_000);
  window.hold(100);
  now = 1_000;
  expect(window.waitMs()).toBe(4_000);
});

test.each([
  { requests: 0, perMs: 1_000 },
  { requests: 1.5, perMs: 1_000 },
  { requests: 1, perMs: 0 },
  { requests: 1, perMs: Number.NaN },
])("%p is no limit", (limit) => {
  expect(() => new SlidingWindow(limit)).toThrow("no rate limit");
  expect(() => paceOf({ ...limit, burst: 5 })).toThrow("no rate limit");
});
