// What a pack is told: in code, in the engine's file, per stack; and refused with its path where it is wrong.

import type { Configuration } from "../../provider/policy/configuration";
import { keyPolicies, keyRule, stackRule } from "../../provider/policy";
import { fits } from "../../provider/policy/pattern";
import { resource, told, UNKNOWN, type Inputs } from "./keys";

const anywhere = resource("last", { allowedIps: "anywhere" });
const SAYS = '"last": it can be used from anywhere; name its addresses in allowedIps';

test.each<[string, Configuration, string]>([
  ["rule", { "no-withdrawl": "mandatory" }, "no-withdrawl: there is no such rule; there are readable, no-withdraw, "],
  [
    "level",
    { "no-anywhere": "strict" as never },
    'no-anywhere.enforcementLevel: Invalid option: expected one of "advisory"|"mandatory"|"disabled"',
  ],
  ["shape", { "no-anywhere": ["x"] as never }, "no-anywhere: Invalid input: expected object, received array"],
  ["member", { "no-anywhere": { key: ["x"] } }, "no-anywhere.key: there is no such member; leave it out"],
  ["name", { "no-anywhere": { keys: ["x", 3] } }, 'no-anywhere.keys[1]: write a name; "*" stands for any characters'],
  ["duration", { "age-at-most": { atMost: "90 days" } }, "age-at-most.atMost: write a whole number and one unit of s, m, h, d, w"],
  ["expression", { "no-withdraw": { approval: "(" } }, "no-withdraw.approval: this isn't a regular expression that JavaScript reads"],
  ["range", { "ips-within": { within: ["203.0.113.7/24"] } }, "ips-within.within[0]: write an address or a range"],
  ["no range", { "ips-within": { within: [] } }, "ips-within.within: name at least one range"],
  ["prefix", { "ips-within": { ipv4: 33 } }, "ips-within.ipv4: write a whole number from 0 to 32"],
  ["power", { "withdraw-bound": { beside: ["fly"] } }, "withdraw-bound.beside[0]: Invalid option"],
  ["number", { "keys-per-account": { atMost: 1.5 } }, "keys-per-account.atMost: write a whole number"],
  ["stacks", { "no-anywhere": { stacks: { production: {} } } }, "no-anywhere.stacks: Invalid input: expected array"],
  ["stack without match", { "no-anywhere": { stacks: [{ keys: [] }] } }, "no-anywhere.stacks[0].match: "],
  ["member of a stack", { "no-anywhere": { stacks: [{ match: ["dev"], key: [] }] } }, "no-anywhere.stacks[0].key: there is no such member"],
  [
    "value of a stack",
    { "age-at-most": { stacks: [{ match: ["dev"], atMost: "soon" }] } },
    "age-at-most.stacks[0].atMost: write a whole number",
  ],
  [
    "level of a stack",
    { "no-anywhere": { stacks: [{ match: ["dev"], enforcementLevel: "off" }] } },
    "no-anywhere.stacks[0].enforcementLevel: ",
  ],
  [
    "disabled, but in one stack",
    { "no-anywhere": { enforcementLevel: "disabled", stacks: [{ match: ["production"], enforcementLevel: "mandatory" }] } },
    'no-anywhere: a disabled rule is asked nowhere; give it a level, and disable it in a last entry of stacks with match ["*"]',
  ],
])("wrong %s", (_, configuration, message) => {
  expect(() => keyPolicies(configuration)).toThrow(`policy configuration ${message}`);
});

test("the engine's file is judged the same, and goes above the pack's own", async () => {
  const policies = (file: Inputs) => told([anywhere], { "no-anywhere": { keys: ["other"] } }, { "no-anywhere": file });
  expect(await policies({})).toEqual([`[mandatory] no-anywhere: ${SAYS}`]);
  expect(await policies({ keys: ["l*t"] })).toEqual([]);
  await expect(policies({ keys: "last" })).rejects.toThrow(
    "policy configuration no-anywhere.keys: Invalid input: expected array, received string",
  );
});

test.each<[string, Inputs, string[]]>([
  ["a stack by name", { match: ["production"], enforcementLevel: "advisory" }, [`[advisory] no-anywhere: ${SAYS}`]],
  ["by project and name", { match: ["desk/prod*"], enforcementLevel: "disabled" }, []],
  ["another project", { match: ["lab/*"], enforcementLevel: "disabled" }, [`[mandatory] no-anywhere: ${SAYS}`]],
  ["another stack", { match: ["prod"], enforcementLevel: "disabled" }, [`[mandatory] no-anywhere: ${SAYS}`]],
  ["members of its own", { match: ["*"], keys: ["last"] }, []],
])("%s", async (_, entry, said) => {
  expect(await told([anywhere], { "no-anywhere": { stacks: [entry] } })).toEqual(said);
});

test("the first entry that fits counts, for rules over a stack too; a level alone is enough", async () => {
  const stacks = [
    { match: ["production"], enforcementLevel: "mandatory" },
    { match: ["*"], enforcementLevel: "disabled" },
  ];
  const old = resource("last", { createdAt: "2020-01-01T00:00:00Z" });
  expect(await told([old], { "age-at-most": { stacks } })).toEqual([
    expect.stringMatching(/^\[mandatory\] age-at-most: "last": it was made on/),
  ]);
  expect(await told([old], { "age-at-most": { stacks: [...stacks].reverse() } })).toEqual([]);
  expect(await told([old], { "age-at-most": "disabled" })).toEqual([]);
  expect(await told([anywhere], { "no-anywhere": "advisory" })).toEqual([`[advisory] no-anywhere: ${SAYS}`]);
});

test("own rules: on powers, over a stack, with a name that is taken", async () => {
  const noTrade = keyRule("no-trade", (key, report) => {
    if (key.powers.trade) report("it can trade");
  });
  const one = stackRule("one-key", { enforcementLevel: "advisory" }, (keys, report) => {
    for (const key of keys.slice(1)) report(key, "it isn't the only one");
  });
  const trader = resource("last", { access: "read-write" });
  expect(await told([resource("first", { subAccount: "1" }), trader], {}, {}, [noTrade, one])).toEqual([
    '[mandatory] no-trade: "last": it can trade',
    '[advisory] one-key: "last": it isn\'t the only one',
  ]);
  expect(() => keyPolicies({}, [keyRule("no-anywhere", () => undefined)])).toThrow("there are two rules of this name");
  const broken = keyRule("broken", () => {
    throw new TypeError("a mistake of its own");
  });
  await expect(told([trader], {}, {}, [broken])).rejects.toThrow("a mistake of its own");
});

test("own rules may take their time: what they report then counts, and what they are rejected with fails the run", async () => {
  const later = <T>(value: T): Promise<T> => new Promise((resolve) => setImmediate(resolve, value));
  const slow = keyRule("slow", async (key, report) => {
    report(await later(`${key.venue}, later`));
  });
  const slowly = stackRule("slowly", async (keys, report) => {
    for (const key of keys) report(key, await later("later"));
  });
  const asking = keyRule("asking", async (key, report) => {
    await later(0);
    report(String(key.lifetime));
  });
  const asker = stackRule("asker", async (keys, report) => {
    await later(0);
    for (const key of keys) report(key, String(key.lifetime));
  });
  const open = resource("last", { lifetime: UNKNOWN });
  const said = await told([open], { "lifetime-at-most": "disabled" }, {}, [slow, slowly, asking, asker]);
  const unknown = '"last": lifetime isn\'t known until up, which asks this rule again';
  expect(said).toEqual([
    '[mandatory] slow: "last": bybit, later',
    '[mandatory] slowly: "last": later',
    `[advisory] asking: ${unknown}`,
    `[advisory] asker: ${unknown}`,
  ]);
  const breaks = async (): Promise<void> => {
    await later(0);
    throw new TypeError("a mistake of its own");
  };
  for (const broken of [keyRule("broken", breaks), stackRule("broken", breaks)]) {
    await expect(told([open], {}, {}, [broken])).rejects.toThrow("a mistake of its own");
  }
});

test("a pattern means what it says, and nothing else in it is special", () => {
  expect(["payout", "payout-1", "a.b", "axb"].filter((name) => fits("payout*", name))).toEqual(["payout", "payout-1"]);
  expect(["a.b", "axb"].filter((name) => fits("a.b", name))).toEqual(["a.b"]);
});
