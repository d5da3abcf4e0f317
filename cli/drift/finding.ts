// What is found of one key, and the order in which it is told: what lets somebody do more comes first.

import { compareNames } from "./preview";

/**
 * `drift`: the venue shows something else than the state. `pending`: the program says something else than the state. `due`: time alone
 * has passed, which the next `up` sees to. `unknown`: nobody can say. `ignored`: the program doesn't say.
 */
export const KINDS = ["drift", "unknown", "pending", "due", "ignored"] as const;
export type Kind = (typeof KINDS)[number];

/** What it is about, the gravest first. */
export const ABOUT = [
  "grave-powers",
  "anywhere",
  "powers",
  "addresses",
  "grants",
  "retiring",
  "former",
  "gone",
  "lapsed",
  "outcome",
  "unseen",
  "hidden",
  "created",
  "revoked",
  "replaced",
  "reissued",
  "unfinished",
  "fewer-powers",
  "fewer-grants",
  "fewer-addresses",
  "label",
  "input",
  "renewal",
  "overlap",
  "ignored",
] as const;
export type About = (typeof ABOUT)[number];

/** A part of a sentence; what is `quoted` comes from a program or a venue, and is shown as it is, never as markup. */
export type Part = string | { readonly quoted: string };

export interface Found {
  readonly kind: Kind;
  readonly about: About;
  /** Without the key's name and without a full stop. */
  readonly says: readonly Part[];
}

export interface Finding extends Found {
  readonly urn: string;
  readonly name: string;
  readonly type: string;
}

const WIDENING: readonly About[] = ["grave-powers", "anywhere", "powers", "addresses", "grants", "retiring"];

/** True where it lets somebody do more. */
export function widens(about: About): boolean {
  return WIDENING.includes(about);
}

/** A sentence's parts, as a template writes them: what is put in is quoted. */
export function saying(texts: TemplateStringsArray, ...values: readonly (string | readonly string[])[]): readonly Part[] {
  return texts.flatMap((text, at): Part[] => {
    const value = values[at];
    return [...(text === "" ? [] : [text]), ...(value === undefined ? [] : listed(typeof value === "string" ? [value] : value))];
  });
}

function listed(values: readonly string[]): Part[] {
  return values.flatMap((quoted, at): Part[] => (at === 0 ? [{ quoted }] : [", ", { quoted }]));
}

/** As it is read aloud. */
export function plain(says: readonly Part[]): string {
  return says.map((part) => (typeof part === "string" ? part : part.quoted)).join("");
}

/** By kind, then what is gravest, then by name: `bot-2` before `bot-10`. The same findings are always told in the same order. */
export function ordered(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted(
    (one, other) =>
      KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) ||
      ABOUT.indexOf(one.about) - ABOUT.indexOf(other.about) ||
      compareNames(one.name, other.name) ||
      compare(one.urn, other.urn) ||
      compare(plain(one.says), plain(other.says)),
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
