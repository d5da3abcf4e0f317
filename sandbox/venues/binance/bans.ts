// Addresses that go on sending below /api after a 429, and are shut out for it. Apart, since it is the only thing of this
// venue that remembers how callers behave.

import type { Clock } from "../../clock";
import type { Limiter } from "../../limits";
import type { Switches } from "../../switches";
import { API } from "./endpoints";
import type { Refusals } from "./errors";
import type { BinanceSwitches } from "./switches";

/** The first ban, and the longest; each further one is twice as long. Source: rest-api.md, "IP Limits": 2 minutes to 3 days. */
const FIRST = 2 * 60_000;
const LONGEST = 3 * 86_400_000;

interface Record {
  /** When a 429 was answered, and until when the caller was to wait. */
  waitUntil: number;
  ignored: number;
  bans: number;
  bannedUntil: number;
}

/** Counts below `/api` alone: below `/sapi` it is always 429. Source: products/caas/basics, "Rate limits" (read 2026-11-22). */
export class Bans {
  private readonly records = new Map<string, Record>();

  constructor(
    private readonly clock: Clock,
    private readonly limiter: Limiter,
    private readonly switches: Switches<BinanceSwitches>,
    private readonly refusals: Refusals,
  ) {}

  /** Counts a request of this weight; throws 418 or 429 where it is too much. */
  take(source: string, weight: number): void {
    const now = this.clock.now();
    const record = this.records.get(source) ?? { waitUntil: 0, ignored: 0, bans: 0, bannedUntil: 0 };
    this.records.set(source, record);
    if (!this.limiter.all().enabled) this.records.delete(source);
    else if (now < record.bannedUntil) throw this.refusals.banned(record.bannedUntil, now);
    const subject = `address ${source}`;
    if (this.limiter.take(API, subject, weight)) return;
    this.count(record, now);
    const { freeInMs } = this.limiter.usage(API, subject);
    record.waitUntil = now + freeInMs;
    throw this.refusals.rateLimit(freeInMs);
  }

  private count(record: Record, now: number): void {
    record.ignored = now < record.waitUntil ? record.ignored + 1 : 0;
    const most = this.switches.get("banAfter");
    if (most === 0 || record.ignored < most) return;
    record.bannedUntil = now + Math.min(LONGEST, FIRST * 2 ** record.bans);
    record.bans++;
    record.ignored = 0;
    throw this.refusals.banned(record.bannedUntil, now);
  }
}
