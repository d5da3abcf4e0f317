// A request's parameters: the JSON body's members and the query's. Apart, because each endpoint refuses what is missing or
// misshapen alike. Members that no document names are let pass: others' clients add some.

import type { VenueRequest } from "../../dialect";
import { Refusal } from "./errors";

export type Parameters = Readonly<Record<string, unknown>>;

/** Of the body for POST and PUT, "JSON content type"; else of the query. Source: docs/gateio, authentication, 2025-11-30. */
export function parametersOf({ method, body, query, headers }: VenueRequest): Parameters {
  if (method !== "POST" && method !== "PUT") return Object.fromEntries(query);
  if (!/^application\/json\b/i.test(headers["content-type"] ?? "")) throw new Refusal("INVALID_CONTENT_TYPE");
  const json = jsonOf(body);
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new Refusal("INVALID_REQUEST_BODY");
  return json as Parameters;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new Refusal("INVALID_REQUEST_BODY");
  }
}

/** A text that may be missing. */
export function optional(parameters: Parameters, name: string): string | undefined {
  const value = member(parameters, name);
  if (value === undefined) return undefined;
  if (typeof value !== "string") throw new Refusal("INVALID_PARAM_VALUE", `${name}: not a text`);
  return value;
}

/** A text that has to be there, and not empty. */
export function required(parameters: Parameters, name: string): string {
  const value = optional(parameters, name);
  if (value === undefined || value === "") throw new Refusal("MISSING_REQUIRED_PARAM", `${name} is required`);
  return value;
}

/** One of these texts; `otherwise` when it is missing. */
export function oneOf<T extends string>(parameters: Parameters, name: string, values: readonly T[], otherwise?: T): T {
  const text = otherwise === undefined ? required(parameters, name) : (optional(parameters, name) ?? otherwise);
  const value = values.find((one) => one === text);
  if (value === undefined) throw new Refusal("INVALID_PARAM_VALUE", `${name}: not one of ${values.join(", ")}`);
  return value;
}

/** A member's value; null is none. */
export function member(parameters: Parameters, name: string): unknown {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  return value ?? undefined;
}
