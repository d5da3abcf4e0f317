// Former keys that still have time. None is wider than what is declared, since a narrowing leaves them no time; one that is was changed at the venue.

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
 * them. What has no list can't be changed at its venue either. Throws KeyError where one can't be looked at.
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
    const seen = await look(key, declared, means, operation);
    if (seen.is === "unknown") throw seen.error;
    if (seen.is !== "alive" || seen.key.lapsed === true) continue;
    const { wider } = means.kind.compare(declared.grants, seen.key.grants, declared.options);
    const letsIn = ipDelta(declared.allowedIps, seen.key.allowedIps ?? declared.allowedIps).removed;
    if (wider.length + letsIn.length > 0) ends[String(key.generation)] = key.createdAt;
  }
  return ends;
}
