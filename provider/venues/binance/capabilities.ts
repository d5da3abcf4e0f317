// Binance's manifest: hosts, limits, and what its documented API can do with keys of sub-accounts. Static, no request.

import { z } from "zod";
import type { KindManifest, Manifest } from "../../core/capability";
import { compareExactly } from "../../core/permission";
import { FIX, grantsOf, keyType, lifelong, managing, permissions, POWER_ROWS, powers, rules, withDrift } from "./convert";
import { least } from "./least";

const DOCS = "developers.binance.com";
const PAGES = `${DOCS}, sub_account/api-management`;
const CREATE = `${DOCS}, legacy-docs, sub_account, Create Sub-account API Key V2`;
const QUERY = `${PAGES}, Query Sub-account API Key`;
const PERMIT = `${PAGES}, Modify Sub-account API Key Permission`;
const SET_IPS = `${PAGES}, Add IP Restriction for Sub-Account API key`;
const GET_IPS = `${PAGES}, Get IP Restriction for a Sub-account API Key`;
const DELETE = `${PAGES}, Delete Sub-account API Key`;
const OWN = `${DOCS}, wallet, Get API Key Permission`;
const LAPSE = "binance.com, announcement of 2021-07-08";
const READ = "2026-11-22";

const subAccountApiKey: KindManifest = {
  title: "API key of a sub-account",
  noun: "API key",
  capabilities: {
    create: {
      answer: "partly",
      reason:
        "the page's example of an answer wasn't to be had, nor how many keys a sub-account may have; asset sub-accounts aren't supported",
      source: CREATE,
      verified: READ,
    },
    list: {
      answer: "partly",
      reason:
        "what is answered for an e-mail that is no sub-account's isn't documented: where the list is empty, the key itself is asked too, as far as its secret is here",
      source: QUERY,
      verified: READ,
    },
    inspect: { answer: "can", source: OWN, verified: READ },
    "update-permissions": {
      answer: "partly",
      reason: "the FIX flags are given at birth alone: a change of fixApi replaces the key",
      source: PERMIT,
      verified: READ,
    },
    "update-ips": {
      answer: "partly",
      reason: "whether setting addresses adds or replaces isn't documented, nor what is refused: the list is read back after each change",
      source: SET_IPS,
      verified: READ,
    },
    "update-label": {
      answer: "cannot",
      reason: "no call has a parameter for the name of a key that exists",
      source: PERMIT,
      verified: READ,
    },
    "update-lifetime": { answer: "cannot", reason: "keys have no end that could be chosen", source: CREATE, verified: READ },
    revoke: {
      answer: "partly",
      reason: "what a deletion of a key that isn't there answers isn't documented; the list tells",
      source: DELETE,
      verified: READ,
    },
    "read-ips": { answer: "can", source: GET_IPS, verified: READ },
    "read-expiry": {
      answer: "cannot",
      reason: "keys have no end; when trading without an IP list lapses, no answer about another key tells",
      source: QUERY,
      verified: READ,
    },
    label: {
      answer: "partly",
      reason:
        "length, alphabet and uniqueness of apiName aren't documented; ours is at most 20 letters, digits and dashes, our mark among them",
      source: CREATE,
      verified: READ,
    },
    "public-key": {
      answer: "partly",
      reason:
        "whether two living keys may have the same public key isn't documented: a reissue with the same one is refused, and a replacement that keeps it deletes the old key first",
      source: CREATE,
      verified: READ,
    },
    vantage: { answer: "cannot", reason: "no endpoint tells the address", source: OWN, verified: READ },
    whoami: { answer: "can", source: `${DOCS}, binance-spot-api-docs, rest-api/account-endpoints`, verified: "2025-11-30" },
  },
  // Characters are documented for a creation. How many, and whether ranges or IPv6 are taken, isn't: the examples have IPv4 addresses.
  ips: { maxChars: 500, ranges: false, ipv6: false },
  revokedBy: ["account"],
  scope: ({ subAccount }) => ({ subAccount: String(subAccount) }),
  // Our mark has 16: three are left for a text. Longer ones may be refused.
  label: { max: 20, alphabet: /^[A-Za-z0-9-]+$/, separator: "-" },
  // No delay is documented; so long we look again before we say that something differs.
  settleMs: 5_000,
  updates: "in-parts",
  emptyList: "doubtful",
  replaces: ["publicKey", "fixApi"],
  extras: {
    subAccount: z
      .string()
      .regex(/^[^\s@,]{1,128}@[^\s@,]{1,128}$/)
      .describe('give the sub-account\'s e-mail, such as "trading-1@example.com"'),
    publicKey: z
      .string()
      .refine((pem) => keyType(pem) !== undefined)
      .optional()
      .describe(
        'give an Ed25519 public key, or RSA of 2048 or 4096 bits, in PEM: from "-----BEGIN PUBLIC KEY-----" to "-----END PUBLIC KEY-----"',
      ),
    fixApi: z
      .array(z.enum(FIX))
      .min(1)
      .refine((flags) => new Set(flags).size === flags.length)
      .optional()
      .describe('give a list of canFixApiTrading and canFixApiReading, each once, such as ["canFixApiReading"], or leave it out'),
  },
  rules,
  permissions,
  grants: grantsOf,
  lifelong,
  powerRows: POWER_ROWS,
  powers,
  withDrift,
  compare: compareExactly, // nothing comes unasked
  managing,
  unverified: (_, seen) =>
    seen !== undefined && FIX.some((flag) => seen.grants.includes(flag))
      ? { fixApi: "as it was asked for at birth; no answer about a sub-account's key tells it" }
      : {},
  lapses: (allowedIps, grants) =>
    allowedIps === "anywhere" && grants.includes("canTrade")
      ? {
          text: `without an IP list its Spot and Margin trading ended 30 days after it was given, by the ${LAPSE}; whether that still holds isn't known; name its addresses`,
          days: 30,
        }
      : undefined,
  least,
};

export const manifest: Manifest = {
  id: "binance",
  title: "Binance",
  // Neither the test network nor the demo mode has these endpoints. Source: binance-spot-api-docs, testnet and demo-mode general-info.md.
  environments: { production: { api: "https://api.binance.com" } },
  credential: ["apiKey", "apiSecret"],
  limits: {
    // Of 3000 weight each. The budget of a UID isn't documented: one a second on average, as the broker's page allows for creations and
    // deletions, and all eight endpoints together.
    uid: { requests: 180_000, perMs: 60_000 },
    // Weight 1 each. Its own budget isn't documented either.
    own: { requests: 60, perMs: 60_000 },
    // Weight 20 each: 15 a minute.
    api: { requests: 300, perMs: 60_000 },
  },
  kinds: { SubAccountApiKey: subAccountApiKey },
};
