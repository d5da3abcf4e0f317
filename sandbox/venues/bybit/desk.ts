// What a person does at Bybit's web pages: accounts and sub-accounts opened and changed, keys made, edited and deleted
// out of band. Apart from the endpoints, since none of this may ever be reachable there.

import { createPublicKey } from "node:crypto";
import { z } from "zod";
import { iso, type Clock } from "../../clock";
import { fingerprint, NotThere, type Collection } from "../../dialect";
import type { Switches } from "../../switches";
import { wrongIp } from "./ips";
import { present, type Keys } from "./keys";
import { MASTER_WEB, sift, SUB, type Permissions } from "./permissions";
import { addAccount, nextUid, type Account, type Key, type KeyState, type State } from "./state";
import type { BybitSwitches } from "./switches";

export interface DeskParts {
  readonly state: State;
  readonly clock: Clock;
  readonly switches: Switches<BybitSwitches>;
  readonly keys: Keys;
}

const standing = {
  usdt: z.number().min(0).optional(),
  uta: z.boolean().optional(),
  kycLevel: z.enum(["LEVEL_DEFAULT", "LEVEL_1", "LEVEL_2"]).optional(),
  europe: z.boolean().optional(),
};
const newAccount = z.strictObject({ uid: z.string().regex(/^\d+$/).optional(), username: z.string().optional(), ...standing });
const newSub = newAccount.extend({ masterUid: z.string().optional(), memberType: z.union([z.literal(1), z.literal(6)]).optional() });
const editedAccount = z.strictObject({ passwordChanged: z.literal(true).optional(), frozen: z.boolean().optional(), ...standing });

const permissions = z.record(z.string(), z.array(z.string()));
const chosen = {
  label: z.string().optional(),
  readOnly: z.boolean().optional(),
  permissions: permissions.optional(),
  allowedIps: z.array(z.string()).optional(),
};
const newKey = z.strictObject({ accountId: z.string().optional(), publicKey: z.string().optional(), ...chosen });
const editedKey = z.strictObject(chosen);

export function openDesk(parts: DeskParts): Readonly<Record<string, Collection>> {
  return { accounts: accounts(parts, "master"), "sub-accounts": accounts(parts, "sub"), keys: keys(parts) };
}

function accounts(parts: DeskParts, which: "master" | "sub"): Collection {
  const { state, clock } = parts;
  const all = (): Account[] => state.accounts.filter((account) => (account.masterUid === null) === (which === "master"));
  const find = (uid: string): Account => {
    const found = all().find((account) => account.uid === uid);
    if (!found) throw new NotThere(`account ${uid}`);
    return found;
  };
  return {
    list: () => all().map(showAccount),
    create(body) {
      const parsed: z.infer<typeof newSub> = (which === "master" ? newAccount : newSub).parse(body ?? {});
      const { uid = nextUid(state), username = `desk${uid}`, masterUid: given, ...rest } = parsed;
      if (state.accounts.some((account) => account.uid === uid)) throw new RangeError(`uid: account ${uid} is there already`);
      const masterUid = which === "master" ? null : (given ?? firstMaster(state));
      if (masterUid !== null && !state.accounts.some((account) => account.uid === masterUid && account.masterUid === null))
        throw new RangeError(`masterUid: there is no master account ${masterUid}`);
      return showAccount(addAccount(state, clock.now(), { uid, masterUid, username, ...defined(rest) }));
    },
    edit(uid, body) {
      const account = find(uid);
      const { passwordChanged, frozen, ...rest } = editedAccount.parse(body);
      Object.assign(account, defined(rest));
      if (passwordChanged) account.passwordChangedAt = clock.now();
      if (frozen !== undefined) account.status = frozen ? 4 : 1;
      return showAccount(account);
    },
    remove(uid) {
      const account = find(uid);
      account.deletedAt ??= clock.now();
      return showAccount(account);
    },
  };
}

function keys(parts: DeskParts): Collection {
  const { state, switches, keys: all } = parts;
  const find = (id: string): Key => {
    const key = state.keys.find((candidate) => candidate.id === id);
    if (!key) throw new NotThere(`key ${id}`);
    return key;
  };
  const checkedIps = (ips: string[]): string[] => {
    for (const [index, ip] of ips.entries()) {
      const wrong = wrongIp(ip, switches.get("ipFormats"));
      if (wrong !== undefined) throw new RangeError(`allowedIps.${index}: ${wrong}`);
    }
    return ips;
  };
  const checked = (wanted: Permissions, account: Account): Permissions => {
    const { known, unknown } = sift(wanted, account.masterUid === null ? MASTER_WEB : SUB);
    if (unknown.length > 0) throw new RangeError(`permissions: ${unknown.join(", ")}: account ${account.uid} has no such`);
    return known;
  };
  return {
    list: ({ secrets }) => state.keys.map((key) => showKey(parts, key, secrets)),
    create(body) {
      const { accountId = firstMaster(state), publicKey = null, ...wanted } = newKey.parse(body ?? {});
      const account = all.account(accountId);
      if (!account) throw new RangeError(`accountId: there is no account ${accountId}`);
      if (publicKey !== null) mustBePublicKey(publicKey);
      const { label: note = "", readOnly = false, permissions: given = {}, allowedIps = [] } = wanted;
      const made = { uid: accountId, note, readOnly, permissions: checked(given, account), ips: checkedIps(allowedIps), publicKey };
      return showKey(parts, all.make(made), true);
    },
    edit(id, body) {
      const key = find(id);
      const account = all.account(key.uid);
      if (!account || !all.there(key)) throw new RangeError(`key ${id} is deleted`);
      const { label: note, readOnly, permissions: given, allowedIps } = editedKey.parse(body);
      const changes = { note, readOnly, permissions: given && checked(given, account), ips: allowedIps && checkedIps(allowedIps) };
      all.edit(key, defined(changes), "person");
      return showKey(parts, key, false);
    },
    remove(id) {
      const key = find(id);
      all.revoke(key);
      return showKey(parts, key, false);
    },
  };
}

function mustBePublicKey(pem: string): void {
  try {
    if (createPublicKey(pem).asymmetricKeyType === "rsa") return;
  } catch {
    // Said below, without the parser's words.
  }
  throw new RangeError("publicKey: no RSA public key in PEM");
}

function firstMaster(state: State): string {
  return state.accounts.find((account) => account.masterUid === null)?.uid ?? "";
}

function showAccount(account: Account): unknown {
  return {
    id: account.uid,
    ...account,
    createdAt: iso(account.createdAt),
    passwordChangedAt: iso(account.passwordChangedAt),
    deletedAt: iso(account.deletedAt),
  };
}

function showState({ at, readOnly, permissions, ips }: KeyState): Record<string, unknown> {
  return { at: iso(at), readOnly, permissions, allowedIps: ips };
}

function showKey({ keys: all }: DeskParts, key: Key, secrets: boolean): unknown {
  const { at: _, ...now } = showState(present(key));
  return {
    id: key.id,
    accountId: key.uid,
    apiKey: key.apiKey,
    fingerprint: fingerprint("bybit", key.apiKey),
    label: key.note,
    ...now,
    publicKey: key.publicKey,
    createdAt: iso(key.createdAt),
    expiresAt: iso(all.expiresAt(key)),
    revokedAt: iso(key.revokedAt),
    alive: all.alive(key),
    states: key.states.map(showState),
    ...(secrets && key.publicKey === null ? { apiSecret: key.apiSecret } : {}),
  };
}

/** Without the members that are undefined. */
function defined<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
