// A review for programs: its findings with their words joined, its verdict, and the conditions that are met. Nothing but ASCII, so that it can be
// looked at, and no `##[error]`, which is a command in the log of a pipeline.

import { revoked, verdictOf, type Condition, type Review, type Words } from "pulumi-exchange-keys/review";

export function reviewJson(review: Review, met: readonly Condition[]): string {
  const { stack, keys, same, partial, foreign } = review;
  const value = {
    stack,
    verdict: joined(verdictOf(review)),
    met: met.map(conditionText),
    revoked: revoked(keys),
    keys: keys.map(({ urn, name, kind, op, ends, place, findings, recorded, desired }) => ({
      ...{ name, urn, kind, op, ends, place },
      findings: findings.map(({ rule, effect, words }) => ({ rule, effect, says: joined(words) })),
      recorded: recorded && sideOf(recorded),
      desired: desired && sideOf(desired),
    })),
    same: same.map(({ name }) => name),
    partial,
    foreign,
  };
  return `${JSON.stringify(value).replace(/[^\x20-\x7e]|#(?=#)/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;
}

export function conditionText(condition: Condition): string {
  return typeof condition === "string" ? condition : `revoke>${condition.revoke}`;
}

type Side = NonNullable<Review["keys"][number]["desired"]>;

/** What isn't known until `up` is null. */
function sideOf({ account, scope, grants, powers, allowedIps, lifetime, unknown }: Side) {
  const place = { account: unknown.includes("account") ? null : account, scope };
  return { ...place, grants: grants ?? null, powers: powers ?? null, allowedIps: allowedIps ?? null, lifetime };
}

function joined(words: Words): string {
  return words.map((word) => (typeof word === "string" ? word : word.given)).join("");
}
