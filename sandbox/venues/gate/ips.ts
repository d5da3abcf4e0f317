// A key's IP list as Gate takes it: up to 20 IPv4 addresses, no ranges. Apart, because the endpoints, the desk and the check of
// every request must agree. Source: docs/gateio, authentication, 2025-11-30.

import { isIPv4 } from "node:net";
import { holds } from "../../ranges";
import { Refusal } from "./errors";

export const MOST_IPS = 20;

/** The list of a request's `ip_whitelist`; without a value there is none: "list will be cleared if no value is passed". */
export function parseIps(given: unknown): string[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw new Refusal("INVALID_PARAM_VALUE", "ip_whitelist: not a list");
  const ips = given as unknown[];
  if (ips.length > MOST_IPS) throw new Refusal("INVALID_PARAM_VALUE", `ip_whitelist: more than ${MOST_IPS}`);
  return ips.map((ip) => {
    if (!isEntry(ip)) throw new Refusal("INVALID_PARAM_VALUE", "ip_whitelist: no IPv4 address");
    return ip;
  });
}

export function isEntry(ip: unknown): ip is string {
  return typeof ip === "string" && isIPv4(ip);
}

/** Whether a caller at `source` may come in; without a list everyone may. */
export function mayComeFrom(allowed: readonly string[], source: string): boolean {
  return allowed.length === 0 || holds(allowed, source);
}
