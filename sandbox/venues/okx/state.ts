// What OKX knows in the sandbox: accounts, sub-accounts, keys. Plain data, so that the store can keep it in a file.

import { randomBytes } from "node:crypto";
import { z } from "zod";
import { newSecret } from "../../dialect";
import { inOrder, PERMISSIONS, type Permission } from "./permissions";

const permissions = z.array(z.enum(PERMISSIONS));

const accountSchema = z.strictObject({
  uid: z.string(),
  /** The master account's uid; a master's own. */
  mainUid: z.string(),
  /** The sub-account's name, its handle in every request; null for a master account. */
  subAcct: z.string().nullable(),
  label: z.string(),
  /** A frozen sub-account isn't. */
  enabled: z.boolean(),
  createdAt: z.number(),
  balances: z.array(z.strictObject({ ccy: z.string(), amount: z.string() })),
});

const keySchema = z.strictObject({
  id: z.string(),
  uid: z.string(),
  apiKey: z.string(),
  apiSecret: z.string(),
  passphrase: z.string(),
  label: z.string(),
  permissions,
  /** As they were sent; empty: from anywhere. */
  allowedIps: z.array(z.string()),
  /** A key of demo trading. */
  demo: z.boolean(),
  frozen: z.boolean(),
  createdAt: z.number(),
  /** The last request that it signed, or else its creation. */
  usedAt: z.number(),
  expiredAt: z.number().nullable(),
  deletedAt: z.number().nullable(),
  /** Every (permissions, IP list) that it has had, in order. */
  states: z.array(z.strictObject({ at: z.number(), permissions, allowedIps: z.array(z.string()) })),
});

export const stateSchema = z.strictObject({
  lastId: z.int(),
  lastUid: z.string(),
  accounts: z.array(accountSchema),
  keys: z.array(keySchema),
});

export type Account = z.infer<typeof accountSchema>;
export type Key = z.infer<typeof keySchema>;
export type State = z.infer<typeof stateSchema>;

/** What is chosen for a key. */
export interface Wanted {
  readonly label: string;
  readonly passphrase: string;
  readonly permissions: readonly Permission[];
  readonly allowedIps: readonly string[];
  readonly demo?: boolean;
}

/** The address that the first account's managing machine has. */
export const HOME = "203.0.113.10";

/** A master account with a managing key (Read and Trade, from {@link HOME} alone) and the sub-accounts deskalpha and deskbravo. */
export function initialState(now: number): State {
  // Uids have 17 or 18 digits, so that who makes numbers of them confuses accounts.
  const state: State = { lastId: 0, lastUid: "44705892343619584", accounts: [], keys: [] };
  const master = addAccount(state, now, { label: "" });
  for (const subAcct of ["deskalpha", "deskbravo"]) addAccount(state, now, { subAcct, mainUid: master.uid, label: subAcct });
  const wanted: Wanted = { label: "managing", passphrase: newPassphrase(), permissions: ["read_only", "trade"], allowedIps: [HOME] };
  addKey(state, now, master.uid, wanted);
  return state;
}

export function addAccount(
  state: State,
  now: number,
  wanted: { readonly label: string; readonly subAcct?: string; readonly mainUid?: string },
): Account {
  const uid = (state.lastUid = String(BigInt(state.lastUid) + 1n));
  const account: Account = {
    uid,
    mainUid: wanted.mainUid ?? uid,
    subAcct: wanted.subAcct ?? null,
    label: wanted.label,
    enabled: true,
    // No two at once, since the list of sub-accounts is paged by it.
    createdAt: Math.max(now, ...state.accounts.map((other) => other.createdAt + 1)),
    balances: [
      { ccy: "BTC", amount: "2" },
      { ccy: "USDT", amount: "100000" },
    ],
  };
  state.accounts.push(account);
  return account;
}

export function addKey(state: State, now: number, uid: string, wanted: Wanted): Key {
  const permissions = inOrder(wanted.permissions);
  const allowedIps = [...wanted.allowedIps];
  const key: Key = {
    id: String(++state.lastId),
    uid,
    apiKey: newSecret(),
    apiSecret: newSecret(),
    passphrase: wanted.passphrase,
    label: wanted.label,
    permissions,
    allowedIps,
    demo: wanted.demo ?? false,
    frozen: false,
    createdAt: now,
    usedAt: now,
    expiredAt: null,
    deletedAt: null,
    states: [{ at: now, permissions: [...permissions], allowedIps: [...allowedIps] }],
  };
  state.keys.push(key);
  return key;
}

/** A passphrase that the rules of {@link goodPassphrase} take: 31 characters, `sandbox-` first. */
export function newPassphrase(): string {
  return `sandbox-Pw1${randomBytes(15).toString("base64url")}`;
}

/** 8 to 32 characters with a digit, an upper-case letter, a lower-case letter and a special character. Source: docs-v5, creating a sub-account's key. */
export function goodPassphrase(text: string): boolean {
  return /^[\x21-\x7e]{8,32}$/.test(text) && [/\d/, /[A-Z]/, /[a-z]/, /[^A-Za-z0-9]/].every((kind) => kind.test(text));
}
