// An approval holds what lies within it and nothing else: tables, and laws over many keys.

import fc from "fast-check";
import {
  approvedLine,
  approvedText,
  entryOf,
  exceeds,
  readApproved,
  sha256,
  type ApprovedEntry,
  type Bounds,
} from "../../provider/core/approved";
import type { AllowedIps, Reason } from "../../provider/core/model";

const identity = {
  organization: "acme",
  project: "desk",
  stack: "production",
  type: "pulumi-nodejs:dynamic/exchange-keys/v:K",
  name: "hedge",
};
const key = {
  account: "main",
  scope: { subAccount: "1" },
  grants: ["orders:read", "orders:write"],
  allowedIps: ["203.0.113.0/24"],
  lifetime: "2d",
  rotation: { every: "1d", overlap: "1h" },
  extras: { publicKey: "one", features: ["a", "b"] },
};
const entry: ApprovedEntry = { identity, key, create: false, revoke: false, reissue: false };
const wanted: Bounds = { ...key, allowedIps: { "203.0.113.10": "gateway" } };

const ROTATION = (of: string): string => `rotation ${of}, where every 1d, overlap 1h is approved`;

test.each<[what: string, changes: Partial<Bounds>, reason: Reason | "create" | "update", beyond: readonly string[]]>([
  ["the same", {}, "update", []],
  ["fewer grants", { grants: ["orders:read"] }, "update", []],
  ["one grant more", { grants: [...key.grants, "withdraw:write"] }, "update", ["permissions withdraw:write"]],
  ["another address", { allowedIps: { "198.51.100.1": "" } }, "update", ["addresses 198.51.100.1"]],
  ["a wider range", { allowedIps: { "203.0.112.0/23": "" } }, "update", ["addresses 203.0.112.0/23"]],
  ["anywhere", { allowedIps: "anywhere" }, "update", ["addresses anywhere"]],
  ["a longer life", { lifetime: "49h" }, "update", ["lifetime 49h"]],
  ["no end", { lifetime: "never" }, "update", ["lifetime never"]],
  ["another account", { account: "other" }, "update", ["account other, 1"]],
  ["another sub-account", { scope: { subAccount: "2" } }, "update", ["account main, 2"]],
  ["a rotation that is rarer", { rotation: { every: "30d", overlap: "1h" } }, "update", [ROTATION("every 30d, overlap 1h")]],
  ["a rotation that comes oftener", { rotation: { every: "1m", overlap: "1h" } }, "due", [ROTATION("every 1m, overlap 1h")]],
  ["no overlap", { rotation: { every: "1d" } }, "update", [ROTATION("every 1d")]],
  ["no rotation", { rotation: undefined }, "update", [ROTATION("none")]],
  ["another public key", { extras: { ...key.extras, publicKey: "two" } }, "update", ["another publicKey"]],
  ["what the kind has besides, added", { extras: { ...key.extras, strict: false } }, "update", ["another strict"]],
  ["and taken away", { extras: { publicKey: "one" } }, "update", ["another features"]],
  ["the first key", {}, "create", ["a new key, where the plan makes none"]],
  ["what is due", {}, "due", []],
  ["what is gone", {}, "gone", []],
  ["what has lapsed", {}, "lapsed", []],
  ["a reissue", {}, "reissue", ["another key in its place, whose predecessor is revoked"]],
  ["a successor that a change asks for", {}, "changed", ["another key in its place, whose predecessor is revoked"]],
])("%s", (_, changes, reason, beyond) => {
  expect(exceeds(entry, { ...wanted, ...changes }, reason)).toEqual(beyond);
});

test("an approved reissue; and a resource without an entry, or only with its revocation", () => {
  expect(exceeds({ ...entry, reissue: true }, wanted, "reissue")).toEqual([]);
  const nothing = ["the resource itself, which has no approved key"];
  expect(exceeds(undefined, wanted, "update")).toEqual(nothing);
  expect(exceeds({ identity, create: false, revoke: true, reissue: false }, wanted, "update")).toEqual(nothing);
  expect(exceeds({ ...entry, create: true }, wanted, "create")).toEqual([]);
});

const grants = fc.uniqueArray(fc.constantFrom("a:read", "a:write", "b:read", "b:write", "withdraw:write"), { minLength: 1 });
const address = fc.tuple(fc.constantFrom("203.0.113", "198.51.100"), fc.nat(255)).map(([net, host]) => `${net}.${host}`);
const addresses = fc.uniqueArray(address, { minLength: 1, maxLength: 6 });
const ips = fc.oneof(fc.constant("anywhere" as const), addresses);
const lifetime = fc.option(
  fc.integer({ min: 1, max: 400 }).map((hours) => `${hours}h`),
  { nil: undefined },
);
const keys = fc.record({ account: fc.constant("main"), scope: fc.constant<Record<string, string>>({}), grants, allowedIps: ips, lifetime });
type Key = Parameters<typeof asEntry>[0];

function asEntry({
  lifetime: end,
  ...rest
}: {
  account: string;
  scope: Record<string, string>;
  grants: readonly string[];
  allowedIps: "anywhere" | string[];
  lifetime: string | undefined;
}) {
  return {
    identity,
    key: { ...rest, extras: {}, ...(end === undefined ? {} : { lifetime: end }) },
    create: false,
    revoke: false,
    reissue: false,
  } as unknown as ApprovedEntry;
}
const asked = (of: Key): Bounds => ({ ...of, extras: {}, allowedIps: mapOf(of.allowedIps) });
const mapOf = (list: "anywhere" | readonly string[]): AllowedIps =>
  list === "anywhere" ? list : Object.fromEntries(list.map((each) => [each, "purpose"]));

test("law: each key is contained in itself, in whichever order", () => {
  fc.assert(fc.property(keys, (of) => exceeds(asEntry({ ...of, grants: of.grants.toReversed() }), asked(of), "update").length === 0));
});

test("law: containment carries over: within what is within another is within that", () => {
  const three = fc.tuple(keys, keys, keys);
  const within = (one: Key, other: Key) => exceeds(asEntry(other), asked(one), "update").length === 0;
  fc.assert(fc.property(three, ([one, two, other]) => !within(one, two) || !within(two, other) || within(one, other)));
});

test("law: what is wider in one thing is never contained", () => {
  const wider = fc.tuple(keys, fc.constantFrom("grants", "ips", "lifetime"), address).map(([of, what, more]) => {
    if (what === "grants") return [of, { ...of, grants: [...of.grants, "new:write"] }] as [Key, Key];
    if (what === "ips")
      return [
        of,
        {
          ...of,
          allowedIps:
            of.allowedIps === "anywhere" ? of.allowedIps : of.allowedIps.includes(more) ? ("anywhere" as const) : [...of.allowedIps, more],
        },
      ] as const;
    return [of, { ...of, lifetime: undefined }] as [Key, Key];
  });
  fc.assert(
    fc.property(wider, ([of, beyond]) => {
      const same = JSON.stringify(of) === JSON.stringify(beyond);
      return same === (exceeds(asEntry(of), asked(beyond), "update").length === 0);
    }),
  );
});

test("the text is canonical, reads back, and has one hash", () => {
  const other = { ...entry, identity: { ...identity, name: "maker" } };
  const turned = {
    reissue: false,
    revoke: false,
    create: false,
    key: { ...key, grants: key.grants.toReversed() },
    identity: Object.fromEntries(Object.entries(identity).toReversed()),
  } as unknown as ApprovedEntry;
  const text = approvedText([other, entry]);
  expect(approvedText([turned, other])).toBe(text);
  expect(sha256(text)).toBe(sha256(approvedText([entry, other])));
  const read = readApproved(text)!;
  expect(entryOf(read, identity)).toEqual(entry);
  expect(entryOf(read, { ...identity, stack: "dev" })).toBeUndefined();
});

test.each([
  ["no JSON", "{"],
  ["another version", '{"version":2,"keys":[]}'],
  ["a member that nobody knows", JSON.stringify({ version: 1, keys: [{ ...entry, also: 1 }] })],
  ["one resource twice", JSON.stringify({ version: 1, keys: [entry, entry] })],
  ["an empty IP list", JSON.stringify({ version: 1, keys: [{ ...entry, key: { ...key, allowedIps: [] } }] })],
])("no approval: %s", (_, text) => {
  expect(readApproved(text)).toBeUndefined();
});

test.each<[text: string, file: string | undefined]>([
  [`${"a".repeat(64)} approved.json`, "approved.json"],
  [`${"a".repeat(64)}  /tmp/my plan.json\n`, "/tmp/my plan.json"],
  [`${"a".repeat(64)} *approved.json`, "approved.json"],
  [`${"a".repeat(63)} approved.json`, undefined],
  [`${"A".repeat(64)} approved.json`, undefined],
  [`${"a".repeat(64)} `, undefined],
  ["a".repeat(64), undefined],
  ["", undefined],
])("the environment's line %j", (text, file) => {
  expect(approvedLine(text)).toEqual(file === undefined ? undefined : { file, sha256: "a".repeat(64) });
});
