// A rule's configuration for the engine, which refuses what has another shape before the rule is asked.

import { z } from "zod";
import type { PolicyConfigSchema } from "@pulumi/policy";
import { LEVELS, type Rule } from "./rule";

/** Defaults are left out: the engine would put them above what the pack itself was told. */
export function schemaOf(rule: Rule): PolicyConfigSchema {
  const { properties = {} } = z.toJSONSchema(rule.configuration, { io: "input" });
  const own = Object.entries(properties).map(([name, schema]) => [name, without(schema as object, "default")]);
  return { properties: { ...Object.fromEntries(own), stacks: STACKS } as PolicyConfigSchema["properties"] };
}

const STACKS = {
  type: "array",
  description: "what holds in some stacks instead: match, enforcementLevel, and the rule's own members; the first entry that fits counts",
  items: {
    type: "object",
    required: ["match"],
    properties: {
      match: { type: "array", minItems: 1, items: { type: "string", minLength: 1 } },
      enforcementLevel: { type: "string", enum: [...LEVELS] },
    },
  },
};

function without(schema: object, name: string): object {
  return Object.fromEntries(Object.entries(schema).filter(([member]) => member !== name));
}
