// The least that gives some powers, as a program would write it. Apart, since programs load it, and no manifest with it.

import type { Least } from "../../core/capability";
import type { Power } from "../../core/model";

/**
 * @example least(["read", "trade"], []) // { inputs: { permissions: { account: "read", trade: "read_write" } } }
 */
export function least(powers: readonly Power[]): Least {
  const refused = powers.find((power) => power !== "read" && power !== "trade");
  if (refused === "transfer" || refused === "withdraw") {
    return {
      refused:
        "deribit: the scope that transfers withdraws too (wallet:read_write), which is only given by naming it; declare a key of its own",
    };
  }
  if (refused === "lend") return { refused: "deribit: no scope lends; leave it out" };
  if (refused !== undefined) return { refused: `deribit: ${refused} is only given by naming the scope; declare a key of its own` };
  return { inputs: { permissions: { account: "read", trade: powers.includes("trade") ? "read_write" : "read" } } };
}
