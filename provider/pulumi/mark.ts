// Random marks and ids that say nothing: 80 bits, or 64 where a venue's label has to hold them.

import { randomBytes } from "node:crypto";

/** Hex digits, of a cryptographic source. */
export function draw(digits = 20): string {
  return randomBytes(digits / 2).toString("hex");
}
