// What a preview can't know yet. Policies are handed values that throw when an unknown one is touched; here they are copied once, and a
// rule that asks for one of them ends, is told of as advisory, and is asked again at `up`.

/** Stands for an unknown value in a copy. */
export const UNKNOWN = Symbol("not known until up");

/** Thrown where a rule asks for a value that isn't known yet. */
export class NotKnown extends Error {
  constructor(
    readonly property: string,
    readonly urn: string,
  ) {
    super(`${property} isn't known until up`);
  }
}

/** A plain copy, each unknown value in it replaced by `UNKNOWN`. */
export function settled(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => member(value, index));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.keys(value).map((name) => [name, member(value, name)]));
}

/** One member as it is, copied. */
export function member(value: object, name: string | number): unknown {
  let found: unknown;
  try {
    found = (value as Record<string | number, unknown>)[name];
  } catch {
    return UNKNOWN; // reading throws for nothing else: these are messages, taken apart
  }
  return settled(found);
}

/** True where a copy holds an unknown value at any depth. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasUnknown);
}
