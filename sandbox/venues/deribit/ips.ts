// The addresses a key may be used from: what is taken, how it is kept, and whether a caller is among them. Apart, because
// the methods, the desk and the check of every request must agree.

import { BlockList, isIP, isIPv4 } from "node:net";
import type { Switches } from "../../switches";
import type { DeribitSwitches } from "./switches";

export function isEntry(text: string, switches: Switches<DeribitSwitches>): boolean {
  const formats = switches.get("ipFormats");
  if (formats === "ipv4") return isIPv4(text);
  return isIP(text) !== 0 || (formats === "addresses-and-ranges" && rangeOf(text) !== undefined);
}

/** Whether a caller at `source` may come in; an empty list lets everyone in. */
export function mayComeFrom(allowed: readonly string[], source: string): boolean {
  if (allowed.length === 0) return true;
  return allowed.some((entry) => {
    const list = new BlockList();
    const range = rangeOf(entry);
    if (range) list.addSubnet(range.net, range.prefix, familyOf(range.net));
    else if (isIP(entry) !== 0) list.addAddress(entry, familyOf(entry));
    return list.check(source, familyOf(source));
  });
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

function rangeOf(text: string): { net: string; prefix: number } | undefined {
  const [net = "", prefix = "", ...rest] = text.split("/");
  const most = isIP(net) === 4 ? 32 : 128;
  const right = isIP(net) !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= most && rest.length === 0;
  return right ? { net, prefix: Number(prefix) } : undefined;
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}
