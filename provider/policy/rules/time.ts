// Rules on how long keys live.

import { z } from "zod";
import { duration, fits, namePattern, secondsOf } from "../pattern";
import { keyRule, stackRule } from "../rule";

export const lifetimeAtMost = keyRule(
  "lifetime-at-most",
  {
    description: "A key that ends by itself ends in time.",
    severity: "medium",
    configuration: z.object({ atMost: duration.default("90d").describe("the longest lifetime") }),
  },
  ({ lifetime }, report, { atMost }) => {
    if (lifetime === undefined || within(lifetime, atMost)) return;
    report(
      lifetime === "never"
        ? `it never ends; give it a lifetime of at most ${atMost}`
        : `it lives longer than ${atMost}; give it a lifetime of at most that`,
    );
  },
);

export const rotationDeclared = keyRule(
  "rotation-declared",
  {
    description: "Each key that has a secret says when it is renewed, and that is soon enough.",
    severity: "medium",
    enforcementLevel: "advisory",
    configuration: z.object({
      atMost: duration.default("90d").describe("the longest time between two keys"),
      keys: z.array(namePattern).default([]).describe("names of resources that may do without"),
    }),
  },
  (key, report, { atMost, keys }) => {
    // A key pair is renewed by its holder, who gives another public key.
    if (keys.some((pattern) => fits(pattern, key.name)) || key.publicKey !== undefined) return;
    const every = key.rotation?.every;
    if (every === undefined) report(`it is never renewed; give rotation: { every: "${atMost}" } or less`);
    else if (!within(every, atMost)) report(`it isn't renewed every ${atMost}; give rotation.every of at most that`);
  },
);

export const ageAtMost = stackRule(
  "age-at-most",
  {
    description: "No key is older than it may be.",
    severity: "medium",
    enforcementLevel: "advisory",
    configuration: z.object({ atMost: duration.default("90d").describe("the greatest age") }),
  },
  (keys, report, { atMost }, now) => {
    const most = (secondsOf(atMost) ?? 0) * 1000;
    for (const key of keys) {
      // A preview doesn't show the birth of a key that it would change; then the time when its generation was decided on is known.
      const born = key.createdAt ?? key.decidedAt;
      if (now - Date.parse(born) > most) report(key, `it was made on ${born.slice(0, 10)}, more than ${atMost} ago; renew it`);
    }
  },
);

/** `"never"` isn't within any time. */
function within(text: string, most: string): boolean {
  const seconds = secondsOf(text);
  return seconds !== undefined && seconds <= (secondsOf(most) ?? 0);
}
