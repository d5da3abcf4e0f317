// How messages show what a user wrote. Apart, so that no message holds a control character, look-alike letters or a page of text.

const LONGEST = 60;

/**
 * Text in quotes, with everything but printable ASCII escaped, cut after 60 characters; of lists and objects only what they are.
 *
 * @example
 * quote("1.2.3.4\n"); // "1.2.3.4\n", quotes and escape included
 * quote(["1.2.3.4"]); // a list
 */
export function quote(value: unknown): string {
  if (typeof value === "string") {
    const shown = value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
    return JSON.stringify(shown).replace(/[^\x20-\x7e…]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  }
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  if (typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  return String(value);
}
