// What a rule is, and how one is written: over one key, before it is made or changed, or over all keys of a stack.

import { z } from "zod";
import type { Key } from "./key";

/** `mandatory` fails preview and up, `advisory` only tells, `disabled` isn't asked. */
export const LEVELS = ["advisory", "mandatory", "disabled"] as const;
export type Level = (typeof LEVELS)[number];

export const SEVERITIES = ["low", "medium", "high", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Says that a key breaks the rule: what is so, and the way out. May be called more than once. */
export type Report = (message: string) => void;
/** The same, of one key of a stack. */
export type StackReport = (key: Key, message: string) => void;

/** A rule may take its time: the run waits for its promise. What it throws, or the promise is rejected with, fails the run. */
export type Judged = void | Promise<void>;

interface About {
  readonly id: string;
  readonly description: string;
  readonly severity: Severity;
  /** Unless the configuration says another. */
  readonly enforcementLevel: Level;
  /** What it can be told; members it doesn't name are refused. */
  readonly configuration: z.ZodObject;
}

export interface KeyRule extends About {
  readonly of: "key";
  judge(key: Key, report: Report, configuration: unknown): Judged;
}

export interface StackRule extends About {
  readonly of: "stack";
  /** `now`: milliseconds. */
  judge(keys: readonly Key[], report: StackReport, configuration: unknown, now: number): Judged;
}

export type Rule = KeyRule | StackRule;

/** What a rule may say of itself. Without it a rule is mandatory, of high severity, and takes no configuration. */
export interface RuleOptions<Shape extends z.ZodObject> {
  readonly description?: string;
  readonly severity?: Severity;
  readonly enforcementLevel?: Level;
  readonly configuration?: Shape;
}

type NoShape = z.ZodObject<Record<never, z.ZodType>>;

/**
 * A rule over each key.
 *
 * @example
 * keyRule("no-lend", (key, report) => {
 *   if (key.powers.lend) report("it can lend; leave that out");
 * });
 */
export function keyRule(id: string, judge: (key: Key, report: Report) => Judged): KeyRule;
export function keyRule<Shape extends z.ZodObject = NoShape>(
  id: string,
  options: RuleOptions<Shape>,
  judge: (key: Key, report: Report, configuration: z.output<Shape>) => Judged,
): KeyRule;
export function keyRule(id: string, ...rest: readonly unknown[]): KeyRule {
  return { ...about(id, rest), of: "key", judge: rest.at(-1) as KeyRule["judge"] };
}

/**
 * A rule over all keys of the stack, asked at the end of preview and up.
 *
 * @example
 * stackRule("few-keys", (keys, report) => {
 *   for (const key of keys.slice(10)) report(key, "it is one of more than ten");
 * });
 */
export function stackRule(id: string, judge: (keys: readonly Key[], report: StackReport) => Judged): StackRule;
export function stackRule<Shape extends z.ZodObject = NoShape>(
  id: string,
  options: RuleOptions<Shape>,
  judge: (keys: readonly Key[], report: StackReport, configuration: z.output<Shape>, now: number) => Judged,
): StackRule;
export function stackRule(id: string, ...rest: readonly unknown[]): StackRule {
  return { ...about(id, rest), of: "stack", judge: rest.at(-1) as StackRule["judge"] };
}

function about(id: string, rest: readonly unknown[]): About {
  const { description = id, ...options } = (rest.length > 1 ? rest[0] : {}) as RuleOptions<z.ZodObject>;
  return { severity: "high", enforcementLevel: "mandatory", configuration: z.object({}), ...options, id, description };
}
