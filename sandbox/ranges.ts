// Addresses and ranges of them, as any venue's IP list may have them. Apart from the venues, which only say what they take and
// what an empty list means.

import { BlockList, isIP } from "node:net";

/** `192.0.2.0/24` taken apart; `undefined` for what is no range. Host bits are let be. */
export function rangeOf(text: string): { net: string; prefix: number } | undefined {
  const [net = "", prefix = "", ...rest] = text.split("/");
  const most = isIP(net) === 4 ? 32 : 128;
  const right = isIP(net) !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= most && rest.length === 0;
  return right ? { net, prefix: Number(prefix) } : undefined;
}

/** Whether one of the entries, addresses and ranges, holds this address; an entry that is neither holds none. */
export function holds(entries: readonly string[], address: string): boolean {
  return entries.some((entry) => {
    const list = new BlockList();
    const range = rangeOf(entry);
    if (range) list.addSubnet(range.net, range.prefix, familyOf(range.net));
    else if (isIP(entry) !== 0) list.addAddress(entry, familyOf(entry));
    return list.check(address, familyOf(address));
  });
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}
