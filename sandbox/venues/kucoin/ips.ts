// IP lists as KuCoin's wire has them: one text, separated by commas, read back with asterisks in it. Apart, because the
// endpoints, the desk and the check of every request must agree.

import { isIP } from "node:net";
import { holds, rangeOf } from "../../ranges";
import type { Switches } from "../../switches";
import { Refusal } from "./errors";
import type { KucoinSwitches } from "./switches";

/** Source: kc-spec, openapi-account-subaccount.json, `ipWhitelist`. */
export const MOST_IPS = 20;

/** The list of a request's `ipWhitelist`; an empty text is no list. */
export function parseIps(text: string, switches: Switches<KucoinSwitches>): string[] {
  if (text === "") return [];
  const ips = text.split(",");
  if (ips.length > MOST_IPS || !ips.every((ip) => isEntry(ip, switches))) throw new Refusal("400100");
  return ips;
}

export function isEntry(text: string, switches: Switches<KucoinSwitches>): boolean {
  const formats = switches.get("ipFormats");
  if (formats === "ranges-too" && rangeOf(text)) return true;
  return formats === "ipv4" ? isIP(text) === 4 : isIP(text) !== 0;
}

/** The list as an answer has it. Source of the mask: the examples `10.**.1` and `203.**.154`. */
export function writeIps(ips: readonly string[], switches: Switches<KucoinSwitches>): string {
  return (switches.get("ipMask") === "masked" ? ips.map(masked) : ips).join(",");
}

/** Whether a caller at `source` may come in; an empty list lets everyone in. */
export function mayComeFrom(allowed: readonly string[], source: string): boolean {
  return allowed.length === 0 || holds(allowed, source);
}

/** First and last part alone; no example has an IPv6 address or a range. */
function masked(entry: string): string {
  const between = entry.includes(":") ? ":" : ".";
  const parts = entry.split(between);
  return [parts[0], "**", parts.at(-1)].join(between);
}
