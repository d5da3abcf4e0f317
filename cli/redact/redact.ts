// A state without its secrets: what `pulumi stack export` prints, with a dummy for each, and everything else as it was.

import { dummyOf, isKey } from "./key";
import { type Found, proved } from "./proof";
import { DUMMY, dummySecret, isMembers, markOf, type Members } from "./secret";

/** A text that can't be redacted: it isn't an export, or not of a kind that is known. */
export class NotAnExport extends Error {
  override readonly name = "NotAnExport";
}

export interface Redacted {
  readonly text: string;
  /** How many secrets were replaced. */
  readonly secrets: number;
  readonly resources: number;
  /** Operations that a killed run had begun: the engine would ask about them, and nobody can answer. */
  readonly dropped: number;
}

/** The latest format of a deployment that is known; what a later one holds, nobody has looked at. */
const LATEST = 4;
const DYNAMIC = "pulumi:providers:pulumi-nodejs";

/** Replaces each secret of an export. Throws NotAnExport, and NotProved where something secret would be left. */
export function redact(text: string): Redacted {
  const given = parsed(text);
  const { version, deployment } = exported(given);
  const { secrets_providers: _, pending_operations: pending, ...kept } = deployment;
  const found: Found = { ciphertexts: new Set(), plaintexts: [], secrets: 0 };
  const environments = environmentsOf(resourcesOf(deployment));
  const resources = resourcesOf(deployment).map((resource) => redactedResource(resource, found, environments));
  const members = Object.entries(kept).map(([name, value]) => [name, name === "resources" ? resources : replaced(value, found)]);
  const state = { ...given, version, deployment: Object.fromEntries(members) };
  proved(state, found);
  const dropped = Array.isArray(pending) ? pending.length : 0;
  return { text: written(state), secrets: found.secrets, resources: resources.length, dropped };
}

function parsed(text: string): Members {
  if (text.trim() === "") throw new NotAnExport("nothing came: the command before the pipe may have failed");
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new NotAnExport("it isn't one whole JSON document"); // the parser's words would repeat it
  }
  if (!isMembers(given)) throw new NotAnExport("it isn't what pulumi stack export prints");
  return given;
}

function exported(given: Members): { readonly version: number; readonly deployment: Members } {
  const { version, deployment } = given;
  if (typeof version !== "number" || !isMembers(deployment)) {
    const preview = ["steps", "changeSummary"].some((name) => Object.hasOwn(given, name));
    throw new NotAnExport(preview ? "it is a preview, not an export" : "it isn't what pulumi stack export prints");
  }
  if (version > LATEST) throw new NotAnExport(`its format is version ${version}, and this command knows those up to ${LATEST}`);
  return { version, deployment };
}

function resourcesOf({ resources }: Members): readonly Members[] {
  if (resources === undefined || resources === null) return [];
  if (!Array.isArray(resources) || !resources.every(isMembers)) throw new NotAnExport("its deployment.resources isn't a list of resources");
  return resources;
}

/** Alias → environment, as far as the configuration that the state holds says it in clear. */
function environmentsOf(resources: readonly Members[]): (account: string) => string {
  const inputs = resources.findLast(({ type }) => type === DYNAMIC)?.["inputs"];
  const text = isMembers(inputs) ? inputs["exchange-keys:accounts"] : undefined;
  let accounts: unknown;
  try {
    accounts = typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    accounts = undefined;
  }
  return (alias) => {
    const account = isMembers(accounts) && Object.hasOwn(accounts, alias) ? accounts[alias] : undefined;
    return isMembers(account) && typeof account["environment"] === "string" ? account["environment"] : DUMMY;
  };
}

function redactedResource(resource: Members, found: Found, environmentOf: (account: string) => string): Members {
  const { outputs, ...others } = resource;
  const rest = replaced(others, found) as Members;
  if (outputs === undefined) return rest;
  if (!isKey(resource["type"]) || !isMembers(outputs)) return { ...rest, outputs: replaced(outputs, found) };
  const members = Object.entries(outputs).map(([name, value]) => [
    name,
    replaced(value, found, () => dummyOf(name, outputs, environmentOf)),
  ]);
  return { ...rest, outputs: Object.fromEntries(members) };
}

/** The value with a dummy for each secret in it. */
function replaced(value: unknown, found: Found, dummy?: () => unknown): unknown {
  if (Array.isArray(value)) return value.map((member) => replaced(member, found));
  if (!isMembers(value)) return value;
  if (markOf(value) === "secret") {
    keep(value, found);
    return dummySecret(dummy?.() ?? DUMMY);
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, replaced(member, found)]));
}

/** Remembers what was taken out, to look for it in what is left. */
function keep(secret: Members, found: Found): void {
  found.secrets += 1;
  const { ciphertext, plaintext } = secret;
  if (typeof ciphertext === "string") found.ciphertexts.add(ciphertext);
  if (typeof plaintext === "string") found.plaintexts.push(plaintext);
  if ("value" in secret) found.plaintexts.push(JSON.stringify(secret["value"]));
}

function written(state: Members): string {
  return `${JSON.stringify(state, null, 2)}\n`;
}
