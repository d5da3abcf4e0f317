// What configurations are written with: names with `*`, expressions for texts, durations, ranges. Each says what is wanted.

import { z } from "zod";
import { parseDuration } from "../core/duration";
import { canonicalRange } from "../core/ip";

/** `*` stands for any characters. */
export const namePattern = z.string('write a name; "*" stands for any characters').min(1, 'write a name; "*" stands for any characters');

/** True where the whole name is what the pattern says. */
export function fits(pattern: string, name: string): boolean {
  return new RegExp(`^${pattern.split("*").map(literal).join(".*")}$`, "s").test(name);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** A JavaScript regular expression without its slashes; it has to be found somewhere in the text. */
export const expression = z.string("write a regular expression").refine(readable, "this isn't a regular expression that JavaScript reads");

function readable(source: string): boolean {
  try {
    return new RegExp(source, "u").source !== "";
  } catch {
    return false;
  }
}

/** `"90d"`. */
export const duration = z
  .string('write a duration such as "90d"')
  .refine((text) => "ok" in parseDuration(text), 'write a whole number and one unit of s, m, h, d, w, such as "90d"');

/** Of a duration that is one. */
export function secondsOf(text: string): number | undefined {
  const read = parseDuration(text);
  return "ok" in read ? read.ok.seconds : undefined;
}

/** `"203.0.113.0/24"`. */
export const range = z
  .string('write an address or a range such as "203.0.113.0/24"')
  .refine((text) => canonicalRange(text) !== undefined, 'write an address or a range such as "203.0.113.0/24", without host bits');
