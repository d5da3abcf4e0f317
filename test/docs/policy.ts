// The table of rules in docs/policy.md, and an example of each, made from the rules and from the cases that test them.

import { z } from "zod";
import { RULES } from "../../provider/policy";
import { CASES } from "../policy/cases";
import { code, END, MADE, table } from "./tables";

/** What is made stands between these two; the rest of the page is written by hand. */
export const BOUNDS = [MADE, END.trim()] as const;

export function policyPart(): string {
  const rules = RULES.map(({ id, of, severity, enforcementLevel, description }) => [
    `[${code(id)}](#${id})`,
    of,
    enforcementLevel,
    severity,
    description,
  ]);
  return [MADE, table(["rule", "over", "level", "severity", "says"], rules), ...RULES.map(({ id }) => rulePart(id)), END.trim()].join(
    "\n\n",
  );
}

function rulePart(id: string): string {
  const rule = RULES.find((each) => each.id === id)!;
  const cases = CASES.filter((each) => each.rule === id).map(({ configuration, fails, says, passes }) => [
    configuration === undefined ? "" : code(JSON.stringify(configuration)),
    written(fails),
    says,
    written(passes),
  ]);
  return [
    `### ${id}`,
    rule.description,
    ...members(rule.configuration),
    table(["told", "breaks it", "what is said", "keeps it"], cases),
  ].join("\n\n");
}

function members(configuration: z.ZodObject): readonly string[] {
  const { properties = {} } = z.toJSONSchema(configuration, { io: "input" });
  const rows = Object.entries(properties).map(([name, schema]) => {
    const { default: standard, description = "" } = schema as { default?: unknown; description?: string };
    return [code(name), description, standard === undefined ? "" : code(JSON.stringify(standard))];
  });
  return rows.length === 0 ? [] : [table(["it can be told", "what", "default"], rows)];
}

/** Inputs of one key, or of several. An absent one stands for the case's own. */
function written(keys: readonly Readonly<Record<string, unknown>>[]): string {
  const shown = keys.map((key) => JSON.stringify(key, (_, value: unknown) => (value === undefined ? null : value)));
  if (shown.every((text) => text === "{}")) return keys.length === 1 ? "the same key" : `${keys.length} keys`;
  return shown.map((text) => (text === "{}" ? "a key" : code(text.replaceAll(/,?"(access|subAccount)":null/g, "")))).join(" beside ");
}
