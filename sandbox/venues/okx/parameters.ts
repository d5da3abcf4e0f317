// A request's parameters: of the query or of the JSON body, every one a text. Apart, because each endpoint refuses what is
// missing or misshapen in the same words.

import { Refusal } from "./errors";

export type Parameters = Readonly<Record<string, unknown>>;

/** The members of a POST's body. Members that no document names are let pass: others' clients add some. */
export function ofBody(body: Buffer): Parameters {
  if (body.length === 0) throw new Refusal("50000");
  let json: unknown;
  try {
    json = JSON.parse(body.toString("utf8"));
  } catch {
    throw new Refusal("50002");
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new Refusal("51000", "body");
  return json as Parameters;
}

/** A parameter that may be missing. */
export function optional(parameters: Parameters, name: string): string | undefined {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw new Refusal("51000", name);
  return value;
}

/** A parameter that has to be there, and not empty. */
export function required(parameters: Parameters, name: string): string {
  const value = optional(parameters, name);
  if (value === undefined || value === "") throw new Refusal("50014", name);
  return value;
}
