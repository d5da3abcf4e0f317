// Gate's words: what a program may ask for, what that lets a key do, and the least for some powers.

import { manifest } from "../../provider/venues/gate/capabilities";
import { remarksOf, shownGrants, wirePerms } from "../../provider/venues/gate/convert";
import { KeyError } from "../../provider/core/errors";
import { labelProblem } from "../../provider/core/label";
import type { Power } from "../../provider/core/model";
import { check } from "../../provider/pulumi/check";

const kind = manifest.kinds["SubAccountApiKey"]!;
const AREAS = ["wallet", "spot", "futures", "delivery", "earn", "custody", "options", "account", "loan", "margin", "unified", "copy"];
const ALLOWED = `allowed are ${AREAS.join(", ")}, each "read-only" or "read-write"`;

describe("permissions", () => {
  test("each documented area, to read or to write too; sorted", () => {
    for (const area of AREAS)
      for (const access of ["read-only", "read-write"]) expect(kind.permissions({ [area]: access })).toEqual({ ok: { [area]: access } });
    const judged = kind.permissions({ wallet: "read-only", account: undefined, spot: "read-write" });
    expect(JSON.stringify(judged)).toBe(JSON.stringify({ ok: { spot: "read-write", wallet: "read-only" } }));
  });

  test.each<[string, unknown, string, string]>([
    ["nothing", {}, "permissions", `a key without permissions can do nothing; ${ALLOWED}`],
    ["only what is undefined", { spot: undefined }, "permissions", `a key without permissions can do nothing; ${ALLOWED}`],
    ["a list", ["spot"], "permissions", `a map is needed; ${ALLOWED}`],
    ["none at all", undefined, "permissions", `a map is needed; ${ALLOWED}`],
    [
      "a main account's area",
      { withdrawal: "read-write" },
      "permissions.withdrawal",
      `keys of sub-accounts have no "withdrawal"; ${ALLOWED}`,
    ],
    ["another venue's", { Spot: ["SpotTrade"] }, "permissions.Spot", `keys of sub-accounts have no "Spot"; ${ALLOWED}`],
    [
      "a name of objects",
      { constructor: "read-only" },
      "permissions.constructor",
      `keys of sub-accounts have no "constructor"; ${ALLOWED}`,
    ],
    ["another word", { spot: "write" }, "permissions.spot", 'say "read-only" or "read-write", or leave it out'],
    ["a boolean", { spot: true }, "permissions.spot", 'say "read-only" or "read-write", or leave it out'],
  ])("refused: %s", (_, given, property, reason) => {
    expect(kind.permissions(given)).toEqual({ problems: [{ property, reason }] });
  });
});

/** What `check` says of one key. */
function checked(different: Record<string, unknown>): readonly string[] {
  const identity = { organization: "", project: "p", stack: "s", type: "t", name: "key" };
  const given = { subAccount: "2124002", mode: "classic", permissions: { spot: "read-only" }, allowedIps: ["198.51.100.7"] };
  const news = { venue: "gate", kind: "SubAccountApiKey", identity, account: "main", ...given, ...different };
  const settings = new KeyError("configuration", { operation: "read", cause: "none", wayOut: "none" });
  const { failures } = check({ olds: {}, news, manifest, kindName: "SubAccountApiKey", kind, settings, now: 0 });
  return failures.map(({ property, reason }) => `${property}: ${reason}`).filter((line) => !line.startsWith("account:"));
}

describe("check", () => {
  const addresses = (count: number): string[] => Array.from({ length: count }, (_, index) => `198.51.100.${index * 2 + 1}`);

  test("what is right", () => {
    expect(checked({})).toEqual([]);
    expect(checked({ mode: "portfolio", allowedIps: addresses(20), label: "fifteen-letters" })).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ["no mode", { mode: undefined }, /^mode: gate: say mode: "classic" or "portfolio", as the sub-account is; a key keeps it for life$/],
    ["another mode", { mode: 2 }, /^mode: gate: mode has the wrong form; say "classic" or "portfolio", as the sub-account is$/],
    ["21 addresses", { allowedIps: addresses(21) }, /^allowedIps: gate: .*20/],
    ["a range", { allowedIps: ["198.51.100.0/24"] }, /^allowedIps.*: gate: /],
    ["IPv6", { allowedIps: ["2001:4860:4860::8888"] }, /^allowedIps.*: gate: /],
    ["a long label", { label: "sixteen-letters-" }, /^label: gate: it has 16 characters.*15/],
    ["a blank in a label", { label: "my bot" }, /^label: gate: .*characters/],
    [
      "a sub-account's login name",
      { subAccount: "desk_alpha" },
      /^subAccount: gate: .* wrong form; give the sub-account's user id, a text of digits such as "2124002"$/,
    ],
    ["no sub-account", { subAccount: undefined }, /^subAccount: gate: subAccount is missing; give/],
  ])("refused: %s", (_, different, said) => {
    const failures = checked(different);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(said);
  });

  test("a name has room for 15 characters beside the mark", () => {
    expect(labelProblem("fifteen-letters", kind.label!)).toBeUndefined();
    expect(labelProblem("under_score", kind.label!)).toBeDefined();
  });
});

describe("grants", () => {
  test("who may write may read; the mode shows", () => {
    const given = { spot: "read-write", wallet: "read-only" };
    expect(kind.grants(given, { mode: "classic" })).toEqual(["spot:read", "spot:write", "wallet:read"]);
    expect(kind.grants({ spot: "read-only" }, { mode: "portfolio" })).toEqual(["portfolio", "spot:read"]);
  });

  test("what is sent comes back as the same grants, in whatever order; without `read_only` it may write", () => {
    const given = { spot: "read-write", wallet: "read-only" };
    expect(shownGrants([...wirePerms(given)].reverse())).toEqual(kind.grants(given, {}));
    expect(shownGrants([{ name: "spot" }])).toEqual(["spot:read", "spot:write"]);
  });

  const SETS = [["spot:read"], ["spot:read", "spot:write", "wallet:read"], ["otc:read", "otc:write"], ["futures:read", "portfolio"]];

  test.each(SETS.flatMap((from) => SETS.map((to) => [from, to] as const)))("drift from %j to %j is what its grants are", (from, to) => {
    const start = kind.withDrift({}, from, [], {});
    const added = to.filter((grant) => !from.includes(grant));
    const removed = from.filter((grant) => !to.includes(grant));
    const { permissions, extras } = kind.withDrift(start.permissions, added, removed, start.extras!);
    expect(kind.grants(permissions, extras!)).toEqual(to);
  });

  test("read-only in place of read-write is narrower, the other way wider; an area more is wider", () => {
    const [less, more] = [["spot:read"], ["spot:read", "spot:write"]];
    expect(kind.compare(more, less, {})).toEqual({ wider: [], narrower: ["spot:write"], undeclared: [] });
    expect(kind.compare(less, more, {})).toEqual({ wider: ["spot:write"], narrower: [], undeclared: [] });
    expect(kind.compare(less, [...less, "earn:read"], {}).wider).toEqual(["earn:read"]);
  });
});

describe("powers", () => {
  test.each<[Record<string, string>, Power[]]>([
    [{ spot: "read-only", wallet: "read-only", earn: "read-only" }, ["read"]],
    [{ spot: "read-write" }, ["read", "trade"]],
    [{ futures: "read-write", delivery: "read-write", options: "read-write", copy: "read-write" }, ["read", "trade"]],
    [{ wallet: "read-write" }, ["read", "transfer"]],
    [{ loan: "read-write" }, ["read", "lend"]],
    [{ margin: "read-write" }, ["read", "trade", "unknown"]],
    [{ earn: "read-write" }, ["read", "unknown"]],
    [{ account: "read-write" }, ["read", "unknown"]],
    [{ withdrawal: "read-write" }, ["read", "withdraw"]],
    [{ tomorrow: "read-only" }, ["unknown"]],
  ])("%j", (given, powers) => {
    expect(Object.keys(kind.powers(kind.grants(given, {})))).toEqual(powers);
  });

  test("each area has rows for reading and writing, with a source each; the mode gives nothing", () => {
    for (const area of AREAS) expect(Object.keys(kind.powerRows)).toEqual(expect.arrayContaining([`${area}:read`, `${area}:write`]));
    for (const { source } of Object.values(kind.powerRows)) expect(source).not.toBe("");
    expect(kind.powers(["portfolio"])).toEqual({});
  });
});

describe("least", () => {
  const GIVEN: readonly Power[] = ["read", "trade", "lend", "transfer"];
  const sets = Array.from({ length: 15 }, (_, bits) => GIVEN.filter((__, index) => ((bits + 1) >> index) & 1));

  test.each(sets.map((set) => [set] as const))("%j: exactly these, and reading with them", (powers) => {
    const found = kind.least(powers, []);
    if ("refused" in found) throw new Error(found.refused);
    const judged = kind.permissions(found.inputs["permissions"]);
    if (!("ok" in judged)) throw new Error("it isn't what a program may write");
    expect(Object.keys(kind.powers(kind.grants(judged.ok, found.inputs))).sort()).toEqual([...new Set(["read", ...powers])].sort());
  });

  test.each<[Power, string]>([
    ["withdraw", "gate: keys of sub-accounts can't withdraw"],
    ["administer", "gate: administer is only given by naming the permission; declare a key of its own"],
    ["unknown", "gate: unknown is only given by naming the permission; declare a key of its own"],
  ])("refused: %s", (power, refused) => {
    expect(kind.least(["read", power], [])).toEqual({ refused });
  });
});

test("a key without addresses is told that it may end after 90 days; one with addresses isn't", () => {
  expect(kind.lapses!("anywhere", [])).toMatchObject({ days: 90, text: expect.stringContaining("may end 90 days") as string });
  expect(kind.lapses!({ "198.51.100.7": "" }, [])).toBeUndefined();
});

describe("the managing key: what is told of it, since which permission it needs isn't documented", () => {
  test.each<[string, readonly string[] | undefined, boolean, RegExp[]]>([
    ["it may write", ["wallet:read", "wallet:write"], true, []],
    ["it only reads", ["wallet:read"], false, [/^no permission of the managing key may write/]],
    ["it isn't told", undefined, false, [/^the venue doesn't tell what the managing key may do/]],
    ["it isn't told, and has no list", undefined, true, [/^the venue doesn't tell/, /^the managing key has no IP list/]],
  ])("%s", (_, own, unbound, said) => {
    const remarks = remarksOf(own, unbound);
    expect(remarks).toHaveLength(said.length);
    said.forEach((each, index) => expect(remarks[index]).toMatch(each));
  });
});
