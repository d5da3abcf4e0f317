// Bitfinex's manifest: hosts, limits, and what its documented API can do with each kind of key. Static, no request.

import { z } from "zod";
import type { KindManifest, Manifest } from "../../core/capability";
import { acceptRules, compareKey, keyPermissions, keyPowers, ROWS } from "./grid";
import { compareGrants, drifted, grantsOf, POWER_ROWS, tokenPermissions, tokenPowers, withDrift } from "./convert";
import { leastOfKey, leastOfToken } from "./least";

const TOKEN_PAGE = "docs.bitfinex.com/reference/generate-token";
const PERMISSIONS_PAGE = "docs.bitfinex.com/reference/key-permissions";
const SDK = "bfx-api-node-rest, invalidateAuthToken";
const READ = "2026-11-22";

const nonceUnit = z.enum(["ms", "us"]).optional().describe('say "ms" or "us", or leave it out');

const accessToken: KindManifest = {
  title: "Access token",
  noun: "token",
  capabilities: {
    create: { answer: "can", source: TOKEN_PAGE, verified: READ },
    inspect: { answer: "can", source: PERMISSIONS_PAGE, verified: READ },
    revoke: {
      answer: "partly",
      reason: "the endpoint is in the official SDK, not on the docs site; who may call it isn't documented",
      source: SDK,
      verified: READ,
    },
    whoami: { answer: "can", source: "docs.bitfinex.com/reference/rest-auth-info-user", verified: READ },
    vantage: { answer: "partly", reason: "int/geo/ip answers, but isn't documented", source: "js-bitfinex, v2IntGeoIp", verified: READ },
    list: { answer: "cannot", reason: "no documented endpoint lists tokens", source: TOKEN_PAGE, verified: READ },
    label: { answer: "cannot", reason: "tokens have no label", source: TOKEN_PAGE, verified: READ },
    "update-permissions": { answer: "cannot", reason: "a token can't be changed; another is issued", source: TOKEN_PAGE, verified: READ },
    "update-ips": { answer: "cannot", reason: "a token can't be changed; another is issued", source: TOKEN_PAGE, verified: READ },
    "update-lifetime": { answer: "cannot", reason: "a token can't be changed; another is issued", source: TOKEN_PAGE, verified: READ },
    "read-ips": {
      answer: "cannot",
      reason: "nothing tells the address that a token is bound to",
      source: PERMISSIONS_PAGE,
      verified: READ,
    },
    "read-expiry": {
      answer: "cannot",
      reason: "nothing tells a token's end; it is counted from its birth",
      source: PERMISSIONS_PAGE,
      verified: READ,
    },
  },
  // `_cust_ip` takes one address; of what families isn't documented.
  ips: { max: 1, ranges: false, ipv6: true },
  // The venue's own limits aren't documented. Its report framework lets people pick up to seven days.
  lifetime: { minSeconds: 60, maxSeconds: 7 * 24 * 60 * 60 },
  // Who may call it isn't documented: both are tried.
  revokedBy: ["itself", "account"],
  extras: { strict: z.boolean().optional().describe("say true or false, or leave it out"), nonceUnit },
  options: ({ strict, nonceUnit }) => ({
    strict: strict === true,
    ...(nonceUnit === "ms" || nonceUnit === "us" ? { nonceUnit } : {}),
  }),
  permissions: tokenPermissions,
  grants: grantsOf,
  powerRows: POWER_ROWS,
  powers: tokenPowers,
  withDrift,
  compare: compareGrants,
  unverified: (allowedIps) => (allowedIps === "anywhere" ? {} : { allowedIps: "declared; the venue lets nobody read it back" }),
  outputs: (grants) => ({ selfRenewing: grants.some((grant) => grant.endsWith(":write")) ? "yes" : "not documented" }),
  least: leastOfToken,
};

const WEB = "support.bitfinex.com article 115003363429";
const byPerson = {
  answer: "partly",
  reason: "no documented endpoint; a person does it on the web page, guided and verified (docs/bitfinex.md)",
  source: WEB,
  verified: READ,
} as const;

/** The venue documents no length and no alphabet: ours is short, and of characters that any form takes. */
const LABEL = { max: 32, alphabet: /^[\w .-]+$/, separator: " " };

const apiKey: KindManifest = {
  title: "API key",
  noun: "API key",
  capabilities: {
    create: byPerson,
    inspect: { answer: "can", source: PERMISSIONS_PAGE, verified: READ },
    "update-permissions": byPerson,
    "update-ips": byPerson,
    "update-label": byPerson,
    revoke: byPerson,
    label: byPerson,
    whoami: {
      answer: "partly",
      reason: "which permission a key needs to say whose it is isn't documented",
      source: "docs.bitfinex.com/reference/rest-auth-info-user",
      verified: READ,
    },
    vantage: { answer: "partly", reason: "int/geo/ip answers, but isn't documented", source: "js-bitfinex, v2IntGeoIp", verified: READ },
    list: { answer: "cannot", reason: "no documented endpoint lists API keys", source: PERMISSIONS_PAGE, verified: READ },
    "read-ips": { answer: "cannot", reason: "nothing tells a key's IP list", source: PERMISSIONS_PAGE, verified: READ },
    "read-expiry": { answer: "cannot", reason: "whether keys end isn't documented", source: PERMISSIONS_PAGE, verified: READ },
  },
  // "up to 20 IP addresses": whether ranges are taken isn't documented, so none is offered; nor is the family.
  ips: { max: 20, ranges: false, ipv6: true },
  revokedBy: [],
  label: LABEL,
  extras: {
    accept: z.array(z.string().min(1)).optional().describe('give a list of scopes, such as ["settings"], or leave it out'),
    nonceUnit,
  },
  options: ({ accept, nonceUnit }) => ({
    ...(Array.isArray(accept) ? { accept: accept.map(String) } : {}),
    ...(nonceUnit === "ms" || nonceUnit === "us" ? { nonceUnit } : {}),
  }),
  rules: acceptRules,
  permissions: keyPermissions,
  grants: grantsOf,
  powerRows: POWER_ROWS,
  powers: keyPowers,
  withDrift: drifted,
  compare: compareKey,
  unverified: (allowedIps) => ({
    ...(allowedIps === "anywhere" ? {} : { allowedIps: "attested by a person; the venue lets nobody read it back" }),
    label: "attested by a person; the venue lets nobody read it back",
  }),
  least: leastOfKey,
  byHand: {
    links: { production: "https://www.bitfinex.com/api" },
    rows: ROWS,
    steps: {
      create: [
        "Sign in to the account and open its API page.",
        'Choose the tab "Create New Key". Some toggles are on already: set every row as shown here, the ones that are off too.',
        'Enter the addresses under "IP Access restrictions", and the label.',
        'Press "Generate API Key" and confirm with your 2FA code or security key.',
        'Open the link in the e-mail in this same browser, and press "Create API Key" there.',
        "Key and secret are shown once: paste both here before you leave that page.",
      ],
      edit: [
        'Sign in to the account, open its API page and choose "My API Keys".',
        "Find the key by its label and edit it: set what is marked here, and leave the rest as it is.",
        "Save. Whether Bitfinex asks for a 2FA code then isn't documented; have it at hand.",
      ],
      revoke: [
        'Sign in to the account, open its API page and choose "My API Keys".',
        "Find the key by its label and revoke it.",
        "Whether Bitfinex asks for a 2FA code then isn't documented; have it at hand.",
      ],
    },
  },
};

export const manifest: Manifest = {
  id: "bitfinex",
  title: "Bitfinex",
  environments: { production: { api: "https://api.bitfinex.com", public: "https://api-pub.bitfinex.com" } },
  credential: ["apiKey", "apiSecret"],
  // 90 a minute is documented for the reads; for tokens, 10 a minute is what Bitfinex's own report framework allows itself.
  limits: {
    permissions: { requests: 90, perMs: 60_000 },
    "info-user": { requests: 90, perMs: 60_000 },
    token: { requests: 10, perMs: 60_000 },
    "token-del": { requests: 10, perMs: 60_000 },
    "geo-ip": { requests: 30, perMs: 60_000 },
  },
  nonceUnit: "ms",
  kinds: { AccessToken: accessToken, ApiKey: apiKey },
};
