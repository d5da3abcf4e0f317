// What Bybit knows in the sandbox: accounts, sub-accounts and keys. Plain data, so that the store can keep it in a file.

import { z } from "zod";
import { newSecret } from "../../dialect";
import type { Permissions } from "./permissions";

const accountSchema = z.strictObject({
  uid: z.string(),
  /** `null` for a master account. */
  masterUid: z.string().nullable(),
  username: z.string(),
  remark: z.string(),
  /** 1 normal, 6 custodial. Source: v5/user/create-subuid */
  memberType: z.union([z.literal(1), z.literal(6)]),
  /** 1 normal, 2 login banned, 4 frozen. Source: v5/user/subuid-list */
  status: z.union([z.literal(1), z.literal(2), z.literal(4)]),
  demo: z.boolean(),
  uta: z.boolean(),
  kycLevel: z.enum(["LEVEL_DEFAULT", "LEVEL_1", "LEVEL_2"]),
  kycRegion: z.string(),
  /** Of Bybit Europe, where API keys can't be created (81007). */
  europe: z.boolean(),
  usdt: z.number(),
  createdAt: z.number(),
  passwordChangedAt: z.number().nullable(),
  deletedAt: z.number().nullable(),
});

const keyStateSchema = z.strictObject({
  at: z.number(),
  readOnly: z.boolean(),
  permissions: z.record(z.string(), z.array(z.string())),
  /** Empty: from anywhere. */
  ips: z.array(z.string()),
});

const keySchema = z.strictObject({
  id: z.string(),
  uid: z.string(),
  apiKey: z.string(),
  apiSecret: z.string(),
  /** PEM, of a key that its holder made (RSA); such a key's secret is never used. */
  publicKey: z.string().nullable(),
  /** 1 personal, 2 third-party application. */
  type: z.union([z.literal(1), z.literal(2)]),
  note: z.string(),
  createdAt: z.number(),
  /** When the 90 days of a key without addresses began. */
  countedFrom: z.number(),
  revokedAt: z.number().nullable(),
  /** Every state it was in, the present one last. */
  states: z.array(keyStateSchema).min(1),
});

export const stateSchema = z.strictObject({
  lastId: z.int(),
  accounts: z.array(accountSchema),
  keys: z.array(keySchema),
  /** Address → end of its ban, for whom came too often. */
  bans: z.record(z.string(), z.number()),
});

export type Account = z.infer<typeof accountSchema>;
export type Key = z.infer<typeof keySchema>;
export type KeyState = z.infer<typeof keyStateSchema>;
export type State = z.infer<typeof stateSchema>;

/** The address that the managing key is bound to. */
export const HOME = "203.0.113.10";

const MASTER_UID = "1448939";
const SUB_UIDS = ["53888000", "53888001"];

/** The permissions of the key that is there from the beginning: everything but withdrawals and payments. */
const MANAGING: Permissions = {
  ContractTrade: ["Order", "Position"],
  Derivatives: ["DerivativesTrade"],
  Earn: ["Earn"],
  Exchange: ["ExchangeHistory"],
  Options: ["OptionsTrade"],
  Spot: ["SpotTrade"],
  Wallet: ["AccountTransfer", "SubMemberTransfer"],
};

/** A master account, its managing key, which may be used from {@link HOME} alone, and two sub-accounts without keys. */
export function initialState(now: number): State {
  const state: State = { lastId: 16_651_282, accounts: [], keys: [], bans: {} };
  addAccount(state, now, { uid: MASTER_UID, masterUid: null, username: "desk", usdt: 100_000 });
  for (const [index, uid] of SUB_UIDS.entries()) {
    addAccount(state, now, { uid, masterUid: MASTER_UID, username: `desk00${index + 1}`, usdt: 10_000 });
  }
  addKey(state, now, { uid: MASTER_UID, note: "managing", readOnly: false, permissions: MANAGING, ips: [HOME] });
  return state;
}

export function addAccount(state: State, now: number, wanted: Pick<Account, "uid" | "masterUid" | "username"> & Partial<Account>): Account {
  const account: Account = {
    remark: "",
    memberType: 1,
    status: 1,
    demo: false,
    uta: true,
    kycLevel: "LEVEL_1",
    kycRegion: "MYS",
    europe: false,
    usdt: 0,
    createdAt: now,
    passwordChangedAt: null,
    deletedAt: null,
    ...wanted,
  };
  state.accounts.push(account);
  return account;
}

/** A uid that no account ever had. */
export function nextUid(state: State): string {
  return String(Math.max(...state.accounts.map(({ uid }) => Number(uid))) + 1);
}

/** What is chosen for a key. */
export type Wanted = Pick<Key, "uid" | "note"> & Omit<KeyState, "at"> & { readonly publicKey?: string | null };

export function addKey(state: State, now: number, wanted: Wanted): Key {
  const { uid, note, publicKey = null, ...first } = wanted;
  const key: Key = {
    id: String(++state.lastId),
    uid,
    // The documents' examples are of letters and digits; no format is documented.
    apiKey: newSecret(),
    apiSecret: newSecret(),
    publicKey,
    type: 1,
    note,
    createdAt: now,
    countedFrom: now,
    revokedAt: null,
    states: [{ at: now, ...first }],
  };
  state.keys.push(key);
  return key;
}
