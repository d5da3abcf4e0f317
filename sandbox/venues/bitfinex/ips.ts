// The addresses a key may be used from: what the page takes, and whether a caller is among them. Apart, because the desk,
// the console and the check of every request must agree.

import { BlockList, isIP, isIPv4 } from "node:net";
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
  if (allowed.length === 0) return true;
  return allowed.some((entry) => {
    const list = new BlockList();
    const range = rangeOf(entry);
    if (range) list.addSubnet(range.net, range.prefix, familyOf(range.net));
    else if (isIP(entry) !== 0) list.addAddress(entry, familyOf(entry));
    return list.check(source, familyOf(source));
  });
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
