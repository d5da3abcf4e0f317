// The addresses that a key may be used from: how a list is written, and whether a caller is on it. Apart, because the
// endpoints, the desk and the check of every request must agree.

import { isIP, isIPv4 } from "node:net";
import { holds, rangeOf } from "../../ranges";
import type { BinanceSwitches } from "./switches";

/** Who may call with a key: everyone, the addresses of a list, or a third party's, of which there are none here. */
export type Restriction =
  | { readonly status: 1 }
  | { readonly status: 2; readonly ips: readonly string[] }
  | { readonly status: 3; readonly thirdPartyName: string };

export type IpFormats = BinanceSwitches["ipFormats"]["values"][number];

/** The entries of a list separated by commas, each once; `undefined` when one is none. */
export function readIps(text: string, formats: IpFormats): string[] | undefined {
  const entries = text.split(",").map((entry) => entry.trim());
  return entries.every((entry) => isEntry(entry, formats)) ? [...new Set(entries)] : undefined;
}

export function isEntry(text: string, formats: IpFormats): boolean {
  if (formats === "ipv4") return isIPv4(text);
  if (isIP(text) !== 0) return true;
  return formats === "addresses-and-ranges" && rangeOf(text) !== undefined;
}

/** Whether a caller at `source` may come in. */
export function mayComeFrom(restriction: Restriction, source: string): boolean {
  if (restriction.status === 1) return true;
  if (restriction.status === 3) return false;
  return holds(restriction.ips, source);
}
