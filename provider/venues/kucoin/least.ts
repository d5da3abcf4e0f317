// The least that gives some powers, as a program would write it. Apart, since programs load it, and no manifest with it.

import type { Least } from "../../core/capability";
import type { Power } from "../../core/model";

const LEAST: Readonly<Partial<Record<Power, string>>> = { read: "General", trade: "Spot", transfer: "InnerTransfer" };

/**
 * Trading is on the spot market alone: a key for futures or margin is declared by name. `lifetime` has to be said beside, since KuCoin's own is for ever.
 *
 * @example least(["read", "trade"]) // { inputs: { permissions: ["General", "Spot"] } }
 */
export function least(powers: readonly Power[]): Least {
  if (powers.includes("withdraw")) return { refused: "kucoin: keys of sub-accounts can't withdraw" };
  const refused = powers.find((power) => LEAST[power] === undefined);
  if (refused !== undefined) {
    return { refused: `kucoin: no permission of a sub-account's key is documented to give ${refused}; leave it out` };
  }
  if (!powers.includes("read")) {
    // Without General a key can't look at itself, and whether it comes unasked isn't documented.
    return { refused: `kucoin: every key reads; say ${JSON.stringify(["read", ...powers])}` };
  }
  return { inputs: { permissions: [...new Set(["General", ...powers.map((power) => LEAST[power])])] } };
}
