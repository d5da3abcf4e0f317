// The addresses a key may be used from: what the page takes, and whether a caller is among them. Apart, because the desk,
// the console and the check of every request must agree.

import { isIP, isIPv4 } from "node:net";
import { holds, rangeOf } from "../../ranges";
import type { BitfinexSwitches } from "./switches";

/** Bitfinex's page takes up to 20. Source: support.bitfinex.com, article 115003363429 */
export const MOST_IPS = 20;

export type IpFormats = BitfinexSwitches["keyIpFormats"]["values"][number];

/** What is wrong with an entry, or `undefined`. */
export function wrongIp(text: string, formats: IpFormats): string | undefined {
  if (formats === "ipv4") return isIPv4(text) ? undefined : "no IPv4 address";
  if (isIP(text) !== 0) return undefined;
  if (formats === "addresses") return "no IP address";
  return rangeOf(text) ? undefined : "no IP address and no range";
}

/** Whether a caller at `source` may come in; an empty list lets everyone in. */
export function mayComeFrom(allowed: readonly string[], source: string): boolean {
  return allowed.length === 0 || holds(allowed, source);
}
