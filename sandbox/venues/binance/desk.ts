// What a person does at Binance's web pages: accounts and sub-accounts opened, keys made, edited and deleted there, outside
// of any API. Apart from the endpoints, since none of this may ever be reachable there.

import { z } from "zod";
import { iso, type Clock } from "../../clock";
import { fingerprint, NotThere, type Collection } from "../../dialect";
import type { Switches } from "../../switches";
import { isEntry, type Restriction } from "./ips";
import type { Keys } from "./keys";
import { ordered, PERMISSIONS } from "./permissions";
import { readPublicKey } from "./signature";
import { addAccount, MASTER_UID, SUB_ACCOUNTS, type Account, type Key, type State } from "./state";
import type { BinanceSwitches } from "./switches";

export interface DeskParts {
  readonly state: State;
  readonly clock: Clock;
  readonly switches: Switches<BinanceSwitches>;
  readonly keys: Keys;
}

const newMaster = z.strictObject({ email: z.string().optional() });
const newSubAccount = z.strictObject({
  email: z.string().optional(),
  masterUid: z.int().default(MASTER_UID),
  kind: z.enum(["standard", "asset"]).default("standard"),
  portfolioMarginRetail: z.boolean().default(false),
});

const permissions = z.array(z.enum(PERMISSIONS));
/** An empty list is one that lets nobody in. */
const allowedIps = z.union([z.literal("anywhere"), z.array(z.string())]);
const newKey = z.strictObject({
  email: z.string().default(SUB_ACCOUNTS[0]),
  apiName: z.string().default("by-person"),
  permissions: permissions.default([]),
  allowedIps: allowedIps.default("anywhere"),
  /** In PEM. */
  publicKey: z.string().optional(),
});
const editedKey = z.strictObject({
  apiName: z.string().optional(),
  permissions: permissions.optional(),
  allowedIps: allowedIps.optional(),
});

export function openDesk(parts: DeskParts): Readonly<Record<string, Collection>> {
  return { accounts: accounts(parts), "sub-accounts": subAccounts(parts), keys: keysOf(parts) };
}

function accounts({ state, clock }: DeskParts): Collection {
  return {
    list: () => state.accounts.filter(({ master }) => master === null).map(showAccount),
    create(body) {
      const email = newEmail(state, newMaster.parse(body ?? {}).email);
      return showAccount(addAccount(state, clock.now(), { email, master: null }));
    },
  };
}

function subAccounts({ state, clock }: DeskParts): Collection {
  return {
    list: () => state.accounts.filter(({ master }) => master !== null).map(showAccount),
    create(body) {
      const { email, masterUid, ...wanted } = newSubAccount.parse(body ?? {});
      if (!state.accounts.some(({ uid, master }) => uid === masterUid && master === null)) {
        throw new RangeError(`masterUid: there is no master ${masterUid}`);
      }
      return showAccount(addAccount(state, clock.now(), { email: newEmail(state, email), master: masterUid, ...wanted }));
    },
  };
}

function newEmail(state: State, wanted: string | undefined): string {
  const email = wanted ?? `account-${state.accounts.length + 1}@example.com`;
  if (state.accounts.some((account) => account.email === email)) throw new RangeError(`email: an account of ${email} is there already`);
  return email;
}

function keysOf({ state, keys, switches }: DeskParts): Collection {
  const find = (id: string): Key => {
    keys.lapse();
    const key = state.keys.find((candidate) => candidate.id === id);
    if (!key) throw new NotThere(`key ${id}`);
    return key;
  };
  const restriction = (ips: z.infer<typeof allowedIps>): Restriction => {
    if (ips === "anywhere") return { status: 1 };
    for (const [index, ip] of ips.entries()) {
      if (!isEntry(ip, switches.get("ipFormats"))) throw new RangeError(`allowedIps.${index}: no entry of an address list`);
    }
    return { status: 2, ips };
  };
  return {
    list({ secrets }) {
      keys.lapse();
      return state.keys.map((key) => showKey(state, key, secrets));
    },
    create(body) {
      const { email, publicKey: pem, ...wanted } = newKey.parse(body ?? {});
      const account = state.accounts.find((candidate) => candidate.email === email);
      if (!account) throw new RangeError(`email: there is no account ${email}`);
      const publicKey = pem === undefined ? null : readPublicKey(pem, "pem");
      if (publicKey === undefined) throw new RangeError("publicKey: no Ed25519 or RSA key in PEM");
      const chosen = { permissions: ordered(wanted.permissions), restriction: restriction(wanted.allowedIps), publicKey };
      return showKey(state, keys.make({ uid: account.uid, apiName: wanted.apiName, ...chosen }), true);
    },
    edit(id, body) {
      const key = find(id);
      const wanted = editedKey.parse(body);
      const list = wanted.allowedIps === undefined ? undefined : restriction(wanted.allowedIps);
      if (wanted.apiName !== undefined) key.apiName = wanted.apiName;
      if (wanted.permissions !== undefined) keys.permit(key, wanted.permissions);
      if (list) keys.restrict(key, list);
      return showKey(state, key, false);
    },
    remove(id) {
      const key = find(id);
      keys.revoke(key);
      return showKey(state, key, false);
    },
  };
}

function showAccount({ createdAt, master, ...account }: Account): Record<string, unknown> {
  return { ...account, masterUid: master, createdAt: iso(createdAt) };
}

function showKey(state: State, key: Key, secrets: boolean): Record<string, unknown> {
  return {
    id: key.id,
    uid: key.uid,
    email: state.accounts.find(({ uid }) => uid === key.uid)?.email,
    apiKey: key.apiKey,
    fingerprint: fingerprint("binance", key.apiKey),
    apiName: key.apiName,
    keyType: key.publicKey?.type ?? "hmac",
    permissions: key.permissions,
    allowedIps: showRestriction(key.restriction),
    createdAt: iso(key.createdAt),
    revokedAt: key.revokedAt === null ? null : iso(key.revokedAt),
    alive: key.revokedAt === null,
    states: key.states.map(({ at, permissions, restriction }) => ({ at: iso(at), permissions, allowedIps: showRestriction(restriction) })),
    ...(secrets ? { apiSecret: key.secretKey, publicKey: key.publicKey?.pem ?? null } : {}),
  };
}

/** Who may call: `"anywhere"`, a list, or nobody of those that the sandbox has (a third party's addresses). */
function showRestriction(restriction: Restriction): readonly string[] | "anywhere" {
  if (restriction.status === 1) return "anywhere";
  return restriction.status === 2 ? restriction.ips : [];
}
