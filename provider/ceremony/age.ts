// Sealing to recipients and opening with identities: the one place that loads age-encryption, and not before it is needed.

import { Secret } from "../core/secret";

/** Where an age file begins; those in letters ("-----BEGIN AGE…") aren't ours. */
const HEADER = "age-encryption.org/v1\n";

/** Recipients whose identity can't stand in a file. */
const ON_HARDWARE = /^age1tag(pq)?1/;

/** An ES module, which `require` loads from Node 22.12 on. */
function library(): typeof import("age-encryption") {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded with the first deposit
  return require("age-encryption") as typeof import("age-encryption");
}

/** A new identity of a native X25519 pair, and its recipient. */
export async function newPair(): Promise<{ readonly identity: Secret; readonly recipient: string }> {
  const { generateX25519Identity, identityToRecipient } = library();
  const identity = await generateX25519Identity();
  return { identity: new Secret(identity), recipient: await identityToRecipient(identity) };
}

/** The recipient of an identity; undefined for what isn't one. */
export async function recipientFor(identity: Secret): Promise<string | undefined> {
  try {
    return await library().identityToRecipient(identity.reveal());
  } catch {
    return undefined; // the library's words may repeat what they were given
  }
}

/** True for a recipient of a pair whose identity a file can hold: `age1…`, `age1pq1…`. */
export function isRecipient(text: string): boolean {
  if (!text.startsWith("age1") || ON_HARDWARE.test(text)) return false;
  try {
    new (library().Encrypter)().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

export function encrypt(text: string, recipients: readonly string[]): Promise<Uint8Array> {
  const encrypter = new (library().Encrypter)();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(text);
}

/** The text that was sealed, or why it can't be had. `identities`: one a line. */
export async function decrypt(file: Uint8Array, identities: Secret): Promise<{ readonly text: Secret } | { readonly why: string }> {
  if (!Buffer.from(file.subarray(0, HEADER.length)).equals(Buffer.from(HEADER))) return { why: "it isn't an age file" };
  const decrypter = new (library().Decrypter)();
  for (const identity of identities.reveal().split("\n")) decrypter.addIdentity(identity);
  try {
    return { text: new Secret(await decrypter.decrypt(file, "text")) };
  } catch (error) {
    const foreign = error instanceof Error && error.message.startsWith("no identity matched");
    return { why: foreign ? "it is sealed to someone else" : "it is damaged: not what an age file holds" };
  }
}
