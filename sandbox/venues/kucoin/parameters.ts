// A request's parameters: of the query for GET and DELETE, of the JSON body for POST. Apart, because each endpoint refuses
// what is missing or misshapen alike: with 400100, whose text names nothing.

import type { VenueRequest } from "../../dialect";
import { Refusal } from "./errors";

export type Parameters = Readonly<Record<string, unknown>>;

/** Members that no document names are let pass: others' clients add some. Source: docs-new, authentication. */
export function parametersOf({ method, body, query, headers }: VenueRequest): Parameters {
  if (method !== "POST") return Object.fromEntries(query);
  if (!/^application\/json\b/i.test(headers["content-type"] ?? "")) throw new Refusal("415000");
  let json: unknown;
  try {
    json = JSON.parse(body.toString("utf8"));
  } catch {
    throw new Refusal("400100");
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new Refusal("400100");
  return json as Parameters;
}

/** A parameter that may be missing. */
export function optional(parameters: Parameters, name: string): string | undefined {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw new Refusal("400100");
  return value;
}

/** A parameter that has to be there, and not empty. */
export function required(parameters: Parameters, name: string): string {
  const value = optional(parameters, name);
  if (value === undefined || value === "") throw new Refusal("400100");
  return value;
}

/** A whole number of the query, or `otherwise` without it. */
export function whole(parameters: Parameters, name: string, least: number, most: number, otherwise: number): number {
  const text = optional(parameters, name) ?? "";
  if (text === "") return otherwise;
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < least || value > most) throw new Refusal("400100");
  return value;
}
