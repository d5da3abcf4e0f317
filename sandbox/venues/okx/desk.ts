// What a person does on OKX's web pages and no API offers: master accounts and sub-accounts opened, any key made, edited and
// deleted. Apart from the endpoints, since none of this may ever be reachable there.

import { z } from "zod";
import { iso, type Clock } from "../../clock";
import { fingerprint, NotThere, type Collection } from "../../dialect";
import type { Switches } from "../../switches";
import { isEntry, MOST_IPS } from "./ips";
import type { Keys } from "./keys";
import { PERMISSIONS } from "./permissions";
import { addAccount, goodPassphrase, newPassphrase, type Account, type Key, type State } from "./state";
import { SUB_ACCOUNT } from "./subaccounts";
import type { OkxSwitches } from "./switches";

export interface DeskParts {
  readonly state: State;
  readonly clock: Clock;
  readonly switches: Switches<OkxSwitches>;
  readonly keys: Keys;
}

const permissions = z.array(z.enum(PERMISSIONS));
const allowedIps = z.array(z.string()).max(MOST_IPS);
const newAccount = z.strictObject({ label: z.string().default("") });
const newSubAccount = z.strictObject({
  subAcct: z.string().regex(SUB_ACCOUNT, "6 to 20 letters and digits"),
  mainUid: z.string().optional(),
  label: z.string().default(""),
});
const editedSubAccount = z.strictObject({ enabled: z.boolean() });
const newKey = z.strictObject({
  uid: z.string().optional(),
  subAcct: z.string().optional(),
  label: z.string().min(1).optional(),
  passphrase: z.string().refine(goodPassphrase, "8 to 32 characters with digit, upper case, lower case, special character").optional(),
  permissions: permissions.default(["read_only"]),
  allowedIps: allowedIps.default([]),
  demo: z.boolean().default(false),
});
const editedKey = z.strictObject({
  label: z.string().min(1).optional(),
  permissions: permissions.optional(),
  allowedIps: allowedIps.optional(),
  frozen: z.boolean().optional(),
});

export function openDesk(parts: DeskParts): Readonly<Record<string, Collection>> {
  return { accounts: accounts(parts), "sub-accounts": subAccounts(parts), keys: keysOf(parts) };
}

function accounts({ state, clock }: DeskParts): Collection {
  return {
    list: () => state.accounts.filter(({ subAcct }) => subAcct === null).map(showAccount),
    create: (body) => showAccount(addAccount(state, clock.now(), newAccount.parse(body ?? {}))),
  };
}

/** By name: that is what OKX calls them by. */
function subAccounts({ state, clock }: DeskParts): Collection {
  return {
    list: () => state.accounts.filter(({ subAcct }) => subAcct !== null).map(showAccount),
    create(body) {
      const { mainUid = state.accounts[0]?.uid, subAcct, label } = newSubAccount.parse(body);
      if (!state.accounts.some(({ uid, subAcct: name }) => uid === mainUid && name === null))
        throw new RangeError(`mainUid: there is no master account ${mainUid}`);
      if (state.accounts.some((account) => account.subAcct === subAcct)) throw new RangeError(`subAcct: ${subAcct} is there already`);
      return showAccount(addAccount(state, clock.now(), { subAcct, label, ...(mainUid ? { mainUid } : {}) }));
    },
    edit(name, body) {
      const account = state.accounts.find(({ subAcct }) => subAcct === name);
      if (!account) throw new NotThere(`sub-account ${name}`);
      account.enabled = editedSubAccount.parse(body).enabled;
      return showAccount(account);
    },
  };
}

function keysOf({ state, switches, keys }: DeskParts): Collection {
  const find = (id: string): Key => {
    const key = state.keys.find((candidate) => candidate.id === id);
    if (!key) throw new NotThere(`key ${id}`);
    return key;
  };
  const show = (key: Key, secrets: boolean): Record<string, unknown> => showKey(key, accountOf(state, key.uid), keys.alive(key), secrets);
  const checked = (ips: string[]): string[] => {
    for (const [index, ip] of ips.entries()) {
      if (!isEntry(ip, switches)) throw new RangeError(`allowedIps.${index}: no IP address and no segment`);
    }
    return ips;
  };
  const free = (account: Account, label: string): void => {
    if (keys.labelTaken(account, label)) throw new RangeError(`label: ${label} is there already`);
  };
  return {
    list({ secrets }) {
      keys.settle();
      return state.keys.map((key) => show(key, secrets));
    },
    create(body) {
      keys.settle();
      const { uid, subAcct, label = `key${state.lastId + 1}`, passphrase = newPassphrase(), ...wanted } = newKey.parse(body ?? {});
      const account = state.accounts.find((one) =>
        subAcct === undefined ? one.uid === (uid ?? state.accounts[0]?.uid) : one.subAcct === subAcct,
      );
      if (!account) throw new RangeError(`${subAcct === undefined ? "uid" : "subAcct"}: there is no account ${subAcct ?? uid}`);
      if (account.subAcct !== null && wanted.permissions.includes("withdraw"))
        throw new RangeError("permissions: sub-accounts don't support withdrawals");
      free(account, label);
      if (keys.full(account.uid)) throw new RangeError("keys: the account has 50 already");
      return show(keys.make(account, { ...wanted, label, passphrase, allowedIps: checked(wanted.allowedIps) }), true);
    },
    edit(id, body) {
      keys.settle();
      const key = find(id);
      const changes = editedKey.parse(body);
      if (changes.label !== undefined && changes.label !== key.label) free(accountOf(state, key.uid), changes.label);
      if (changes.allowedIps) checked(changes.allowedIps);
      keys.edit(key, changes);
      return show(key, false);
    },
    remove(id) {
      const key = find(id);
      keys.remove(key);
      return show(key, false);
    },
  };
}

function accountOf(state: State, uid: string): Account {
  const account = state.accounts.find((candidate) => candidate.uid === uid);
  if (!account) throw new Error(`okx: no account ${uid} in the sandbox`);
  return account;
}

function showAccount(account: Account): Record<string, unknown> {
  const { balances: _, createdAt, subAcct, ...shown } = account;
  return { ...(subAcct === null ? {} : { id: subAcct, subAcct }), ...shown, createdAt: iso(createdAt) };
}

function showKey(key: Key, account: Account, alive: boolean, secrets: boolean): Record<string, unknown> {
  const { id, uid, apiKey, label, demo, frozen } = key;
  return {
    id,
    uid,
    subAcct: account.subAcct,
    apiKey,
    fingerprint: fingerprint("okx", apiKey),
    label,
    permissions: key.permissions,
    allowedIps: key.allowedIps,
    demo,
    frozen,
    createdAt: iso(key.createdAt),
    usedAt: iso(key.usedAt),
    expiredAt: iso(key.expiredAt),
    deletedAt: iso(key.deletedAt),
    alive,
    states: key.states.map((state) => ({ ...state, at: iso(state.at) })),
    ...(secrets ? { apiSecret: key.apiSecret, passphrase: key.passphrase } : {}),
  };
}
