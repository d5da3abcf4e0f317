// What a channel to a venue is made of and what it offers: types alone, so that those who only name a channel don't load got.

import type { NonceUnit, RateLimit } from "../core/capability";
import type { VenueHttp } from "../core/driver";
import type { Clock } from "../core/model";
import type { ProxyVariables } from "./proxy";
import type { Limits } from "./queue";

export interface ChannelOptions {
  /** How messages begin: `bitfinex`, `bitfinex (sandbox)`. */
  readonly venue: string;
  /** Name → scheme and host, without a path. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly sandbox: boolean;
  /** Of every request: what tells the environment, where hosts don't. Those of a call go before them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Endpoint group → limit, or none. */
  readonly limits: Limits;
  /** One limit for all requests, instead of `limits`. */
  readonly share?: RateLimit;
  /** Absent where no request is numbered. */
  readonly nonceUnit?: NonceUnit | undefined;
  /** The account's own proxy, which goes before the environment's. */
  readonly proxy?: string;
  /** HTTPS_PROXY, ALL_PROXY, NO_PROXY and their lower-case forms, as the environment has them. */
  readonly proxyVariables?: ProxyVariables;
  /** The local address that requests leave from. */
  readonly sourceAddress?: string;
  /** For nonces alone; waiting goes by real time. */
  readonly clock: Clock;
  /** Called before each sending of a write, after the queue. What it throws ends the call, and nothing is sent. */
  readonly beforeWrite?: () => Promise<void>;
  /** Milliseconds for a call with its retries, counted from its first sending, without waiting in queues. */
  readonly deadlineMs?: number;
  /** Milliseconds for one request, from its connection to the last byte of its answer. */
  readonly attemptMs?: number;
  /** Of an answer, unpacked. */
  readonly maxBytes?: number;
  /** Requests at most for one call. */
  readonly maxReads?: number;
}

/** What a channel has done so far. */
export interface Counts {
  readonly reads: number;
  readonly writes: number;
  /** Of these, repetitions. */
  readonly retries: number;
  /** Answers that said so. */
  readonly rateLimited: number;
}

export interface Channel extends VenueHttp {
  readonly counts: Counts;
  /** Closes the connections; what waits or runs fails. */
  close(): void;
}
