// What is asked: JSON-RPC from a GET's query or a POST's body, and parameters as their types. Apart, because a query has
// only texts where a body has numbers and arrays, and all methods take both.

import type { VenueRequest } from "../../dialect";
import type { Switches } from "../../switches";
import { Refusal, type Refusals } from "./errors";
import type { DeribitSwitches } from "./switches";

/** The largest body. Source: docs.deribit.com, “32 kB” */
const BODY_LIMIT = 32 * 1024;

export interface Asked {
  /** The caller's own, given back; `undefined` when there is none. */
  readonly id: unknown;
  readonly params: Readonly<Record<string, unknown>>;
  readonly inQuery: boolean;
}

/** Reads a request for `method`, such as `private/list_api_keys`. */
export function askedOf(request: VenueRequest, method: string): Asked {
  if (request.body.length > BODY_LIMIT) throw new Refusal(-32600);
  if (request.method === "GET") return { id: undefined, params: Object.fromEntries(request.query), inQuery: true };
  const body = request.method === "POST" ? objectOf(request.body) : undefined;
  const params = body?.["params"] ?? {};
  if (!body || body["method"] !== method || !isObject(params)) throw new Refusal(11050);
  return { id: body["id"], params, inQuery: false };
}

function objectOf(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A request's parameters, by name; `undefined` when one isn't there, a refusal when it is wrong. */
export class Parameters {
  constructor(
    private readonly asked: Asked,
    private readonly switches: Switches<DeribitSwitches>,
    private readonly refusals: Refusals,
  ) {}

  /** Refuses what isn't known, where the switch says so. */
  only(known: readonly string[]): void {
    if (this.switches.get("unknownParams") === "ignored") return;
    for (const name of Object.keys(this.asked.params)) if (!known.includes(name)) throw this.refusals.invalid(name, "unknown parameter");
  }

  raw(name: string): unknown {
    return this.asked.params[name];
  }

  text(name: string): string | undefined {
    const value = this.raw(name);
    if (value !== undefined && typeof value !== "string") throw this.refusals.invalid(name, "must be string");
    return value;
  }

  number(name: string): number | undefined {
    const value = this.raw(name);
    const number = this.asked.inQuery && typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
    if (number !== undefined && typeof number !== "number") throw this.refusals.invalid(name, "must be number");
    return number;
  }

  integer(name: string): number | undefined {
    const value = this.number(name);
    if (value !== undefined && !Number.isSafeInteger(value)) throw this.refusals.invalid(name, "must be integer");
    return value;
  }

  boolean(name: string): boolean | undefined {
    const value = this.raw(name);
    const boolean = this.asked.inQuery && (value === "true" || value === "false") ? value === "true" : value;
    if (boolean !== undefined && typeof boolean !== "boolean") throw this.refusals.invalid(name, "must be boolean");
    return boolean;
  }

  texts(name: string): string[] | undefined {
    let value = this.raw(name);
    if (this.asked.inQuery && typeof value === "string" && this.switches.get("queryArrays") === "json") value = parsed(value);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) throw this.refusals.invalid(name, "must be array");
    return value;
  }

  required<T>(name: string, value: T | undefined): T {
    if (value === undefined) throw this.refusals.missing(name);
    return value;
  }

  /** All but the second factor, as a text that is the same for the same parameters. */
  withoutSecondFactor(): string {
    const { authorization_data: _data, challenge: _challenge, ...rest } = this.asked.params;
    return JSON.stringify(Object.entries(rest).sort(([one], [other]) => (one < other ? -1 : 1)));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
