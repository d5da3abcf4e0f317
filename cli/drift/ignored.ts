// What the program ignores changes of. The engine then fills in what it saw, so that the preview's desired side is the venue's: it says nothing of
// what the program wants.

import { mapOf } from "./difference";
import { saying, type Found } from "./finding";
import type { Key } from "./preview";

/** The key with the recorded value wherever the program's isn't known. */
export function withoutIgnored(key: Key): Key {
  const { recorded, desired, ignored } = key;
  if (recorded === undefined || desired === undefined || ignored.length === 0) return key;
  const all = ignored.reduce<unknown>((inputs, path) => carried(inputs, recorded.inputs, segmentsOf(path)), desired.inputs);
  const inputs = mapOf(all) ?? {};
  // They follow from what was filled in.
  const powers = rootsOf(key).every((name) => UNCONNECTED.includes(name)) ? inputs["powers"] : recorded.inputs["powers"];
  return { ...key, desired: { ...desired, inputs: { ...inputs, powers } } };
}

const UNCONNECTED: readonly string[] = ["allowedIps", "label"];

/** Told whether it differs or not: of a change that a refresh took into the state nothing else tells. */
export function ignoredOf(key: Key): readonly Found[] {
  const names = rootsOf(key);
  if (names.length === 0) return [];
  return [{ kind: "ignored", about: "ignored", says: saying`its ${names}: no up sets that back` }];
}

/** Names of inputs; all of them for `*`. */
function rootsOf({ ignored, desired }: Key): readonly string[] {
  const roots = ignored.flatMap((path) => segmentsOf(path).slice(0, 1));
  const names = roots.includes("*") ? Object.keys(desired?.inputs ?? {}) : roots;
  return [...new Set(names)].filter((name) => name !== "__provider").sort();
}

/** `allowedIps["203.0.113.10"]`, `["allowedIps"].x`, `rotation.every`, `*`: the engine's property paths. */
function segmentsOf(path: string): readonly string[] {
  const found = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[([^\]"]*)\]|([^.[\]]+)/g);
  return [...found].map(([, quoted, index, bare]) => quoted?.replace(/\\(.)/g, "$1") ?? index ?? bare ?? "");
}

function carried(to: unknown, from: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return from;
  const [target, source] = [mapOf(to), mapOf(from)];
  // A list, or no list any more: no part of it can be told from the rest.
  if (target === undefined || source === undefined) return from;
  const names = name === "*" ? [...new Set([...Object.keys(target), ...Object.keys(source)])] : [name];
  const parts = names.map((each) => [each, carried(target[each], source[each], rest)] as const);
  return Object.fromEntries(Object.entries({ ...target, ...Object.fromEntries(parts) }).filter(([, member]) => member !== undefined));
}
