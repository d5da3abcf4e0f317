// Request numbers: always rising, never more than a minute ahead of the venue, whatever happens to our clock.

import { Nonces, VenueTime } from "../../provider/http/nonce";

const NOON = Date.UTC(2026, 10, 22, 12);

/** A venue's time and our clock, both set by hand. */
function start(unit: "ms" | "us" = "ms") {
  const hands = { venue: NOON as number | undefined, ours: NOON };
  const nonces = new Nonces(
    unit,
    () => hands.ours,
    () => hands.venue,
  );
  return { hands, nonces };
}

let count = 0;
/** Numbers outlive a channel, so that each test takes another credential. */
const credential = () => `credential-${(count += 1)}`;

test("counts in the unit asked for, as decimal digits", () => {
  expect(start("ms").nonces.next(credential())).toBe(String(NOON));
  expect(start("us").nonces.next(credential())).toBe(`${NOON}000`);
  expect(Number.isSafeInteger(Number(start("us").nonces.next(credential())))).toBe(true);
});

test("where nothing says what is counted, the call's own unit counts, and without one nothing is numbered", () => {
  const nonces = new Nonces(
    undefined,
    () => NOON,
    () => NOON,
  );
  expect(nonces.next(credential(), "us")).toBe(`${NOON}000`);
  expect(() => nonces.next(credential())).toThrow("a numbered request needs a unit, and its venue's manifest names none");
});

test("rises within a millisecond, and each credential by itself", () => {
  const { nonces } = start();
  const [one, other] = [credential(), credential()];
  expect([nonces.next(one), nonces.next(one), nonces.next(one)].map(Number)).toEqual([NOON, NOON + 1, NOON + 2]);
  expect(nonces.next(other)).toBe(String(NOON));
});

test("rises across channels that share a credential", () => {
  const id = credential();
  expect(start().nonces.next(id)).toBe(String(NOON));
  expect(start().nonces.next(id)).toBe(String(NOON + 1));
});

test("goes on rising when the clock is set back, and when the venue's falls too", () => {
  const { hands, nonces } = start();
  const id = credential();
  nonces.next(id);
  hands.ours -= 3_600_000;
  expect(nonces.next(id)).toBe(String(NOON + 1));
  hands.venue = NOON - 3_600_000;
  expect(nonces.next(id)).toBe(String(NOON + 2));
});

test.each([
  ["right", 0],
  ["a second slow", -1_000],
  ["an hour slow", -3_600_000],
])("a clock that is %s is believed while the venue takes its numbers", (_, off) => {
  const { hands, nonces } = start();
  hands.ours += off;
  expect(Number(nonces.next(credential())) - NOON).toBe(off);
});

test("one Date header from the future drives no number ahead of our clock", () => {
  const { hands, nonces } = start();
  hands.venue = NOON + 3_600_000;
  expect(nonces.next(credential())).toBe(String(NOON));
});

test.each([
  ["an hour fast", 3_600_000, 60_000],
  ["a minute and a bit fast", 60_001, 60_000],
  ["half a minute fast", 30_000, 30_000],
  ["right", 0, 0],
  ["a second slow", -1_000, -1_000],
  ["an hour slow", -3_600_000, -1_000],
])("a clock that is %s is held to the venue's time once a number was too small", (_, off, expected) => {
  const { hands, nonces } = start();
  const id = credential();
  hands.ours += off;
  nonces.tooSmall(id);
  expect(Number(nonces.next(id)) - NOON).toBe(expected);
});

test("many numbers under a fast clock don't run away from the venue", () => {
  const { hands, nonces } = start();
  const id = credential();
  hands.ours += 86_400_000;
  for (let i = 0; i < 1_000; i += 1) {
    hands.venue = NOON + 5 * i;
    expect(Number(nonces.next(id))).toBeLessThanOrEqual(NOON + 5 * i + 60_000);
  }
});

test("isn't guessed before the venue's time is known", () => {
  const { hands, nonces } = start();
  hands.venue = undefined;
  expect(() => nonces.next(credential())).toThrow("ask something unsigned first");
});

test("the venue's time goes on between answers, by a clock that can't be set", () => {
  let elapsed = 1_000;
  const time = new VenueTime(() => elapsed);
  expect(time.now()).toBeUndefined();
  expect(time.heard("Sun, 22 Nov 2026 12:00:00 GMT")).toBe(NOON);
  elapsed += 2_500;
  expect(time.now()).toBe(NOON + 2_500);
  expect(time.heard("rubbish")).toBeUndefined();
  expect(time.now()).toBe(NOON + 2_500);
});
