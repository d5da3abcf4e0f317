// What a review says of a plan: tables on steps, and every recorded preview of the real CLI.

import { approvalOf, met, review, RULES, unread, type Condition } from "../../provider/pulumi/review";
import { joined, plan, RECORDED, recorded, said, SECRETS, side, step, UNKNOWN } from "./plans";

const wide = { permissions: { orders: "read-write", withdraw: "write", wallets: "read" } };

test.each<[what: string, was: object | undefined, is: object | undefined, op: string, expected: readonly string[]]>([
  ["nothing", {}, {}, "update", []],
  [
    "withdrawal and trade",
    {},
    { permissions: { orders: "read-write", withdraw: "write" } },
    "update",
    ["widens: hedge may now withdraw (withdraw:write); was: read", "widens: hedge may now trade (orders:write); was: read"],
  ],
  [
    "the IP list removed",
    {},
    { allowedIps: "anywhere" },
    "update",
    ["widens: hedge has its IP list removed: anyone who has the key may use it from anywhere"],
  ],
  [
    "a power, and a permission within those that it had",
    {},
    { permissions: { orders: "read-write", wallets: "read" } },
    "update",
    [
      "widens: hedge may now trade (orders:write); was: read",
      "widens: hedge has more permissions: wallets:read, within powers that it had",
    ],
  ],
  [
    "an address more",
    {},
    { allowedIps: { "203.0.113.10": "gateway", "203.0.113.11": "second" } },
    "update",
    ["widens: hedge may now be used from 203.0.113.11 (second) too"],
  ],
  [
    "an address less",
    { allowedIps: { "203.0.113.10": "gateway", "203.0.113.11": "second" } },
    {},
    "update",
    ["narrows: hedge may no longer be used from 203.0.113.11 (second)"],
  ],
  [
    "a range split: the same addresses",
    { allowedIps: { "203.0.113.0/24": "" } },
    { allowedIps: { "203.0.113.0/25": "", "203.0.113.128/25": "" } },
    "update",
    ["other: hedge says its allowedIps in other words: it means the same"],
  ],
  [
    "another purpose",
    {},
    { allowedIps: { "203.0.113.10": "bastion" } },
    "update",
    ["other: hedge says another purpose of 203.0.113.10 (bastion)"],
  ],
  [
    "bound after all",
    { allowedIps: "anywhere" },
    {},
    "update",
    ["narrows: hedge may be used only from 203.0.113.10 (gateway); was: from anywhere"],
  ],
  ["a power lost", wide, {}, "update", ["narrows: hedge may no longer trade, withdraw; stays: read"]],
  [
    "a reissue",
    {},
    { generation: 2, reason: "reissue", reissue: "lost" },
    "update",
    ["danger: hedge gets another key: asked for by reissue; the former one is revoked at once", "danger: hedge has its key revoked"],
  ],
  [
    "what is due",
    {},
    { generation: 2, reason: "due", keepUntil: { "1": "2026-11-24T00:00:00.000Z" } },
    "update",
    ["other: hedge gets another key: it is due; the former one stays for the overlap"],
  ],
  ["a deletion", wide, undefined, "delete", ["danger: hedge has its key revoked; it could: read, trade, withdraw"]],
  ["texts", {}, { holder: "desk", purpose: "hedging" }, "update", ["other: hedge says holder desk; purpose hedging"]],
])("%s", (_, was, is, op, expected) => {
  const text = plan(step(op, was && side("hedge", was as never), is && side("hedge", is as never)));
  // What Bitfinex lets nobody read back is told with every change of such a key.
  expect(said(text).filter((line) => !line.includes("nobody can verify"))).toEqual(expected);
});

test.each<[what: string, was: object, is: object, expected: RegExp]>([
  ["retainOnDelete", {}, { retainOnDelete: true }, /danger: hedge has retainOnDelete: .* lives on/],
  [
    "deletedWith",
    {},
    { deletedWith: "urn:pulumi:dev::desk::a:b:C::host" },
    /danger: hedge has deletedWith: when host is deleted .* lives on/,
  ],
  ["ignoreChanges", {}, { ignoreChanges: ["permissions.orders"] }, /danger: hedge ignores changes \(ignoreChanges\) of permissions.orders/],
  [
    "replaceOnChanges",
    {},
    { replaceOnChanges: ["allowedIps"] },
    /danger: hedge is replaced by any change \(replaceOnChanges\) of allowedIps/,
  ],
  ["protect taken away", { protect: true }, {}, /danger: hedge loses its protection/],
  [
    "secret outputs dropped",
    {},
    { additionalSecretOutputs: SECRETS.slice(2) },
    /danger: hedge no longer marks as secret: credential, apiKey/,
  ],
])("an option that hides danger: %s, in a step that changes nothing too", (_, was, is, expected) => {
  for (const op of ["same", "update"])
    expect(said(plan(step(op, side("hedge", {}, was as never), side("hedge", {}, is as never)))).join("\n")).toMatch(expected);
});

test("ignoreChanges of a mere text is none; a key that goes by retainOnDelete isn't revoked", () => {
  expect(said(plan(step("same", side("hedge"), side("hedge", {}, { ignoreChanges: ["holder"] }))))).toEqual([]);
  const kept = review(plan(step("delete", side("hedge", {}, { retainOnDelete: true }), undefined)));
  expect(kept.keys[0]).toMatchObject({ ends: 0, findings: expect.arrayContaining([expect.objectContaining({ rule: "retained" })]) });
});

test("what a new key may be given undeclared counts as if it were declared", () => {
  const text = plan(step("create", undefined, side("hedge", { accept: ["ui_withdraw"] })));
  expect(said(text)).toContain("widens: hedge is new: may withdraw (ui_withdraw:write), read (orders:read)");
  expect(met(review(text), ["withdraw"])).toEqual(["withdraw"]);
});

test("a step that leaves a resource without a key says and approves nothing", () => {
  const { outputs: _, ...keyless } = side("hedge", { permissions: { withdraw: "write" }, allowedIps: "anywhere" });
  const text = plan(
    step("same", { ...keyless, outputs: {} }, keyless),
    step("same", { ...keyless, inputs: {}, outputs: {} }, { ...keyless, inputs: {} }),
  );
  expect(review(text).keys).toEqual([]);
  expect(approvalOf(review(text))).toMatchObject({ text: expect.stringContaining('"keys": []') as string });
});

test("what goes with a resource that goes too isn't revoked; alone it is", () => {
  const urn = "urn:pulumi:dev::desk::a:b:C::host";
  const going = step("delete", side("hedge", {}, { deletedWith: urn }), undefined);
  const host = { urn, type: "a:b:C", inputs: {} };
  const [kept] = review(plan(going, step("delete", host, undefined))).keys;
  expect(kept!.ends).toBe(0);
  expect(kept!.findings.map(({ words }) => joined(words))).toContain(
    "goes out of the state by deletedWith: its key is NOT revoked, and nobody manages it",
  );
  expect(review(plan(going, step("same", host, host))).keys[0]!.ends).toBe(1);
  expect(review(plan(going, step("discard", host, undefined))).keys[0]!.ends).toBe(0);
  expect(review(plan(going, step("replace", host, host))).keys[0]!.ends).toBe(1);
});

test("a rename: the alias to add, by name or by URN; with other grants it is none", () => {
  const [first] = review(plan(step("create", undefined, side("hedge-2")), step("delete", side("hedge"), undefined))).keys;
  expect(first!.findings.map(({ words }) => joined(words))).toContain(
    'is hedge renamed without alias: revokes a live key; add to its options aliases: [{ name: "hedge" }]',
  );
  expect(first!.findings.filter(({ effect }) => effect === "widens")).toEqual([]);
  const child = { ...side("hedge"), urn: "urn:pulumi:dev::desk::a:b:C$pulumi-nodejs:dynamic/exchange-keys/bitfinex:ApiKey::hedge" };
  expect(said(plan(step("create", undefined, side("hedge-2")), step("delete", child, undefined))).join("\n")).toContain(
    'aliases: ["urn:pulumi:dev::desk::a:b:C$',
  );
  expect(said(plan(step("create", undefined, side("hedge-2", wide)), step("delete", side("hedge"), undefined))).join("\n")).not.toContain(
    "renamed",
  );
});

test.each<[what: string, text: string, met: readonly string[]]>([
  ["a read key made", plan(step("create", undefined, side("a", { acknowledge: "seen" }))), ["widen"]],
  [
    "withdrawal from anywhere",
    plan(step("update", side("a"), side("a", { ...wide, allowedIps: "anywhere", acknowledge: "seen" }))),
    ["widen", "withdraw", "anywhere"],
  ],
  [
    "permissions not known",
    plan(step("update", side("a"), side("a", { permissions: UNKNOWN, acknowledge: "seen" }))),
    ["widen", "withdraw"],
  ],
  [
    "addresses not known",
    plan(step("update", side("a"), side("a", { allowedIps: [UNKNOWN], acknowledge: "seen" }))),
    ["widen", "anywhere"],
  ],
  ["two revoked", plan(step("delete", side("a"), undefined), step("delete", side("b"), undefined)), ["revoke>0", "revoke>1"]],
  ["what can't be verified", plan(step("update", side("a"), side("a", { holder: "x" }))), ["unverified"]],
  ["nothing", plan(step("same", side("a"), side("a"))), []],
  [
    "a venue of tomorrow",
    plan({
      ...step("update", side("a"), side("a")),
      urn: "u",
      newState: { ...side("a"), type: "pulumi-nodejs:dynamic/exchange-keys/tomorrow:Key" },
    }),
    ["widen", "withdraw", "anywhere", "unverified", "revoke>0"],
  ],
])("conditions: %s", (_, text, expected) => {
  const all: readonly Condition[] = ["widen", "withdraw", "anywhere", "unverified", { revoke: 0 }, { revoke: 1 }];
  expect(
    met(review(text), all)
      .map((each) => (typeof each === "string" ? each : `revoke>${each.revoke}`))
      .toSorted(),
  ).toEqual(expected.toSorted());
});

const change = (inputs: object, more: object = {}) => plan(step("update", side("a"), { ...side("a", inputs as never), ...more }));
test.each<[what: string, text: string, why: RegExp]>([
  [
    "a venue of tomorrow",
    change({}, { type: "pulumi-nodejs:dynamic/exchange-keys/tomorrow:Key" }),
    /venue or kind that this release doesn't know/,
  ],
  [
    "a kind by the name of a member of every object",
    change({}, { type: "pulumi-nodejs:dynamic/exchange-keys/constructor:toString" }),
    /venue or kind that this release doesn't know/,
  ],
  ["permissions of a later release", change({ permissions: { orders: { level: 3 } } }), /permissions that this release can't read/],
  ["inputs of a later release", change({ generation: "two" }), /isn't what this release writes \(generation\)/],
  [
    "powers that the permissions don't give",
    change({ powers: { read: "orders:read" }, permissions: { withdraw: "write" } }),
    /says other powers than this release finds/,
  ],
  [
    "an identity of another stack",
    change({ identity: { organization: "acme", project: "desk", stack: "prod", type: "t", name: "a" } }),
    /identity of another resource, project or stack/,
  ],
  ["an empty IP list", change({ allowedIps: {} }), /empty IP list/],
  ["no IP list", change({ allowedIps: undefined }), /has no allowedIps/],
  ["secret permissions", change({ permissions: "[secret]" }), /a secret in its input permissions/],
  ["an op of a later CLI", plan(step("transmogrify", side("a"), side("a"))), /changed in a way that this release doesn't know/],
  ["a step without states", plan({ op: "update", urn: side("a")["urn"] }), /changed in a way that this release doesn't know/],
])("never passed over: %s", (_, text, why) => {
  const read = review(text);
  expect(said(text)[0]).toMatch(why);
  expect(read.keys[0]!.findings[0]).toMatchObject({ rule: "plan-unreadable", effect: "widens" });
  expect([unread(read), met(read, ["widen"])]).toEqual([true, ["widen"]]);
});

test("an import is told, since nothing shows what the key may do", () => {
  const read = review(plan(step("import", undefined, side("a"))));
  expect([read.keys[0]!.findings[0]!.rule, unread(read)]).toEqual(["imported", true]);
});

test.each([
  ["nothing", "", "nothing came: the command before the pipe may have failed"],
  ["cut off", recorded("bybit", "widen").trimEnd().slice(0, -20), "it isn't one JSON document"],
  ["other JSON", "[]", "it isn't what Pulumi prints"],
  ["an export", '{"version":3,"deployment":{"resources":[]}}', "it is a stack's export, which says nothing of what is planned"],
  [
    "one that failed",
    JSON.stringify({ steps: [], diagnostics: [{ severity: "error", urn: side("a")["urn"], message: "sandbox-secret" }] }),
    'the preview failed, at "a"',
  ],
])("no preview: %s", (_, text, cause) => {
  let message = "";
  try {
    review(text);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toContain(`exchange-keys: read what Pulumi printed: ${cause}; `);
  expect(message).not.toContain("sandbox-secret");
});

test("foreign resources are counted, those of the engine aren't", () => {
  const foreign = {
    op: "create",
    urn: "urn:pulumi:dev::desk::aws:s3/bucket:Bucket::b",
    newState: { urn: "", type: "aws:s3/bucket:Bucket" },
  };
  const provider = {
    op: "create",
    urn: "urn:pulumi:dev::desk::pulumi:providers:aws::p",
    newState: { urn: "", type: "pulumi:providers:aws" },
  };
  expect(review(plan(foreign, provider, step("create", undefined, side("a"))))).toMatchObject({ foreign: 1, stack: "desk/dev" });
});

test("each rule of the table is told by some plan, and each order of steps gives the same", () => {
  expect(Object.keys(RULES)).toHaveLength(new Set(Object.keys(RULES)).size);
  const steps = ["b", "a", "c"].map((name) => step("create", undefined, side(name)));
  expect(JSON.stringify(review(plan(...steps)))).not.toBe("");
  expect(said(plan(...steps))).toEqual(said(plan(...steps.toReversed())));
});

test.each(RECORDED)("the real CLI's preview of %s %s is read to the end", (venue, name) => {
  const read = review(recorded(venue, name));
  expect(unread(read)).toBe(false);
  expect(read.partial).toBe(false);
  const rules = read.keys.flatMap(({ findings }) => findings.map(({ rule }) => rule));
  const wanted: Readonly<Record<string, readonly string[]>> = {
    create: ["gains-address"],
    "ips-added": ["gains-address"],
    anywhere: ["unbound"],
    rename: ["renamed", "revoked"],
    reissue: ["reissued", "revoked"],
    "unknown-ips": ["not-known"],
    "unknown-permissions": ["gains-administer"],
    options: ["retained", "unmanaged-changes"],
    unprotect: ["unprotected"],
    replace: ["moved", "revoked"],
    texts: ["described"],
    delete: ["revoked"],
  };
  expect(rules).toEqual(expect.arrayContaining([...(wanted[name] ?? [])]));
  if (name === "widen") expect(read.keys[0]!.findings[0]).toMatchObject({ effect: "widens" });
  if (name === "narrow") expect(read.keys[0]!.findings.map(({ effect }) => effect)).toContain("narrows");
  if (name === "same") expect(read.keys.flatMap(({ findings }) => findings.filter(({ effect }) => effect !== "other"))).toEqual([]);
});
