// One look at one recorded key: in the account's list, or by its own answer. What it saw is judged by audit.

import { expired, judge, type Verdict } from "./audit";
import type { DesiredKey } from "./driver";
import { lookInList } from "./listed";
import { missing, type Means } from "./means";
import type { Generation } from "./record";

/**
 * One look at one key, judged: in the account's list where there is one, since a list alone shows an absence, and an end that was told once
 * may have been moved; else by the key's own answer. `newborn`: nobody has seen it yet.
 */
export async function look(
  key: Generation,
  declared: Pick<DesiredKey, "allowedIps">,
  means: Means,
  operation: string,
  newborn = false,
): Promise<Verdict> {
  const { driver, venue, vantage, accountAnswered } = means;
  if (driver.list !== undefined) return lookInList(key, means, operation, newborn);
  if (expired(key, means.venueNow())) return { is: "dead", because: "expired" };
  if (driver.inspect === undefined) throw missing("inspect", operation, means);
  const observation = await driver.inspect(key.credential, means.nonceUnit);
  return judge(observation, {
    operation,
    venue,
    key,
    allowedIps: declared.allowedIps,
    vantage,
    venueNow: means.venueNow(),
    accountAnswered,
  });
}

/**
 * Looks until what was seen will do, or the venue has had its time to show what was just written. Answers the last look.
 *
 * @param since when the write ended, milliseconds of the venue's time
 */
export async function lookUntil(
  will: (verdict: Verdict) => boolean,
  since: number,
  see: () => Promise<Verdict>,
  means: Means,
): Promise<Verdict> {
  const { settleMs = 0 } = means.kind;
  const end = since + settleMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const verdict = await see();
    // The venue's time, told in whole seconds, may fall back a little: where nothing has to settle, one look is all.
    if (
      will(verdict) ||
      settleMs === 0 ||
      means.venueNow() >= end ||
      (verdict.is === "unknown" && verdict.error.code !== "absence-unproved")
    )
      return verdict;
    await means.pause(Math.min(pauseMs, Math.max(end - means.venueNow(), FIRST_PAUSE_MS)));
    means.lists.forget();
  }
}

/** Sparingly: at a venue that takes minutes, that is one look in half a minute. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
