// Deribit's manifest: hosts, limits, and what its documented API can do with the keys of an account. Static, no request.

import { z } from "zod";
import type { KindManifest, Manifest } from "../../core/capability";
import { compareExactly, grantSet } from "../../core/permission";
import { FEATURES, grantsOf, managing, permissions, POWER_ROWS, powers, rules, withDrift } from "./convert";
import { least } from "./least";

const PAGES = "docs.deribit.com/api-reference/account-management";
const CREATE = `${PAGES}/private-create_api_key`;
const EDIT = `${PAGES}/private-edit_api_key`;
const LIST = `${PAGES}/private-list_api_keys`;
const SUMMARY = "docs.deribit.com, private/get_account_summary";
const READ = "2026-08-01";
const COPIED = "2025-11-30";

const apiKey: KindManifest = {
  title: "API key of the account, or sub-account, whose own key manages it",
  noun: "API key",
  capabilities: {
    create: {
      answer: "partly",
      reason: "no IP list can be given at birth, so a key is born without scopes; whether the venue takes such a one isn't documented",
      source: CREATE,
      verified: READ,
    },
    list: {
      answer: "partly",
      reason:
        "what the list does about a key that has more scopes than the managing one is documented in two ways, one of which refuses it",
      source: LIST,
      verified: READ,
    },
    inspect: {
      answer: "partly",
      reason: "by the list of its account's keys, which needs account:read, and a secret: a key with a public key isn't asked",
      source: LIST,
      verified: READ,
    },
    "update-permissions": { answer: "can", source: EDIT, verified: READ },
    "update-ips": {
      answer: "partly",
      reason:
        "what an empty list does isn't documented: it is sent where a key is to be used from anywhere, and what became of it is looked at",
      source: EDIT,
      verified: READ,
    },
    "update-label": { answer: "can", source: EDIT, verified: READ },
    "update-lifetime": { answer: "cannot", reason: "keys don't end", source: LIST, verified: READ },
    revoke: {
      answer: "partly",
      reason: "what removing a key that isn't there answers isn't documented; the list tells",
      source: `${PAGES}/private-remove_api_key`,
      verified: READ,
    },
    "read-ips": {
      answer: "partly",
      reason: "ip_whitelist is optional in an answer; where it is absent the key counts as usable from anywhere",
      source: LIST,
      verified: READ,
    },
    "read-expiry": { answer: "cannot", reason: "keys don't end", source: LIST, verified: READ },
    "public-key": { answer: "can", source: "docs.deribit.com/articles/asymmetric-api-keys", verified: "2026-11-22" },
    vantage: { answer: "cannot", reason: "no method tells the address", source: PAGES, verified: READ },
    whoami: { answer: "can", source: SUMMARY, verified: COPIED },
    label: {
      answer: "partly",
      reason: "names have 16 characters, which our mark fills; whether they are unique isn't documented",
      source: CREATE,
      verified: READ,
    },
  },
  // How many, and whether ranges or IPv6 are taken, isn't documented: the one example is an empty list.
  ips: { ranges: false, ipv6: false },
  revokedBy: ["account"],
  label: { max: 16, alphabet: /^[A-Za-z0-9_]+$/, separator: "_" },
  // No delay is documented; so long we look again before we say that something differs.
  settleMs: 5_000,
  birth: "bare",
  replaces: ["publicKey"],
  extras: {
    features: z
      .array(z.enum(FEATURES))
      .transform((given) => [...grantSet(given)])
      .optional()
      .describe(`give a list of ${FEATURES.join(", ")}, such as ["block_trade_approval"], or leave it out`),
    publicKey: z
      .string()
      .optional()
      .describe(
        'give an Ed25519 public key, or RSA of 2048 bits or more, in PEM: from "-----BEGIN PUBLIC KEY-----" to "-----END PUBLIC KEY-----"',
      ),
  },
  rules,
  permissions,
  grants: grantsOf,
  powerRows: POWER_ROWS,
  powers,
  withDrift,
  compare: compareExactly, // all that differs counts
  managing,
  unverified: () => ({}),
  least,
};

export const manifest: Manifest = {
  id: "deribit",
  title: "Deribit",
  // Source: docs.deribit.com; accounts and credentials of the two are separate.
  environments: {
    production: { api: "https://www.deribit.com" },
    test: { api: "https://test.deribit.com" },
  },
  credential: ["apiKey", "apiSecret"],
  // 500 credits a request, of 50,000 of which 10,000 come back a second. Source: docs.deribit.com/articles/rate-limits
  limits: { "non-matching-engine": { requests: 20, perMs: 1_000, burst: 100 } },
  kinds: { ApiKey: apiKey },
};
