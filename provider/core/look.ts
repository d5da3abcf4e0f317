// One look at one recorded key: by its own answer, or in the account's list. What it saw is judged by audit.

import { expired, judge, type Verdict } from "./audit";
import type { DesiredKey } from "./driver";
import { lookInList } from "./listed";
import { missing, type Means } from "./means";
import type { Generation } from "./record";

/** One look at one key, judged: by its own answer where it can look at itself, else by the account's list. */
export async function look(key: Generation, declared: Pick<DesiredKey, "allowedIps">, means: Means, operation: string): Promise<Verdict> {
  const { driver, venue, vantage, accountAnswered } = means;
  if (expired(key, means.venueNow())) return { is: "dead", because: "expired" };
  if (driver.inspect === undefined && driver.list !== undefined) return lookInList(key, means, operation);
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
