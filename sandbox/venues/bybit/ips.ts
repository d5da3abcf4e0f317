// The addresses of a key: how they are written, and whether a caller is among them. Apart, because the endpoints, the
// desk and the check of every request must agree.

import { isIP, isIPv4 } from "node:net";
import { holds, rangeOf } from "../../ranges";
import type { BybitSwitches } from "./switches";

export type IpFormats = BybitSwitches["ipFormats"]["values"][number];

/** What is wrong with an entry, or `undefined`. */
export function wrongIp(text: string, formats: IpFormats): string | undefined {
  if (formats === "ipv4") return isIPv4(text) ? undefined : "no IPv4 address";
  if (isIP(text) !== 0) return undefined;
  if (formats === "addresses") return "no IP address";
  return rangeOf(text) ? undefined : "no IP address and no range";
}

/**
 * The entries of a request's `ips`: a string such as `"192.0.2.1,192.0.2.2"`, or a list ("array can be used, but string
 * is more explicit"). Source: bybit-exchange/docs, changelog of 2023-09-18.
 */
export function entriesOf(given: string | readonly string[]): string[] {
  const entries = (typeof given === "string" ? [given] : given).flatMap((part) => part.split(","));
  const written = entries.filter((entry, index) => entries.indexOf(entry) === index);
  return written.length === 1 && written[0] === "" ? [] : written;
}

/** Whether a caller at `source` may come in; an empty list lets everyone in. */
export function mayComeFrom(allowed: readonly string[], source: string): boolean {
  return allowed.length === 0 || holds(allowed, source);
}
