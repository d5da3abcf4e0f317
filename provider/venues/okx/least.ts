// The least that gives some powers, as a program would write it. Apart, since programs load it, and no manifest with it.

import type { Least } from "../../core/capability";
import type { Power } from "../../core/model";

/**
 * @example least(["read", "trade"], ["transfer"]) // { inputs: { permissions: ["read_only", "trade"] } }
 */
export function least(powers: readonly Power[], accept: readonly string[]): Least {
  const taken = (power: Power): boolean => powers.includes(power) || accept.includes(power);
  if (powers.includes("withdraw")) return { refused: "okx: keys of sub-accounts can't withdraw" };
  const other = powers.find((power) => power !== "read" && power !== "trade" && power !== "transfer");
  if (other !== undefined) return { refused: `okx: no permission of a sub-account's key is documented to ${WORDS[other] ?? other}` };
  if (powers.length === 0) return { refused: "okx: what a key without permissions is isn't documented; ask for a power" };
  if (!powers.includes("trade") && !powers.includes("transfer")) return { inputs: { permissions: ["read_only"] } };
  if (!taken("transfer")) return { refused: 'okx: trade always includes funding transfers; say accept: ["transfer"]' };
  if (!taken("trade")) return { refused: 'okx: transfers come with trade alone; say accept: ["trade"]' };
  if (!taken("read")) return { refused: 'okx: no key with trade is promised not to read; ask for "read" too' };
  return { inputs: { permissions: ["read_only", "trade"] } };
}

const WORDS: Readonly<Partial<Record<Power, string>>> = { lend: "lend", administer: "administer", unknown: "do what nobody knows" };
