// What Deribit knows in the sandbox: accounts, keys, tokens. Plain data, so that the store can keep it in a file.

import { randomBytes } from "node:crypto";
import { z } from "zod";
import { newTotpSecret } from "../../console/totp";

const accountSchema = z.strictObject({
  id: z.int(),
  /** The main account's id; null for a main account. */
  mainId: z.int().nullable(),
  username: z.string(),
  email: z.string(),
  createdAt: z.number(),
  balances: z.record(z.string(), z.number()),
  /** Number of the latest key: ids count up in each account. */
  lastKey: z.int(),
  /** Whether the methods that may ask for a second factor do. */
  tfa: z.enum(["off", "on", "setup-required"]),
  totpSecret: z.string(),
  /** Steps of 30 s whose codes were taken lately. */
  totpTaken: z.array(z.int()),
  challenges: z.array(z.strictObject({ challenge: z.string(), at: z.number(), what: z.string() })),
  failures: z.int(),
  /** Until then no second factor is looked at. */
  barredUntil: z.number(),
});

const keySchema = z.strictObject({
  /** The desk's; Deribit's own is `number`, which counts up in each account. */
  id: z.string(),
  number: z.int(),
  accountId: z.int(),
  clientId: z.string(),
  /** Empty for a key with a public key. */
  secret: z.string(),
  publicKey: z.string().nullable(),
  name: z.string(),
  /** The words as they were sent. */
  scope: z.array(z.string()),
  features: z.array(z.string()),
  /** Empty: from anywhere. */
  allowedIps: z.array(z.string()),
  enabled: z.boolean(),
  createdAt: z.number(),
  /** When the present secret was made. */
  secretAt: z.number(),
  removedAt: z.number().nullable(),
  /** Nonces that a timestamp could still go with. */
  nonces: z.array(z.strictObject({ nonce: z.string(), until: z.number() })),
  /** Every (permissions, IP list, enabled) that it has had, in order. */
  states: z.array(
    z.strictObject({ at: z.number(), permissions: z.array(z.string()), allowedIps: z.array(z.string()), enabled: z.boolean() }),
  ),
});

const tokenSchema = z.strictObject({
  id: z.string(),
  access: z.string(),
  refresh: z.string(),
  keyId: z.string(),
  scope: z.array(z.string()),
  /** The one address that it is bound to; null: any. */
  ip: z.string().nullable(),
  createdAt: z.number(),
  expiresAt: z.number(),
  revokedAt: z.number().nullable(),
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

/** The address that the first account's managing machine has. */
export const HOME = "203.0.113.10";

/** Everything but withdrawals: a managing key can only hand out what it has. */
const MANAGED = ["account:read_write", "block_rfq:read_write", "block_trade:read_write", "trade:read_write", "wallet:read"];

/** A main account with two sub-accounts, without keys but for the managing key of the main account, from {@link HOME} alone. */
export function initialState(now: number, make: (state: State, account: Account) => Key): State {
  const state: State = { lastId: 0, accounts: [], keys: [], tokens: [] };
  const main = addAccount(state, now, { username: "desk" });
  for (const username of ["desk_alpha", "desk_bravo"]) addAccount(state, now, { username, mainId: main.id });
  const key = make(state, main);
  key.name = "managing";
  key.scope = [...MANAGED];
  key.allowedIps = [HOME];
  key.states = [{ at: now, permissions: [...MANAGED], allowedIps: [HOME], enabled: true }];
  return state;
}

export function addAccount(state: State, now: number, wanted: { readonly username?: string; readonly mainId?: number }): Account {
  const id = Math.max(7000, ...state.accounts.map((account) => account.id)) + 1;
  const username = wanted.username ?? `desk_${id}`;
  const account: Account = {
    id,
    mainId: wanted.mainId ?? null,
    username,
    email: `${username}@example.com`,
    createdAt: now,
    balances: { BTC: 2, ETH: 10, USDC: 100_000 },
    lastKey: 0,
    tfa: "off",
    totpSecret: newTotpSecret(),
    totpTaken: [],
    challenges: [],
    failures: 0,
    barredUntil: 0,
  };
  state.accounts.push(account);
  return account;
}

export function accountOf(state: State, id: number): Account {
  const account = state.accounts.find((candidate) => candidate.id === id);
  if (!account) throw new Error(`deribit: no account ${id} in the sandbox`);
  return account;
}

/** A client id: the documents show 8 characters of base64url and promise no form, so that `sandbox-` can stand before them. */
export function newClientId(): string {
  return `sandbox-${randomBytes(6).toString("base64url")}`;
}
