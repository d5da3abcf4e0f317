// Bybit's words: what is refused and how, grants both ways, what they let a key do, and the least that does it.

import fc from "fast-check";
import type { Power } from "../../provider/core/model";
import { powersBeyond, POWERS } from "../../provider/core/powers";
import {
  compare,
  grantsOf,
  managing,
  permissions,
  powers,
  READ_WRITE,
  rules,
  shownGrants,
  TYPES,
  wholePermissions,
  withDrift,
} from "../../provider/venues/bybit/convert";
import { manifest } from "../../provider/venues/bybit/capabilities";
import { least } from "../../provider/venues/bybit/least";

const ALLOWED =
  'allowed are ContractTrade: ["Order","Position"], Spot: ["SpotTrade"], Wallet: ["AccountTransfer","SubMemberTransferList"], ' +
  'Options: ["OptionsTrade"], Derivatives: ["DerivativesTrade"], Exchange: ["ExchangeHistory"], Earn: ["Earn"]';

describe("permissions", () => {
  test.each<[what: string, given: unknown, property: string, reason: string]>([
    ["a permission of another venue", { orders: "read" }, "permissions.orders", `keys of sub-accounts have no "orders"; ${ALLOWED}`],
    [
      "one of a master's keys",
      { Wallet: ["Withdraw"] },
      "permissions.Wallet",
      'it has only ["AccountTransfer","SubMemberTransferList"]; take the rest away',
    ],
    [
      "a type of a master's keys",
      { FiatP2P: ["Advertising"] },
      "permissions.FiatP2P",
      `keys of sub-accounts have no "FiatP2P"; ${ALLOWED}`,
    ],
    ["a member of another type", { Spot: ["Order"] }, "permissions.Spot", 'it has only ["SpotTrade"]; take the rest away'],
    ["a type in lower case", { spot: ["SpotTrade"] }, "permissions.spot", `keys of sub-accounts have no "spot"; ${ALLOWED}`],
    [
      "a name that every object has",
      { constructor: [] },
      "permissions.constructor",
      `keys of sub-accounts have no "constructor"; ${ALLOWED}`,
    ],
    ["a text for a list", { Spot: "SpotTrade" }, "permissions.Spot", 'a list is needed, of ["SpotTrade"]'],
    ["a yes", { Earn: true }, "permissions.Earn", 'a list is needed, of ["Earn"]'],
    ["a number in a list", { Earn: [1] }, "permissions.Earn", 'it has only ["Earn"]; take the rest away'],
    ["nothing", {}, "permissions", `Bybit refuses a key without permissions; ${ALLOWED}`],
    ["empty types", { Spot: [], Earn: undefined }, "permissions", `Bybit refuses a key without permissions; ${ALLOWED}`],
    ["a list", ["Spot"], "permissions", `a map is needed; ${ALLOWED}`],
    ["null", null, "permissions", `a map is needed; ${ALLOWED}`],
    ["a text", "Spot", "permissions", `a map is needed; ${ALLOWED}`],
  ])("%s is refused", (_, given, property, reason) => {
    expect(permissions(given)).toEqual({ problems: [{ property, reason }] });
  });

  test("every mistake is told at once", () => {
    const told = permissions({ orders: "read", Spot: "SpotTrade", Earn: ["Earn"] });
    expect("problems" in told && told.problems.map(({ property }) => property)).toEqual(["permissions.orders", "permissions.Spot"]);
  });

  test("order and repetition are no difference, and empty types are none", () => {
    const one = permissions({ Spot: ["SpotTrade"], ContractTrade: ["Position", "Order", "Order"], Wallet: [] });
    expect(one).toEqual({ ok: { ContractTrade: ["Order", "Position"], Spot: ["SpotTrade"] } });
    expect(JSON.stringify(one)).toBe(JSON.stringify(permissions({ ContractTrade: ["Order", "Position"], Spot: ["SpotTrade"] })));
  });
});

test("access is asked for", () => {
  expect(rules({})).toEqual([
    { property: "access", reason: 'say access: "read-only" or "read-write"; there is no default, since Bybit\'s own is read-write' },
  ]);
  expect([rules({ access: "read-only" }), rules({ access: "read-write" })]).toEqual([[], []]);
  const { access } = manifest.kinds["SubAccountApiKey"]!.extras;
  for (const wrong of ["readonly", "", true, 0, null]) expect(access!.safeParse(wrong).success).toBe(false);
});

const given = fc
  .record(Object.fromEntries(Object.entries(TYPES).map(([type, members]) => [type, fc.subarray([...members])])))
  .map((types) => Object.fromEntries(Object.entries(types).filter(([, members]) => members.length > 0)))
  .filter((types) => Object.keys(types).length > 0);
const access = fc.constantFrom("read-only", "read-write");

describe("grants", () => {
  test("are the types' members, and whether it may write", () => {
    expect(grantsOf({ Spot: ["SpotTrade"] }, { access: "read-only" })).toEqual(["Spot:SpotTrade"]);
    expect(grantsOf({ Spot: ["SpotTrade"] }, { access: "read-write" })).toEqual(["Spot:SpotTrade", "read-write"]);
  });

  test("law: what is sent names every type, and shown again has the same grants", () => {
    fc.assert(
      fc.property(given, access, (types, how) => {
        const sent = wholePermissions(types);
        expect(Object.keys(sent)).toEqual(Object.keys(TYPES));
        expect(shownGrants(sent, how === "read-only")).toEqual(grantsOf(types, { access: how }));
      }),
    );
  });

  test("law: drift put into the inputs asks for exactly what was observed", () => {
    fc.assert(
      fc.property(given, given, access, access, (types, others, how, then) => {
        const [declared, observed] = [grantsOf(types, { access: how }), grantsOf(others, { access: then })];
        const added = observed.filter((grant) => !declared.includes(grant));
        const removed = declared.filter((grant) => !observed.includes(grant));
        const asked = withDrift(types, added, removed, { access: how });
        expect(grantsOf(asked.permissions, { access: how, ...asked.extras })).toEqual(observed);
        expect(permissions(asked.permissions)).toEqual({ ok: asked.permissions });
      }),
    );
  });

  test("a grant that only masters have comes back as it is", () => {
    expect(withDrift({ Spot: ["SpotTrade"] }, ["Wallet:Withdraw"], [], { access: "read-only" })).toEqual({
      permissions: { Spot: ["SpotTrade"], Wallet: ["Withdraw"] },
      extras: { access: "read-only" },
    });
  });
});

describe("powers", () => {
  test.each<[grants: readonly string[], powers: readonly Power[]]>([
    [["Spot:SpotTrade"], ["read"]],
    [["ContractTrade:Order", "ContractTrade:Position", "Options:OptionsTrade", "Derivatives:DerivativesTrade"], ["read"]],
    [["Earn:Earn"], ["read"]],
    [["Wallet:AccountTransfer"], ["read", "administer"]],
    [["Wallet:SubMemberTransferList"], ["read", "administer"]],
    [["Tomorrow:Thing"], ["unknown"]],
    [[READ_WRITE], []],
    [
      ["Spot:SpotTrade", READ_WRITE],
      ["read", "trade"],
    ],
    [["Exchange:ExchangeHistory", READ_WRITE], ["read"]],
    [
      ["Earn:Earn", READ_WRITE],
      ["read", "unknown"],
    ],
    [
      ["Wallet:AccountTransfer", READ_WRITE],
      ["read", "transfer", "administer"],
    ],
    [
      ["Wallet:SubMemberTransferList", "Options:OptionsTrade", READ_WRITE],
      ["read", "trade", "transfer", "administer"],
    ],
    [
      ["Wallet:Withdraw", READ_WRITE],
      ["read", "withdraw"],
    ],
    [["Tomorrow:Thing", READ_WRITE], ["unknown"]],
  ])("%j", (grants, expected) => expect(Object.keys(powers(grants))).toEqual(expected));

  test("law: one grant more is never one power less", () => {
    fc.assert(
      fc.property(given, access, given, (types, how, more) => {
        const few = powers(grantsOf(types, { access: how }));
        const many = powers([...grantsOf(types, { access: how }), ...grantsOf(more, { access: "read-write" })]);
        expect(powersBeyond(few, Object.keys(many) as Power[])).toEqual([]);
      }),
    );
  });
});

describe("Derivatives, which comes unasked", () => {
  const SPOT = ["Spot:SpotTrade"];
  const CONTRACTS = ["ContractTrade:Order"];
  const EXTRA = "Derivatives:DerivativesTrade";

  test.each<[what: string, declared: readonly string[], accept: readonly string[] | undefined, harmless: boolean]>([
    ["beside contracts", [...CONTRACTS, READ_WRITE], undefined, true],
    ["of a key that only reads", SPOT, undefined, true],
    ["of a key that writes", [...SPOT, READ_WRITE], undefined, false],
    ["of a key that writes, accepted", [...SPOT, READ_WRITE], ["DerivativesTrade"], true],
    ["with something else accepted", [...SPOT, READ_WRITE], ["Derivatives"], false],
  ])("%s", (_, declared, accept, harmless) => {
    const found = compare(declared, [...declared, EXTRA], accept === undefined ? {} : { accept });
    expect(found).toEqual({ wider: harmless ? [] : [EXTRA], narrower: [], undeclared: [] });
  });

  test("is wider where the key may write and was declared to read", () => {
    expect(compare(SPOT, [...SPOT, EXTRA, READ_WRITE], {})).toEqual({ wider: [EXTRA, READ_WRITE], narrower: [], undeclared: [] });
  });
  test("declared, it is neither, and its absence is narrower", () => {
    expect(compare([EXTRA], [EXTRA], {})).toEqual({ wider: [], narrower: [], undeclared: [] });
    expect(compare([EXTRA, READ_WRITE], [READ_WRITE], {})).toEqual({ wider: [], narrower: [EXTRA], undeclared: [] });
  });
  test("nothing else is harmless", () => {
    expect(compare(CONTRACTS, [...CONTRACTS, "Earn:Earn"], { accept: ["Earn", "DerivativesTrade"] }).wider).toEqual(["Earn:Earn"]);
  });
});

describe("the managing key", () => {
  test.each([
    ["AccountTransfer", ["Wallet:AccountTransfer"], undefined, []],
    ["SubMemberTransfer", ["Wallet:SubMemberTransfer"], undefined, []],
    ["Withdraw", ["Wallet:Withdraw"], undefined, []],
    ["the sub-account's word for it", ["Wallet:SubMemberTransferList"], undefined, [/^it needs one of AccountTransfer/]],
    ["nothing of the wallet", ["Spot:SpotTrade", READ_WRITE], undefined, [/^it needs one of AccountTransfer, SubMemberTransfer, Withdraw/]],
    ["a master", ["Wallet:AccountTransfer"], "1448939", [/^it is a sub-account's, and only its master 1448939 manages keys/]],
    ["neither", ["Spot:SpotTrade"], "1448939", [/sub-account's/, /needs one of/]],
  ])("with %s", (_, grants, masterId, told) => {
    const found = managing({ grants: [...grants, READ_WRITE] }, masterId === undefined ? {} : { masterId });
    expect(found).toHaveLength(told.length);
    told.forEach((sentence, index) => expect(found[index]).toMatch(sentence));
  });
});

const CANS = fc.subarray<Power>(["read", "trade", "transfer", "lend", "withdraw", "administer"]);

describe("the least", () => {
  const REFUSALS: readonly RegExp[] = [
    /^bybit: keys of sub-accounts can't withdraw$/,
    /^bybit: (lend|administer) is only given by naming the permission; declare a key of its own$/,
    /^bybit: a key that transfers can change and delete itself, so it administers; say accept: \["administer"\]$/,
  ];

  test("law: it has the powers asked for, read, and those accepted, and is a program that check takes; or one sentence refuses it", () => {
    const all = (["read", "trade", "transfer", "lend", "withdraw", "administer"] as const).reduce<readonly Power[][]>(
      (sets, power) => [...sets, ...sets.map((set) => [...set, power])],
      [[]],
    );
    const outcomes = all.flatMap((can) => [[], ["administer"], [...POWERS]].map((accept) => judge(can, accept)));
    expect(outcomes.filter((outcome) => outcome === "given").length).toBeGreaterThan(8);
    for (const sentence of REFUSALS) expect(outcomes.some((outcome) => sentence.test(outcome))).toBe(true);
  });

  function judge(can: readonly Power[], accept: readonly string[]): string {
    const found = least(can, accept);
    if ("refused" in found) {
      expect(REFUSALS.some((sentence) => sentence.test(found.refused))).toBe(true);
      return found.refused;
    }
    const { permissions: types, ...extras } = found.inputs;
    const judged = permissions(types);
    if (!("ok" in judged)) throw new Error("it isn't what check takes");
    const has = powers(grantsOf(judged.ok, extras));
    expect([can, powersBeyond(has, ["read", ...can, ...(accept as Power[])])]).toEqual([can, []]);
    expect([can, ["read", ...can].filter((power) => has[power as Power] === undefined)]).toEqual([can, []]);
    const kind = manifest.kinds["SubAccountApiKey"]!;
    for (const [name, value] of Object.entries(extras)) expect(kind.extras[name]!.safeParse(value).success).toBe(true);
    return "given";
  }

  test("law: the order of the powers is no difference", () => {
    fc.assert(
      fc.property(
        CANS.chain((can) => fc.tuple(fc.constant(can), fc.shuffledSubarray(can, { minLength: can.length }))),
        ([can, mixed]) => {
          const [one, other] = [least(can, ["administer"]), least(mixed, ["administer"])];
          // Of several that can't be, the first that is asked for is told.
          if ("refused" in one) expect("refused" in other).toBe(true);
          else expect(other).toEqual(one);
        },
      ),
    );
  });
});
