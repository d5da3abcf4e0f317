// What Binance knows in the sandbox: masters, their sub-accounts, and the keys of both. Plain data, so that the store can
// keep it in a file.

import { z } from "zod";
import { newSecret } from "../../dialect";
import { PERMISSIONS } from "./permissions";

const permissions = z.array(z.enum(PERMISSIONS));

const restriction = z.discriminatedUnion("status", [
  z.strictObject({ status: z.literal(1) }),
  z.strictObject({ status: z.literal(2), ips: z.array(z.string()).readonly() }),
  z.strictObject({ status: z.literal(3), thirdPartyName: z.string() }),
]);

const accountSchema = z.strictObject({
  uid: z.int(),
  email: z.string(),
  /** The master's uid; null for a master. */
  master: z.int().nullable(),
  kind: z.enum(["standard", "asset"]),
  portfolioMarginRetail: z.boolean(),
  createdAt: z.number(),
  balances: z.array(z.strictObject({ asset: z.string(), free: z.string(), locked: z.string() })),
});

const keySchema = z.strictObject({
  id: z.string(),
  uid: z.int(),
  apiName: z.string(),
  apiKey: z.string(),
  /** Null where a public key was given. */
  secretKey: z.string().nullable(),
  publicKey: z.strictObject({ type: z.enum(["ed25519", "rsa"]), pem: z.string() }).nullable(),
  permissions,
  restriction,
  createdAt: z.number(),
  /** When permissions were last modified, and when the addresses were. */
  updatedAt: z.number(),
  ipsUpdatedAt: z.number(),
  /** Since when it may trade from anywhere; null when it may not. */
  tradesOpenSince: z.number().nullable(),
  revokedAt: z.number().nullable(),
  /** Every state that it has passed through, in order. */
  states: z.array(z.strictObject({ at: z.number(), permissions, restriction })),
});

export const stateSchema = z.strictObject({
  lastId: z.int(),
  accounts: z.array(accountSchema),
  keys: z.array(keySchema),
});

export type Account = z.infer<typeof accountSchema>;
export type Key = z.infer<typeof keySchema>;
export type State = z.infer<typeof stateSchema>;

/** The address of the machine that manages the first account. */
export const HOME = "203.0.113.10";

/** The first master, and its sub-accounts. */
export const MASTER_UID = 354937868;
export const SUB_ACCOUNTS = ["trading-1@example.com", "trading-2@example.com"] as const;

/** One master with a managing key, which reads and trades from {@link HOME} alone, and two sub-accounts without keys. */
export function initialState(now: number): State {
  const state: State = { lastId: 0, accounts: [], keys: [] };
  addAccount(state, now, { uid: MASTER_UID, email: "desk@example.com", master: null });
  for (const email of SUB_ACCOUNTS) addAccount(state, now, { email, master: MASTER_UID });
  addKey(state, now, { uid: MASTER_UID, apiName: "managing-key", permissions: ["canTrade"], restriction: { status: 2, ips: [HOME] } });
  return state;
}

export function addAccount(state: State, now: number, wanted: Pick<Account, "email" | "master"> & Partial<Account>): Account {
  const account: Account = {
    uid: Math.max(MASTER_UID - 1, ...state.accounts.map(({ uid }) => uid)) + 1,
    kind: "standard",
    portfolioMarginRetail: false,
    createdAt: now,
    balances: [
      { asset: "BTC", free: "2.00000000", locked: "0.00000000" },
      { asset: "USDT", free: "100000.00000000", locked: "0.00000000" },
    ],
    ...wanted,
  };
  state.accounts.push(account);
  return account;
}

/** What is chosen for a key; a secret is made unless a public key is given. */
export type WantedKey = Pick<Key, "uid" | "apiName" | "permissions" | "restriction"> & { readonly publicKey?: Key["publicKey"] };

export function addKey(state: State, now: number, { publicKey = null, ...wanted }: WantedKey): Key {
  const key: Key = {
    id: String(++state.lastId),
    apiKey: newSecret(),
    secretKey: publicKey ? null : newSecret(),
    publicKey,
    createdAt: now,
    updatedAt: now,
    ipsUpdatedAt: now,
    tradesOpenSince: null,
    revokedAt: null,
    states: [],
    ...wanted,
  };
  state.keys.push(key);
  noteState(key, now);
  return key;
}

/** Writes down what the key is now, where it differs from what it was; called after every change. */
export function noteState(key: Key, now: number): void {
  const open = key.permissions.includes("canTrade") && key.restriction.status === 1;
  key.tradesOpenSince = open ? (key.tradesOpenSince ?? now) : null;
  const present = { permissions: [...key.permissions], restriction: structuredClone(key.restriction) };
  const { at: _, ...before } = key.states.at(-1) ?? { at: 0 };
  if (JSON.stringify(before) !== JSON.stringify(present)) key.states.push({ at: now, ...present });
}
