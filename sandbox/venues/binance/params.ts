// The parameters of a request, from its query string and its form body. Apart, because their rules (which part wins, what
// counts as empty or malformed, in which code) are the same for every endpoint.

import type { VenueRequest } from "../../dialect";
import type { Refusals } from "./errors";

const FORM = "application/x-www-form-urlencoded";

export class Params {
  private constructor(
    private readonly query: URLSearchParams,
    private readonly body: URLSearchParams,
    private readonly refusals: Refusals,
  ) {}

  /**
   * Where a name is in both parts, the query string's value counts; a name twice in one part is refused.
   * Source: binance-spot-api-docs, rest-api.md, "General Information on Endpoints"; errors.md, -1101.
   */
  static of(request: VenueRequest, refusals: Refusals): Params {
    const type = request.headers["content-type"] ?? FORM;
    const asForm = request.method !== "GET" && type.toLowerCase().startsWith(FORM);
    const params = new Params(request.query, new URLSearchParams(asForm ? request.body.toString("utf8") : ""), refusals);
    for (const part of [params.query, params.body]) {
      const names = [...part.keys()];
      if (new Set(names).size !== names.length) throw refusals.duplicate();
    }
    return params;
  }

  get names(): string[] {
    return [...new Set([...this.query.keys(), ...this.body.keys()])];
  }

  inQuery(name: string): boolean {
    return this.query.has(name);
  }

  /** What was sent; `undefined` when nothing was. An empty value is refused. */
  optional(name: string): string | undefined {
    const value = this.query.get(name) ?? this.body.get(name) ?? undefined;
    if (value === "") throw this.refusals.empty(name);
    return value;
  }

  required(name: string): string {
    const value = this.query.get(name) ?? this.body.get(name);
    if (value === null || value === "") throw this.refusals.mandatory(name);
    return value;
  }

  /** `true` or `false`, in any case. */
  boolean(name: string): boolean | undefined {
    const value = this.optional(name)?.toLowerCase();
    if (value === undefined) return undefined;
    if (value !== "true" && value !== "false") throw this.refusals.illegal(name, "true|false");
    return value === "true";
  }

  /** A whole number of at most nine digits. */
  integer(name: string): number | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    if (!/^\d{1,9}$/.test(value)) throw this.refusals.illegal(name, "[0-9]{1,9}");
    return Number(value);
  }
}
