// The least that gives some powers, as a program would write it. Apart, since programs load it, and no manifest with it.

import type { Least } from "../../core/capability";
import type { Power } from "../../core/model";

/**
 * Trading is Spot and Margin; futures and options are flags of their own, to be declared with the class.
 *
 * @example least(["read", "trade"]) // { inputs: { permissions: { canTrade: true } } }
 */
export function least(powers: readonly Power[]): Least {
  const refused = powers.find((power) => power === "withdraw" || power === "administer" || power === "unknown");
  if (refused === "withdraw")
    return { refused: "binance: keys of sub-accounts can't withdraw: no call grants it; withdraw with a master's key" };
  if (refused !== undefined) return { refused: `binance: no permission of a sub-account's key gives ${refused}; leave it out` };
  return {
    inputs: {
      permissions: {
        ...(powers.includes("trade") ? { canTrade: true } : {}),
        ...(powers.includes("lend") ? { canMarginLoanRepay: true } : {}),
        ...(powers.includes("transfer") ? { canUniversalTransfer: true } : {}),
      },
    },
  };
}
