// What is signed, and whether a signature is right: HMAC with a secret, Ed25519 or RSA with a public key. Apart, because
// the header and `public/auth` sign different texts in the same way. Source: docs.deribit.com/articles/authentication

import { constants, createHash, createHmac, createPublicKey, timingSafeEqual, verify, type KeyObject } from "node:crypto";
import type { Switches } from "../../switches";
import type { Key } from "./state";
import type { DeribitSwitches } from "./switches";

/** “Timestamp ms, valid 60 s”; ahead as well as behind, since no document says otherwise. */
export const WINDOW_MS = 60_000;

/** Timestamp, nonce and what is asked, each with a line break between. */
export function textToSign(timestamp: string, nonce: string, data: Buffer | string): Buffer {
  return Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`, "utf8"), Buffer.from(data)]);
}

/** `METHOD\nURI\nBODY\n`, the URI with its query and the body byte for byte, as they came. */
export function requestData(method: string, target: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${method.toUpperCase()}\n${target}\n`, "utf8"), body, Buffer.from("\n")]);
}

/** HMAC-SHA256 in lower-case hex. */
export function rightHmac(key: Key, text: Buffer, signature: string): boolean {
  const right = Buffer.from(createHmac("sha256", key.secret).update(text).digest("hex"));
  const given = Buffer.from(signature);
  return key.publicKey === null && given.length === right.length && timingSafeEqual(given, right);
}

/** In base64url without padding, as copies of Deribit's sample code have it. */
export function rightByPublicKey(key: Key, text: Buffer, signature: string, switches: Switches<DeribitSwitches>): boolean {
  const publicKey = key.publicKey === null ? undefined : publicKeyOf(key.publicKey);
  if (!publicKey || !/^[\w-]+$/.test(signature)) return false;
  const given = Buffer.from(signature, "base64url");
  if (publicKey.asymmetricKeyType === "ed25519") return verify(null, text, publicKey, given);
  const padding = switches.get("rsaPadding") === "pss" ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  return verify("sha256", text, { key: publicKey, padding }, given);
}

/** A public key that Deribit takes: Ed25519, or RSA of 2048 bits or more. Source: docs.deribit.com/articles/asymmetric-api-keys */
export function publicKeyOf(pem: string): KeyObject | undefined {
  if (!pem.includes("-----BEGIN PUBLIC KEY-----")) return undefined;
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    return undefined;
  }
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = key;
  return kind === "ed25519" || (kind === "rsa" && (details?.modulusLength ?? 0) >= 2048) ? key : undefined;
}

/** What stands where other keys have a secret: “MD5 fingerprint of public key”, here of its DER, in hex. */
export function fingerprintOf(pem: string): string {
  return createHash("md5")
    .update(createPublicKey(pem).export({ type: "spki", format: "der" }))
    .digest("hex");
}
