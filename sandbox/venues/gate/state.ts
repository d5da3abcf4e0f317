// What Gate knows in the sandbox: main accounts, sub-accounts, keys. Plain data, so that the store can keep it in a file.

import { z } from "zod";
import { newSecret } from "../../dialect";
import { ACCESSES, AREAS } from "./permissions";

const permissions = z.partialRecord(z.enum(AREAS), z.enum(ACCESSES));

const accountSchema = z.strictObject({
  userId: z.int(),
  /** Null for a main account. */
  mainId: z.int().nullable(),
  loginName: z.string(),
  remark: z.string(),
  /** 1 a regular sub-account, 3 a cross margin one. Source: docs/gateio, POST /sub_accounts */
  type: z.union([z.literal(1), z.literal(3)]),
  locked: z.boolean(),
  createdAt: z.number(),
  balances: z.array(z.strictObject({ currency: z.string(), available: z.string(), locked: z.string(), updateId: z.int() })),
});

const keyStateSchema = z.strictObject({
  /** When it was written; it takes effect later. */
  at: z.number(),
  name: z.string(),
  permissions,
  /** Empty: from anywhere. */
  allowedIps: z.array(z.string()),
});

const keySchema = z.strictObject({
  id: z.string(),
  userId: z.int(),
  apiKey: z.string(),
  apiSecret: z.string(),
  /** 1 classic, 2 portfolio account. */
  mode: z.union([z.literal(1), z.literal(2)]),
  /** Pairs that it may trade; empty: all. Only the web page has it. */
  currencyPairs: z.array(z.string()),
  standing: z.enum(["normal", "locked", "frozen"]),
  createdAt: z.number(),
  /** When the 90 days of a key without addresses began. */
  countedFrom: z.number(),
  lastAccess: z.number().nullable(),
  deletedAt: z.number().nullable(),
  /** Every state that it was given, the latest last. */
  states: z.array(keyStateSchema).min(1),
});

export const stateSchema = z.strictObject({
  lastId: z.int(),
  lastUserId: z.int(),
  accounts: z.array(accountSchema),
  keys: z.array(keySchema),
});

export type Account = z.infer<typeof accountSchema>;
export type Key = z.infer<typeof keySchema>;
export type KeyState = z.infer<typeof keyStateSchema>;
export type State = z.infer<typeof stateSchema>;

/** The address that the managing key is bound to. */
export const HOME = "203.0.113.10";

/** A main account with a managing key (`account` and `wallet`, from {@link HOME} alone) and the sub-accounts desk_alpha and desk_bravo. */
export function initialState(now: number): State {
  const state: State = { lastId: 0, lastUserId: 2_124_000, accounts: [], keys: [] };
  const main = addAccount(state, now, { loginName: "desk" });
  for (const loginName of ["desk_alpha", "desk_bravo"]) addAccount(state, now, { loginName, mainId: main.userId });
  addKey(state, now, {
    userId: main.userId,
    name: "managing",
    permissions: { account: "read-write", wallet: "read-write" },
    allowedIps: [HOME],
  });
  return state;
}

export function addAccount(
  state: State,
  now: number,
  wanted: Pick<Account, "loginName"> & Partial<Pick<Account, "mainId" | "remark" | "type">>,
): Account {
  const account: Account = {
    userId: ++state.lastUserId,
    mainId: null,
    remark: "",
    type: 1,
    locked: false,
    createdAt: now,
    balances: [
      { currency: "BTC", available: "2", locked: "0", updateId: 1 },
      { currency: "USDT", available: "100000", locked: "0", updateId: 1 },
    ],
    ...wanted,
  };
  state.accounts.push(account);
  return account;
}

/** What is chosen for a key. */
export type Wanted = Pick<Key, "userId"> & Omit<KeyState, "at"> & Partial<Pick<Key, "mode" | "currencyPairs">>;

export function addKey(state: State, now: number, wanted: Wanted): Key {
  const { userId, mode = 1, currencyPairs = [], ...first } = wanted;
  const key: Key = {
    id: String(++state.lastId),
    userId,
    // The documents' examples have 32 and 64 hex digits; that they must is nowhere said.
    apiKey: newSecret(),
    apiSecret: newSecret(),
    mode,
    currencyPairs,
    standing: "normal",
    createdAt: now,
    countedFrom: now,
    lastAccess: null,
    deletedAt: null,
    states: [{ at: now, ...first }],
  };
  state.keys.push(key);
  return key;
}
