// What the tests of IP lists ask: the canonical list, the problems, or the one reason.

import { parseAllowedIps } from "../../provider/core/ip";
import type { IpLimits, Problem } from "../../provider/core/capability";
import type { AllowedIps } from "../../provider/core/model";

export const ANY: IpLimits = { max: 1_000, ranges: true, ipv6: true };
export const SANDBOX = { sandbox: true };
export const VENUE = { sandbox: false };

export function ok(given: unknown, limits = ANY, where = SANDBOX): AllowedIps {
  const parsed = parseAllowedIps(given, limits, where);
  if ("problems" in parsed) throw new Error(`refused: ${parsed.problems.map(({ reason }) => reason).join("\n")}`);
  return parsed.ok;
}

export function problems(given: unknown, limits = ANY, where = SANDBOX): readonly Problem[] {
  const parsed = parseAllowedIps(given, limits, where);
  if ("ok" in parsed) throw new Error(`accepted as ${JSON.stringify(parsed.ok)}`);
  return parsed.problems;
}

export function reason(given: unknown, limits = ANY, where = SANDBOX): string {
  const [first, ...more] = problems(given, limits, where);
  expect(more).toEqual([]);
  return first!.reason;
}
