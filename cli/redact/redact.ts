// A state without its secrets: what `pulumi stack export` prints, with a dummy for each, and everything else as it was.

import { dummyOf, isKey, isSecretOutput, namesOf } from "./key";
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
  const deployment = exported(given);
  const { secrets_providers: _, pending_operations: pending, ...kept } = deployment;
  const all = resourcesOf(deployment);
  const names = new Set(all.filter(({ type }) => isKey(type)).flatMap(namesOf));
  const found: Found = { ciphertexts: new Set(), plain: [], dummies: new WeakSet(), names, secrets: 0 };
  const environments = environmentsOf(all);
  const resources = all.map((resource) => redactedResource(resource, found, environments));
  const redacted = members(kept, (name, value) => (name === "resources" ? resources : replaced(value, found)));
  const state = members(given, (name, value) => (name === "deployment" ? redacted : replaced(value, found)));
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

function exported(given: Members): Members {
  const { version, deployment } = given;
  if (typeof version !== "number" || !isMembers(deployment)) {
    const preview = ["steps", "changeSummary"].some((name) => Object.hasOwn(given, name));
    throw new NotAnExport(preview ? "it is a preview, not an export" : "it isn't what pulumi stack export prints");
  }
  if (version > LATEST) throw new NotAnExport(`its format is version ${version}, and this command knows those up to ${LATEST}`);
  return deployment;
}

function resourcesOf({ resources }: Members): readonly Members[] {
  if (resources === undefined || resources === null) return [];
  if (!Array.isArray(resources) || !resources.every(isMembers)) throw new NotAnExport("its deployment.resources isn't a list of resources");
  return resources;
}

/** Alias → environment, as far as the configuration that the state holds says it in clear. */
function environmentsOf(resources: readonly Members[]): (account: string) => unknown {
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
    return isMembers(account) ? account["environment"] : undefined;
  };
}

function redactedResource(resource: Members, found: Found, environmentOf: (account: string) => unknown): Members {
  if (!isKey(resource["type"])) return replaced(resource, found) as Members;
  const { outputs } = resource;
  if (outputs !== undefined && outputs !== null && !isMembers(outputs)) throw new NotAnExport("the outputs of a key aren't a map");
  const dummy = (name: string): unknown => (isMembers(outputs) ? dummyOf(name, outputs, environmentOf) : undefined);
  return members(resource, (part, value) => {
    if (!isMembers(value) || (part !== "inputs" && part !== "outputs") || markOf(value) === "secret") return replaced(value, found);
    return members(value, (name, member) => {
      if (!isSecretOutput(name) || member === null) return replaced(member, found);
      keep(member, found);
      return dummied(dummy(name), found);
    });
  });
}

/** The value with a dummy for each secret in it. */
function replaced(value: unknown, found: Found): unknown {
  if (Array.isArray(value)) return value.map((member) => replaced(member, found));
  if (!isMembers(value)) return value;
  if (markOf(value) !== "secret") return members(value, (_, member) => replaced(member, found));
  keep(value, found);
  return dummied(undefined, found);
}

function dummied(value: unknown, found: Found): Members {
  const dummy = dummySecret(value ?? DUMMY);
  found.secrets += 1;
  found.dummies.add(dummy);
  return dummy;
}

/** Remembers what is taken out, to look for it in what is left; what isn't marked, such as a key's secret output, is in clear as a whole. */
function keep(value: unknown, found: Found): void {
  if (Array.isArray(value)) {
    for (const member of value) keep(member, found);
  } else if (isMembers(value) && markOf(value) === "secret") {
    const { ciphertext, plaintext } = value;
    if (typeof ciphertext === "string") found.ciphertexts.add(ciphertext);
    if ("plaintext" in value) keep(typeof plaintext === "string" ? opened(plaintext) : plaintext, found);
    if ("value" in value) keep(value["value"], found);
  } else if (isMembers(value)) {
    found.plain.push(Object.fromEntries(Object.keys(value).map((name) => [name, undefined])));
    for (const member of Object.values(value)) keep(member, found);
  } else found.plain.push(value);
}

function opened(plaintext: string): unknown {
  try {
    return JSON.parse(plaintext);
  } catch {
    return plaintext; // not as the engine writes it, and secret all the same
  }
}

function members(value: Members, each: (name: string, member: unknown) => unknown): Members {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, each(name, member)]));
}

function written(state: Members): string {
  return `${JSON.stringify(state, null, 2)}\n`;
}
