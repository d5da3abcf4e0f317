// IP lists as OKX's wire has them: one text, separated by commas. Apart, because the endpoints, the desk and the check of
// every request must agree.

import { isIP, isIPv6, SocketAddress } from "node:net";
import { holds, rangeOf } from "../../ranges";
import type { Switches } from "../../switches";
import { Refusal } from "./errors";
import type { OkxSwitches } from "./switches";

/** A key takes up to 20 addresses: IPv4, IPv6 and network segments. Source: docs-v5 #error-code, 59503. */
export const MOST_IPS = 20;

/** The list of a request's `ip`; an empty text is no list. Throws 59503, or 51000 for what is no address. */
export function parseIps(text: string, switches: Switches<OkxSwitches>): string[] {
  if (text === "") return [];
  const ips = text.split(",");
  if (ips.length > MOST_IPS) throw new Refusal("59503");
  if (!ips.every((ip) => isEntry(ip, switches))) throw new Refusal("51000", "ip");
  return ips;
}

export function isEntry(text: string, switches: Switches<OkxSwitches>): boolean {
  return isIP(text) !== 0 || (switches.get("ipSegments") === "prefix" && rangeOf(text) !== undefined);
}

/** The list as an answer has it. */
export function writeIps(ips: readonly string[], switches: Switches<OkxSwitches>): string {
  if (switches.get("ipEcho") === "as-sent") return ips.join(",");
  return [...new Set(ips.map(shortest))].sort().join(",");
}

/** Whether a caller at `source` may come in; an empty list lets everyone in. */
export function mayComeFrom(allowed: readonly string[], source: string): boolean {
  return allowed.length === 0 || holds(allowed, source);
}

function shortest(entry: string): string {
  const [address = "", prefix] = entry.split("/");
  const short = isIPv6(address) ? new SocketAddress({ address, family: "ipv6" }).address : address;
  return prefix === undefined ? short : `${short}/${prefix}`;
}
