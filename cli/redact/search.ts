// The search for what was taken out, in the forms in which it may stand in a text: one pass over each reading of a text, for all of it at
// once. Apart, since its time has to grow with the state and not with the number of secrets.

/** A shorter secret can't be told from other text. */
export const SHORTEST = 8;
/** So many windows of a text to find are looked at for the one that the fewest others share: many begin or end alike. */
const TRIED = 12;
/** Encodings within each other are followed so far. */
const READINGS = 12;

export type Kind = "ciphertext" | "plain";

interface Needle {
  readonly text: string;
  readonly kind: Kind;
  /** Where its window begins. */
  readonly at: number;
}

export class Search {
  readonly #byWindow = new Map<string, Needle[]>();

  constructor(ciphertexts: Iterable<string>, plain: Iterable<string>) {
    const needles = new Map<string, Kind>();
    for (const text of plain) for (const form of forms(text)) needles.set(form, "plain");
    for (const text of ciphertexts) needles.set(text, "ciphertext");
    const shared = new Map<string, number>();
    for (const text of needles.keys())
      for (const at of windows(text)) shared.set(window(text, at), (shared.get(window(text, at)) ?? 0) + 1);
    for (const [text, kind] of needles) this.#add(text, kind, shared);
  }

  #add(text: string, kind: Kind, shared: ReadonlyMap<string, number>): void {
    const [first, ...others] = windows(text);
    if (first === undefined) return;
    const times = (at: number): number => shared.get(window(text, at)) ?? 0;
    const at = others.reduce((best, other) => (times(other) < times(best) ? other : best), first);
    const same = this.#byWindow.get(window(text, at));
    if (same === undefined) this.#byWindow.set(window(text, at), [{ text, kind, at }]);
    else same.push({ text, kind, at });
  }

  /** What of it stands in the text, however that is written. */
  in(text: string): Kind | undefined {
    if (this.#byWindow.size === 0) return undefined;
    for (const reading of readings(text)) {
      for (let at = 0; at + SHORTEST <= reading.length; at += 1) {
        const found = this.#byWindow.get(window(reading, at))?.find((needle) => reading.startsWith(needle.text, at - needle.at));
        if (found !== undefined) return found.kind;
      }
    }
    return undefined;
  }
}

/** The text, and what it says where it is JSON in a text, part of a URL, or broken into lines; those within each other too. */
export function readings(text: string): readonly string[] {
  const all = [text];
  for (const each of all) {
    for (const read of [unescaped, decoded, joined]) {
      const other = read(each);
      if (all.length < READINGS && !all.includes(other)) all.push(other);
    }
  }
  return all;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(?:u([0-9a-f]{4})|(.))/gis, (_, code: string | undefined, other: string) =>
    code === undefined ? (ESCAPES[other] ?? other) : String.fromCharCode(parseInt(code, 16)),
  );
}

function decoded(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString());
}

function joined(text: string): string {
  return text.replace(/\r?\n[ \t]*/g, "");
}

/** As it is, in a form's fields, in one line, in base64 whatever stands before it, in hex. The rest is the readings' part. */
function forms(text: string): readonly string[] {
  if (text.length < SHORTEST) return [];
  const json = JSON.stringify(text).slice(1, -1);
  const encoded = [...new Set([text, json])].flatMap((each) => [...base64(Buffer.from(each)), Buffer.from(each).toString("hex")]);
  const url = encoded.map((each) => each.replaceAll("+", "-").replaceAll("/", "_"));
  const upper = encoded.filter((each) => /^[0-9a-f]+$/.test(each)).map((each) => each.toUpperCase());
  return [...new Set([text, text.replaceAll(" ", "+"), joined(text), ...encoded, ...url, ...upper])];
}

/** The characters that these bytes alone decide, after none, one and two others. */
function base64(bytes: Buffer): readonly string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
}

/** Where its windows begin: the first, the last, and some between. */
function windows(text: string): readonly number[] {
  const last = text.length - SHORTEST;
  if (last < 0) return [];
  const step = Math.max(1, last / (TRIED - 1));
  return Array.from({ length: Math.min(TRIED, last + 1) }, (_, n) => Math.min(last, Math.round(n * step)));
}

function window(text: string, at: number): string {
  return text.slice(at, at + SHORTEST);
}
