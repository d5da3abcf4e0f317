// Key and secret in what was pasted or typed into a terminal. The page reads pastes by the same rules (page/client/paste.ts, a browser's
// project of its own); one table of cases holds for both.

export interface Given {
  readonly apiKey: string;
  /** Absent where the key came alone. */
  readonly apiSecret?: string;
}

const TOKEN = /[A-Za-z0-9_+/.-]{16,}={0,2}/g;

/** Undefined where nobody can tell which part is what. */
export function givenIn(text: string): Given | undefined {
  const pair = splitPaste(text);
  if (pair !== undefined) return pair;
  const named = namedPaste(text);
  if (named !== undefined) return /secret/i.test(text.replace(named, "")) ? undefined : { apiKey: named };
  const [apiKey, apiSecret, ...more] = text.split(/\s+/).filter((part) => part !== "");
  if (apiKey === undefined || more.length > 0 || isName(text)) return undefined;
  return apiSecret === undefined ? { apiKey } : { apiKey, apiSecret };
}

export function splitPaste(text: string): Required<Given> | undefined {
  const found = [...text.matchAll(TOKEN)];
  const [first, second] = found;
  if (first === undefined || second === undefined || found.length !== 2 || first[0] === second[0]) return undefined;
  const before = text.slice(0, first.index);
  const between = text.slice(first.index + first[0].length, second.index);
  const swapped = /secret/i.test(before) && !/secret/i.test(between);
  return swapped ? { apiKey: second[0], apiSecret: first[0] } : { apiKey: first[0], apiSecret: second[0] };
}

/** The one value of a text that else holds nothing but its name: `API key: …`. */
export function namedPaste(text: string): string | undefined {
  const [first, ...more] = text.match(TOKEN) ?? [];
  return first !== undefined && more.length === 0 && isName(text.replace(first, " ")) ? first : undefined;
}

/** `API key`: a line of the venue's page that a terminal without bracketed paste hands on by itself. */
export function isName(text: string): boolean {
  return /^(?:api|key|secret|[\s_:="',;{}-])+$/i.test(text) && /key|secret/i.test(text);
}
