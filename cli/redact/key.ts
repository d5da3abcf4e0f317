// The dummies of an exchange key: of the shape in which the provider reads credentials, so that a preview of the redacted state works.

import { DUMMY, isMembers, type Members } from "./secret";

const TYPE = "pulumi-nodejs:dynamic/exchange-keys/";
const PARTS = ["apiKey", "apiSecret", "passphrase", "token"] as const;

export function isKey(type: unknown): boolean {
  return typeof type === "string" && type.startsWith(TYPE);
}

/** What stands for the secret output of this name; undefined where any text does. */
export function dummyOf(name: string, outputs: Members, environmentOf: (account: string) => string): unknown {
  if (name === "credential") return credential(outputs, environmentOf);
  if (name !== "retiringCredentials") return undefined;
  const retiring = Array.isArray(outputs["retiring"]) ? outputs["retiring"].filter(isMembers) : [];
  return Object.fromEntries(retiring.map(({ fingerprint }) => [String(fingerprint), parts(outputs)]));
}

function credential(outputs: Members, environmentOf: (account: string) => string): Members {
  const { venue, environment, account } = outputs;
  return { venue, environment: environment ?? environmentOf(String(account)), ...parts(outputs) };
}

/** The parts that stand beside the credential as outputs of their own. */
function parts(outputs: Members): Members {
  const given = PARTS.filter((name) => Object.hasOwn(outputs, name)).map((name) => [name, DUMMY]);
  const { keyType } = outputs;
  return { ...Object.fromEntries(given), ...(typeof keyType === "string" ? { keyType } : {}) };
}
