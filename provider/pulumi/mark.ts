// What is drawn by chance: marks and ids that say nothing (80 bits, or 64 where a venue's label has to hold them), and passphrases.

import { randomBytes, randomInt } from "node:crypto";
import type { PassphraseRule } from "../core/capability";
import { Secret } from "../core/secret";

/** Hex digits, of a cryptographic source. */
export function draw(digits = 20): string {
  return randomBytes(digits / 2).toString("hex");
}

const UPPER = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const LOWER = "abcdefghijkmnopqrstuvwxyz";
const DIGITS = "23456789";

/**
 * A passphrase by a venue's rule: letters of both cases, digits, and each of the special characters once; over 100 bits at 20 characters.
 *
 * @param prefix how it begins, within its length: a sandbox's credentials go nowhere without theirs
 */
export function drawPassphrase({ length: whole, special }: PassphraseRule, prefix = ""): Secret {
  const length = whole - prefix.length;
  const all = UPPER + LOWER + DIGITS;
  const one = (from: string): string => from.charAt(randomInt(from.length));
  const needed = [one(UPPER), one(LOWER), one(DIGITS), ...special];
  const rest = Array.from({ length: length - needed.length }, () => one(all));
  // Shuffled, so that no place says what stands there; a special character isn't first.
  const mixed = shuffled([...needed, ...rest]);
  const first = mixed.findIndex((character) => all.includes(character));
  return new Secret([prefix, mixed[first], ...mixed.slice(0, first), ...mixed.slice(first + 1)].join(""));
}

function shuffled(characters: readonly string[]): readonly string[] {
  const left = [...characters];
  return characters.flatMap(() => left.splice(randomInt(left.length), 1));
}
