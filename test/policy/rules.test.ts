// Each rule broken, kept, and asked about what isn't known yet.

import { keyPolicies } from "../../provider/policy";
import { RULES } from "../../provider/policy/rules";
import { CASES, type Case } from "./cases";
import { resource, told, UNKNOWN, type Inputs } from "./keys";

/** The keys of a case; the last is called `last`. */
function keys(all: readonly Inputs[]) {
  return all.map((inputs, index) => resource(index === all.length - 1 ? "last" : `key${index}`, inputs));
}

const configured = ({ rule, configuration = {} }: Case) => ({ [rule]: configuration });
const of = (rule: string, said: readonly string[]) => said.filter((line) => line.includes(`] ${rule}: `));
const level = (rule: string) => RULES.find(({ id }) => id === rule)!.enforcementLevel;

test("every rule has a case", () => {
  expect([...new Set(CASES.map(({ rule }) => rule))]).toEqual(RULES.map(({ id }) => id));
});

test.each(CASES)("$rule $configuration: broken by $fails", async (each) => {
  expect(of(each.rule, await told(keys(each.fails), configured(each)))).toEqual([
    `[${level(each.rule)}] ${each.rule}: "last": ${each.says}`,
  ]);
});

test.each(CASES)("$rule $configuration: kept by $passes", async (each) => {
  expect(of(each.rule, await told(keys(each.passes), configured(each)))).toEqual([]);
});

test.each(CASES.filter(({ needs }) => needs !== undefined))("$rule: $needs isn't known yet", async (each) => {
  const last = { ...each.fails.at(-1)!, [each.needs!]: UNKNOWN };
  const what = each.rule === "allowed-environments" ? "environment" : each.needs!;
  expect(of(each.rule, await told(keys([...each.fails.slice(0, -1), last]), configured(each)))).toEqual([
    `[advisory] ${each.rule}: "last": ${what} isn't known until up, which asks this rule again`,
  ]);
});

test("a key that keeps all of them is told nothing of; neither is a resource of others", async () => {
  const other = { ...resource("bucket"), type: "aws:s3:Bucket", props: { acl: "public-read" } };
  expect(await told([resource("last", { createdAt: new Date().toISOString() }), other])).toEqual([]);
});

test("a list that is unknown in part is unknown", async () => {
  expect(
    await told([resource("last", { allowedIps: ["203.0.113.10", UNKNOWN] })], { "ips-within": { within: ["203.0.113.0/24"] } }),
  ).toEqual([
    `[advisory] no-anywhere: "last": allowedIps isn't known until up, which asks this rule again`,
    `[advisory] ips-within: "last": allowedIps isn't known until up, which asks this rule again`,
    `[advisory] acknowledge: "last": unverified isn't known until up, which asks this rule again`,
    `[advisory] no-twins: "last": allowedIps isn't known until up, which asks this rule again`,
  ]);
});

test("an environment that can't be seen is told of, where it matters", async () => {
  const hidden = { ...resource("last"), provider: "{" };
  expect(await told([hidden])).toEqual([]);
  expect(await told([hidden], { "allowed-environments": { environments: ["testnet"] } })).toEqual([
    `[mandatory] allowed-environments: "last": the configuration doesn't show the environment of desk, so that nobody can say whether it is one of testnet`,
  ]);
  const unknown = { ...resource("last"), provider: UNKNOWN };
  expect(await told([unknown], { "allowed-environments": { environments: ["testnet"] } })).toEqual([
    `[advisory] allowed-environments: "last": environment isn't known until up, which asks this rule again`,
  ]);
});

test("named keys may do without an IP list, administer, and go without rotation", async () => {
  const free = {
    allowedIps: "anywhere",
    access: "read-write",
    permissions: { Wallet: ["AccountTransfer"], Earn: ["Earn"] },
    rotation: undefined,
  };
  const keys = { keys: ["last"] };
  expect(await told([resource("last", free)], { "no-anywhere": keys, "no-administer": keys, "rotation-declared": keys })).toEqual([]);
});

test("a key of a key pair needs no rotation", async () => {
  const pair = { venue: "deribit", kind: "ApiKey", publicKey: "PUBLIC", rotation: undefined, access: undefined, subAccount: undefined };
  expect(await told([resource("last", pair)])).toEqual([]);
});

test("without a birth the time of the decision counts", async () => {
  expect(await told([resource("last", { decidedAt: "2020-01-31T00:00:00.000Z" })])).toEqual([
    `[advisory] age-at-most: "last": it was made on 2020-01-31, more than 90d ago; renew it`,
  ]);
});

test("the engine is told each rule's severity, level, description and schema", () => {
  for (const policy of keyPolicies()) {
    const rule = RULES.find(({ id }) => id === policy.name)!;
    expect(policy).toMatchObject({ severity: rule.severity, enforcementLevel: rule.enforcementLevel, description: rule.description });
    expect(Object.keys(policy.configSchema!.properties)).toEqual([...Object.keys(rule.configuration.shape), "stacks"]);
    expect(JSON.stringify(policy.configSchema)).not.toContain('"default"');
  }
});
