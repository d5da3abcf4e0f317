// The proof of a redacted state: that none of what was taken out stands in it somewhere else, and nothing that looks encrypted.

import { SIGNATURE } from "pulumi-exchange-keys/review";
import { WORDS } from "./key";
import { readings, Search } from "./search";
import { DUMMY, isMembers, markOf, type Members } from "./secret";

/** What was taken out, and what stands in its place. */
export interface Found {
  readonly ciphertexts: Set<string>;
  /** Values that were in clear: those of an export with `--show-secrets`, and secret outputs of keys that aren't marked. */
  readonly plain: unknown[];
  readonly dummies: WeakSet<object>;
  /** By what keys are named in clear; in a secret's map too. */
  readonly names: Set<string>;
  secrets: number;
}

/** Something secret would be left: nothing may be written. Says where, and never what. */
export class NotProved extends Error {
  override readonly name = "NotProved";
}

/** As the passphrase's and most other secrets managers write it. */
const ENCRYPTED = /(?<![A-Za-z0-9])v\d:[A-Za-z0-9+/]{16}:[A-Za-z0-9+/]{4}/;
/** How properties and variables of the environment are named: the same name stands in clear wherever another has one. */
const IDENTIFIER = /^[A-Za-z_]+$/;

const MARK_IT =
  "mark it as secret in the program (pulumi.secret), or take it out, and run pulumi up; an export without --show-secrets would only hide that from this command";

interface Walk {
  readonly dummies: WeakSet<object>;
  /** Each text of the state once (programs' texts repeat), with the first place that has it. */
  readonly texts: Map<string, string>;
  /** The first thing that is marked as it may not be. */
  wrong: string | undefined;
}

/** Throws NotProved, with the path of what is wrong. */
export function proved(state: unknown, found: Found): void {
  const walk: Walk = { dummies: found.dummies, texts: new Map(), wrong: undefined };
  collect(state, "", walk);
  const plain = new Set(found.plain.flatMap((value) => leaves(value, found.names)).filter((leaf) => leaf !== DUMMY && !WORDS.has(leaf)));
  const search = new Search(found.ciphertexts, plain);
  // A name comes before what stands under it, so that no path has a secret name in it.
  for (const [text, path] of walk.texts) {
    const kind = search.in(text);
    if (kind === "plain") throw new NotProved(`${path} holds, in clear, what is secret elsewhere in this export; ${MARK_IT}`);
    const looks = readings(text).some((reading) => ENCRYPTED.test(reading));
    if (kind === "ciphertext" || looks) throw new NotProved(`${path} holds something encrypted outside a secret`);
  }
  if (walk.wrong !== undefined) throw new NotProved(walk.wrong);
}

function collect(value: unknown, path: string, walk: Walk): void {
  if (typeof value === "string" || typeof value === "number") {
    if (!walk.texts.has(String(value))) walk.texts.set(String(value), path);
  } else if (Array.isArray(value)) {
    value.forEach((member, at) => {
      collect(member, `${path}[${at}]`, walk);
    });
  } else if (isMembers(value)) {
    walk.wrong ??= wrongMark(value, path, walk.dummies);
    for (const [name, member] of Object.entries(value)) {
      const at = path === "" ? name : `${path}.${name}`;
      if (!walk.texts.has(name)) walk.texts.set(name, `a name in ${path}`);
      collect(member, at, walk);
    }
  }
}

function wrongMark(value: Members, path: string, dummies: WeakSet<object>): string | undefined {
  const mark = markOf(value);
  if (mark === "unknown") return `${path} is marked as something that this command doesn't know; a newer one may`;
  if (mark === "secret" && !dummies.has(value)) return `${path} is a secret that wasn't replaced`;
  if (mark !== "none" && Object.hasOwn(value, "ciphertext")) return `${path} still holds a ciphertext`;
  return undefined;
}

/** What is secret in a plain value: its texts, its numbers, and the names in its maps. */
function leaves(value: unknown, known: ReadonlySet<string>): readonly string[] {
  if (typeof value === "string") return [value, ...credentialsIn(structured(value))];
  if (typeof value === "number") return [String(value)];
  if (Array.isArray(value)) return value.flatMap((member) => leaves(member, known));
  if (!isMembers(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    if (name === SIGNATURE) return [];
    const own = IDENTIFIER.test(name) || known.has(name) ? [] : [name];
    return [...own, ...leaves(member, known)];
  });
}

/** A structured setting is JSON in a text: `exchange-keys:accounts` with its credentials. */
function structured(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const CREDENTIAL = /(?:secret|passphrase|password|token|apikey)$/i;

/** The members whose names say it; aliases and venues stand in clear everywhere. */
function credentialsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(credentialsIn);
  if (!isMembers(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === "string" && CREDENTIAL.test(name) ? [member] : credentialsIn(member),
  );
}
