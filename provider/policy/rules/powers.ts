// Rules on powers that are worth more than they look.

import { z } from "zod";
import { MEANINGS } from "../../core/powers";
import { fits, namePattern } from "../pattern";
import { keyRule } from "../rule";

export const noAdminister = keyRule(
  "no-administer",
  {
    description: "No key can change keys or settings, and none has a permission whose meaning isn't documented.",
    severity: "critical",
    configuration: z.object({ keys: z.array(namePattern).default([]).describe("names of resources that may") }),
  },
  (key, report, { keys }) => {
    if (keys.some((pattern) => fits(pattern, key.name))) return;
    for (const power of ["administer", "unknown"] as const) {
      const grants = key.powers[power];
      if (grants !== undefined) report(`it has ${power} (${grants}): ${MEANINGS[power]}; leave that permission out`);
    }
  },
);

export const acknowledge = keyRule(
  "acknowledge",
  {
    description: "A key of which the venue lets nobody read something back says in `acknowledge` that this is known.",
    severity: "medium",
    enforcementLevel: "advisory",
  },
  (key, report) => {
    if (key.acknowledge !== undefined) return;
    const parts = Object.entries(key.unverified).map(([name, known]) => `${name} (${known})`);
    if (parts.length > 0) report(`nobody can verify its ${parts.join(", ")}; say in acknowledge that you know`);
  },
);
