// No input that a plan changes goes untold: rotation, what only one kind has, and what a later release may have. Steps of recorded previews, changed.

import { meets, plan, recorded, said, side, step, TYPE, UNKNOWN } from "./plans";

type Values = Readonly<Record<string, unknown>>;

/** The recorded preview of a venue's key in which nothing changes, as an update from these inputs to those. */
function update(venue: string, was: Values, is: Values): string {
  const { steps } = JSON.parse(recorded(venue, "same")) as { steps: readonly { oldState: Values; newState: Values }[] };
  const { oldState, newState, ...rest } = steps.find((each) => String(each.newState?.["type"]).includes("exchange-keys/"))!;
  const inputs = (more: Values) => ({ ...(oldState["inputs"] as Values), ...more });
  const outputs = { ...(oldState["outputs"] as Values), ...(was["generation"] === undefined ? {} : { generation: was["generation"] }) };
  const from = { ...oldState, inputs: inputs(was), outputs };
  return plan({ ...rest, op: "update", oldState: from, newState: { ...newState, inputs: inputs(is) } });
}

const day = { every: "30d", overlap: "1d" };
const PEM = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----";

test.each<[what: string, venue: string, was: Values, is: Values, expected: readonly string[]]>([
  ["nothing", "deribit", {}, {}, []],
  [
    "a switch that bears on powers",
    "bybit",
    {},
    { access: "read-write", powers: undefined },
    [
      "widens: hedge may now trade (Spot:SpotTrade); was: read",
      "widens: hedge has more permissions: read-write, within powers that it had",
    ],
  ],
  [
    "permissions beside a switch that isn't known",
    "bybit",
    {},
    { access: UNKNOWN, permissions: { Wallet: ["AccountTransfer"] }, powers: UNKNOWN },
    [
      "widens: hedge has permissions that are not known until up: they may be any",
      "widens: hedge has inputs that are not known until up: access",
    ],
  ],
  [
    "a time, the provider's own text and powers",
    "deribit",
    { __provider: "a", powers: undefined },
    { __provider: "b", decidedAt: "2027-01-01T00:00:00.000Z" },
    [],
  ],
  [
    "rotation removed",
    "deribit",
    { rotation: day },
    { rotation: undefined },
    [
      "widens: hedge is renewed more rarely: never; was: every 30d",
      "narrows: hedge keeps the former key less long when it is renewed: 1h; was: 1d",
    ],
  ],
  [
    "rotation stretched",
    "deribit",
    { rotation: day },
    { rotation: { every: "3650d", overlap: "300d" } },
    [
      "widens: hedge is renewed more rarely: every 3650d; was: every 30d",
      "widens: hedge keeps the former key longer when it is renewed: 300d; was: 1d",
    ],
  ],
  [
    "rotation tightened",
    "deribit",
    { rotation: day },
    { rotation: { every: "7d", overlap: "1h" } },
    [
      "narrows: hedge is renewed more often: every 7d; was: every 30d",
      "narrows: hedge keeps the former key less long when it is renewed: 1h; was: 1d",
    ],
  ],
  [
    "an overlap alone, of an hour as without it",
    "deribit",
    {},
    { rotation: { overlap: "1h" } },
    ["other: hedge says its rotation in other words: it means the same"],
  ],
  [
    "an overlap that nobody can read",
    "deribit",
    { rotation: day },
    { rotation: { every: "30d", overlap: "a while" } },
    ["widens: hedge keeps the former key longer when it is renewed: a while; was: 1d"],
  ],
  [
    "another public key",
    "deribit",
    { publicKey: "a" },
    { publicKey: PEM },
    [`widens: hedge has another publicKey, which a key keeps for life: another may hold it; it is ${PEM}; was: a`],
  ],
  [
    "a public key for a secret",
    "deribit",
    { publicKey: "a" },
    {},
    ["widens: hedge has another publicKey, which a key keeps for life: another may hold it; it is nothing; was: a"],
  ],
  [
    "strict dropped",
    "bitfinex",
    { strict: true },
    {},
    ["danger: hedge is strict no more: a new key that can do more than declared may pass"],
  ],
  [
    "strict from now on",
    "bitfinex",
    { strict: false },
    { strict: true },
    ["other: hedge is strict from now on: a new key that can do more than declared fails"],
  ],
  ["strict: false left out", "bitfinex", { strict: false }, {}, ["other: hedge says its strict in other words: it means the same"]],
  ["what it counts in", "bitfinex", {}, { nonceUnit: "us" }, ["other: hedge changes nonceUnit: us; was: nothing"]],
  [
    "more taken as it is",
    "bybit",
    {},
    { accept: ["DerivativesTrade"] },
    ["widens: hedge takes permissions as they are that it doesn't declare (accept): DerivativesTrade"],
  ],
  [
    "less taken as it is",
    "bybit",
    { accept: ["DerivativesTrade"] },
    {},
    ["narrows: hedge no longer takes undeclared permissions (accept): DerivativesTrade"],
  ],
  ["none taken as it is, said", "bybit", {}, { accept: [] }, ["other: hedge says its accept in other words: it means the same"]],
  [
    "an input of a later release",
    "gate",
    { reach: { near: 1 } },
    { reach: { near: 2 } },
    ['danger: hedge changes reach: {"near":2}; was: {"near":1}'],
  ],
  [
    "permissions in other words",
    "deribit",
    {},
    { permissions: { trade: "read", account: "none" } },
    ["other: hedge says its permissions in other words: it means the same"],
  ],
  ["a reissue's text taken away", "deribit", { reissue: "lost" }, {}, ["other: hedge takes its reissue away"]],
  ["a reissue without a successor", "deribit", {}, { reissue: "lost" }, ["danger: hedge changes reissue: lost; was: nothing"]],
  ["a generation that goes back", "deribit", { generation: 2 }, { generation: 1 }, ["danger: hedge changes generation: 1; was: 2"]],
  ["another reason", "deribit", {}, { reason: "due" }, ["other: hedge says another reason for its generation"]],
  [
    "an earlier key's time prolonged",
    "deribit",
    { generation: 2, keepUntil: { "1": "2026-11-24T00:00:00.000Z" } },
    {
      ...{ generation: 2, keepUntil: { "1": "2036-11-24T00:00:00.000Z" } },
    },
    ["widens: hedge lets an earlier key live longer"],
  ],
  [
    "an earlier key's time at its end",
    "deribit",
    { generation: 2, keepUntil: { "1": "2026-11-24T00:00:00.000Z" } },
    { generation: 2 },
    ["other: hedge keeps no more time for an earlier key"],
  ],
  [
    "rotation not known",
    "deribit",
    { rotation: day },
    { rotation: { every: UNKNOWN, overlap: "1d" } },
    ["widens: hedge has inputs that are not known until up: rotation"],
  ],
])("%s", (_, venue, was, is, expected) => {
  const text = update(venue, was, is);
  expect(said(text).filter((line) => !line.includes("nobody can verify"))).toEqual(expected);
  expect(meets(text).includes("widen")).toBe(expected.some((line) => line.startsWith("widens: ")));
});

test("an alias: the key goes by another name", () => {
  expect(said(recorded("bybit", "alias"))).toEqual(["other: hedge-fra1 goes by another name: hedge-fra1; was: hedge"]);
});

test.each(["binance", "bybit", "gate", "okx", "kucoin"])("in another sub-account it is a new key: %s", (venue) => {
  const text = update(venue, {}, { subAccount: venue === "binance" ? "other@example.com" : "other" });
  expect(said(text).join("\n")).toMatch(/^widens: hedge is new in .*, other.*: may /m);
  expect(said(text).join("\n")).toMatch(/^widens: hedge may be used from /m);
  expect(said(text).join("\n")).toMatch(/^danger: hedge is one of another account: /m);
  expect(said(text).join("\n")).not.toContain("changes subAccount");
});

test("another account: what the key may do there counts as gained", () => {
  const wide = { permissions: { withdraw: "write" }, allowedIps: "anywhere", acknowledge: "seen" };
  const text = plan(step("replace", side("a", { ...wide, account: "paper" }), side("a", { ...wide, account: "treasury" })));
  expect(meets(text)).toEqual(["widen", "withdraw", "anywhere", "revoke>0"]);
  expect(said(text).slice(0, 2)).toEqual([
    "widens: a is new in treasury: may withdraw (withdraw:write)",
    "widens: a has no IP list: anyone who has the key may use it from anywhere",
  ]);
  const again = plan(step("replace", side("a", { generation: 2, reason: "reissue", reissue: "lost" }), side("a", { account: "treasury" })));
  expect(said(again).join("\n")).not.toMatch(/generation|reissue/);
  const undocumented = { permissions: { history: "read-write" }, acknowledge: "seen" };
  const moved = plan(step("replace", side("a", undocumented), side("a", { ...undocumented, account: "treasury" })));
  expect(meets(moved)).toContain("withdraw");
});

test("an account that isn't known until up may be any", () => {
  for (const op of ["create", "update"]) {
    const text = plan(step(op, op === "create" ? undefined : side("a"), side("a", { account: UNKNOWN })));
    expect(said(text)).toContain("widens: a has inputs that are not known until up: account");
    expect(said(text).join("\n")).not.toMatch(/release|one of another account/);
    expect(said(text).filter((line) => line.includes("may be new in another account"))).toHaveLength(op === "create" ? 0 : 1);
    expect(meets(text)).toContain("widen");
  }
  const nested = update("bybit", {}, { subAccount: UNKNOWN });
  expect(said(nested)).toContain("widens: hedge has inputs that are not known until up: subAccount");
  expect(said(nested).join("\n")).not.toContain(UNKNOWN);
});

test("what the documents don't say a key may do may be withdrawal", () => {
  const text = plan(step("update", side("a"), side("a", { permissions: { history: "read-write" } })));
  expect(meets(text)).toEqual(["widen", "withdraw", "unverified"]);
  expect(meets(plan(step("update", side("a", { permissions: { history: "read-write", orders: "read" } }), side("a"))))).toEqual([
    "unverified",
  ]);
});

test.each([
  ["another kind than its type's", { kind: "AccessToken" }],
  ["another venue than its type's", { venue: "bybit" }],
])("inputs of %s can't be read", (_, inputs) => {
  expect(said(plan(step("update", side("a"), side("a", inputs))))[0]).toBe("widens: a says another venue or kind than its type");
});

test.each([
  ["unknown until up", { acknowledge: UNKNOWN }, true],
  ["blank", { acknowledge: " \t" }, true],
  ["a secret", { acknowledge: "[secret]" }, true],
  ["readable", { acknowledge: "seen" }, false],
])("an acknowledge that is %s", (_, inputs, unverified) => {
  const text = plan(step("update", side("a"), side("a", { ...inputs, holder: "x" })));
  expect(meets(text).includes("unverified")).toBe(unverified);
  expect(said(text).join("\n").includes(", acknowledged: ")).toBe(!unverified);
});

const TOKEN = TYPE.replace("ApiKey", "AccessToken");
/** A token, which has a lifetime. */
function token(name: string, inputs: Values): Values {
  const as = (text: string) => text.replaceAll(TYPE, TOKEN);
  const made = JSON.parse(as(JSON.stringify(side(name, { kind: "AccessToken", acknowledge: "seen", ...inputs })))) as Values;
  return made;
}
const renamed = (was: Values, is: Values) => plan(step("create", undefined, token("b", is)), step("delete", token("a", was), undefined));

test.each<[what: string, was: Values, is: Values, met: readonly string[], told: string]>([
  ["of the same life", { lifetime: "1d" }, { lifetime: "1d" }, ["revoke>0"], "danger: b is a renamed without alias"],
  ["without an end", { lifetime: "1d" }, {}, ["widen", "revoke>0"], "widens: b lives longer: has no end; was: 1d"],
  ["of a life not known", { lifetime: "1d" }, { lifetime: UNKNOWN }, ["widen", "revoke>0"], "not known until up: lifetime"],
  ["of a shorter life", { lifetime: "2d" }, { lifetime: "1d" }, ["revoke>0"], "narrows: b lives shorter: 1d; was: 2d"],
  ["renewed no more", { rotation: day }, {}, ["widen", "revoke>0"], "widens: b is renewed more rarely: never; was: every 30d"],
  ["strict no more", { strict: true }, {}, ["revoke>0"], "danger: b is strict no more"],
  [
    "from anywhere",
    { allowedIps: "anywhere" },
    { allowedIps: "anywhere" },
    ["anywhere", "revoke>0"],
    "danger: b is a renamed without alias",
  ],
])("a rename: a key %s", (_, was, is, expected, told) => {
  expect(meets(renamed(was, is))).toEqual(expected);
  expect(said(renamed(was, is)).join("\n")).toContain(told);
});

test("of two that go, the one that is alike in all is renamed", () => {
  const text = plan(
    step("create", undefined, token("c", { lifetime: "1d" })),
    step("create", undefined, token("d", { lifetime: "2d" })),
    step("delete", token("a", { lifetime: "2d" }), undefined),
    step("delete", token("b", { lifetime: "1d" }), undefined),
  );
  expect(said(text).join("\n")).toMatch(/c is b renamed[^]*d is a renamed/);
  expect(said(text).join("\n")).not.toMatch(/longer|shorter/);
});
