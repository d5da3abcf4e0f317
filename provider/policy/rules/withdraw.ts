// Rules on what sends funds away.

import { z } from "zod";
import { POWERS } from "../../core/powers";
import type { Power } from "../../core/model";
import type { Key } from "../key";
import { expression, fits, namePattern } from "../pattern";
import { keyRule } from "../rule";

const power = z.enum(POWERS);

export const noWithdraw = keyRule(
  "no-withdraw",
  {
    description: "No key can withdraw, but those that are named and say in `approval` where that was approved.",
    severity: "critical",
    configuration: z.object({
      keys: z.array(namePattern).default([]).describe("names of resources that may"),
      approval: expression.optional().describe("what their `approval` has to have in it"),
    }),
  },
  (key, report, { keys, approval }) => {
    if (key.powers.withdraw === undefined) return;
    if (!keys.some((pattern) => fits(pattern, key.name))) {
      report(`it can withdraw (${key.powers.withdraw}); leave that permission out, or name the key in the rule's keys`);
    } else if (key.approval === undefined) {
      report("it can withdraw, and says nowhere who approved that; give approval");
    } else if (approval !== undefined && !new RegExp(approval, "u").test(key.approval)) {
      report(`it can withdraw, and its approval doesn't fit ${approval}; give one that does`);
    }
  },
);

export const withdrawBound = keyRule(
  "withdraw-bound",
  {
    description: "A key that can withdraw has an IP list, and does nothing else.",
    severity: "critical",
    configuration: z.object({ beside: z.array(power).default(["read"]).describe("powers that it may have as well") }),
  },
  (key, report, { beside }) => {
    if (key.powers.withdraw === undefined) return;
    const others = othersOf(key, beside);
    if (others.length > 0) report(`it can withdraw, and has ${others.join(", ")} too; make a key of its own for withdrawals`);
    if (key.allowedIps === "anywhere") report("it can withdraw from anywhere; name its addresses in allowedIps");
  },
);

export const tradeOrWithdraw = keyRule(
  "trade-or-withdraw",
  { description: "No key can both trade and withdraw.", severity: "critical" },
  ({ powers }, report) => {
    if (powers.trade === undefined || powers.withdraw === undefined) return;
    report(`it can trade (${powers.trade}) and withdraw (${powers.withdraw}); make two keys`);
  },
);

function othersOf({ powers }: Key, beside: readonly Power[]): readonly Power[] {
  return POWERS.filter((name) => name !== "withdraw" && powers[name] !== undefined && !beside.includes(name));
}
