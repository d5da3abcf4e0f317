// The least that gives some powers, as a program would write it. Apart, since programs load it, and no manifest with it.

import type { Least, Permissions } from "../../core/capability";
import type { Power } from "../../core/model";

const ORDER: readonly Power[] = ["read", "trade", "lend", "transfer"];

/** The areas that a power needs at least, in a token's and a key's permissions. */
const LEAST: Readonly<Partial<Record<Power, Permissions>>> = {
  read: { wallets: "read" },
  trade: { orders: "read-write" },
  lend: { funding: "read-write" },
  transfer: { wallets: "read-write" },
};

/** Of an API key. Withdrawals and account settings are never handed out by a word: they are declared by name. */
export function leastOfKey(powers: readonly Power[]): Least {
  const refused = powers.find((power) => LEAST[power] === undefined);
  if (refused !== undefined) return { refused: `bitfinex: ${refused} is only given by naming the permission; declare a key of its own` };
  return { inputs: { permissions: Object.assign({}, ...sorted(powers).map((power) => LEAST[power])) as Permissions } };
}

/** Of a token: one that writes can mint tokens, so it administers; only reading is least. */
export function leastOfToken(powers: readonly Power[], accept: readonly string[]): Least {
  const least = leastOfKey(powers);
  if ("refused" in least || powers.every((power) => power === "read")) return least;
  if (!accept.includes("administer")) {
    return { refused: 'bitfinex: a token that writes can mint tokens, so it administers; say accept: ["administer"], or use an API key' };
  }
  const all = Object.entries(least.inputs["permissions"] as Permissions).map(([area]) => [area, "read-write"]);
  return { inputs: { permissions: Object.fromEntries(all) as Permissions } };
}

/** What writes comes last, so that it wins over what reads. */
function sorted(powers: readonly Power[]): readonly Power[] {
  return ORDER.filter((power) => powers.includes(power));
}
