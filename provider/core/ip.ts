// IP lists: canonical or refused, and compared as sets of addresses. The one place that decides what a list may be.

import { quote } from "./quote";
import { compareRanges, covers, isSingle, readRange, union, WIDEST, within, writeRange, type IpRange } from "./iprange";
import { special } from "./ipspecial";
import type { IpLimits, Problem } from "./capability";
import type { AllowedIps } from "./model";

/** In all: 2^16 IPv4 addresses, one /48 of IPv6. */
const MOST = { 4: 1n << 16n, 6: 1n << 80n } as const;

/** So many problems are told one by one; of the rest, the number. */
const TOLD = 20;

const ANYWHERE = 'for no limit, the one way to say it is allowedIps: "anywhere"';
const FORM = `write a list such as ["203.0.113.10"], a map such as { "203.0.113.10": "gateway" }, or "anywhere"`;

/** One entry as the program wrote it. */
interface Entry {
  readonly property: string;
  readonly text: unknown;
  readonly purpose: unknown;
}

/** One entry as it was understood. */
interface Place {
  readonly range: IpRange;
  readonly purpose: string;
}

/**
 * Makes the input `allowedIps` canonical, or says all that is wrong with it. Given is `"anywhere"`, a non-empty list of addresses and
 * ranges, or a non-empty map of them to their purposes. The result is `"anywhere"` or a map sorted by family, number and prefix, in
 * which duplicates and covered ranges are folded (their purposes joined by `; `) and neighbours stay as written. It holds exactly the
 * addresses that were given.
 *
 * @param where `sandbox`: loopback, private, documentation and other special addresses are allowed
 * @example
 * parseAllowedIps(["203.0.113.10/32", "::ffff:203.0.113.10"], { max: 10, ranges: true, ipv6: true }, { sandbox: true })
 * // { ok: { "203.0.113.10": "" } }
 */
export function parseAllowedIps(
  given: unknown,
  limits: IpLimits,
  where: { readonly sandbox: boolean },
): { readonly ok: AllowedIps } | { readonly problems: readonly Problem[] } {
  if (given === "anywhere") return { ok: "anywhere" };
  const entries = entriesOf(given);
  if (typeof entries === "string") return { problems: [{ property: "allowedIps", reason: entries }] };
  const problems: Problem[] = [];
  const places: Place[] = [];
  for (const entry of entries) {
    const read = readEntry(entry, limits, where.sandbox);
    if (typeof read === "string") problems.push({ property: entry.property, reason: read });
    else places.push(read);
  }
  const folded = fold(places);
  for (const reason of wholeProblems(folded, limits)) problems.push({ property: "allowedIps", reason });
  if (problems.length > 0) return { problems: shortened(problems) };
  return { ok: Object.fromEntries(folded.map(({ range, purpose }) => [writeRange(range), purpose])) };
}

/**
 * True where the list has the address, in whichever notation; `"anywhere"` has all. What isn't an address is in no list.
 *
 * @example contains({ "203.0.113.0/24": "" }, "::ffff:203.0.113.10") // true
 */
export function contains(list: AllowedIps, address: string): boolean {
  if (list === "anywhere") return true;
  const wanted = readAddress(address);
  return wanted !== undefined && readable(Object.keys(list)).some((range) => covers(range, wanted));
}

/**
 * The entries of the list that aren't wholly within the union of the ranges. `"anywhere"` is within nothing, and neither is an entry
 * that can't be read; a range that can't be read holds nothing.
 *
 * @example containedIn({ "203.0.113.0/24": "", "198.51.100.1": "" }, ["203.0.113.0/25", "203.0.113.128/25"]) // ["198.51.100.1"]
 */
export function containedIn(list: AllowedIps, ranges: readonly string[]): readonly string[] {
  if (list === "anywhere") return ["anywhere"];
  const together = union(readable(ranges));
  return Object.keys(list).filter((text) => {
    const entry = readRange(text);
    return "problem" in entry || !within(together, entry.ok);
  });
}

/**
 * What desired has beyond observed (`added`: widens) and observed beyond desired (`removed`: narrows), as whole entries. Judged as sets
 * of addresses: both are empty exactly where both sides hold the same addresses, whichever way those are split into ranges.
 *
 * @example ipDelta({ "203.0.113.10": "" }, { "203.0.113.0/24": "" }) // { added: [], removed: ["203.0.113.0/24"] }
 */
export function ipDelta(
  desired: AllowedIps,
  observed: AllowedIps,
): { readonly added: readonly string[]; readonly removed: readonly string[] } {
  return { added: beyond(desired, observed), removed: beyond(observed, desired) };
}

/** One address in canonical text, mapped IPv4 as IPv4; undefined for a range and for all that isn't strictly an address. */
export function canonicalAddress(text: string): string | undefined {
  const address = readAddress(text);
  return address && writeRange(address);
}

/** A venue's list, which tells no purposes. One that is empty lets nobody in: where it stands for no list, `shownIps` is meant. */
export function ipMap(entries: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(entries.map((entry) => [entry, ""]));
}

/**
 * The same, for venues of which an empty list is none.
 *
 * @example shownIps([]) // "anywhere"
 */
export function shownIps(entries: readonly string[]): AllowedIps {
  return entries.length === 0 ? "anywhere" : ipMap(entries);
}

/** One address or range in canonical text, however wide; undefined for all that isn't strictly one. For ceilings, which bound lists. */
export function canonicalRange(text: string): string | undefined {
  const read = readRange(text);
  return "ok" in read ? writeRange(read.ok) : undefined;
}

function readAddress(text: string): IpRange | undefined {
  return text.includes("/") ? undefined : readable([text])[0];
}

function readable(texts: readonly string[]): readonly IpRange[] {
  return texts.map(readRange).flatMap((read) => ("ok" in read ? [read.ok] : []));
}

function beyond(one: AllowedIps, other: AllowedIps): readonly string[] {
  return other === "anywhere" ? [] : containedIn(one, Object.keys(other));
}

/** The entries, or what is wrong with the value as a whole. */
function entriesOf(given: unknown): readonly Entry[] | string {
  if (given === undefined || given === null) return `allowedIps is missing; ${FORM}`;
  if (Array.isArray(given)) {
    if (given.length === 0) return `the list is empty, which some venues read as no limit; ${FORM}`;
    return Array.from(given as unknown[], (text, index) => ({ property: `allowedIps[${index}]`, text, purpose: "" }));
  }
  if (isMap(given)) {
    const members = Object.entries(given);
    if (members.length === 0) return `the map is empty, which some venues read as no limit; ${FORM}`;
    return members.map(([text, purpose]) => ({ property: `allowedIps[${quote(text)}]`, text, purpose }));
  }
  return `${quote(given)} is neither a list nor a map of addresses; ${FORM}`;
}

function isMap(given: unknown): given is object {
  if (typeof given !== "object" || given === null) return false;
  const prototype: unknown = Object.getPrototypeOf(given);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function readEntry({ text, purpose }: Entry, limits: IpLimits, sandbox: boolean): Place | string {
  if (typeof text !== "string") return `${quote(text)} isn't text; write each address as a string, such as "203.0.113.10"`;
  if (typeof purpose !== "string")
    return `the purpose of ${quote(text)} is ${quote(purpose)}, which isn't text; write a few words, or "" for none`;
  const read = readRange(text);
  return "problem" in read ? read.problem : (whyNot(read.ok, text, limits, sandbox) ?? { range: read.ok, purpose });
}

/** Why a well-formed range may not stand in a list. */
function whyNot(range: IpRange, text: string, limits: IpLimits, sandbox: boolean): string | undefined {
  if (range.prefix < WIDEST[range.family]) {
    return `${quote(text)} is wide open; narrow it to /${WIDEST[range.family]} or longer; ${ANYWHERE}`;
  }
  if (range.family === 6 && !limits.ipv6) return `${quote(text)} is IPv6, which this kind of key doesn't take; write an IPv4 address`;
  if (!isSingle(range) && !limits.ranges)
    return `${quote(text)} is a range, which this kind of key doesn't take; write each address by itself`;
  const what = sandbox ? undefined : special(range);
  if (what === undefined) return undefined;
  const has = isSingle(range) ? "is one of the" : "overlaps the";
  return `${quote(text)} ${has} ${what}, which never reach a venue; write the public address that your requests come from`;
}

/** Sorted; each entry that another covers is folded into it. */
function fold(places: readonly Place[]): readonly Place[] {
  const folded: { range: IpRange; purposes: Set<string> }[] = [];
  for (const { range, purpose } of [...places].sort(comparePlaces)) {
    const before = folded.at(-1);
    // Networks never overlap by half, and what covers is sorted before what it covers.
    if (before !== undefined && covers(before.range, range)) before.purposes.add(purpose);
    else folded.push({ range, purposes: new Set([purpose]) });
  }
  return folded.map(({ range, purposes }) => ({ range, purpose: [...purposes].filter((purpose) => purpose !== "").join("; ") }));
}

function comparePlaces(one: Place, other: Place): number {
  return compareRanges(one.range, other.range) || (one.purpose < other.purpose ? -1 : one.purpose > other.purpose ? 1 : 0);
}

/** What is wrong with the folded list as a whole. Its networks are disjoint, so that their sizes add up to the merged set's. */
function wholeProblems(folded: readonly Place[], limits: IpLimits): readonly string[] {
  const reasons: string[] = [];
  if (limits.max !== undefined && folded.length > limits.max) {
    const takes = limits.max === 1 ? "one" : String(limits.max);
    reasons.push(
      `the list has ${folded.length} addresses and ranges, this kind of key takes ${takes}; split the key${limits.ranges ? ", or join neighbours to a range" : ""}`,
    );
  }
  const chars = folded.map(({ range }) => writeRange(range)).join(",").length;
  if (limits.maxChars !== undefined && chars > limits.maxChars) {
    reasons.push(`the list has ${chars} characters, joined by commas, and the venue takes ${limits.maxChars}; split the key`);
  }
  for (const family of [4, 6] as const) {
    const size = folded.reduce((sum, { range }) => (range.family === family ? sum + range.last - range.first + 1n : sum), 0n);
    const most = family === 4 ? "2^16 (65536) IPv4 addresses" : "one /48 (2^80) of IPv6 addresses";
    if (size > MOST[family]) reasons.push(`the list is wide open: together its ranges hold more than ${most}; narrow them; ${ANYWHERE}`);
  }
  return reasons;
}

function shortened(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= TOLD) return problems;
  const rest = `there are ${problems.length - TOLD} more problems; mend those above first`;
  return [...problems.slice(0, TOLD), { property: "allowedIps", reason: rest }];
}
