// The sliding window by a clock of our own: what it lets through, seen from a venue whose requests are late on the way.

import { SlidingWindow } from "../../provider/http/limiter";

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
});
