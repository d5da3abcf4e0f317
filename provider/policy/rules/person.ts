// Rules on who is behind a key: the texts for people, and who holds its secret. No rule repeats such a text: the program may have made it
// secret, and the engine doesn't tell packs so.

import { z } from "zod";
import { inPlace } from "../configuration";
import { expression, namePattern } from "../pattern";
import { keyRule } from "../rule";

const text = (what: string) => expression.default(".").describe(`what ${what} has to have in it`);

export const holderAndPurpose = keyRule(
  "holder-and-purpose",
  {
    description: "Each key says who holds it and what for.",
    severity: "low",
    enforcementLevel: "advisory",
    configuration: z.object({ holder: text("`holder`"), purpose: text("`purpose`") }),
  },
  (key, report, patterns) => {
    for (const name of ["holder", "purpose"] as const) {
      const said = key[name];
      if (said === undefined) report(`it has no ${name}; give one`);
      else if (!new RegExp(patterns[name], "u").test(said)) report(`its ${name} doesn't fit ${patterns[name]}; give one that does`);
    }
  },
);

export const publicKeyOnly = keyRule(
  "public-key-only",
  {
    description: "In the given stacks, no key has a secret: its holder made the key pair.",
    configuration: z.object({
      in: z.array(namePattern).default([]).describe("stacks, `production` or `desk/production`; without it none"),
    }),
  },
  (key, report, { in: patterns }) => {
    if (key.publicKey !== undefined || !patterns.some((pattern) => inPlace(pattern, key))) return;
    report("it has a secret, which the state keeps; give publicKey, at a venue that takes one");
  },
);
