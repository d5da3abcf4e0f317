// One address or range: strict text to numbers, numbers to canonical text, and what covers what. Apart from ip.ts, which judges lists.

import { isIPv4, isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";
import { quote } from "./quote";

/** A network: `first` to `last` as numbers, of 2^32 or 2^128. A single address has the longest prefix. */
export interface IpRange {
  readonly family: 4 | 6;
  readonly prefix: number;
  readonly first: bigint;
  readonly last: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;

/** The widest prefix that isn't wide open: 2^16 IPv4 addresses, one IPv6 site. */
export const WIDEST = { 4: 16, 6: 48 } as const;

/** ::ffff:0:0, where IPv6 writes IPv4 addresses. */
const MAPPED = 0xffffn << 32n;

const FORM = 'write IPv4 as "203.0.113.10", IPv6 as "2001:db8::10", a range as network/prefix such as "203.0.113.0/24"';

/**
 * Reads an address or a range, and nothing that only looks like one: four decimal parts without leading zeros, IPv6 without zone, a
 * plain decimal prefix, no host bits. IPv4-mapped IPv6 becomes IPv4. A problem is a whole sentence with the way out.
 *
 * @example
 * readRange("::ffff:203.0.113.0/120"); // { ok: 203.0.113.0/24 }
 * readRange("010.1.1.1");              // { problem: '"010.1.1.1" has a part with a leading zero, …' }
 */
export function readRange(text: string): { readonly ok: IpRange } | { readonly problem: string } {
  const slash = text.indexOf("/");
  const address = readBits(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return { problem: `${quote(text)} ${whyNoAddress(text)}` };
  const prefix = slash < 0 ? BITS[address.family] : readPrefix(text.slice(slash + 1));
  if (prefix === undefined || prefix > BITS[address.family]) {
    return { problem: `${quote(text)} has no plain prefix; after the / write a number from 0 to ${BITS[address.family]}` };
  }
  const network = networkOf(address.family, address.bits, prefix);
  const holdsMapped = address.family === 6 && network.first <= MAPPED && MAPPED <= network.last;
  if (holdsMapped && prefix < 96) {
    return {
      problem: `${quote(text)} is wide open: it holds every IPv4 address in mapped form; write the IPv4 ranges themselves, or "anywhere" alone`,
    };
  }
  const mapped = address.family === 6 && address.bits >> 32n === 0xffffn;
  const range = mapped ? networkOf(4, address.bits & 0xffffffffn, prefix - 96) : network;
  if (network.first !== address.bits) return { problem: `${quote(text)} ${hostBits(range, address)}` };
  return { ok: range };
}

/** The canonical text: RFC 5952 for IPv6, a single address without prefix. */
export function writeRange(range: IpRange): string {
  const address = range.family === 4 ? writeIPv4(range.first) : writeIPv6(range.first);
  return isSingle(range) ? address : `${address}/${range.prefix}`;
}

export function isSingle(range: IpRange): boolean {
  return range.prefix === BITS[range.family];
}

/** True where every address of `inner` is one of `outer`. */
export function covers(outer: Interval, inner: IpRange): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

/** Order of lists: IPv4 before IPv6, then by number, then the wider first, so that what covers stands before what it covers. */
export function compareRanges(one: IpRange, other: IpRange): number {
  if (one.family !== other.family) return one.family - other.family;
  if (one.first !== other.first) return one.first < other.first ? -1 : 1;
  return one.prefix - other.prefix;
}

/** Addresses from first to last, which needn't be a network. */
export type Interval = Pick<IpRange, "family" | "first" | "last">;

/** The union as disjoint intervals in order: what overlaps or touches is one. */
export function union(ranges: readonly IpRange[]): readonly Interval[] {
  const merged: { family: 4 | 6; first: bigint; last: bigint }[] = [];
  for (const { family, first, last } of [...ranges].sort(compareRanges)) {
    const before = merged.at(-1);
    if (before?.family !== family || first > before.last + 1n) merged.push({ family, first, last });
    else if (last > before.last) before.last = last;
  }
  return merged;
}

/** True where one of the intervals of a union covers the range. */
export function within(intervals: readonly Interval[], range: IpRange): boolean {
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const interval = intervals[middle];
    if (interval !== undefined && startsBy(interval, range)) low = middle + 1;
    else high = middle;
  }
  const candidate = intervals[low - 1];
  return candidate !== undefined && covers(candidate, range);
}

function startsBy(interval: Interval, range: IpRange): boolean {
  return interval.family === range.family ? interval.first <= range.first : interval.family < range.family;
}

function networkOf(family: 4 | 6, bits: bigint, prefix: number): IpRange {
  const free = BigInt(BITS[family] - prefix);
  const first = (bits >> free) << free;
  return { family, prefix, first, last: first | ((1n << free) - 1n) };
}

function readBits(text: string): { readonly family: 4 | 6; readonly bits: bigint } | undefined {
  // isIPv4 and isIPv6 know the grammar; the alphabet, which has no zone, no space and no NUL, is checked first.
  if (/^[0-9.]{7,15}$/.test(text) && isIPv4(text)) return { family: 4, bits: readIPv4(text) };
  if (!/^[0-9a-fA-F:.]{2,45}$/.test(text) || !isIPv6(text)) return undefined;
  const dotted = /[0-9.]*\.[0-9.]*$/.exec(text)?.[0];
  if (dotted === undefined) return { family: 6, bits: joined(ipaddr.IPv6.parse(text).parts, 16n) };
  if (!isIPv4(dotted)) return undefined;
  const tail = readIPv4(dotted);
  const groups = `${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
  return { family: 6, bits: joined(ipaddr.IPv6.parse(text.slice(0, -dotted.length) + groups).parts, 16n) };
}

function readIPv4(text: string): bigint {
  return joined(text.split(".").map(Number), 8n);
}

function readPrefix(text: string): number | undefined {
  return /^(0|[1-9][0-9]{0,2})$/.test(text) ? Number(text) : undefined;
}

function joined(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((bits, part) => (bits << width) | BigInt(part), 0n);
}

function parts(bits: bigint, count: number, width: bigint): number[] {
  return Array.from({ length: count }, (_, index) => Number((bits >> (width * BigInt(count - 1 - index))) & ((1n << width) - 1n)));
}

function writeIPv4(bits: bigint): string {
  return parts(bits, 4, 8n).join(".");
}

function writeIPv6(bits: bigint): string {
  return new ipaddr.IPv6(parts(bits, 8, 16n)).toRFC5952String();
}

function hostBits(range: IpRange, address: { readonly bits: bigint; readonly family: 4 | 6 }): string {
  const own = range.family === 4 ? writeIPv4(address.bits & 0xffffffffn) : writeIPv6(address.bits);
  const network = range.prefix < WIDEST[range.family] ? "" : `, or "${writeRange(range)}" for the whole range`;
  return `has bits set behind its prefix; write "${own}" for the one address${network}`;
}

function whyNoAddress(text: string): string {
  if (text === "") return `is empty; ${FORM}`;
  if (/\s/.test(text)) return `has white space in it; ${FORM}`;
  if (text === "anywhere") return 'stands alone or not at all: write allowedIps: "anywhere", or leave it out of the list';
  if (text === "*" || /^anywhere$/i.test(text))
    return 'isn\'t an address; for no limit write allowedIps: "anywhere", in lower case and alone';
  if (text.includes("%")) return "has a zone, which means something on one machine only; leave out the % and what follows";
  if (/^[0-9.]*(^|\.)0[0-9]+/.test(text)) return `has a part with a leading zero, which some systems read as octal; ${FORM}`;
  return `isn't an IP address or range; ${FORM}`;
}
