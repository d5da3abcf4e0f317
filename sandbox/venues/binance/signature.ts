// Signatures: what is signed, and whether it fits a key's secret or public key. Apart, since it knows bytes and nothing of
// accounts.

import { createHmac, createPublicKey, timingSafeEqual, verify, type KeyObject } from "node:crypto";
import type { VenueRequest } from "../../dialect";
import type { Key } from "./state";

export type PublicKey = NonNullable<Key["publicKey"]>;

/**
 * The bytes that are signed: the query string and the body as they arrived, without `signature`, and nothing between them.
 * Source: binance-spot-api-docs, rest-api.md, "SIGNED Endpoint security".
 */
export function payloadOf(request: VenueRequest): Buffer {
  const from = request.target.indexOf("?");
  const query = from < 0 ? "" : request.target.slice(from + 1);
  // latin1 keeps every byte as it is.
  return Buffer.from(unsigned(query) + unsigned(request.body.toString("latin1")), "latin1");
}

function unsigned(part: string): string {
  return part
    .split("&")
    .filter((pair) => !pair.startsWith("signature="))
    .join("&");
}

/** The payload as it was before percent-encoding; `undefined` when it is no such encoding. */
export function decoded(payload: Buffer): Buffer | undefined {
  try {
    return Buffer.from(decodeURIComponent(payload.toString("latin1")), "utf8");
  } catch {
    return undefined;
  }
}

/** HMAC-SHA256 in hex of either case; RSA (PKCS#1 v1.5, SHA-256) and Ed25519 in base64. Source: the same. */
export function fits(key: Pick<Key, "secretKey" | "publicKey">, payload: Buffer, signature: string): boolean {
  if (key.publicKey) {
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(signature)) return false;
    const hash = key.publicKey.type === "rsa" ? "RSA-SHA256" : null;
    return verify(hash, payload, createPublicKey(key.publicKey.pem), Buffer.from(signature, "base64"));
  }
  const right = createHmac("sha256", key.secretKey ?? "")
    .update(payload)
    .digest();
  const given = /^[0-9a-f]{64}$/i.test(signature) ? Buffer.from(signature, "hex") : Buffer.alloc(0);
  return given.length === right.length && timingSafeEqual(given, right);
}

/** An Ed25519 key, or an RSA key of 2048 or 4096 bits; `undefined` when the text is neither. Source: the same, "RSA Keys". */
export function readPublicKey(text: string, form: "pem" | "pem-or-base64"): PublicKey | undefined {
  const key = parse(text.trim(), form);
  if (!key) return undefined;
  const pem = key.export({ type: "spki", format: "pem" }).toString();
  if (key.asymmetricKeyType === "ed25519") return { type: "ed25519", pem };
  const bits = key.asymmetricKeyDetails?.modulusLength;
  return key.asymmetricKeyType === "rsa" && (bits === 2048 || bits === 4096) ? { type: "rsa", pem } : undefined;
}

function parse(text: string, form: "pem" | "pem-or-base64"): KeyObject | undefined {
  try {
    if (/^-----BEGIN PUBLIC KEY-----\s/.test(text)) return createPublicKey(text);
    if (form === "pem" || !/^[A-Za-z0-9+/=\s]+$/.test(text)) return undefined;
    return createPublicKey({ key: Buffer.from(text, "base64"), format: "der", type: "spki" });
  } catch {
    return undefined;
  }
}
