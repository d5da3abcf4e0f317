// A secret text that prints as ***. Apart, so that no message, log or JSON of ours can hold one by accident.

import { createHash } from "node:crypto";

const MASK = "***";

/**
 * Wraps a secret. String conversion, JSON and `util.inspect` all give `***`; only `reveal()` gives the text.
 *
 * @example
 * const secret = new Secret("sandbox-abc");
 * `${secret}`;       // "***"
 * secret.reveal();   // "sandbox-abc"
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The secret itself: for a signature, a header, or the engine's secret outputs. Nowhere else. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return MASK;
  }
}

/**
 * The first 16 hex digits of SHA-256 over venue and public part (for a token: the whole token), joined by a line feed.
 * Plain: it lets people and logs name a key without showing it.
 *
 * @example fingerprint("bitfinex", "sandbox-key") // 16 characters of [0-9a-f]
 */
export function fingerprint(venue: string, publicPart: string): string {
  return createHash("sha256").update(`${venue}\n${publicPart}`).digest("hex").slice(0, 16);
}
