// Rules as policies of @pulumi/policy, of which nothing is loaded: a pack makes its PolicyPack of what it gets here.

import type { Policies, PolicyResource, ReportViolation, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { quote } from "../core/quote";
import { venue } from "../venues/registry";
import { ruleConfiguration, wrong, type Configuration, type Told } from "./configuration";
import { isKey, placeOf, readInputs, readOutputs, type Given, type Key, type Kinds } from "./key";
import { NotKnown } from "./known";
import type { KeyRule, Level, Rule, StackRule } from "./rule";
import { readable, RULES } from "./rules";
import { schemaOf } from "./schema";

const kinds: Kinds = (id, kind) => {
  const all = venue(id)?.manifest().kinds ?? {};
  return Object.hasOwn(all, kind) ? all[kind] : undefined;
};

/**
 * The rules of this package, and your own, as policies.
 *
 * @param configuration rule → its level, or what it is told; a wrong one throws with its path. The engine's (`--policy-pack-config`) goes above it
 * @param own rules made with `keyRule` and `stackRule`
 * @example
 * new PolicyPack("exchange-keys", { policies: keyPolicies({ "no-withdraw": { keys: ["payout"] }, "age-at-most": "mandatory" }) });
 */
export function keyPolicies(configuration: Configuration = {}, own: readonly Rule[] = []): Policies {
  const rules = [...RULES, ...own];
  const twice = rules.find(({ id }, index) => rules.findIndex((other) => other.id === id) !== index);
  if (twice !== undefined) throw wrong([twice.id], "there are two rules of this name; give yours another");
  const stranger = Object.keys(configuration).find((id) => !rules.some((rule) => rule.id === id));
  if (stranger !== undefined) throw wrong([stranger], `there is no such rule; there are ${rules.map(({ id }) => id).join(", ")}`);
  return rules.map((rule) => policyOf(rule, configuration[rule.id] ?? {}));
}

function policyOf(rule: Rule, given: Level | Readonly<Record<string, unknown>>): ResourceValidationPolicy | StackValidationPolicy {
  const { level } = ruleConfiguration(rule, given);
  const base = typeof given === "string" ? {} : given;
  const about = {
    ...{ name: rule.id, description: rule.description, severity: rule.severity },
    enforcementLevel: level ?? rule.enforcementLevel,
    configSchema: schemaOf(rule),
  };
  const known = new Map<string, ReturnType<typeof ruleConfiguration>>();
  /** What the engine was told goes above what the pack was; the level is the engine's business, but for that of a single stack. */
  const tell = (args: Asked, urn: string): Told => {
    const { enforcementLevel: _, ...members } = { ...base, ...args.getConfig<Record<string, unknown>>() };
    const text = JSON.stringify(members); // the same for every key of a run
    const read = known.get(text) ?? ruleConfiguration(rule, members);
    known.set(text, read);
    return read.told(placeOf(urn));
  };
  if (rule.of === "stack") return { ...about, validateStack: (args, report) => judgeStack(rule, args.resources, args, tell, report) };
  return { ...about, validateResource: (args, report) => judgeKey(rule, args, tell(args, args.urn), report) };
}

interface Asked {
  getConfig<T extends object>(): T;
}

async function judgeKey(rule: KeyRule, given: Given, { level, configuration }: Told, report: ReportViolation): Promise<void> {
  if (!isKey(given.type) || level === "disabled") return;
  const say = (message: string, as = level): void => {
    tellAs(rule, report, as, given, message);
  };
  const read = readInputs(given, kinds);
  if (read.problem !== undefined && rule === readable)
    say(`${read.problem}; mend what the check of its inputs refuses, or update pulumi-exchange-keys where the policy pack is installed`);
  if (!("ok" in read)) return;
  try {
    await rule.judge(
      read.ok,
      (message) => {
        say(message);
      },
      configuration,
    );
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    say(`${error.message}, which asks this rule again`, "advisory");
  }
}

/** The declared type of `report` has no level; what it calls takes one (1.21). It is used only where one differs from the policy's. */
type ReportAs = (violation: { readonly message: string; readonly urn: string; readonly enforcementLevel: Level }) => void;

function tellAs(rule: Rule, report: ReportViolation, level: Level | undefined, of: Pick<Key, "name" | "urn">, message: string): void {
  const text = `${quote(of.name)}: ${message}`;
  if (level === undefined) report(text, of.urn);
  else (report as unknown as ReportAs)({ message: `${rule.description}\n${text}`, urn: of.urn, enforcementLevel: level });
}

async function judgeStack(
  rule: StackRule,
  resources: readonly PolicyResource[],
  args: Asked,
  tell: (args: Asked, urn: string) => Told,
  report: ReportViolation,
): Promise<void> {
  const { level, configuration } = tell(args, resources[0]?.urn ?? "");
  if (level === "disabled") return;
  const say = (key: Key, message: string, as = level): void => {
    tellAs(rule, report, as, key, message);
  };
  let keys = resources
    .filter(({ type }) => isKey(type))
    .flatMap((resource) => {
      const read = readOutputs(resource, kinds);
      return "ok" in read ? [read.ok] : [];
    });
  for (;;) {
    const said: Parameters<typeof say>[] = [];
    try {
      await rule.judge(keys, (key, message) => said.push([key, message]), configuration, Date.now());
      for (const each of said) say(...each);
      return;
    } catch (error) {
      if (!(error instanceof NotKnown)) throw error;
      const { urn } = error;
      for (const key of keys.filter((each) => each.urn === urn)) say(key, `${error.message}, which asks this rule again`, "advisory");
      keys = keys.filter((each) => each.urn !== urn);
    }
  }
}
