// Rate limits against a venue with a sliding window of its own: none exceeded, little time lost.

import { limitedVenue } from "./window";
import { call, channelTo, closeAll } from "./venue";

afterEach(closeAll);

const LIMIT = { requests: 10, perMs: 400 };

test.each([
  ["answers at once", () => 0],
  ["takes its time now and then", (count: number) => (count % 10 === 1 ? 25 : 0)],
])("many calls at once meet no 429 and take at most 1.1 of the limit's time, when the venue %s", async (_, delay) => {
  const { url, refused, seen } = await limitedVenue({ "/g": LIMIT }, (_path, count) => delay(count));
  const channel = channelTo(url, { limits: { g: LIMIT } });
  const n = 40;
  const start = performance.now();
  await Promise.all(Array.from({ length: n }, () => channel.send(call({ path: "/g" }))));
  const took = performance.now() - start;
  expect(seen).toHaveLength(n);
  expect(refused()).toBe(0);
  expect(took).toBeLessThanOrEqual((1.1 * n * LIMIT.perMs) / LIMIT.requests);
  expect(channel.counts).toEqual({ reads: n, writes: 0, retries: 0, rateLimited: 0 });
});

test("a slow call of one group lets no calls of another pile up past their limit", async () => {
  const { url, refused, seen } = await limitedVenue({ "/a": LIMIT, "/b": LIMIT }, (path) => (path === "/b" ? 3 * LIMIT.perMs : 0));
  const channel = channelTo(url, { limits: { a: LIMIT, b: LIMIT } });
  const slow = channel.send(call({ path: "/b", limit: "b" }));
  await Promise.all(Array.from({ length: 25 }, () => channel.send(call({ path: "/a", limit: "a" }))));
  await slow;
  expect(seen.map((one) => one.path).indexOf("/b")).toBeLessThan(2);
  expect(refused()).toBe(0);
});

test("a group at its limit doesn't hold up another", async () => {
  const tight = { requests: 1, perMs: 600 };
  const { url, seen } = await limitedVenue({ "/a": tight, "/b": LIMIT }, () => 0);
  const channel = channelTo(url, { limits: { a: tight, b: LIMIT } });
  const a = [1, 2].map(() => channel.send(call({ path: "/a", limit: "a" })));
  const b = [1, 2, 3].map(() => channel.send(call({ path: "/b", limit: "b" })));
  await Promise.all([...a, ...b]);
  expect(seen.map((one) => one.path)).toEqual(["/a", "/b", "/b", "/b", "/a"]);
});

test("a shared limit replaces the groups'", async () => {
  const { url, refused, seen } = await limitedVenue({ "/a": LIMIT, "/b": LIMIT }, () => 0);
  const channel = channelTo(url, { limits: { a: { requests: 1, perMs: 60_000 } }, share: { requests: 2, perMs: 200 } });
  await Promise.all(["/a", "/b", "/a", "/b"].map((path) => channel.send(call({ path, limit: path.slice(1) }))));
  expect(refused()).toBe(0);
  expect(seen[2]!.at - seen[0]!.at).toBeGreaterThan(200);
});

test("waiting in the queue isn't counted against the deadline", async () => {
  const { url } = await limitedVenue({ "/g": LIMIT }, () => 30);
  const channel = channelTo(url, { deadlineMs: 250, attemptMs: 250 });
  await Promise.all(Array.from({ length: 15 }, () => channel.send(call({ path: "/g" }))));
});

test("a group without a limit is a fault of the program", async () => {
  const { url } = await limitedVenue({}, () => 0);
  await expect(channelTo(url, { limits: {} }).send(call({ limit: "g" }))).rejects.toThrow('no rate limit for the group "g"');
});
