// Rules over all keys of a stack.

import { z } from "zod";
import type { Key } from "../key";
import { stackRule } from "../rule";

export const keysPerAccount = stackRule(
  "keys-per-account",
  {
    description: "A stack has no more than so many keys at one account; each sub-account counts for itself.",
    severity: "medium",
    configuration: z.object({ atMost: z.int("write a whole number").min(0).optional().describe("keys; without it any number") }),
  },
  (keys, report, { atMost }) => {
    if (atMost === undefined) return;
    for (const [place, group] of grouped(keys, placeOf)) {
      for (const key of group.slice(atMost))
        report(key, `${place} has ${group.length} keys in this stack, and allowed are ${atMost}; do with fewer`);
    }
  },
);

export const noTwins = stackRule(
  "no-twins",
  {
    description: "No two keys of one account have the same powers and addresses.",
    severity: "low",
    enforcementLevel: "advisory",
  },
  (keys, report) => {
    for (const [, group] of grouped(keys, (key) => JSON.stringify([placeOf(key), Object.keys(key.powers).sort(), places(key)]))) {
      const [first, ...others] = group;
      for (const key of others)
        report(key, `it has the powers, addresses and account of "${first?.name ?? ""}"; use one key, or tell their addresses apart`);
    }
  },
);

function placeOf({ venue, account, subAccount }: Key): string {
  return subAccount === undefined ? `${venue} ${account}` : `${venue} ${account}, sub-account ${subAccount}`;
}

function places({ allowedIps }: Key): unknown {
  return allowedIps === "anywhere" ? allowedIps : Object.keys(allowedIps).sort();
}

/** In the order of their names, so that the same program is told the same. */
function grouped(keys: readonly Key[], by: (key: Key) => string): ReadonlyMap<string, readonly Key[]> {
  const groups = new Map<string, Key[]>();
  for (const key of [...keys].sort((one, other) => (one.urn < other.urn ? -1 : 1))) {
    const name = by(key);
    groups.set(name, [...(groups.get(name) ?? []), key]);
  }
  return groups;
}
