// Values that a preview can't know yet: found anywhere in an input, stepped over by validation, carried as they are.

/** What the engine sends in place of an unknown value, a list included. Frozen by @pulumi/pulumi as `unknownValue`; a test compares. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** True where the value is unknown, or holds an unknown at any depth, as a value or as the name of a member. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, member]) => name === UNKNOWN || hasUnknown(member));
}
