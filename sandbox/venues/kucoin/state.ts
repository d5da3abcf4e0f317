// What KuCoin knows in the sandbox: accounts, sub-accounts, keys. Plain data, so that the store can keep it in a file.

import { randomBytes } from "node:crypto";
import { z } from "zod";
import { newSecret } from "../../dialect";
import { inOrder, PERMISSIONS, type Permission } from "./permissions";

const permissions = z.array(z.enum(PERMISSIONS));

/** What a sub-account may deal in. Source: kc-spec, openapi-account-subaccount.json, addSubAccount `access`. */
export const TRADE_TYPES = ["Spot", "Futures", "Margin"] as const;

export type TradeType = (typeof TRADE_TYPES)[number];

const accountSchema = z.strictObject({
  uid: z.int(),
  userId: z.string(),
  /** The master account's uid; a master's own. */
  masterUid: z.int(),
  /** The sub-account's name, its handle in every request about keys; null for a master account. */
  subName: z.string().nullable(),
  remarks: z.string(),
  frozen: z.boolean(),
  tradeTypes: z.array(z.enum(TRADE_TYPES)),
  createdAt: z.number(),
  balances: z.array(z.strictObject({ id: z.string(), currency: z.string(), type: z.enum(["main", "trade"]), balance: z.string() })),
});

const keySchema = z.strictObject({
  id: z.string(),
  uid: z.int(),
  apiKey: z.string(),
  apiSecret: z.string(),
  passphrase: z.string(),
  /** 1 has its passphrase sent in plain text, 2 and 3 signed. */
  apiVersion: z.int().min(1).max(3),
  remark: z.string(),
  permissions,
  /** As they were sent; empty: from anywhere. */
  allowedIps: z.array(z.string()),
  createdAt: z.number(),
  /** Null: never. */
  expiresAt: z.number().nullable(),
  deletedAt: z.number().nullable(),
  /** Every (permissions, IP list) that it has had, in order. */
  states: z.array(z.strictObject({ at: z.number(), permissions, allowedIps: z.array(z.string()) })),
});

export const stateSchema = z.strictObject({
  lastId: z.int(),
  lastUid: z.int(),
  accounts: z.array(accountSchema),
  keys: z.array(keySchema),
});

export type Account = z.infer<typeof accountSchema>;
export type Key = z.infer<typeof keySchema>;
export type State = z.infer<typeof stateSchema>;

/** What is chosen for a key. */
export interface Wanted {
  readonly remark: string;
  readonly passphrase: string;
  readonly permissions: readonly Permission[];
  readonly allowedIps: readonly string[];
  readonly expiresAt: number | null;
  readonly apiVersion?: number;
}

/** The address that the first account's managing machine has. */
export const HOME = "203.0.113.10";

/** A master account with a managing key (General, from {@link HOME} alone) and the sub-accounts deskalpha1 and deskbravo2. */
export function initialState(now: number): State {
  const state: State = { lastId: 0, lastUid: 165_111_214, accounts: [], keys: [] };
  const master = addAccount(state, now, { remarks: "" });
  for (const subName of ["deskalpha1", "deskbravo2"]) addAccount(state, now, { subName, masterUid: master.uid, remarks: "" });
  addKey(state, now, master.uid, {
    remark: "managing",
    passphrase: newPassphrase(),
    permissions: ["General"],
    allowedIps: [HOME],
    expiresAt: null,
  });
  return state;
}

export function addAccount(
  state: State,
  now: number,
  wanted: { readonly remarks: string; readonly subName?: string; readonly masterUid?: number; readonly tradeTypes?: readonly TradeType[] },
): Account {
  const uid = ++state.lastUid;
  const account: Account = {
    uid,
    userId: objectId(now),
    masterUid: wanted.masterUid ?? uid,
    subName: wanted.subName ?? null,
    remarks: wanted.remarks,
    frozen: false,
    tradeTypes: [...(wanted.tradeTypes ?? TRADE_TYPES)],
    createdAt: now,
    balances: [
      { id: objectId(now), currency: "BTC", type: "main", balance: "2" },
      { id: objectId(now), currency: "USDT", type: "trade", balance: "100000" },
    ],
  };
  state.accounts.push(account);
  return account;
}

export function addKey(state: State, now: number, uid: number, wanted: Wanted): Key {
  const permissions = inOrder(wanted.permissions);
  const allowedIps = [...wanted.allowedIps];
  const key: Key = {
    id: String(++state.lastId),
    uid,
    apiKey: newSecret(),
    apiSecret: newSecret(),
    passphrase: wanted.passphrase,
    apiVersion: wanted.apiVersion ?? 3,
    remark: wanted.remark,
    permissions,
    allowedIps,
    createdAt: now,
    expiresAt: wanted.expiresAt,
    deletedAt: null,
    states: [{ at: now, permissions: [...permissions], allowedIps: [...allowedIps] }],
  };
  state.keys.push(key);
  return key;
}

/** 24 hex digits with the time in front, as the examples' ids have them. */
export function objectId(now: number): string {
  const seconds = Math.floor(now / 1_000) % 0x1_0000_0000;
  return seconds.toString(16).padStart(8, "0") + randomBytes(8).toString("hex");
}

/** 32 characters that need no encoding in a URL, `sandbox-` first. */
export function newPassphrase(): string {
  return `sandbox-${randomBytes(18).toString("base64url")}`;
}

/** 7 to 32 characters, no spaces. Source: kc-spec, openapi-account-subaccount.json, addSubAccountApi. */
export function goodPassphrase(text: string): boolean {
  return /^\S{7,32}$/u.test(text);
}
