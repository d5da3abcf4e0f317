// Rate limits: a sliding window per endpoint and account, by the sandbox's clock. Apart from the venues, which only
// state their figures.

import { z } from "zod";
import type { Clock } from "./clock";

export const limitSchema = z.strictObject({ requests: z.int().min(1), perMs: z.int().min(1) });

/** At most `requests` within any `perMs` milliseconds. */
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

export class Limiter {
  private readonly taken = new Map<string, number[]>();

  constructor(
    private readonly clock: Clock,
    private readonly documented: Readonly<Record<string, Limit>>,
    private readonly state: LimitState = { enabled: true, all: null, endpoints: {} },
  ) {}

  /** Counts one request and says whether it is within the limit; one beyond it isn't counted. */
  take(endpoint: string, subject: string): boolean {
    if (!this.state.enabled) return true;
    const limit = this.state.all ?? this.state.endpoints[endpoint] ?? this.documented[endpoint];
    if (!limit) return true;
    const key = `${this.state.all ? "*" : endpoint} ${subject}`;
    const now = this.clock.now();
    const recent = (this.taken.get(key) ?? []).filter((at) => at <= now && at > now - limit.perMs);
    const within = recent.length < limit.requests;
    if (within) recent.push(now);
    this.taken.set(key, recent);
    return within;
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
