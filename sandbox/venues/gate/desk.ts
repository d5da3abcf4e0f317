// What a person does on Gate's web pages and no API offers: main accounts opened, any key made, edited, stopped and deleted.
// Apart from the endpoints, since none of this may ever be reachable there.

import { z } from "zod";
import { iso, type Clock } from "../../clock";
import { fingerprint, NotThere, type Collection } from "../../dialect";
import { isEntry, MOST_IPS } from "./ips";
import { latest, type Keys } from "./keys";
import { ACCESSES, AREAS, isForSubs } from "./permissions";
import { addAccount, type Account, type Key, type State } from "./state";
import { LOGIN_NAME } from "./subaccounts";

export interface DeskParts {
  readonly state: State;
  readonly clock: Clock;
  readonly keys: Keys;
}

const loginName = z.string().regex(LOGIN_NAME, "letters, digits and underscores");
const newAccount = z.strictObject({ loginName: loginName.optional() });
const newSubAccount = z.strictObject({
  loginName: loginName.optional(),
  mainId: z.int().optional(),
  remark: z.string().default(""),
  type: z.union([z.literal(1), z.literal(3)]).default(1),
});
const editedSubAccount = z.strictObject({ locked: z.boolean() });

const chosen = {
  name: z.string().optional(),
  permissions: z.partialRecord(z.enum(AREAS), z.enum(ACCESSES)).optional(),
  allowedIps: z.array(z.string().refine(isEntry, "no IPv4 address")).max(MOST_IPS).optional(),
  /** Source: docs/gateio, GET /account/main_keys, 2025-11-30: at most 30 pairs. */
  currencyPairs: z.array(z.string()).max(30).optional(),
};
const newKey = z.strictObject({ userId: z.int().optional(), mode: z.union([z.literal(1), z.literal(2)]).default(1), ...chosen });
const editedKey = z.strictObject({
  standing: z.enum(["normal", "locked", "frozen"]).optional(),
  renew: z.literal(true).optional(),
  ...chosen,
});

export function openDesk(parts: DeskParts): Readonly<Record<string, Collection>> {
  return { accounts: accounts(parts), "sub-accounts": subAccounts(parts), keys: keysOf(parts) };
}

function accounts({ state, clock }: DeskParts): Collection {
  return {
    list: () => state.accounts.filter(({ mainId }) => mainId === null).map(showAccount),
    create(body) {
      const { loginName: name = `desk_${state.lastUserId + 1}` } = newAccount.parse(body ?? {});
      mustBeFree(state, name);
      return showAccount(addAccount(state, clock.now(), { loginName: name }));
    },
  };
}

/** By user id: that is what Gate calls them by. */
function subAccounts({ state, clock }: DeskParts): Collection {
  return {
    list: () => state.accounts.filter(({ mainId }) => mainId !== null).map(showAccount),
    create(body) {
      const parsed = newSubAccount.parse(body ?? {});
      const { mainId = state.accounts[0]?.userId ?? 0, loginName: name = `desk_${state.lastUserId + 1}`, remark, type } = parsed;
      if (!state.accounts.some((one) => one.userId === mainId && one.mainId === null))
        throw new RangeError(`mainId: there is no main account ${mainId}`);
      mustBeFree(state, name);
      return showAccount(addAccount(state, clock.now(), { loginName: name, mainId, remark, type }));
    },
    edit(id, body) {
      const account = state.accounts.find(({ userId, mainId }) => String(userId) === id && mainId !== null);
      if (!account) throw new NotThere(`sub-account ${id}`);
      account.locked = editedSubAccount.parse(body).locked;
      return showAccount(account);
    },
  };
}

/** A number of keys that is too large isn't refused here: the figures contradict each other. */
function keysOf({ state, clock, keys }: DeskParts): Collection {
  const find = (id: string): Key => {
    const key = state.keys.find((candidate) => candidate.id === id);
    if (!key) throw new NotThere(`key ${id}`);
    return key;
  };
  return {
    list: ({ secrets }) => state.keys.map((key) => showKey(key, keys, secrets)),
    create(body) {
      const { userId = state.accounts[0]?.userId ?? 0, ...given } = newKey.parse(body ?? {});
      const { name = `key${state.lastId + 1}`, permissions = {}, allowedIps = [], currencyPairs = [], mode } = given;
      const account = state.accounts.find((one) => one.userId === userId);
      if (!account) throw new RangeError(`userId: there is no account ${userId}`);
      mustHave(account, permissions);
      return showKey(keys.make({ userId, name, mode, permissions, allowedIps, currencyPairs }), keys, true);
    },
    edit(id, body) {
      const key = find(id);
      const { standing, renew, currencyPairs, ...changes } = editedKey.parse(body);
      mustHave(keys.accountOf(key), changes.permissions ?? {});
      if (standing) key.standing = standing;
      if (renew) key.countedFrom = clock.now();
      if (currencyPairs) key.currencyPairs = currencyPairs;
      if (Object.keys(changes).length > 0) keys.edit(key, changes);
      return showKey(key, keys, false);
    },
    remove(id) {
      const key = find(id);
      keys.remove(key);
      return showKey(key, keys, false);
    },
  };
}

function mustBeFree(state: State, name: string): void {
  if (state.accounts.some((one) => one.loginName === name)) throw new RangeError(`loginName: ${name} is there already`);
}

function mustHave({ mainId }: Account, permissions: object): void {
  const beyond = mainId === null ? [] : Object.keys(permissions).filter((area) => !isForSubs(area));
  if (beyond.length > 0) throw new RangeError(`permissions: not for sub-accounts: ${beyond.join(", ")}`);
}

function showAccount({ balances: _, createdAt, ...account }: Account): Record<string, unknown> {
  return { id: String(account.userId), ...account, createdAt: iso(createdAt) };
}

/** With the state that it was given last, whether or not that has taken effect. */
function showKey(key: Key, keys: Keys, secrets: boolean): Record<string, unknown> {
  const { apiSecret, createdAt, countedFrom: _, lastAccess, deletedAt, states, ...shown } = key;
  const { at: _at, ...now } = latest(key);
  return {
    ...shown,
    ...now,
    fingerprint: fingerprint("gate", key.apiKey),
    createdAt: iso(createdAt),
    lastAccess: iso(lastAccess),
    expiresAt: iso(keys.expiresAt(key)),
    deletedAt: iso(deletedAt),
    alive: keys.alive(key),
    states: states.map((state) => ({ ...state, at: iso(state.at) })),
    ...(secrets ? { apiSecret } : {}),
  };
}
