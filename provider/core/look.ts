// One look at one recorded key: in the account's list, or by its own answer. What it saw is judged by audit.

import { expired, judge, type Verdict } from "./audit";
import type { DesiredKey } from "./driver";
import { lookInList } from "./listed";
import { missing, shownBy, type Means } from "./means";
import { grantSet } from "./permission";
import type { Generation } from "./record";

/**
 * One look at one key, judged: in the account's list where there is one, since a list alone shows an absence, and an end that was told once
 * may have been moved; else by the key's own answer. `newborn`: nobody has seen it yet.
 */
export async function look(key: Generation, declared: Asked, means: Means, operation: string, newborn = false): Promise<Verdict> {
  const { driver, venue, vantage, accountAnswered } = means;
  if (driver.list !== undefined) return withLifelong(await lookInList(key, means, operation, newborn), declared, means);
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

/** What a key is looked at with: its declared list, and what it has for life, where somebody asks what it may do. */
export type Asked = Pick<DesiredKey, "allowedIps"> & Partial<Pick<DesiredKey, "extras">>;

/** Adds the grants that no list shows, as they were asked for. */
function withLifelong(seen: Verdict, { extras = {} }: Asked, { kind }: Means): Verdict {
  const unseen = kind.lifelong?.(extras) ?? [];
  if (seen.is !== "alive" || unseen.length === 0) return seen;
  return { ...seen, key: { ...seen.key, grants: grantSet([...seen.key.grants, ...unseen]) } };
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
  // What can't be seen at all isn't seen by waiting either.
  const blind = (verdict: Verdict): boolean => verdict.is === "unknown" && verdict.error.code !== "absence-unproved";
  return seeUntil((verdict) => will(verdict) || blind(verdict), since, see, means);
}

/** The same for anything that a list shows. */
export async function seeUntil<T>(will: (seen: T) => boolean, since: number, see: () => Promise<T>, means: Means): Promise<T> {
  const { settleMs = 0 } = means.kind;
  const end = shownBy(since, means);
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const seen = await see();
    // The venue's time, told in whole seconds, may fall back a little: where nothing has to settle, one look is all.
    if (will(seen) || settleMs === 0 || means.venueNow() >= end) return seen;
    await means.pause(Math.min(pauseMs, Math.max(end - means.venueNow(), FIRST_PAUSE_MS)));
    means.lists.forget();
  }
}

/** Sparingly: at a venue that takes minutes, that is one look in half a minute. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
