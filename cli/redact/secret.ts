// How the engine marks what is special in a state, and what stands in a secret's place. Apart, since reading, replacing and proving
// all go by it.

import { SECRET, SIGNATURE } from "pulumi-exchange-keys/review";

/** Assets, archives, references to resources, outputs: with these marks nothing is encrypted. */
const PLAIN = new Set(["c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7", "5cf8f73096256a8f31e491e813e4eb8e"]);
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** What every dummy says. */
export const DUMMY = "redacted";

export type Members = Readonly<Record<string, unknown>>;

export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `secret`, where what it holds is to be replaced; `unknown` for a mark that no release of the engine had when this was written. */
export function markOf(value: Members): "none" | "plain" | "secret" | "unknown" {
  if (!Object.hasOwn(value, SIGNATURE)) return "none";
  const mark = value[SIGNATURE];
  if (mark === SECRET) return "secret";
  if (mark === OUTPUT) return value["secret"] === true ? "secret" : "plain";
  return typeof mark === "string" && PLAIN.has(mark) ? "plain" : "unknown";
}

/** A secret in plain text, as `pulumi stack import` takes it and encrypts it anew. */
export function dummySecret(value: unknown): Members {
  return { [SIGNATURE]: SECRET, plaintext: JSON.stringify(value) };
}
