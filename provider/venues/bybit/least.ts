// The least that gives some powers, as a program would write it. Apart, since programs load it, and no manifest with it.

import type { Least } from "../../core/capability";
import type { Power } from "../../core/model";

/**
 * @example least(["read", "trade"], []) // { inputs: { access: "read-write", permissions: { Spot: ["SpotTrade"], ContractTrade: ["Order", "Position"] }, … } }
 */
export function least(powers: readonly Power[], accept: readonly string[]): Least {
  const refused = powers.find((power) => power !== "read" && power !== "trade" && power !== "transfer");
  if (refused === "withdraw") return { refused: "bybit: keys of sub-accounts can't withdraw" };
  if (refused !== undefined) return { refused: `bybit: ${refused} is only given by naming the permission; declare a key of its own` };
  if (powers.includes("transfer") && !accept.includes("administer")) {
    return { refused: 'bybit: a key that transfers can change and delete itself, so it administers; say accept: ["administer"]' };
  }
  const transfer = powers.includes("transfer") ? { Wallet: ["AccountTransfer"] } : {};
  if (powers.includes("trade")) {
    return { inputs: { access: "read-write", permissions: { ContractTrade: ["Order", "Position"], Spot: ["SpotTrade"], ...transfer } } };
  }
  if (powers.includes("transfer")) return { inputs: { access: "read-write", permissions: transfer, accept: ["DerivativesTrade"] } };
  return { inputs: { access: "read-only", permissions: { ContractTrade: ["Order", "Position"], Spot: ["SpotTrade"] } } };
}
