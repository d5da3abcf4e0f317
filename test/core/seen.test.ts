// What a look at a living key renews of its record: its end, what it lapses by and when that is told, and what nobody could read so far.

import type { KindManifest, Lapse } from "../../provider/core/capability";
import type { ObservedKey } from "../../provider/core/driver";
import type { Generation, Recorded, Warning } from "../../provider/core/record";
import { renewed } from "../../provider/core/seen";
import { Secret } from "../../provider/core/secret";
import { kindOf } from "./venue";

const BORN = "2030-01-01T00:00:00.000Z";
const END = "2030-04-01T00:00:00.000Z";
const current: Generation = {
  generation: 1,
  mark: "m",
  fingerprint: "0".repeat(16),
  credential: { kind: "api-key", apiKey: "k", apiSecret: new Secret("sandbox-s") },
  createdAt: BORN,
};
const { lifetime: _, ...lasting } = kindOf({ inPlace: true, listed: true });

function look(
  seen: Partial<ObservedKey>,
  { kind = {}, key = {}, ...recorded }: Partial<Recorded> & { kind?: Partial<KindManifest>; key?: Partial<Generation> } = {},
): ReturnType<typeof renewed> {
  const means = { kind: { ...lasting, ...kind }, venue: "acme", subject: 'key "k"' };
  const before = { warnings: [], unverified: {}, ...recorded, current: { ...current, ...key } };
  return renewed(before, { grants: ["w"], ...seen }, "anywhere", means);
}

const lapsing = (lapse: Lapse): Partial<KindManifest> => ({ lapses: () => lapse });
const message = (text: string): string => `acme: key "k": ${text}`;

test("grants and powers are what was seen", () => {
  expect(look({ grants: ["a", "b"] })).toMatchObject({ grants: ["a", "b"], powers: { read: "a b" } });
});

describe("what ends by neglect", () => {
  test("is told 14 days before the end that the venue tells", () => {
    expect(look({ expiresAt: END }, { kind: lapsing({ text: "it ends" }) }).warnings).toEqual([
      { about: "lapse", message: message(`it ends (${END})`), from: "2030-03-18T00:00:00.000Z" },
    ]);
  });

  test("is told 14 days before the end that is counted from its birth", () => {
    expect(look({}, { kind: lapsing({ text: "it ends after 90 days", days: 90 }) }).warnings).toEqual([
      { about: "lapse", message: message(`it ends after 90 days (${END})`), from: "2030-03-18T00:00:00.000Z" },
    ]);
  });

  test("has the end that the venue tells, rather than one that is counted", () => {
    const { warnings } = look({ expiresAt: "2030-06-01T00:00:00.000Z" }, { kind: lapsing({ text: "it ends", days: 90 }) });
    expect(warnings).toEqual([
      { about: "lapse", message: message("it ends (2030-06-01T00:00:00.000Z)"), from: "2030-05-18T00:00:00.000Z" },
    ]);
  });

  test("is told at once where nothing says when", () => {
    expect(look({}, { kind: lapsing({ text: "it ends after 14 idle days" }) }).warnings).toEqual([
      { about: "lapse", message: message("it ends after 14 idle days") },
    ]);
  });

  test("is asked of the declared addresses and the grants that were seen", () => {
    const asked: unknown[] = [];
    look({ grants: ["o"], allowedIps: { "203.0.113.10": "" } }, { kind: { lapses: (...given) => void asked.push(given) } });
    expect(asked).toEqual([["anywhere", ["o"]]]);
  });

  test("and what a former look said of it is forgotten, other warnings not", () => {
    const other: Warning = { message: "another", until: END };
    const former: Warning = { about: "lapse", message: "it ended" };
    const warnings = [former, other];
    expect(look({}, { warnings }).warnings).toEqual([other]);
    const again = look({ expiresAt: END }, { warnings, kind: lapsing({ text: "it ends" }) }).warnings;
    expect(again.map((one) => one.message)).toEqual(["another", message(`it ends (${END})`)]);
  });
});

describe("the end of a key", () => {
  test.each([
    ["is taken where the venue tells one", {}, END, END],
    ["moves with what the venue tells", { expiresAt: END }, "2030-06-01T00:00:00.000Z", "2030-06-01T00:00:00.000Z"],
    ["is taken back", { expiresAt: END }, undefined, undefined],
  ])("%s", (_name, key, told, then) => {
    const seen = look(told === undefined ? {} : { expiresAt: told }, { key });
    expect(seen.current.expiresAt).toBe(then);
    expect(Object.hasOwn(seen.current, "expiresAt")).toBe(then !== undefined);
  });

  test("that a kind counts itself stays where the venue doesn't tell it", () => {
    const kind = { lifetime: { minSeconds: 60, maxSeconds: 3600 } };
    expect(look({}, { key: { expiresAt: END }, kind }).current.expiresAt).toBe(END);
    expect(look({ expiresAt: BORN }, { key: { expiresAt: END }, kind }).current.expiresAt).toBe(BORN);
  });

  test("is all that a look changes of it", () => {
    expect(look({ expiresAt: END, label: "x", createdAt: END }).current).toEqual({ ...current, expiresAt: END });
  });
});

describe("what nobody could read back", () => {
  const unread = (properties: Record<string, string>): Partial<KindManifest> => ({ unverified: () => properties });

  test("is open as the kind says", () => {
    expect(look({}, { kind: unread({ allowedIps: "nobody tells" }) }).unverified).toEqual({ allowedIps: "nobody tells" });
  });
  test("keeps what was attested meanwhile", () => {
    const unverified = { allowedIps: "a person said so" };
    expect(look({}, { kind: unread({ allowedIps: "nobody tells" }), unverified }).unverified).toEqual(unverified);
  });
  test("is open no more once addresses and label are read", () => {
    expect(look({}, { unverified: { allowedIps: "declared", label: "declared" } }).unverified).toEqual({});
  });
});
