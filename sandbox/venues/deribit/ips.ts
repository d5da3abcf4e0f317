// The addresses a key may be used from: what is taken, how it is kept, and whether a caller is among them. Apart, because
// the methods, the desk and the check of every request must agree.

import { isIP, isIPv4 } from "node:net";
import { holds, rangeOf } from "../../ranges";
import type { Switches } from "../../switches";
import type { DeribitSwitches } from "./switches";

export function isEntry(text: string, switches: Switches<DeribitSwitches>): boolean {
  const formats = switches.get("ipFormats");
  if (formats === "ipv4") return isIPv4(text);
  return isIP(text) !== 0 || (formats === "addresses-and-ranges" && rangeOf(text) !== undefined);
}

/** Whether a caller at `source` may come in; an empty list lets everyone in. */
export function mayComeFrom(allowed: readonly string[], source: string): boolean {
  return allowed.length === 0 || holds(allowed, source);
}

/** A list as it is given back. */
export function shown(entries: readonly string[], switches: Switches<DeribitSwitches>): string[] {
  return switches.get("ipEcho") === "as-sent" ? [...entries] : [...new Set(entries.map(shortest))].sort();
}

function shortest(entry: string): string {
  const [address = "", prefix] = entry.split("/");
  const short = isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
  return prefix === undefined ? short : `${short}/${prefix}`;
}
