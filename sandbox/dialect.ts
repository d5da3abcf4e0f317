// The contract between the sandbox and a venue's dialect: what a venue folder has to bring. Apart, so that a venue is a
// folder and one line in the registry, and the servers know no venue.

import { createHash, randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Clock } from "./clock";
import type { Limit, Limiter } from "./limits";
import type { RequestEntry } from "./requests";
import type { Store } from "./store";
import type { Switches, SwitchTable } from "./switches";

/** A request as it arrived: the body byte for byte, the source as the venue sees it. */
export interface VenueRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Path and query exactly as they stood in the request line, for venues that sign them. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly source: string;
}

/** An answer: `body` is sent as JSON, unless a content type is given and the body is text. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** The venue's own error code, for the log. */
  readonly code?: number | string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the dialect learns about a request, for the log. */
export type Trace = Pick<RequestEntry, "credential" | "credentialKind" | "signed" | "accepted">;

/** The failures that a fault can ask for in the venue's own words. */
export type Failure =
  | {
      readonly kind: "refuse";
      readonly status?: number | undefined;
      readonly code?: number | string | undefined;
      readonly message?: string | undefined;
    }
  | { readonly kind: "429" | "500" | "503" | "maintenance" };

/** Something that a person sees and changes on the venue's web pages: accounts, keys, tokens. */
export interface Collection {
  list(options: { readonly secrets: boolean }): readonly unknown[];
  /** Bodies come unchecked: a collection parses them itself (a ZodError or RangeError says what is wrong). */
  create?(body: unknown): unknown;
  edit?(id: string, body: unknown): unknown;
  remove?(id: string): unknown;
}

/** A request for one of the venue's web pages; `port` is the one it came in on. */
export interface ConsoleRequest extends VenueRequest {
  readonly port: number;
}

/** The venue's web pages as a person meets them, served below `/console` on the venue's own port. */
export interface Console<L = Readonly<Record<string, string>>> {
  /** What a person types to sign in to the account that is there from the beginning. */
  login(): L;
  answer(request: ConsoleRequest, trace: Trace): Answer;
}

/** A venue that is running. */
export interface OpenVenue<A = Readonly<Record<string, string>>, L = unknown> {
  /** Credentials of the account that is there from the beginning. */
  account(): A;
  answer(request: VenueRequest, trace: Trace): Answer;
  fail(failure: Failure): Answer;
  readonly desk: Readonly<Record<string, Collection>>;
  /** Only where the sandbox has the venue's web pages. */
  readonly console?: Console<L>;
}

export interface VenueContext<T extends SwitchTable = SwitchTable> {
  readonly clock: Clock;
  readonly store: Store;
  readonly switches: Switches<T>;
  readonly limiter: Limiter;
  readonly inMaintenance: () => boolean;
}

/** A venue's dialect, as the registry lists it: `A` are its first account's credentials, `L` its sign-in, `never` without a console. */
export interface Dialect<T extends SwitchTable = SwitchTable, A = Readonly<Record<string, string>>, L = never> {
  readonly name: string;
  readonly title: string;
  readonly switches: T;
  /** Endpoint → limit per account. */
  readonly limits: Readonly<Record<string, Limit>>;
  open(context: VenueContext<T>): OpenVenue<A, L>;
}

/** Thrown by a collection's `edit` or `remove` for an id that it doesn't have. */
export class NotThere extends Error {
  override readonly name = "NotThere";
}

/** A credential's fingerprint: the first 16 hex digits of SHA-256 over the venue's name, a line break and it. */
export function fingerprint(venue: string, credential: string): string {
  return createHash("sha256").update(`${venue}\n${credential}`).digest("hex").slice(0, 16);
}

/** A new key or secret of the sandbox: `sandbox-` and 43 characters of base64url. */
export function newSecret(): string {
  return `sandbox-${randomBytes(32).toString("base64url")}`;
}
