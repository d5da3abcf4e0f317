// The least that gives some powers, as a program would write it. Apart, since programs load it, and no manifest with it.

import type { Least } from "../../core/capability";
import type { Power } from "../../core/model";

/**
 * @example least(["read", "trade"], []) // { inputs: { permissions: { futures: "read-write", spot: "read-write" } } }
 */
export function least(powers: readonly Power[], _accept: readonly string[]): Least {
  const refused = powers.find((power) => power === "withdraw" || power === "administer" || power === "unknown");
  if (refused === "withdraw") return { refused: "gate: keys of sub-accounts can't withdraw" };
  if (refused !== undefined) return { refused: `gate: ${refused} is only given by naming the permission; declare a key of its own` };
  const trade = powers.includes("trade") ? { futures: "read-write", spot: "read-write" } : {};
  const lend = powers.includes("lend") ? { loan: "read-write" } : {};
  const transfer = powers.includes("transfer") ? { wallet: "read-write" } : {};
  const writing = { ...trade, ...lend, ...transfer };
  // Reading what is traded; a key that only lends or transfers reads there alone.
  return { inputs: { permissions: Object.keys(writing).length > 0 ? writing : { futures: "read-only", spot: "read-only" } } };
}
