// Key and secret in what was pasted. The terminal reads pastes by the same rules (cli/terminal/paste.ts); one table of cases holds for both.

export interface Pair {
  readonly apiKey: string;
  readonly apiSecret: string;
}

const token = /[A-Za-z0-9_+/.-]{16,}={0,2}/g;

/** Key and secret in a text that holds both, whatever stands around them; undefined where it isn't just two. */
export function splitPaste(text: string): Pair | undefined {
  const found = [...text.matchAll(token)];
  const [first, second] = found;
  if (!first || !second || found.length !== 2 || first[0] === second[0]) return undefined;
  const before = text.slice(0, first.index);
  const between = text.slice(first.index + first[0].length, second.index);
  const swapped = /secret/i.test(before) && !/secret/i.test(between);
  return swapped ? { apiKey: second[0], apiSecret: first[0] } : { apiKey: first[0], apiSecret: second[0] };
}

/** The one value of a text that else holds nothing but its name: `API key: …`. */
export function namedPaste(text: string): string | undefined {
  const [first, ...more] = text.match(token) ?? [];
  return first !== undefined && more.length === 0 && isName(text.replace(first, " ")) ? first : undefined;
}

/** `API key`, `"apiSecret":`: words for the two, and no value. */
function isName(text: string): boolean {
  return /^(?:api|key|secret|[\s_:="',;{}-])+$/i.test(text) && /key|secret/i.test(text);
}
