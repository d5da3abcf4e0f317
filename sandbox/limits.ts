// Rate limits: a sliding window or a bucket per endpoint and account, by the sandbox's clock. Apart from the venues, which only
// state their figures, and the weight of each request where they have weights.

import { z } from "zod";
import type { Clock } from "./clock";

export const limitSchema = z.strictObject({
  requests: z.int().min(1),
  perMs: z.int().min(1),
  fixed: z.boolean().optional(),
  steady: z.boolean().optional(),
});

/**
 * At most `requests` (where the venue has weights: so much weight) within any `perMs` milliseconds. `fixed`: within the
 * `perMs` that begin with the first request, after which all is forgotten at once. `steady`: a bucket of so much, and what
 * is used comes back evenly, all of it in `perMs`.
 */
export type Limit = z.infer<typeof limitSchema>;

export const limitStateSchema = z.strictObject({
  enabled: z.boolean(),
  /** One limit for all endpoints of an account together; the endpoints' own don't count then. */
  all: limitSchema.nullable(),
  endpoints: z.record(z.string(), limitSchema),
});
export type LimitState = z.infer<typeof limitStateSchema>;

export interface LimitChanges {
  readonly enabled?: boolean | undefined;
  readonly all?: Limit | null | undefined;
  readonly endpoints?: Readonly<Record<string, Limit | null>> | undefined;
}

interface Taken {
  readonly at: number;
  readonly weight: number;
}

/** What is used of a limit at present. */
export interface Usage {
  readonly used: number;
  /** Milliseconds until the oldest request that counts no longer does (steady: until all is back); 0 when none does. */
  readonly freeInMs: number;
}

export class Limiter {
  private readonly taken = new Map<string, Taken[]>();

  constructor(
    private readonly clock: Clock,
    private readonly documented: Readonly<Record<string, Limit>>,
    private readonly state: LimitState = { enabled: true, all: null, endpoints: {} },
  ) {}

  /** Counts one request and says whether it is within the limit; one beyond it isn't counted. Without limits none is. */
  take(endpoint: string, subject: string, weight = 1): boolean {
    const limit = this.limitOf(endpoint);
    if (!limit) return true;
    const recent = this.recent(endpoint, subject, limit);
    // One limit for everything counts requests: weights of different endpoints don't add up to anything.
    const counted = this.state.all ? 1 : weight;
    const within = sum(recent) + counted <= limit.requests;
    if (within) recent.push({ at: this.clock.now(), weight: counted });
    return within;
  }

  /** What the subject has used of this endpoint's limit. */
  usage(endpoint: string, subject: string): Usage {
    const limit = this.limitOf(endpoint);
    if (!limit) return { used: 0, freeInMs: 0 };
    const recent = this.recent(endpoint, subject, limit);
    const [oldest] = recent;
    if (limit.steady) return { used: sum(recent), freeInMs: (sum(recent) * limit.perMs) / limit.requests };
    return { used: sum(recent), freeInMs: oldest ? oldest.at + limit.perMs - this.clock.now() : 0 };
  }

  private limitOf(endpoint: string): Limit | undefined {
    if (!this.state.enabled) return undefined;
    return this.state.all ?? this.state.endpoints[endpoint] ?? this.documented[endpoint];
  }

  /** What counts at present; kept, so that it can be added to. */
  private recent(endpoint: string, subject: string, limit: Limit): Taken[] {
    const key = `${this.state.all ? "*" : endpoint} ${subject}`;
    const now = this.clock.now();
    const taken = this.taken.get(key) ?? [];
    const counts = ({ at }: Taken): boolean => at <= now && at > now - limit.perMs;
    const over = limit.fixed === true && !taken.slice(0, 1).some(counts);
    const recent = limit.steady ? drained(taken, limit, now) : over ? [] : taken.filter(counts);
    this.taken.set(key, recent);
    return recent;
  }

  /** The settings in force. */
  all(): { enabled: boolean; all: Limit | null; endpoints: Record<string, Limit> } {
    return { enabled: this.state.enabled, all: this.state.all, endpoints: { ...this.documented, ...this.state.endpoints } };
  }

  /** Changes settings and forgets what was counted; an endpoint's `null` returns it to the venue's own figure. */
  patch(changes: LimitChanges): void {
    for (const endpoint of Object.keys(changes.endpoints ?? {})) {
      if (!this.documented[endpoint]) {
        throw new RangeError(`${endpoint}: no such endpoint; there are ${Object.keys(this.documented).join(", ")}`);
      }
    }
    if (changes.enabled !== undefined) this.state.enabled = changes.enabled;
    if (changes.all !== undefined) this.state.all = changes.all;
    for (const [endpoint, limit] of Object.entries(changes.endpoints ?? {})) {
      if (limit === null) delete this.state.endpoints[endpoint];
      else this.state.endpoints[endpoint] = limit;
    }
    this.taken.clear();
  }
}

function sum(taken: readonly Taken[]): number {
  return taken.reduce((total, { weight }) => total + weight, 0);
}

/** What is left in use of a bucket, as of now. Requests of one bucket follow each other, so that the latest says when. */
function drained(taken: readonly Taken[], { requests, perMs }: Limit, now: number): Taken[] {
  const since = Math.max(0, now - (taken.at(-1)?.at ?? now));
  const left = sum(taken) - (since * requests) / perMs;
  return left > 0 ? [{ at: now, weight: left }] : [];
}
