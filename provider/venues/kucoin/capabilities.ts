// KuCoin's manifest: hosts, limits, and what its documented API can do with keys of sub-accounts. Static, no request.

import { z } from "zod";
import type { KindManifest, Manifest } from "../../core/capability";
import type { AllowedIps } from "../../core/model";
import type { ObservedKey } from "../../core/driver";
import { compareExactly } from "../../core/permission";
import type { Unverified } from "../../core/record";
import { grantsOf, managing, permissions, POWER_ROWS, powers, rules, withDrift } from "./convert";
import { least } from "./least";

const SUB = "kc-spec, openapi-account-subaccount.json";
const CREATE = `${SUB}, addSubAccountApi`;
const UPDATE = `${SUB}, modifySubAccountApi`;
const LIST = `${SUB}, getSubAccountApiList`;
const REVOKE = `${SUB}, deleteSubAccountApi`;
const OWN = "kc-spec, openapi-account-account.json, getApikeyInfo";
const READ = "2025-11-04";
const DAY = 86_400;

const subAccountApiKey: KindManifest = {
  title: "API key of a sub-account",
  noun: "API key",
  capabilities: {
    create: { answer: "can", source: CREATE, verified: READ },
    list: { answer: "can", source: LIST, verified: READ },
    inspect: { answer: "can", source: OWN, verified: READ },
    "update-permissions": { answer: "can", source: UPDATE, verified: READ },
    "update-ips": {
      answer: "partly",
      reason: "that an empty list takes the old one away isn't documented; what is then shown tells",
      source: UPDATE,
      verified: READ,
    },
    "update-label": { answer: "cannot", reason: "the remark of a key has no parameter in an update", source: UPDATE, verified: READ },
    "update-lifetime": {
      answer: "cannot",
      reason: "from when an update counts its days isn't documented, so that the new end wouldn't be known; another key is made",
      source: UPDATE,
      verified: READ,
    },
    revoke: {
      answer: "partly",
      reason: "it takes the key's own passphrase: one whose passphrase is lost can only be deleted on the web page",
      source: REVOKE,
      verified: READ,
    },
    "read-ips": {
      answer: "partly",
      reason: "the examples show addresses with asterisks; whether answers do isn't documented",
      source: LIST,
      verified: READ,
    },
    "read-expiry": {
      answer: "partly",
      reason: "the list doesn't tell it; a key that looks at itself may (expiredAt), by the types of npm kucoin-api 2.6.1 alone",
      source: LIST,
      verified: READ,
    },
    label: {
      answer: "partly",
      reason:
        "1 to 24 characters; which, and whether they must be unique, isn't documented: ours are letters, digits and underscores, as in the examples",
      source: CREATE,
      verified: READ,
    },
    "public-key": { answer: "cannot", reason: "the endpoint takes no public key", source: CREATE, verified: READ },
    vantage: { answer: "cannot", reason: "no endpoint tells the address", source: OWN, verified: READ },
    whoami: { answer: "can", source: OWN, verified: READ },
  },
  // Ranges and IPv6 aren't documented.
  ips: { max: 20, ranges: false, ipv6: false },
  lifetime: { minSeconds: 30 * DAY, maxSeconds: 360 * DAY, only: ["30d", "90d", "180d", "360d"], never: true },
  revokedBy: ["account"],
  scope: ({ subAccount }) => ({ subAccount: String(subAccount) }),
  label: { max: 24, alphabet: /^[A-Za-z0-9_]+$/, separator: "_" },
  // No delay is documented; so long we look again before we say that something differs.
  settleMs: 5_000,
  // 7 to 32 characters, no spaces. Letters and digits alone: it travels in a URL, which is signed before its encoding.
  passphrase: { length: 24, special: "", revokes: true },
  // A name that is made today has 7 to 32 characters, a letter and a digit; the documents' examples show older ones that are shorter and have none.
  extras: {
    subAccount: z
      .string()
      .regex(/^[^\s\p{C}]{1,32}$/u)
      .describe('give the sub-account\'s name, up to 32 characters without spaces, such as "deskalpha1"'),
  },
  rules,
  permissions,
  grants: grantsOf,
  powerRows: POWER_ROWS,
  powers,
  withDrift,
  compare: compareExactly, // no grant is documented to come unasked
  managing,
  unverified,
  least,
};

/** The end is never told; addresses only where there are no asterisks in them. */
function unverified(allowedIps: AllowedIps, seen?: ObservedKey): Unverified {
  const lifetime = "the list doesn't tell a key's end: expiresAt counts from its birth, and an update may put it off";
  if (seen?.allowedIps !== undefined) return { lifetime };
  if (allowedIps !== "anywhere")
    return { allowedIps: "sent as declared; the venue shows a list with asterisks in its addresses", lifetime };
  if (seen?.bound === true) return { allowedIps: "declared for anywhere, and the venue shows an IP list with asterisks", lifetime };
  return { lifetime };
}

export const manifest: Manifest = {
  id: "kucoin",
  title: "KuCoin",
  environments: {
    production: { api: "https://api.kucoin.com" },
    eu: { api: "https://api.kucoin.eu" },
  },
  credential: ["apiKey", "apiSecret", "passphrase"],
  // Units of weight, of a master account without VIP level. Source: docs-new, rate-limit, pool Management.
  limits: { management: { requests: 2_000, perMs: 30_000 } },
  kinds: { SubAccountApiKey: subAccountApiKey },
};
