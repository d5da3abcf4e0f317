// Every rule once broken and once kept: the unit table, and the examples of docs/policy.md.

import type { Inputs } from "./keys";

export interface Case {
  readonly rule: string;
  /** What the rule is told; its defaults without it. */
  readonly configuration?: Inputs;
  /** Inputs of a key that differ from those of one that keeps every rule; for a rule over a stack, of each key. */
  readonly fails: readonly Inputs[];
  /** What is said of the last of them, without the key's name. */
  readonly says: string;
  readonly passes: readonly Inputs[];
  /** An input that the rule can't do without: where a preview doesn't know it, the rule says so. */
  readonly needs?: string;
}

const withdraw = { read: "Wallet:Withdraw", withdraw: "Wallet:Withdraw" };

export const CASES: readonly Case[] = [
  {
    rule: "readable",
    fails: [{ venue: "moonbase" }],
    says: "this version knows no moonbase SubAccountApiKey; mend what the check of its inputs refuses, or update pulumi-exchange-keys where the policy pack is installed",
    passes: [{ venue: "bybit" }],
  },
  {
    rule: "no-withdraw",
    fails: [{ powers: withdraw }],
    says: "it can withdraw (Wallet:Withdraw); leave that permission out, or name the key in the rule's keys",
    passes: [{ powers: { read: "Spot:SpotTrade" } }],
    needs: "powers",
  },
  {
    rule: "no-withdraw",
    fails: [{ venue: "bitfinex", kind: "ApiKey", subAccount: undefined, access: undefined, accept: ["ui_withdraw"] }],
    says: "it can withdraw (ui_withdraw:write); leave that permission out, or name the key in the rule's keys",
    passes: [{ venue: "bitfinex", kind: "ApiKey", subAccount: undefined, access: undefined, accept: ["settings"] }],
  },
  {
    rule: "no-withdraw",
    configuration: { keys: ["last*"] },
    fails: [{ powers: withdraw }],
    says: "it can withdraw, and says nowhere who approved that; give approval",
    passes: [{ powers: withdraw, approval: "TREASURY-12" }],
    needs: "approval",
  },
  {
    rule: "no-withdraw",
    configuration: { keys: ["last"], approval: "^TREASURY-\\d+$" },
    fails: [{ powers: withdraw, approval: "the boss" }],
    says: "it can withdraw, and its approval doesn't fit ^TREASURY-\\d+$; give one that does",
    passes: [{ powers: withdraw, approval: "TREASURY-12" }],
  },
  {
    rule: "withdraw-bound",
    fails: [{ powers: withdraw, allowedIps: "anywhere" }],
    says: "it can withdraw from anywhere; name its addresses in allowedIps",
    passes: [{ powers: withdraw, allowedIps: { "203.0.113.10": "treasury" } }],
    needs: "allowedIps",
  },
  {
    rule: "withdraw-bound",
    fails: [{ powers: { ...withdraw, transfer: "Wallet:AccountTransfer" } }],
    says: "it can withdraw, and has transfer too; make a key of its own for withdrawals",
    passes: [{ powers: { read: "Wallet:AccountTransfer", transfer: "Wallet:AccountTransfer" } }],
    needs: "powers",
  },
  {
    rule: "trade-or-withdraw",
    fails: [{ powers: { ...withdraw, trade: "Spot:SpotTrade" } }],
    says: "it can trade (Spot:SpotTrade) and withdraw (Wallet:Withdraw); make two keys",
    passes: [{ powers: { trade: "Spot:SpotTrade" } }],
    needs: "powers",
  },
  {
    rule: "no-administer",
    fails: [{ powers: { read: "Earn:Earn", unknown: "Earn:Earn" } }],
    says: "it has unknown (Earn:Earn): not documented: counts as administering; leave that permission out",
    passes: [{ powers: { read: "Earn:Earn" } }],
    needs: "powers",
  },
  {
    rule: "no-administer",
    configuration: { keys: ["other"] },
    fails: [{ powers: { administer: "Wallet:AccountTransfer" } }],
    says: "it has administer (Wallet:AccountTransfer): changes or makes keys, or account settings: it can give itself more; leave that permission out",
    passes: [{ powers: { transfer: "Wallet:AccountTransfer" } }],
  },
  {
    rule: "no-anywhere",
    fails: [{ allowedIps: "anywhere" }],
    says: "it can be used from anywhere; name its addresses in allowedIps",
    passes: [{ allowedIps: { "203.0.113.10": "fra1 gateway" } }],
    needs: "allowedIps",
  },
  {
    rule: "ips-within",
    configuration: { within: ["203.0.113.0/25", "203.0.113.128/25"] },
    fails: [{ allowedIps: { "203.0.113.0/24": "", "198.51.100.7": "" } }],
    says: "1 of its 2 addresses isn't within 203.0.113.0/25, 203.0.113.128/25; name other addresses",
    passes: [{ allowedIps: { "203.0.113.0/24": "" } }],
    needs: "allowedIps",
  },
  {
    rule: "ips-within",
    configuration: { ipv4: 28 },
    fails: [{ allowedIps: { "203.0.113.0/24": "" } }],
    says: "its address is wider than /28; name fewer addresses",
    passes: [{ allowedIps: { "203.0.113.16/28": "" } }],
  },
  {
    rule: "ips-within",
    configuration: { ipv4: 0, ipv6: 1 },
    fails: [{ allowedIps: { "203.0.113.0/240": "" } }], // nobody can read it
    says: "its address is wider than /0; name fewer addresses",
    passes: [{ allowedIps: { "203.0.113.16/28": "" } }],
  },
  {
    rule: "ips-within",
    configuration: { within: ["203.0.113.0/24"] },
    fails: [{ allowedIps: "anywhere" }],
    says: "it can be used from anywhere, which isn't within 203.0.113.0/24; name its addresses in allowedIps",
    passes: [{ allowedIps: { "203.0.113.7": "" } }],
  },
  {
    rule: "lifetime-at-most",
    configuration: { atMost: "7d" },
    fails: [{ lifetime: "30d" }],
    says: "it lives longer than 7d; give it a lifetime of at most that",
    passes: [{ lifetime: "168h" }],
    needs: "lifetime",
  },
  {
    rule: "lifetime-at-most",
    fails: [{ lifetime: "never" }],
    says: "it never ends; give it a lifetime of at most 90d",
    passes: [{ lifetime: "90d" }],
  },
  {
    rule: "rotation-declared",
    fails: [{ rotation: undefined }],
    says: 'it is never renewed; give rotation: { every: "90d" } or less',
    passes: [{ rotation: { every: "90d", overlap: "1d" } }],
    needs: "rotation",
  },
  {
    rule: "rotation-declared",
    configuration: { atMost: "30d" },
    fails: [{ rotation: { every: "45d" } }],
    says: "it isn't renewed every 30d; give rotation.every of at most that",
    passes: [{ rotation: { every: "30d" } }],
  },
  {
    rule: "allowed-accounts",
    configuration: { accounts: ["desk-*"] },
    fails: [{ account: "desk" }],
    says: "it is of the account desk, and allowed is desk-*; make it elsewhere, or in another stack",
    passes: [{ account: "desk-fra1" }],
    needs: "account",
  },
  {
    rule: "allowed-venues",
    configuration: { venues: ["okx", "kucoin"] },
    fails: [{}],
    says: "it is at bybit, and allowed are okx, kucoin; make it elsewhere, or in another stack",
    passes: [{ venue: "okx", access: undefined }],
  },
  {
    rule: "allowed-environments",
    configuration: { environments: ["testnet"] },
    fails: [{ account: "desk" }],
    says: "its account desk is in production, and allowed is testnet; make it elsewhere, or in another stack",
    passes: [{ account: "trial" }],
    needs: "account",
  },
  {
    rule: "public-key-only",
    configuration: { in: ["desk/production"] },
    fails: [{}],
    says: "it has a secret, which the state keeps; give publicKey, at a venue that takes one",
    passes: [{ venue: "deribit", kind: "ApiKey", publicKey: "-----BEGIN PUBLIC KEY-----…", access: undefined, subAccount: undefined }],
  },
  {
    rule: "holder-and-purpose",
    configuration: { holder: "^[a-z]+ at [a-z0-9]+$" },
    fails: [{ holder: "Bob <b@x>\n" }],
    says: "its holder doesn't fit ^[a-z]+ at [a-z0-9]+$; give one that does",
    passes: [{ holder: "hedger at fra1" }],
    needs: "holder",
  },
  {
    rule: "holder-and-purpose",
    fails: [{ purpose: undefined }],
    says: "it has no purpose; give one",
    passes: [{ purpose: "hedging" }],
    needs: "purpose",
  },
  {
    rule: "acknowledge",
    fails: [{ venue: "bitfinex", kind: "AccessToken", subAccount: undefined, access: undefined }],
    says: "nobody can verify its allowedIps (declared; the venue lets nobody read it back); say in acknowledge that you know",
    passes: [
      {
        venue: "bitfinex",
        kind: "AccessToken",
        subAccount: undefined,
        access: undefined,
        acknowledge: "the list is tried from outside each month",
      },
    ],
    needs: "acknowledge",
  },
  {
    rule: "keys-per-account",
    configuration: { atMost: 1 },
    fails: [{}, {}],
    says: "bybit desk, sub-account 53888000 has 2 keys in this stack, and allowed are 1; do with fewer",
    passes: [{}, { subAccount: "53888001" }],
    needs: "account",
  },
  {
    rule: "age-at-most",
    fails: [{ createdAt: "2020-01-31T00:00:00.000Z" }],
    says: "it was made on 2020-01-31, more than 90d ago; renew it",
    passes: [{ createdAt: "2099-01-31T00:00:00.000Z" }],
    needs: "createdAt",
  },
  {
    rule: "no-twins",
    fails: [{}, { allowedIps: { "203.0.113.10": "another word for it" } }],
    says: 'it has the powers, addresses and account of "key0"; use one key, or tell their addresses apart',
    passes: [{}, { allowedIps: { "203.0.113.11": "fra1 standby" } }],
    needs: "powers",
  },
];
