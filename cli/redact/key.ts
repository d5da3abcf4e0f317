// The dummies of an exchange key: of the shape in which the provider reads credentials, so that a preview of the redacted state works.
// Nothing but words of ours and fingerprints is taken into them as it stands.

import { keyType, nameOf, SECRET_OUTPUTS, VENUES } from "pulumi-exchange-keys/review";
import { DUMMY, isMembers, type Members } from "./secret";

const PARTS = ["apiKey", "apiSecret", "passphrase", "token"] as const;
const FINGERPRINT = /^[0-9a-f]{16}$/;

/** What a credential may say in clear: venues, environments, and that a key is public. */
export const WORDS: ReadonlySet<string> = new Set([
  ...["public-key", "sandbox"],
  ...Object.entries(VENUES).flatMap(([id, venue]) => [id, ...Object.keys(venue.manifest().environments)]),
]);

export function isKey(type: unknown): type is string {
  return typeof type === "string" && keyType(type) !== undefined;
}

/** True for the outputs of a key that are secret, whatever their marks say. */
export function isSecretOutput(name: string): boolean {
  return (SECRET_OUTPUTS as readonly string[]).includes(name);
}

/** By what a key is named in clear: the resource's name, and the fingerprints of its credentials. */
export function namesOf({ urn, outputs }: Members): readonly string[] {
  const own = isMembers(outputs) ? [outputs["fingerprint"], ...retiringIn(outputs)] : [];
  return [...(typeof urn === "string" ? [nameOf(urn)] : []), ...own.filter(isFingerprint)];
}

/** What stands for the secret output of this name; undefined where any text does. */
export function dummyOf(name: string, outputs: Members, environmentOf: (account: string) => unknown): unknown {
  if (name === "credential") return credential(outputs, environmentOf);
  if (name !== "retiringCredentials") return undefined;
  return Object.fromEntries(retiringIn(outputs).map((fingerprint) => [fingerprint, parts(outputs)]));
}

function retiringIn({ retiring }: Members): readonly string[] {
  if (!Array.isArray(retiring)) return [];
  return retiring.map((earlier: unknown) => (isMembers(earlier) ? earlier["fingerprint"] : undefined)).filter(isFingerprint);
}

function isFingerprint(value: unknown): value is string {
  return typeof value === "string" && FINGERPRINT.test(value);
}

function credential(outputs: Members, environmentOf: (account: string) => unknown): Members {
  const { venue, environment, account } = outputs;
  return { venue: word(venue), environment: word(environment ?? environmentOf(String(account))), ...parts(outputs) };
}

/** A word of ours, or the dummy: what else stands there may be secret. */
function word(value: unknown): string {
  return typeof value === "string" && WORDS.has(value) ? value : DUMMY;
}

/** The parts that stand beside the credential as outputs of their own. */
function parts(outputs: Members): Members {
  const given = PARTS.filter((name) => Object.hasOwn(outputs, name)).map((name) => [name, DUMMY]);
  return { ...Object.fromEntries(given), ...(outputs["keyType"] === "public-key" ? { keyType: "public-key" } : {}) };
}
