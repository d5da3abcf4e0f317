// Bybit's manifest: hosts, limits, and what its documented API can do with keys of sub-accounts. Static, no request.

import { z } from "zod";
import type { KindManifest, Manifest } from "../../core/capability";
import { compare, grantsOf, managing, permissions, POWER_ROWS, powers, rules, withDrift } from "./convert";
import { least } from "./least";

const DOCS = "bybit-exchange/docs";
const CREATE = `${DOCS}, v5/user/create-subuid-apikey`;
const UPDATE = `${DOCS}, v5/user/modify-sub-apikey`;
const LIST = `${DOCS}, v5/user/list-sub-apikeys`;
const OWN = `${DOCS}, v5/user/apikey-info`;
const FAQ = `${DOCS}, faq`;
const READ = "2026-07-24";

const subAccountApiKey: KindManifest = {
  title: "API key of a sub-account",
  noun: "API key",
  capabilities: {
    create: { answer: "can", source: CREATE, verified: READ },
    list: { answer: "can", source: LIST, verified: READ },
    inspect: { answer: "can", source: OWN, verified: READ },
    "update-permissions": { answer: "can", source: UPDATE, verified: READ },
    "update-ips": { answer: "can", source: UPDATE, verified: READ },
    "update-label": { answer: "cannot", reason: "the note of a key has no parameter in an update", source: UPDATE, verified: READ },
    "update-lifetime": { answer: "cannot", reason: "keys have no end that could be chosen", source: UPDATE, verified: READ },
    revoke: {
      answer: "partly",
      reason: "what a deletion of a key that isn't there answers isn't documented; the list tells",
      source: `${DOCS}, v5/user/rm-sub-apikey`,
      verified: READ,
    },
    "read-ips": { answer: "can", source: LIST, verified: READ },
    "read-expiry": { answer: "can", source: LIST, verified: READ },
    label: {
      answer: "partly",
      reason: "length, alphabet and uniqueness of a note aren't documented; ours is at most 32 letters, digits and dashes",
      source: CREATE,
      verified: READ,
    },
    "public-key": {
      answer: "cannot",
      reason: "RSA keys are entered on the web page; the endpoint takes no public key",
      source: CREATE,
      verified: READ,
    },
    vantage: { answer: "cannot", reason: "no endpoint tells the address", source: OWN, verified: READ },
    whoami: { answer: "can", source: OWN, verified: READ },
  },
  // How many, and whether ranges or IPv6 are taken, isn't documented: the examples have IPv4 addresses.
  ips: { ranges: false, ipv6: false },
  revokedBy: ["account"],
  scope: ({ subAccount }) => ({ subAccount: String(subAccount) }),
  label: { max: 32, alphabet: /^[A-Za-z0-9-]+$/, separator: "-" },
  // No delay is documented; so long we look again before we say that something differs.
  settleMs: 5_000,
  extras: {
    subAccount: z
      .string()
      .regex(/^[1-9]\d{0,15}$/)
      .describe('give the sub-account\'s uid, a text of digits such as "53888000"'),
    access: z.enum(["read-only", "read-write"]).optional().describe('say "read-only" or "read-write"'),
    accept: z
      .array(z.enum(["DerivativesTrade"]))
      .optional()
      .describe('give ["DerivativesTrade"], or leave it out'),
  },
  granting: ["access"],
  options: ({ accept }) => (Array.isArray(accept) ? { accept: accept.map(String) } : {}),
  rules,
  permissions,
  grants: grantsOf,
  powerRows: POWER_ROWS,
  powers,
  withDrift,
  compare,
  managing,
  unverified: () => ({}),
  lapses: (allowedIps) =>
    allowedIps === "anywhere"
      ? {
          text: `without an IP list it ends 90 days after its birth, and 7 days after a change of the account's password (${FAQ}); name its addresses, or let rotation renew it`,
        }
      : undefined,
  least,
};

/** Per second and account, not upgradable. Source: v5/rate-limit. */
const perSecond = (requests: number) => ({ requests, perMs: 1_000 });

export const manifest: Manifest = {
  id: "bybit",
  title: "Bybit",
  environments: {
    production: { api: "https://api.bybit.com" },
    nl: { api: "https://api.bybit.nl" },
    tr: { api: "https://api.bybit.tr" },
    kz: { api: "https://api.bybit.kz" },
    ge: { api: "https://api.bybitgeorgia.ge" },
    ae: { api: "https://api.bybit.ae" },
    eea: { api: "https://api.bybit.eu" },
    id: { api: "https://api.bybit.id" },
    testnet: { api: "https://api-testnet.bybit.com" },
  },
  credential: ["apiKey", "apiSecret"],
  limits: {
    "query-api": perSecond(10),
    "sub-apikeys": perSecond(10),
    "create-sub-api": perSecond(1),
    "update-sub-api": perSecond(5),
    "delete-sub-api": perSecond(5),
  },
  kinds: { SubAccountApiKey: subAccountApiKey },
};
