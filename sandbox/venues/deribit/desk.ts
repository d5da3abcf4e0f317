// What a person does on Deribit's web pages: accounts and sub-accounts opened, their second factor set, any key made, edited
// and removed; and, for tests, the tokens that are out. Apart from the methods, since none of this may be reachable there.

import { z } from "zod";
import { iso, type Clock } from "../../clock";
import { fingerprint, NotThere, type Collection } from "../../dialect";
import type { Switches } from "../../switches";
import type { Authenticator } from "./auth";
import { isEntry } from "./ips";
import type { Keyring } from "./keyring";
import { granted, WORDS } from "./scopes";
import { publicKeyOf } from "./signatures";
import { addAccount, type Account, type Key, type State, type Token } from "./state";
import type { DeribitSwitches } from "./switches";

export interface DeskParts {
  readonly state: State;
  readonly clock: Clock;
  readonly switches: Switches<DeribitSwitches>;
  readonly auth: Authenticator;
  readonly keyring: Keyring;
}

/** “20 subaccounts”. Source: docs.deribit.com/articles/connection-management-best-practices */
const MOST_SUBACCOUNTS = 20;

const label = z.string().regex(/^\w{0,16}$/, "up to 16 letters, digits and underscores");
const permissions = z.array(z.enum(WORDS));
const allowedIps = z.array(z.string());
const publicKey = z.string().refine((pem) => publicKeyOf(pem) !== undefined, "a PEM of an Ed25519 key, or of RSA with 2048 bits or more");
const newAccount = z.strictObject({ username: z.string().optional() });
const newSubAccount = z.strictObject({ username: z.string().optional(), mainId: z.int().optional() });
const editedAccount = z.strictObject({ tfa: z.enum(["off", "on", "setup-required"]) });
const newKey = z.strictObject({
  accountId: z.int().optional(),
  label: label.default(""),
  permissions: permissions.default([]),
  allowedIps: allowedIps.default([]),
  enabled: z.boolean().default(true),
  publicKey: publicKey.optional(),
});
const editedKey = z.strictObject({
  label: label.optional(),
  permissions: permissions.optional(),
  allowedIps: allowedIps.optional(),
  enabled: z.boolean().optional(),
});

export function openDesk(parts: DeskParts): Readonly<Record<string, Collection>> {
  return { accounts: accounts(parts, false), "sub-accounts": accounts(parts, true), keys: keysOf(parts), tokens: tokens(parts) };
}

function accounts({ state, clock }: DeskParts, subs: boolean): Collection {
  const listed = (): Account[] => state.accounts.filter(({ mainId }) => (mainId !== null) === subs);
  return {
    list: ({ secrets }) => listed().map((account) => showAccount(account, secrets)),
    create(body) {
      if (!subs) return showAccount(addAccount(state, clock.now(), defined(newAccount.parse(body ?? {}))), true);
      const { username, mainId = state.accounts[0]?.id } = newSubAccount.parse(body ?? {});
      const main = state.accounts.find((account) => account.id === mainId && account.mainId === null);
      if (!main) throw new RangeError(`mainId: there is no main account ${mainId}`);
      if (state.accounts.filter((account) => account.mainId === main.id).length >= MOST_SUBACCOUNTS)
        throw new RangeError(`mainId: account ${main.id} has ${MOST_SUBACCOUNTS} sub-accounts already`);
      return showAccount(addAccount(state, clock.now(), defined({ username, mainId: main.id })), true);
    },
    edit(id, body) {
      const account = listed().find((candidate) => String(candidate.id) === id);
      if (!account) throw new NotThere(`account ${id}`);
      // Whoever sets it begins anew: what failed before is forgotten.
      Object.assign(account, { tfa: editedAccount.parse(body).tfa, challenges: [], failures: 0, barredUntil: 0 });
      return showAccount(account, false);
    },
  };
}

function keysOf({ state, switches, keyring }: DeskParts): Collection {
  const find = (id: string): Key => {
    const key = state.keys.find((candidate) => candidate.id === id);
    if (!key) throw new NotThere(`key ${id}`);
    return key;
  };
  const checked = (ips: string[]): string[] => {
    for (const [index, ip] of ips.entries())
      if (!isEntry(ip, switches)) throw new RangeError(`allowedIps.${index}: ${ip} isn't taken (switch ipFormats)`);
    return ips;
  };
  return {
    list: ({ secrets }) => state.keys.map((key) => showKey(key, secrets)),
    create(body) {
      const { accountId = state.accounts[0]?.id ?? 0, ...wanted } = newKey.parse(body ?? {});
      if (!state.accounts.some(({ id }) => id === accountId)) throw new RangeError(`accountId: there is no account ${accountId}`);
      if (keyring.full(accountId)) throw new RangeError("keys: the account has 8 already");
      const chosen = { name: wanted.label, scope: wanted.permissions, allowedIps: checked(wanted.allowedIps), enabled: wanted.enabled };
      return showKey(keyring.make(accountId, chosen, wanted.publicKey ?? null), true);
    },
    edit(id, body) {
      const key = find(id);
      const { label: name, permissions: scope, allowedIps: ips, enabled } = editedKey.parse(body);
      keyring.edit(key, defined({ name, scope, allowedIps: ips && checked(ips), enabled }));
      return showKey(key, false);
    },
    remove(id) {
      const key = find(id);
      keyring.remove(key);
      return showKey(key, false);
    },
  };
}

function tokens({ state, clock, auth }: DeskParts): Collection {
  const show = (token: Token, secrets: boolean): Record<string, unknown> => ({
    id: token.id,
    keyId: token.keyId,
    fingerprint: fingerprint("deribit", token.access),
    permissions: token.scope,
    ip: token.ip,
    createdAt: iso(token.createdAt),
    expiresAt: iso(token.expiresAt),
    revokedAt: iso(token.revokedAt),
    alive: auth.alive(token),
    ...(secrets ? { token: token.access, refreshToken: token.refresh } : {}),
  });
  return {
    list: ({ secrets }) => state.tokens.map((token) => show(token, secrets)),
    remove(id) {
      const token = state.tokens.find((candidate) => candidate.id === id);
      if (!token) throw new NotThere(`token ${id}`);
      token.revokedAt ??= clock.now();
      return show(token, false);
    },
  };
}

function showAccount(account: Account, secrets: boolean): Record<string, unknown> {
  const { id, mainId, username, email, tfa, totpSecret, createdAt } = account;
  return { id, mainId, username, email, tfa, createdAt: iso(createdAt), ...(secrets ? { totpSecret } : {}) };
}

function showKey(key: Key, secrets: boolean): Record<string, unknown> {
  return {
    id: key.id,
    accountId: key.accountId,
    number: key.number,
    apiKey: key.clientId,
    fingerprint: fingerprint("deribit", key.clientId),
    label: key.name,
    permissions: granted(key.scope),
    allowedIps: key.allowedIps,
    features: key.features,
    enabled: key.enabled,
    publicKey: key.publicKey,
    createdAt: iso(key.createdAt),
    removedAt: iso(key.removedAt),
    alive: key.removedAt === null && key.enabled,
    states: key.states.map((state) => ({ ...state, at: iso(state.at) })),
    ...(secrets ? { apiSecret: key.secret } : {}),
  };
}

/** Without the members that weren't given. */
function defined<T extends object>(changes: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
