// Random marks and ids: 80 bits that say nothing.

import { randomBytes } from "node:crypto";

/** Twenty hex digits, of a cryptographic source. */
export function draw(): string {
  return randomBytes(10).toString("hex");
}
