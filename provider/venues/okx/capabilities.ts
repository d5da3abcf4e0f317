// OKX's manifest: hosts, limits, and what its documented API can do with keys of sub-accounts. Static, no request.

import { z } from "zod";
import type { KindManifest, Manifest } from "../../core/capability";
import { compareExactly } from "../../core/permission";
import { grantsOf, managing, permissions, POWER_ROWS, powers, withDrift } from "./convert";
import { least } from "./least";

const CREATE = "docs-v5 #sub-account-rest-api-create-an-api-key-for-a-sub-account";
const LIST = "docs-v5 #sub-account-rest-api-query-the-api-key-of-a-sub-account";
const RESET = "docs-v5 #sub-account-rest-api-reset-the-api-key-of-a-sub-account";
const DELETE = "docs-v5 #sub-account-rest-api-delete-the-api-key-of-sub-accounts";
const CONFIG = "docs-v5 #trading-account-rest-api-get-account-configuration";
const CREATION = "docs-v5 #overview-api-key-creation";
const READ = "2025-11-30";

const subAccountApiKey: KindManifest = {
  title: "API key of a sub-account",
  noun: "API key",
  capabilities: {
    create: { answer: "can", source: CREATE, verified: READ },
    list: {
      answer: "partly",
      reason: "whether a key that ended for want of use is listed still isn't documented; one that is looks alive",
      source: LIST,
      verified: READ,
    },
    inspect: { answer: "can", source: CONFIG, verified: READ },
    "update-permissions": { answer: "can", source: RESET, verified: READ },
    "update-ips": { answer: "can", source: RESET, verified: READ },
    "update-label": { answer: "can", source: RESET, verified: READ },
    "update-lifetime": { answer: "cannot", reason: "keys have no end that could be chosen", source: RESET, verified: READ },
    revoke: { answer: "can", source: DELETE, verified: READ },
    "read-ips": { answer: "can", source: LIST, verified: READ },
    "read-expiry": { answer: "cannot", reason: "when a key was last used, or will end, is in no answer", source: LIST, verified: READ },
    label: {
      answer: "partly",
      reason:
        "of creation no length is documented, and not where a label has to be unique; ours has at most 50 letters and digits, as the account's configuration says, and a mark that no other has",
      source: CREATE,
      verified: READ,
    },
    "public-key": { answer: "cannot", reason: "the endpoint takes no public key", source: CREATE, verified: READ },
    vantage: { answer: "cannot", reason: "no endpoint tells the address", source: CONFIG, verified: READ },
    whoami: { answer: "can", source: CONFIG, verified: READ },
  },
  // "up to 20 IP addresses, which support IPv4/IPv6 and network segment formats"; how a segment is written isn't documented, and a prefix is usual.
  ips: { max: 20, ranges: true, ipv6: true },
  revokedBy: ["account"],
  scope: ({ subAccount }) => ({ subAccount: String(subAccount) }),
  // Letters and digits alone, so that nothing can stand between the text and the mark.
  label: { max: 50, alphabet: /^[A-Za-z0-9]+$/, separator: "" },
  // 8 to 32 characters with a digit, both cases and a special character; changing and deleting a key don't ask for it.
  passphrase: { length: 28, special: "!" },
  // No delay is documented; so long we look again before we say that something differs.
  settleMs: 5_000,
  extras: {
    subAccount: z
      .string()
      .regex(/^[A-Za-z0-9]{6,20}$/)
      .describe('give the sub-account\'s name, 6 to 20 letters and digits, such as "deskalpha"'),
  },
  permissions,
  grants: grantsOf,
  powerRows: POWER_ROWS,
  powers,
  withDrift,
  compare: compareExactly, // nothing comes along that is harmless
  managing,
  unverified: () => ({}),
  lapses: (allowedIps, grants) =>
    allowedIps === "anywhere" && grants.some((grant) => grant !== "read_only")
      ? {
          text: `without an IP list a key that trades ends after 14 days without a call of its own, but in demo trading (${CREATION}); name its addresses`,
        }
      : undefined,
  least,
};

const WRITE = { requests: 1, perMs: 1_000 };
const per2s = (requests: number) => ({ requests, perMs: 2_000 });

export const manifest: Manifest = {
  id: "okx",
  title: "OKX",
  // Sources: docs-v5 #overview-production-trading-services and #overview-demo-trading-services; `us` is okx-api's (requestUtils, bfb8068).
  environments: {
    production: { api: "https://www.okx.com" },
    eea: { api: "https://eea.okx.com" },
    us: { api: "https://us.okx.com" },
    demo: { api: "https://www.okx.com" },
  },
  // Whether demo trading has the endpoints that manage keys isn't documented.
  headers: { demo: { "x-simulated-trading": "1" } },
  credential: ["apiKey", "apiSecret", "passphrase"],
  // Per user ID and endpoint: each endpoint's own section of docs-v5.
  limits: {
    "account-config": per2s(5),
    "list-apikeys": per2s(20),
    "create-apikey": WRITE,
    "modify-apikey": WRITE,
    "delete-apikey": WRITE,
  },
  kinds: { SubAccountApiKey: subAccountApiKey },
};
