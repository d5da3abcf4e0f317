// What a person does on KuCoin's web pages and no API offers: master accounts opened, sub-accounts frozen, any key made,
// edited and deleted. Apart from the endpoints, since none of this may ever be reachable there.

import { z } from "zod";
import { iso, type Clock } from "../../clock";
import { fingerprint, NotThere, type Collection } from "../../dialect";
import type { Switches } from "../../switches";
import { isEntry, MOST_IPS } from "./ips";
import { EXPIRES, type Expire, type Keys } from "./keys";
import { isForSubs, mayRoam, PERMISSIONS, type Permission } from "./permissions";
import { addAccount, goodPassphrase, newPassphrase, TRADE_TYPES, type Account, type Key, type State } from "./state";
import { SUB_NAME } from "./subaccounts";
import type { KucoinSwitches } from "./switches";

export interface DeskParts {
  readonly state: State;
  readonly clock: Clock;
  readonly switches: Switches<KucoinSwitches>;
  readonly keys: Keys;
}

const remark = z.string().min(1).max(24);
const permissions = z.array(z.enum(PERMISSIONS)).min(1);
const allowedIps = z.array(z.string()).max(MOST_IPS);
const expire = z.enum(EXPIRES);
const newAccount = z.strictObject({ remarks: z.string().default("") });
const newSubAccount = z.strictObject({
  subName: z.string().regex(SUB_NAME, "7 to 32 characters with a letter and a digit, no spaces"),
  masterUid: z.int().optional(),
  remarks: z.string().max(24).default(""),
  tradeTypes: z.array(z.enum(TRADE_TYPES)).min(1).optional(),
});
const editedSubAccount = z.strictObject({ frozen: z.boolean() });
const newKey = z.strictObject({
  uid: z.int().optional(),
  subName: z.string().optional(),
  remark: remark.optional(),
  passphrase: z.string().refine(goodPassphrase, "7 to 32 characters, no spaces").optional(),
  permissions: permissions.default(["General"]),
  allowedIps: allowedIps.default([]),
  expire: expire.default("-1"),
  apiVersion: z.int().min(1).max(3).default(3),
});
const editedKey = z.strictObject({
  remark: remark.optional(),
  permissions: permissions.optional(),
  allowedIps: allowedIps.optional(),
  expire: expire.optional(),
});

export function openDesk(parts: DeskParts): Readonly<Record<string, Collection>> {
  return { accounts: accounts(parts), "sub-accounts": subAccounts(parts), keys: keysOf(parts) };
}

function accounts({ state, clock }: DeskParts): Collection {
  return {
    list: () => state.accounts.filter(({ subName }) => subName === null).map(showAccount),
    create: (body) => showAccount(addAccount(state, clock.now(), newAccount.parse(body ?? {}))),
  };
}

/** By name: that is what KuCoin calls them by where keys are concerned. */
function subAccounts({ state, clock }: DeskParts): Collection {
  return {
    list: () => state.accounts.filter(({ subName }) => subName !== null).map(showAccount),
    create(body) {
      const { masterUid = state.accounts[0]?.uid ?? 0, subName, remarks, tradeTypes } = newSubAccount.parse(body);
      if (!state.accounts.some((one) => one.uid === masterUid && one.subName === null))
        throw new RangeError(`masterUid: there is no master account ${masterUid}`);
      if (state.accounts.some((one) => one.subName === subName)) throw new RangeError(`subName: ${subName} is there already`);
      return showAccount(addAccount(state, clock.now(), { subName, masterUid, remarks, ...(tradeTypes ? { tradeTypes } : {}) }));
    },
    edit(name, body) {
      const account = state.accounts.find(({ subName }) => subName === name);
      if (!account) throw new NotThere(`sub-account ${name}`);
      account.frozen = editedSubAccount.parse(body).frozen;
      return showAccount(account);
    },
  };
}

function keysOf({ state, clock, switches, keys }: DeskParts): Collection {
  const find = (id: string): Key => {
    const key = state.keys.find((candidate) => candidate.id === id);
    if (!key) throw new NotThere(`key ${id}`);
    return key;
  };
  const show = (key: Key, secrets: boolean): Record<string, unknown> => showKey(key, keys.accountOf(key), keys.alive(key), secrets);
  const check = (account: Account, wanted: readonly Permission[], ips: readonly string[]): void => {
    if (account.subName !== null && !wanted.every(isForSubs))
      throw new RangeError("permissions: not for sub-accounts are Transfer and Earn");
    for (const [index, ip] of ips.entries())
      if (!isEntry(ip, switches)) throw new RangeError(`allowedIps.${index}: no address that KuCoin takes`);
    if (ips.length === 0 && !mayRoam(wanted)) throw new RangeError("allowedIps: InnerTransfer and Transfer need some");
  };
  const end = (days: Expire | undefined): number | null | undefined => (days ? keys.endOf(days, clock.now()) : undefined);
  return {
    list: ({ secrets }) => state.keys.map((key) => show(key, secrets)),
    create(body) {
      const { uid, subName, expire: days, ...given } = newKey.parse(body ?? {});
      const { remark: text = `key${state.lastId + 1}`, passphrase = newPassphrase(), ...wanted } = given;
      const account = state.accounts.find((one) =>
        subName === undefined ? one.uid === (uid ?? state.accounts[0]?.uid) : one.subName === subName,
      );
      if (!account) throw new RangeError(`${subName === undefined ? "uid" : "subName"}: there is no account ${subName ?? uid}`);
      check(account, wanted.permissions, wanted.allowedIps);
      return show(keys.make(account, { ...wanted, remark: text, passphrase, expiresAt: end(days) ?? null }), true);
    },
    edit(id, body) {
      const key = find(id);
      const { expire: days, ...changes } = editedKey.parse(body);
      check(keys.accountOf(key), changes.permissions ?? key.permissions, changes.allowedIps ?? key.allowedIps);
      keys.edit(key, { ...changes, expiresAt: end(days) });
      return show(key, false);
    },
    remove(id) {
      const key = find(id);
      keys.remove(key);
      return show(key, false);
    },
  };
}

function showAccount(account: Account): Record<string, unknown> {
  const { balances: _, createdAt, subName, ...shown } = account;
  return { ...(subName === null ? {} : { id: subName, subName }), ...shown, createdAt: iso(createdAt) };
}

function showKey(key: Key, { subName }: Account, alive: boolean, secrets: boolean): Record<string, unknown> {
  const { apiSecret, passphrase, createdAt, expiresAt, deletedAt, states, ...shown } = key;
  return {
    ...shown,
    subName,
    fingerprint: fingerprint("kucoin", key.apiKey),
    createdAt: iso(createdAt),
    expiresAt: iso(expiresAt),
    deletedAt: iso(deletedAt),
    alive,
    states: states.map((state) => ({ ...state, at: iso(state.at) })),
    ...(secrets ? { apiSecret, passphrase } : {}),
  };
}
