// What a person does at Bitfinex's web pages and no API offers: accounts opened, keys made, edited and revoked; and, for
// tests, the tokens that are out. Apart from the endpoints, since none of this may ever be reachable there.

import { z } from "zod";
import { iso, type Clock } from "../../clock";
import { fingerprint, NotThere, type Collection } from "../../dialect";
import type { Switches } from "../../switches";
import type { Authenticator } from "./auth";
import { MOST_IPS, wrongIp } from "./ips";
import type { Keys } from "./keys";
import { permissionRows, SCOPES, type Grants } from "./scopes";
import { addAccount, type Account, type Key, type State, type Token } from "./state";
import type { BitfinexSwitches } from "./switches";

export interface DeskParts {
  readonly state: State;
  readonly clock: Clock;
  readonly switches: Switches<BitfinexSwitches>;
  readonly auth: Authenticator;
  readonly keys: Keys;
}

const access = z.enum(["none", "read", "write", "read-write"]);
const permissions = z.partialRecord(z.enum(SCOPES), access);
const allowedIps = z.array(z.string()).max(MOST_IPS);

const newAccount = z.strictObject({
  id: z.int().min(1).optional(),
  email: z.string().optional(),
  twoFactorModes: z.array(z.enum(["u2f", "otp"])).default([]),
  masterAccountId: z.int().nullable().default(null),
  isGroupMaster: z.boolean().default(false),
  paperTrading: z.boolean().default(false),
});
const newKey = z.strictObject({
  accountId: z.int().default(123456),
  label: z.string().default(""),
  permissions: permissions.default({}),
  allowedIps: allowedIps.default([]),
});
const editedKey = z.strictObject({ label: z.string().optional(), permissions: permissions.optional(), allowedIps: allowedIps.optional() });

export function openDesk(parts: DeskParts): Readonly<Record<string, Collection>> {
  return { accounts: accounts(parts), keys: keys(parts), tokens: tokens(parts) };
}

function accounts({ state, clock }: DeskParts): Collection {
  return {
    list: ({ secrets }) => state.accounts.map((account) => showAccount(account, secrets)),
    create(body) {
      const { id, email, ...wanted } = newAccount.parse(body ?? {});
      const number = id ?? Math.max(...state.accounts.map((account) => account.id)) + 1;
      if (state.accounts.some((account) => account.id === number)) throw new RangeError(`id: account ${number} is there already`);
      const address = email ?? `account-${number}@example.com`;
      if (state.accounts.some((account) => account.email.toLowerCase() === address.toLowerCase()))
        throw new RangeError(`email: an account of ${address} is there already`);
      return showAccount(addAccount(state, clock.now(), { id: number, email: address, username: `account-${number}`, ...wanted }), true);
    },
  };
}

function keys({ state, switches, keys: all }: DeskParts): Collection {
  const find = (id: string): Key => {
    const key = state.keys.find((candidate) => candidate.id === id);
    if (!key) throw new NotThere(`key ${id}`);
    return key;
  };
  const checked = (ips: string[]): string[] => {
    for (const [index, ip] of ips.entries()) {
      const wrong = wrongIp(ip, switches.get("keyIpFormats"));
      if (wrong !== undefined) throw new RangeError(`allowedIps.${index}: ${wrong}`);
    }
    return ips;
  };
  return {
    list: ({ secrets }) => state.keys.map((key) => showKey(key, secrets)),
    create(body) {
      const wanted = newKey.parse(body ?? {});
      if (!state.accounts.some((account) => account.id === wanted.accountId))
        throw new RangeError(`accountId: there is no account ${wanted.accountId}`);
      const { accountId, label } = wanted;
      const chosen = { label, grants: grantsOf(wanted.permissions), allowedIps: checked(wanted.allowedIps) };
      return showKey(all.make(accountId, chosen), true);
    },
    edit(id, body) {
      const key = find(id);
      const { label, permissions, allowedIps } = editedKey.parse(body);
      all.edit(key, {
        ...(label === undefined ? {} : { label }),
        ...(permissions === undefined ? {} : { grants: grantsOf(permissions) }),
        ...(allowedIps === undefined ? {} : { allowedIps: checked(allowedIps) }),
      });
      return showKey(key, false);
    },
    remove(id) {
      const key = find(id);
      all.revoke(key);
      return showKey(key, false);
    },
  };
}

function tokens({ state, clock, auth }: DeskParts): Collection {
  const show = (token: Token, secrets: boolean): Record<string, unknown> => ({
    id: token.id,
    accountId: token.accountId,
    fingerprint: fingerprint("bitfinex", token.token),
    parent: token.parent,
    caps: token.caps,
    write: token.write,
    scopes: permissionRows(token.grants, SCOPES.length).filter(([, read, write]) => read === 1 || write === 1),
    custIp: token.custIp,
    createdAt: iso(token.createdAt),
    expiresAt: iso(token.expiresAt),
    revokedAt: iso(token.revokedAt),
    alive: auth.alive(token),
    ...(secrets ? { token: token.token } : {}),
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

/** Without `secrets`, nothing that one could sign in with. */
function showAccount(account: Account, secrets: boolean): Record<string, unknown> {
  const { password, totpSecret, totpTaken: _, ...shown } = account;
  return secrets ? { ...shown, password, totpSecret } : shown;
}

function showKey(key: Key, secrets: boolean): Record<string, unknown> {
  return {
    id: key.id,
    accountId: key.accountId,
    apiKey: key.apiKey,
    fingerprint: fingerprint("bitfinex", key.apiKey),
    label: key.label,
    permissions: Object.fromEntries(Object.entries(key.grants).map(([scope, [read, write]]) => [scope, accessOf(read, write)])),
    allowedIps: key.allowedIps,
    createdAt: iso(key.createdAt),
    revokedAt: iso(key.revokedAt),
    alive: key.revokedAt === null,
    ...(secrets ? { apiSecret: key.apiSecret } : {}),
  };
}

function accessOf(read: boolean, write: boolean): z.infer<typeof access> {
  if (read) return write ? "read-write" : "read";
  return write ? "write" : "none";
}

function grantsOf(wanted: z.infer<typeof permissions>): Grants {
  const grants: Grants = {};
  for (const [scope, value] of Object.entries(wanted)) {
    if (value !== undefined && value !== "none") grants[scope] = [value !== "write", value !== "read"];
  }
  return grants;
}
