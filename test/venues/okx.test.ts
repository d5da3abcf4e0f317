// OKX's words without a venue: permissions judged, drift, powers, the least, and what the managing key lacks.

import fc from "fast-check";
import { POWERS } from "../../provider/core/powers";
import type { Power } from "../../provider/core/model";
import { check } from "../../provider/pulumi/check";
import { readSettings } from "../../provider/pulumi/settings";
import { manifest } from "../../provider/venues/okx/capabilities";
import { grantsOf, managing, permissions, powers, shownGrants, withDrift } from "../../provider/venues/okx/convert";
import { least } from "../../provider/venues/okx/least";

const kind = manifest.kinds["SubAccountApiKey"]!;
const ALLOWED = 'allowed are "read_only" and "trade"';

test.each([
  [["read_only"], { read_only: true }],
  [["trade", "read_only", "trade"], { read_only: true, trade: true }],
  [
    { trade: true, read_only: true },
    { read_only: true, trade: true },
  ],
])("%j is taken", (given, ok) => {
  expect(permissions(given)).toEqual({ ok });
  expect(permissions(ok)).toEqual({ ok });
});

test.each<[unknown, string, string]>([
  [undefined, "permissions", `a list is needed; ${ALLOWED}`],
  ["read_only", "permissions", `a list is needed; ${ALLOWED}`],
  [{ read_only: false }, "permissions", `a list is needed; ${ALLOWED}`],
  [[], "permissions", `what a key without permissions is isn't documented; ${ALLOWED}`],
  [
    ["trade"],
    "permissions",
    'whether trade brings read_only along isn\'t documented, so that no key with trade alone can be promised; say ["read_only", "trade"]',
  ],
  [
    ["read_only", "withdraw"],
    "permissions.withdraw",
    "keys of sub-accounts can't withdraw; take it away, or make a key of the master account on OKX's page",
  ],
  [["read"], "permissions.read", 'some answers say "read", and requests take "read_only"; say that'],
  [["Spot:SpotTrade"], "permissions.Spot:SpotTrade", `keys of sub-accounts have no "Spot:SpotTrade"; ${ALLOWED}`],
  [[{}], "permissions[0]", `it isn't a word; ${ALLOWED}`],
])("%j is refused", (given, property, reason) => {
  expect(permissions(given)).toEqual({ problems: [{ property, reason }] });
});

const grants = fc.uniqueArray(fc.constantFrom("read_only", "trade", "withdraw", "tomorrow"));

test("withDrift puts in what came and takes out what went, whatever it was", () => {
  fc.assert(
    fc.property(grants, grants, (declared, observed) => {
      const given = Object.fromEntries(declared.map((grant) => [grant, true]));
      const added = observed.filter((grant) => !declared.includes(grant));
      const removed = declared.filter((grant) => !observed.includes(grant));
      const { permissions: shown } = withDrift(given, added, removed, {});
      expect(grantsOf(shown)).toEqual([...observed].sort());
    }),
  );
});

test.each([
  ["read_only,trade", ["read_only", "trade"]],
  ["trade,read", ["read_only", "trade"]],
  [" withdraw, read_only ", ["read_only", "withdraw"]],
  ["", []],
])("an answer's perm %j", (perm, shown) => {
  expect(shownGrants(perm)).toEqual(shown);
});

test.each<[readonly string[], readonly Power[]]>([
  [[], []],
  [["read_only"], ["read"]],
  [["trade"], ["trade", "transfer"]],
  [
    ["read_only", "trade"],
    ["read", "trade", "transfer"],
  ],
  [
    ["read_only", "withdraw"],
    ["read", "withdraw"],
  ],
  [
    ["read_only", "earn"],
    ["read", "unknown"],
  ],
])("%j gives %j", (given, found) => {
  expect(Object.keys(powers(given))).toEqual(found);
});

test("what wasn't declared is wider, what is missing is narrower, and nothing is harmless", () => {
  expect(kind.compare(["read_only"], ["read_only", "trade"], {})).toEqual({ wider: ["trade"], narrower: [], undeclared: [] });
  expect(kind.compare(["read_only", "trade"], ["trade"], {})).toEqual({ wider: [], narrower: ["read_only"], undeclared: [] });
  expect(kind.compare(["trade"], ["read_only", "trade"], {})).toEqual({ wider: ["read_only"], narrower: [], undeclared: [] });
});

describe("the least", () => {
  const some = fc.subarray([...POWERS]);

  test("has exactly the powers that were asked for or accepted, or a reason why there is none", () => {
    fc.assert(
      fc.property(some, some, (asked, accepted) => {
        const found = least(asked, accepted);
        if ("refused" in found) return expect(found.refused).toMatch(/^okx: /);
        const judged = permissions(found.inputs["permissions"]);
        if (!("ok" in judged)) throw new Error("the least is refused");
        const given = Object.keys(powers(grantsOf(judged.ok)));
        expect(given.filter((power) => !asked.includes(power as Power) && !accepted.includes(power as Power))).toEqual([]);
        expect(asked.filter((power) => !given.includes(power))).toEqual([]);
      }),
    );
  });

  test.each<[readonly Power[], readonly string[], unknown]>([
    [["read"], [], { inputs: { permissions: ["read_only"] } }],
    [["read", "trade"], ["transfer"], { inputs: { permissions: ["read_only", "trade"] } }],
    [["read", "trade", "transfer"], [], { inputs: { permissions: ["read_only", "trade"] } }],
    [["read", "trade"], [], { refused: 'okx: trade always includes funding transfers; say accept: ["transfer"]' }],
    [["read", "transfer"], [], { refused: 'okx: transfers come with trade alone; say accept: ["trade"]' }],
    [["trade"], ["transfer"], { refused: 'okx: no key with trade is promised not to read; ask for "read" too' }],
    [["read", "withdraw"], [], { refused: "okx: keys of sub-accounts can't withdraw" }],
    [["lend"], [], { refused: "okx: no permission of a sub-account's key is documented to lend" }],
    [["administer"], [], { refused: "okx: no permission of a sub-account's key is documented to administer" }],
    [[], [], { refused: "okx: what a key without permissions is isn't documented; ask for a power" }],
  ])("of %j with %j accepted", (asked, accepted, found) => {
    expect(least(asked, accepted)).toEqual(found);
  });
});

test("what the managing key lacks, each with a way out", () => {
  const bound = { "203.0.113.10": "" };
  expect(managing({ grants: ["read_only", "trade"], allowedIps: bound }, {})).toEqual([]);
  expect(managing({ grants: ["read_only"], allowedIps: "anywhere" }, { masterId: "44705892343619584" })).toEqual([
    "it is a sub-account's; give the account a key of its master 44705892343619584",
    "it lacks the permission Trade; add it on OKX's API page",
    "it has no IP list, without which OKX lets it change no key (50035); bind it to this machine's address",
  ]);
});

test("a key that trades without an IP list ends for want of use, and no other does", () => {
  const bound = { "203.0.113.10": "" };
  const text = expect.stringContaining("ends after 14 days without a call of its own") as string;
  expect(kind.lapses!("anywhere", ["read_only", "trade"])).toEqual({ text });
  expect([kind.lapses!("anywhere", ["read_only"]), kind.lapses!(bound, ["read_only", "trade"])]).toEqual([undefined, undefined]);
});

/** The sentences that a program's inputs earn, by property. */
function problems(more: Record<string, unknown>): readonly (readonly [string, string])[] {
  const settings = readSettings({ "exchange-keys:accounts": JSON.stringify({ main: { venue: "okx", environment: "production" } }) });
  const identity = { organization: "o", project: "p", stack: "s", type: "t", name: "n" };
  const news = { venue: "okx", kind: "SubAccountApiKey", identity, account: "main", subAccount: "deskalpha", ...more };
  const { failures } = check({ olds: {}, news, manifest, kindName: "SubAccountApiKey", kind, settings, now: 0 });
  return failures.map(({ property, reason }) => [property, reason]);
}

describe("check", () => {
  const right = { permissions: ["read_only", "trade"], allowedIps: ["8.8.4.4"] };
  const addresses = (count: number) => Array.from({ length: count }, (_, index) => `8.8.${index}.1`);

  test.each([
    [{}],
    [{ allowedIps: addresses(20) }],
    [{ allowedIps: ["8.8.4.0/24", "2606:4700::/56", "2606:4700:1::1"] }],
    [{ label: "Desk5".padEnd(34, "x") }],
  ])("%j is right", (more) => {
    expect(problems({ ...right, ...more })).toEqual([]);
  });

  test.each<[Record<string, unknown>, readonly (readonly [string, unknown])[]]>([
    [
      { permissions: ["read_only", "withdraw"] },
      [["permissions.withdraw", expect.stringMatching(/^okx: keys of sub-accounts can't withdraw; /)]],
    ],
    [{ allowedIps: addresses(21) }, [["allowedIps", expect.stringContaining("20")]]],
    [{ label: "with-dash" }, [["label", expect.stringContaining("don't take all of its characters")]]],
    [{ label: "x".repeat(35) }, [["label", "okx: it has 35 characters, and beside our mark the venue allows 34; shorten it"]]],
    [{ subAccount: "short" }, [["subAccount", expect.stringContaining("subAccount")]]],
    [{ subAccount: "desk-alpha" }, [["subAccount", expect.stringContaining("subAccount")]]],
    [{ lifetime: "30d" }, [["lifetime", "okx: this kind of key has no lifetime; leave it out"]]],
    [{ passphrase: "Own1!aaaa" }, [["passphrase", "okx: there is no input passphrase; leave it out or correct its name"]]],
  ])("%j is refused", (more, told) => {
    expect(problems({ ...right, ...more })).toEqual(told);
  });
});
