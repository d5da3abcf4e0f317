// A venue that answers 429 to what exceeds a sliding window of its own, counted at arrival.

import type { RateLimit } from "../../provider/core/capability";
import { type Seen, venue } from "./venue";

export async function limitedVenue(
  limits: Readonly<Record<string, RateLimit>>,
  delayMs: (path: string, count: number) => number,
): Promise<{ readonly url: string; readonly seen: Seen[]; refused(): number }> {
  let refused = 0;
  const { url, seen } = await venue((response, one, count) => {
    const limit = limits[one.path];
    const recent = seen.filter((each) => each.path === one.path && limit !== undefined && one.at - each.at <= limit.perMs);
    if (limit !== undefined && recent.length > limit.requests) {
      refused += 1;
      response.writeHead(429);
    }
    const ms = delayMs(one.path, count);
    if (ms === 0) response.end("ok");
    else setTimeout(() => response.end("ok"), ms);
  });
  return { url, seen, refused: () => refused };
}
