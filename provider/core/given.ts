// Inputs as a program gave them: read and refused alike by `check` and by every venue.

import type { Permissions, Problem } from "./capability";
import type { Grants } from "./model";
import { grantSet } from "./permission";

/** One problem, as judging an input answers it. */
export function refuse(property: string, reason: string): { readonly problems: readonly Problem[] } {
  return { problems: [{ property, reason }] };
}

/** A list isn't one. */
export function isObject(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

/** The members of a map without those that are undefined, which programs write for none; undefined for what is no map. */
export function membersOf(given: unknown): readonly (readonly [string, unknown])[] | undefined {
  return isObject(given) ? Object.entries(given).filter(([, value]) => value !== undefined) : undefined;
}

/** Sorted, so that the order in which a program writes a map is no change. */
export function sortedMap<T>(members: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  return Object.fromEntries([...members].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The words of a list, or of a map of words to `true`; undefined for anything else. */
export function wordsIn(given: unknown): readonly unknown[] | undefined {
  if (Array.isArray(given)) return given as readonly unknown[];
  if (!isObject(given)) return undefined;
  const entries = Object.entries(given);
  return entries.every(([, value]) => value === true) ? entries.map(([word]) => word) : undefined;
}

/**
 * A list of words as a map, so that a preview shows which one came or went.
 *
 * @example mapOf(["trade", "read_only"]) // { read_only: true, trade: true }
 */
export function mapOf(words: Grants): Permissions {
  return Object.fromEntries(grantSet(words).map((word) => [word, true]));
}
