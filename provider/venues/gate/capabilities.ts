// Gate's manifest: hosts, limits, and what its documented API can do with keys of sub-accounts. Static, no request.

import { z } from "zod";
import type { KindManifest, Manifest } from "../../core/capability";
import { compareExactly } from "../../core/permission";
import { grantsOf, permissions, POWER_ROWS, powers, rules, withDrift } from "./convert";
import { least } from "./least";

const DOCS = "docs/gateio";
const CREATE = `${DOCS}, POST /sub_accounts/{user_id}/keys`;
const LIST = `${DOCS}, GET /sub_accounts/{user_id}/keys`;
const UPDATE = `${DOCS}, PUT /sub_accounts/{user_id}/keys/{key}`;
const DELETE = `${DOCS}, DELETE /sub_accounts/{user_id}/keys/{key}`;
const DETAIL = `${DOCS}, GET /account/detail`;
const WEB = "Gate's web help, guide/faq/17521, a mirror";
const READ = "2025-11-30";

const updated = { answer: "can", source: `${UPDATE}; takes up to 5 minutes`, verified: READ } as const;

const subAccountApiKey: KindManifest = {
  title: "API key of a sub-account",
  noun: "API key",
  capabilities: {
    create: { answer: "can", source: CREATE, verified: READ },
    list: {
      answer: "partly",
      reason:
        "no pages are documented, so one answer counts as the whole; whether a sub-account that isn't there has an empty list isn't documented",
      source: LIST,
      verified: READ,
    },
    inspect: {
      answer: "cannot",
      reason: "a sub-account's key sees its addresses (account/detail), but no endpoint tells it its permissions",
      source: DETAIL,
      verified: READ,
    },
    "update-permissions": updated,
    "update-ips": updated,
    "update-label": updated,
    "update-lifetime": { answer: "cannot", reason: "keys have no end that could be chosen", source: UPDATE, verified: READ },
    revoke: {
      answer: "partly",
      reason:
        "it takes up to 5 minutes, and whether the list shows the key so long isn't documented; nor is what a deletion of a key that isn't there answers",
      source: DELETE,
      verified: READ,
    },
    "read-ips": { answer: "can", source: LIST, verified: READ },
    "read-expiry": { answer: "cannot", reason: "no answer tells when a key without an IP list ends", source: LIST, verified: READ },
    label: {
      answer: "partly",
      reason: "length, alphabet and uniqueness of a name aren't documented; ours is at most 32 letters, digits and dashes",
      source: CREATE,
      verified: READ,
    },
    "public-key": { answer: "cannot", reason: "the endpoint takes no public key", source: CREATE, verified: READ },
    vantage: { answer: "cannot", reason: "no endpoint tells the address", source: DETAIL, verified: READ },
    whoami: {
      answer: "partly",
      reason: "which permission it needs isn't documented; account/main_keys tells permissions, of a main account's keys alone and masked",
      source: `${DETAIL}; GET /account/main_keys`,
      verified: READ,
    },
  },
  // IPv4 alone, 20 of them, no ranges. Source: docs/gateio, authentication, 2025-11-30.
  ips: { max: 20, ranges: false, ipv6: false },
  revokedBy: ["account"],
  scope: ({ subAccount }) => ({ subAccount: String(subAccount) }),
  label: { max: 32, alphabet: /^[A-Za-z0-9-]+$/, separator: "-" },
  // "any modification(s) can take up to 5 minutes to take effect". Source: docs/gateio, authentication, 2025-11-30.
  settleMs: 300_000,
  replaces: ["mode"],
  extras: {
    subAccount: z
      .string()
      .regex(/^[1-9]\d{0,18}$/)
      .describe('give the sub-account\'s user id, a text of digits such as "2124002"'),
    mode: z.enum(["classic", "portfolio"]).optional().describe('say "classic" or "portfolio", as the sub-account is'),
  },
  rules,
  permissions,
  grants: grantsOf,
  powerRows: POWER_ROWS,
  powers,
  withDrift,
  compare: compareExactly, // no grant is documented to come unasked
  unverified: () => ({}),
  // Which permission the managing key needs isn't documented, so that there is nothing to refuse beforehand (`managing`).
  lapses: (allowedIps) =>
    allowedIps === "anywhere"
      ? {
          text: `without an IP list it may end 90 days after its birth, as keys of the web page do (${WEB}; of the API's keys it isn't documented); name its addresses, or let rotation renew it`,
          days: 90,
        }
      : undefined,
  least,
};

/** Per account and endpoint. Source: docs/gateio, Frequency limit rule, 2025-11-30. */
const per10s = (requests: number) => ({ requests, perMs: 10_000 });

export const manifest: Manifest = {
  id: "gate",
  title: "Gate",
  environments: {
    production: { api: "https://api.gateio.ws" },
    testnet: { api: "https://api-testnet.gateapi.io" },
  },
  credential: ["apiKey", "apiSecret"],
  limits: {
    "account-detail": per10s(150),
    "main-keys": per10s(150),
    "list-keys": per10s(80),
    "create-key": per10s(80),
    "update-key": per10s(80),
    "delete-key": per10s(80),
  },
  kinds: { SubAccountApiKey: subAccountApiKey },
};
