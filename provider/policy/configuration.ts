// What a rule is told, in each stack: read strictly, refused with the path of what is wrong.

import { z } from "zod";
import { LEVELS, type Level, type Rule } from "./rule";
import { fits, namePattern } from "./pattern";

/** Rule → its level, or a map of its level, what it can be told, and `stacks`. */
export type Configuration = Readonly<Record<string, Level | Readonly<Record<string, unknown>>>>;

/** What holds for one rule in one stack. */
export interface Told {
  /** Undefined: the rule's own, or what the pack's configuration gave it. */
  readonly level: Level | undefined;
  readonly configuration: unknown;
}

const level = z.enum(LEVELS);
/** The first entry that fits the stack counts; its other members stand in for those of the rule. */
const stacks = z.array(z.looseObject({ match: z.array(namePattern).min(1), enforcementLevel: level.optional() })).default([]);

type Members = Readonly<Record<string, unknown>>;

/** Of one rule: its level, where one is named, and a way to ask what holds in a stack. Throws where it is wrong. */
export function ruleConfiguration(rule: Rule, given: unknown): { readonly level: Level | undefined; told(place: Place): Told } {
  const members = typeof given === "string" ? { enforcementLevel: given } : given;
  const outer = parsed(z.looseObject({ enforcementLevel: level.optional(), stacks }), members, [rule.id]);
  const { enforcementLevel, stacks: entries, ...base } = outer;
  const whole = told(rule, base, [rule.id]);
  const each = entries.map(({ match, enforcementLevel: own, ...changes }, index) => {
    return { match, level: own, configuration: told(rule, { ...base, ...changes }, [rule.id, "stacks", index]) };
  });
  if (enforcementLevel === "disabled" && each.some((entry) => entry.level !== undefined && entry.level !== "disabled")) {
    throw wrong([rule.id], 'a disabled rule is asked nowhere; give it a level, and disable it in a last entry of stacks with match ["*"]');
  }
  return {
    level: enforcementLevel,
    told: (place) =>
      each.find(({ match }) => match.some((pattern) => inPlace(pattern, place))) ?? { level: undefined, configuration: whole },
  };
}

export interface Place {
  readonly project: string;
  readonly stack: string;
}

/** `production` is a stack of any project, `desk/production` one of that project. */
export function inPlace(pattern: string, { project, stack }: Place): boolean {
  return fits(pattern, pattern.includes("/") ? `${project}/${stack}` : stack);
}

function told(rule: Rule, members: Members, path: readonly PropertyKey[]): unknown {
  return parsed(rule.configuration.strict(), members, path);
}

function parsed<Shape extends z.ZodType>(schema: Shape, given: unknown, path: readonly PropertyKey[]): z.output<Shape> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const extra = issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  throw wrong(
    [...path, ...(issue?.path ?? []), ...extra],
    extra.length > 0 ? "there is no such member; leave it out" : (issue?.message ?? ""),
  );
}

export function wrong(path: readonly PropertyKey[], reason: string): Error {
  const written = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  const error = new Error(`policy configuration ${written.slice(1)}: ${reason}`);
  error.stack = error.message; // the engine prints it, and where this is thrown helps nobody
  return error;
}
