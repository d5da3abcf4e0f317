// Rules on where a key may be used from. They count addresses and don't repeat them: the program may have made one secret.

import { z } from "zod";
import { containedIn } from "../../core/ip";
import { readRange } from "../../core/iprange";
import { fits, namePattern, range } from "../pattern";
import { keyRule } from "../rule";

export const noAnywhere = keyRule(
  "no-anywhere",
  {
    description: "Each key has an IP list.",
    configuration: z.object({ keys: z.array(namePattern).default([]).describe("names of resources that may do without") }),
  },
  (key, report, { keys }) => {
    if (key.allowedIps !== "anywhere" || keys.some((pattern) => fits(pattern, key.name))) return;
    report("it can be used from anywhere; name its addresses in allowedIps");
  },
);

const prefix = (longest: number) => z.int(`write a whole number from 0 to ${longest}`).min(0).max(longest);

export const ipsWithin = keyRule(
  "ips-within",
  {
    description: "Each address is within the given ranges, and none stands for more than a given prefix.",
    configuration: z.object({
      within: z.array(range).min(1, "name at least one range, or leave it out").optional().describe("ranges; without it any"),
      ipv4: prefix(32).default(24).describe("the shortest prefix of IPv4"),
      ipv6: prefix(128).default(64).describe("the shortest prefix of IPv6"),
    }),
  },
  (key, report, { within, ipv4, ipv6 }) => {
    if (key.allowedIps === "anywhere") {
      if (within !== undefined)
        report(`it can be used from anywhere, which isn't within ${within.join(", ")}; name its addresses in allowedIps`);
      return;
    }
    const entries = Object.keys(key.allowedIps);
    const outside = within === undefined ? [] : containedIn(key.allowedIps, within);
    if (outside.length > 0) report(`${some(outside, entries, "n't")} within ${within?.join(", ") ?? ""}; name other addresses`);
    for (const least of [ipv4, ipv6].filter((prefix, index, all) => all.indexOf(prefix) === index)) {
      const broad = entries.filter((entry) => wide(entry, { 4: ipv4, 6: ipv6 }) === least);
      if (broad.length > 0) report(`${some(broad, entries)} wider than /${least}; name fewer addresses`);
    }
  },
);

function some(these: readonly string[], all: readonly string[], not = ""): string {
  return `${all.length === 1 ? "its address" : `${these.length} of its ${all.length} addresses`} ${these.length === 1 ? "is" : "are"}${not}`;
}

/** The prefix that an entry falls short of; one that can't be read falls short of any. */
function wide(entry: string, least: Readonly<Record<4 | 6, number>>): number | undefined {
  const read = readRange(entry);
  if ("problem" in read) return least[4];
  return read.ok.prefix < least[read.ok.family] ? least[read.ok.family] : undefined;
}
