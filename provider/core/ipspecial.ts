// Addresses that no venue ever sees as a caller's own: the IANA special-purpose registries and what is reserved besides. Data, apart from the judgement.

import { covers, readRange, type IpRange } from "./iprange";

/**
 * Sources: https://www.iana.org/assignments/iana-ipv4-special-registry and
 * https://www.iana.org/assignments/iana-ipv6-special-registry;
 * multicast: RFC 5771 and RFC 4291; IPv6 outside 2000::/3: https://www.iana.org/assignments/ipv6-address-space.
 * The narrower name stands before the wider, since the first that overlaps is the one in the message.
 */
const TABLE = [
  ["0.0.0.0/8", "this-network"],
  ["10.0.0.0/8", "private"],
  ["100.64.0.0/10", "shared (carrier-grade NAT)"],
  ["127.0.0.0/8", "loopback"],
  ["169.254.0.0/16", "link-local"],
  ["172.16.0.0/12", "private"],
  ["192.0.0.0/24", "IETF protocol"],
  ["192.0.2.0/24", "documentation"],
  ["192.31.196.0/24", "AS112 anycast"],
  ["192.52.193.0/24", "AMT anycast"],
  ["192.88.99.0/24", "6to4 relay (translation)"],
  ["192.168.0.0/16", "private"],
  ["192.175.48.0/24", "AS112 anycast"],
  ["198.18.0.0/15", "benchmarking"],
  ["198.51.100.0/24", "documentation"],
  ["203.0.113.0/24", "documentation"],
  ["224.0.0.0/4", "multicast"],
  ["255.255.255.255/32", "broadcast"],
  ["240.0.0.0/4", "reserved"],
  ["::/128", "unspecified"],
  ["::1/128", "loopback"],
  ["64:ff9b::/96", "NAT64 translation"],
  ["64:ff9b:1::/48", "NAT64 translation"],
  ["100::/64", "discard-only"],
  ["100:0:0:1::/64", "dummy"],
  ["2001::/32", "Teredo translation"],
  ["2001::/23", "IETF protocol"],
  ["2001:db8::/32", "documentation"],
  ["2002::/16", "6to4 translation"],
  ["2620:4f:8000::/48", "AS112 anycast"],
  ["3fff::/20", "documentation"],
  ["5f00::/16", "segment-routing"],
  ["fc00::/7", "unique-local (private)"],
  ["fe80::/10", "link-local"],
  ["fec0::/10", "site-local (private)"],
  ["ff00::/8", "multicast"],
] as const;

const SPECIAL: readonly { readonly range: IpRange; readonly text: string; readonly name: string }[] = TABLE.map(([text, name]) => {
  const read = readRange(text);
  if ("problem" in read) throw new Error(read.problem);
  return { range: read.ok, text, name };
});

/** First and last IPv6 address that the IETF has released as global unicast: 2000::/3. */
const GLOBAL = { family: 6, first: 0b001n << 125n, last: (0b010n << 125n) - 1n } as const;

/**
 * What is special about a range, or about a part of it; undefined where it is ordinary through and through.
 *
 * @example special(10.1.0.0/16) // "private addresses (10.0.0.0/8)"
 */
export function special(range: IpRange): string | undefined {
  const hit = SPECIAL.find((row) => covers(row.range, range) || covers(range, row.range));
  if (hit !== undefined) return `${hit.name} addresses (${hit.text})`;
  if (range.family === 6 && !covers(GLOBAL, range)) return "reserved addresses (outside 2000::/3)";
  return undefined;
}
