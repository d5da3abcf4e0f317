// What Bitfinex knows in the sandbox: accounts, keys, tokens. Plain data, so that the store can keep it in a file.

import { z } from "zod";
import { newTotpSecret } from "../../console/totp";
import { newSecret } from "../../dialect";
import { SCOPES, type Grants } from "./scopes";

const grants = z.record(z.string(), z.tuple([z.boolean(), z.boolean()]));
const logSchema = z.strictObject({ at: z.number(), text: z.string(), ip: z.string(), userAgent: z.string() });

const accountSchema = z.strictObject({
  id: z.int(),
  email: z.string(),
  /** State files from before the console have no sign-in: a new one is made. */
  password: z.string().default(newSecret),
  totpSecret: z.string().default(newTotpSecret),
  /** Steps of 30 s whose codes were taken lately. */
  totpTaken: z.array(z.int()).default(() => []),
  username: z.string(),
  createdAt: z.number(),
  twoFactorModes: z.array(z.enum(["u2f", "otp"])),
  masterAccountId: z.int().nullable(),
  isGroupMaster: z.boolean(),
  paperTrading: z.boolean(),
  wallets: z.array(z.strictObject({ type: z.string(), currency: z.string(), balance: z.number() })),
  logins: z.array(z.strictObject({ id: z.int(), at: z.number(), ip: z.string(), userAgent: z.string() })),
  audit: z.array(logSchema),
});

const keySchema = z.strictObject({
  id: z.string(),
  accountId: z.int(),
  apiKey: z.string(),
  apiSecret: z.string(),
  label: z.string(),
  grants,
  /** Empty: from anywhere. */
  allowedIps: z.array(z.string()),
  createdAt: z.number(),
  revokedAt: z.number().nullable(),
  /** The highest nonce so far, in decimal: they were seen beyond what a number holds. */
  nonce: z.string(),
});

const tokenSchema = z.strictObject({
  id: z.string(),
  accountId: z.int(),
  token: z.string(),
  /** Id of the key or token that minted it. */
  parent: z.string(),
  caps: z.array(z.string()),
  write: z.boolean(),
  grants,
  custIp: z.string().nullable(),
  createdAt: z.number(),
  expiresAt: z.number(),
  revokedAt: z.number().nullable(),
  nonce: z.string(),
});

export const stateSchema = z.strictObject({
  lastId: z.int(),
  accounts: z.array(accountSchema),
  keys: z.array(keySchema),
  tokens: z.array(tokenSchema),
});

export type Account = z.infer<typeof accountSchema>;
export type Key = z.infer<typeof keySchema>;
export type Token = z.infer<typeof tokenSchema>;
export type State = z.infer<typeof stateSchema>;

/** What a person's browser is in the logs. */
export const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) sandbox";

/** The address that the first account's person and managing machine have. */
export const HOME = "203.0.113.10";

/** One account, 123456 with 2FA, and its managing key: everything but withdrawals, callable from {@link HOME} alone. */
export function initialState(now: number): State {
  const state: State = { lastId: 0, accounts: [], keys: [], tokens: [] };
  const account = addAccount(state, now, { id: 123456, email: "desk@example.com", username: "desk", twoFactorModes: ["otp"] });
  const managed = SCOPES.filter((scope) => !scope.includes("withdraw") && !scope.startsWith("eaas_"));
  addKey(state, now, {
    accountId: account.id,
    label: "managing key",
    grants: Object.fromEntries(managed.map((scope) => [scope, [true, true]])),
    allowedIps: [HOME],
  });
  return state;
}

export function nextId(state: State): string {
  return String(++state.lastId);
}

export function addAccount(state: State, now: number, wanted: Pick<Account, "id" | "email" | "username"> & Partial<Account>): Account {
  const account: Account = {
    password: newSecret(),
    totpSecret: newTotpSecret(),
    totpTaken: [],
    createdAt: now,
    twoFactorModes: [],
    masterAccountId: null,
    isGroupMaster: false,
    paperTrading: false,
    wallets: [
      { type: "exchange", currency: "BTC", balance: 2 },
      { type: "exchange", currency: "USD", balance: 100_000 },
    ],
    logins: [{ id: Number(nextId(state)), at: now, ip: HOME, userAgent: BROWSER }],
    audit: [],
    ...wanted,
  };
  state.accounts.push(account);
  return account;
}

/** What a person chooses for a key. */
export interface Wanted {
  readonly label: string;
  readonly grants: Grants;
  readonly allowedIps: string[];
}

export function addKey(state: State, now: number, wanted: Wanted & { readonly accountId: number }, by?: Hand): Key {
  const key: Key = {
    id: nextId(state),
    apiKey: newSecret(),
    apiSecret: newSecret(),
    createdAt: now,
    revokedAt: null,
    nonce: "0",
    ...wanted,
  };
  state.keys.push(key);
  logChange(state, wanted.accountId, now, "settings: api key created", by);
  return key;
}

/** Whose hand it was, as the logs have it. */
export interface Hand {
  readonly ip: string;
  readonly userAgent: string;
}

/** Adds a row to the change log. */
export function logChange(state: State, accountId: number, at: number, text: string, by: Hand = { ip: HOME, userAgent: BROWSER }): void {
  state.accounts.find((account) => account.id === accountId)?.audit.push({ at, text, ip: by.ip, userAgent: by.userAgent });
}
