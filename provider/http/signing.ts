// Signatures over raw bytes. Apart, so that a driver can sign without meeting the HTTP client.

import { createHash, createHmac } from "node:crypto";
import type { Credential } from "../core/model";
import type { Secret } from "../core/secret";

export type HashAlgorithm = "sha256" | "sha384" | "sha512";

/**
 * HMAC of a message, keyed by the UTF-8 bytes of a secret. A string is signed as its UTF-8 bytes, a Buffer as it stands:
 * sign the very text that is sent.
 *
 * @returns lower-case hex, or base64 with padding.
 * @example
 * hmac("sha384", new Secret("test_secret"), "/api/v2/auth/r/permissions1700000000000000{}", "hex") // "cb94fc37…47e4"
 */
export function hmac(algorithm: HashAlgorithm, secret: Secret, message: string | Buffer, encoding: "hex" | "base64"): string {
  return createHmac(algorithm, secret.reveal()).update(message).digest(encoding);
}

/**
 * Digest of what is sent, for venues that sign it in place of the body. Never of a secret.
 *
 * @returns lower-case hex.
 * @example digest("sha512", "") // "cf83e135…f927da3e"
 */
export function digest(algorithm: HashAlgorithm, message: string): string {
  return createHash(algorithm).update(message).digest("hex");
}

/** The parts of a credential that signs. What has no secret here can't. */
export function signingKey(credential: Credential): Extract<Credential, { kind: "api-key" }> {
  if (credential.kind !== "api-key") throw new Error(`a ${credential.kind} can't sign a request here`);
  return credential;
}
