// The proof of a redacted state: that none of what was taken out stands in it somewhere else, and nothing that looks encrypted.

import { DUMMY, isMembers, markOf, type Members } from "./secret";

/** What was taken out. */
export interface Found {
  readonly ciphertexts: Set<string>;
  /** JSON of plain secrets, of an export with `--show-secrets`. */
  readonly plaintexts: string[];
  secrets: number;
}

/** Something secret would be left: nothing may be written. Says where, and never what. */
export class NotProved extends Error {
  override readonly name = "NotProved";
}

/** As the passphrase's and most other secrets managers write it. */
const ENCRYPTED = /^v\d:[A-Za-z0-9+/]{16}:[A-Za-z0-9+/=]*$/;
/** What a credential says in clear beside its secret parts: it stands in the inputs too. */
const KNOWN = new Set(["venue", "environment", "keyType"]);
/** A shorter secret can't be told from other text. */
const SHORTEST = 8;

/** Throws NotProved, with the path of what is wrong. */
export function proved(state: unknown, found: Found): void {
  const texts = new Map<string, string>();
  collect(state, "", found.ciphertexts, texts);
  const needles = new Map<string, string[]>();
  for (const plaintext of found.plaintexts) for (const leaf of leaves(parsed(plaintext))) index(leaf, needles);
  if (needles.size === 0) return;
  for (const [text, path] of texts) {
    if (holds(text, needles)) {
      throw new NotProved(`${path} holds, in clear, what is secret elsewhere in this export; export it without --show-secrets`);
    }
  }
}

/** Each text of the state once (programs' texts repeat), with the first place that has it. */
function collect(value: unknown, path: string, ciphertexts: ReadonlySet<string>, texts: Map<string, string>): void {
  if (typeof value === "string") {
    if (ciphertexts.has(value) || ENCRYPTED.test(value)) throw new NotProved(`${path} holds something encrypted outside a secret`);
    if (!texts.has(value)) texts.set(value, path);
  } else if (Array.isArray(value)) {
    value.forEach((member, at) => {
      collect(member, `${path}[${at}]`, ciphertexts, texts);
    });
  } else if (isMembers(value)) {
    assertMarked(value, path);
    for (const [name, member] of Object.entries(value)) {
      const at = path === "" ? name : `${path}.${name}`;
      if (!texts.has(name)) texts.set(name, `a name in ${path}`);
      collect(member, at, ciphertexts, texts);
    }
  }
}

function assertMarked(value: Members, path: string): void {
  const mark = markOf(value);
  if (mark === "unknown") throw new NotProved(`${path} is marked as something that this command doesn't know; a newer one may`);
  const whole = mark === "secret" && Object.keys(value).length === 2 && "plaintext" in value;
  if (mark !== "none" && "ciphertext" in value) throw new NotProved(`${path} still holds a ciphertext`);
  if (mark === "secret" && !whole) throw new NotProved(`${path} is a secret that wasn't replaced`);
}

/** The texts in a plain secret. */
function leaves(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  if (Array.isArray(value)) return value.flatMap(leaves);
  if (!isMembers(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => (KNOWN.has(name) ? [] : leaves(member)));
}

/** By their first characters, so that one pass over the state looks for all of them. */
function index(leaf: string, needles: Map<string, string[]>): void {
  if (leaf.length < SHORTEST || leaf === DUMMY) return;
  const head = leaf.slice(0, SHORTEST);
  const same = needles.get(head);
  if (same === undefined) needles.set(head, [leaf]);
  else if (!same.includes(leaf)) same.push(leaf);
}

function holds(text: string, needles: ReadonlyMap<string, readonly string[]>): boolean {
  for (let at = 0; at + SHORTEST <= text.length; at += 1) {
    const candidates = needles.get(text.slice(at, at + SHORTEST));
    if (candidates?.some((needle) => text.startsWith(needle, at)) === true) return true;
  }
  return false;
}

function parsed(plaintext: string): unknown {
  try {
    return JSON.parse(plaintext);
  } catch {
    return plaintext; // not as the engine writes it, and secret all the same
  }
}
