// Former keys that still have time. None was wider than what was declared when its successor was made, since a narrowing leaves them no time;
// one that is was changed at the venue.

import type { DesiredKey } from "./driver";
import type { Decision } from "./inputs";
import { ipDelta } from "./ip";
import { look } from "./look";
import type { Declared, Means } from "./means";
import { kept } from "./plan";
import type { Recorded } from "./record";

export type Recent = Decision & Pick<Declared, "grants" | "options"> & Pick<DesiredKey, "allowedIps" | "extras">;

/**
 * Ends of those that somebody has widened, as they are to show: at their own beginning, so that `check` drops them and the next run revokes
 * them. Held against what was recorded of them, and not against inputs, which a refresh may have taken from the venue. One that can't be
 * looked at keeps its end; what has no list can't be changed at its venue either.
 */
export async function forfeited(
  { retiring }: Pick<Recorded, "retiring">,
  declared: Recent,
  means: Means,
  operation: string,
): Promise<Readonly<Record<string, string>>> {
  if (means.driver.list === undefined) return {};
  const ends: Record<string, string> = {};
  for (const key of retiring.filter((each) => kept(each, declared))) {
    const { atMost } = key;
    if (atMost === undefined) continue; // of a state before this was recorded
    const seen = await look(key, { ...declared, ...atMost }, means, operation);
    if (seen.is !== "alive" || seen.key.lapsed === true) continue;
    const { wider } = means.kind.compare(atMost.grants, seen.key.grants, declared.options);
    const letsIn = ipDelta(atMost.allowedIps, seen.key.allowedIps ?? atMost.allowedIps).removed;
    if (wider.length + letsIn.length > 0) ends[String(key.generation)] = key.createdAt;
  }
  return ends;
}
