// Keys and accounts as Bybit's answers have them. Apart, because the four answers about a key differ in which members
// they have and how they write them.

import type { Call } from "./endpoints";
import { present } from "./keys";
import { shown } from "./permissions";
import type { Account, Key, KeyState } from "./state";

/** Seconds, UTC: `2023-12-01T02:36:06Z`. */
function datetime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** What a key that doesn't expire has in `query-api`. Source: the example of v5/user/apikey-info */
const NEVER = { deadlineDay: -2, expiredAt: "1970-01-01T00:00:00Z" } as const;

/** The one answer with a secret: no addresses, no expiry. */
export function asCreated(key: Key): unknown {
  const { readOnly, permissions } = present(key);
  return {
    id: key.id,
    note: key.note,
    apiKey: key.apiKey,
    readOnly: readOnly ? 1 : 0,
    secret: key.apiSecret,
    permissions: shown(permissions, "create"),
  };
}

export function asUpdated(key: Key): unknown {
  const { readOnly, permissions, ips } = present(key);
  return {
    id: key.id,
    note: key.note,
    apiKey: key.apiKey,
    readOnly: readOnly ? 1 : 0,
    secret: "",
    permissions: shown(permissions, "update"),
    ips: bound(ips),
  };
}

/** A row of `sub-apikeys`: `readOnly` is a boolean here alone, and the secret six asterisks. Source: v5/user/list-sub-apikeys */
export function asListed({ keys, switches }: Call, key: Key, state: KeyState): unknown {
  const end = keys.expiresAt(key);
  const never = switches.get("boundDeadline") === "sentinel" ? NEVER : {};
  const deadline = end === null ? never : { expiredAt: datetime(end), deadlineDay: keys.daysLeft(end) };
  return {
    id: key.id,
    ips: bound(state.ips),
    apiKey: key.apiKey,
    note: key.note,
    status: statusOf(keys, key),
    createdAt: datetime(key.createdAt),
    type: key.type,
    permissions: shown(state.permissions, "list"),
    secret: "******",
    readOnly: state.readOnly,
    ...deadline,
    flag: key.publicKey === null ? "hmac" : switches.get("rsaFlag"),
  };
}

/** 1 permanent, 2 expired, 3 within the validity period, 4 expires soon (less than 7 days). */
function statusOf(keys: Call["keys"], key: Key): 1 | 2 | 3 | 4 {
  const end = keys.expiresAt(key);
  if (end === null) return 1;
  if (keys.expired(key)) return 2;
  return keys.daysLeft(end) < 7 ? 4 : 3;
}

/** The answer of `query-api`. Source: v5/user/apikey-info; of what the sandbox doesn't model, the example's values. */
export function asQueried({ caller: { key, account }, keys }: Call): unknown {
  const { readOnly, permissions, ips } = present(key);
  const end = keys.expiresAt(key);
  return {
    id: key.id,
    note: key.note,
    apiKey: key.apiKey,
    readOnly: readOnly ? 1 : 0,
    secret: "",
    permissions: shown(permissions, "query"),
    ips: bound(ips),
    type: key.type,
    ...(end === null ? NEVER : { deadlineDay: keys.daysLeft(end), expiredAt: datetime(end) }),
    createdAt: datetime(key.createdAt),
    unified: 0,
    uta: account.uta ? 1 : 0,
    userID: Number(account.uid),
    inviterID: 0,
    vipLevel: "No VIP",
    mktMakerLevel: "0",
    affiliateID: 0,
    rsaPublicKey: key.publicKey ?? "",
    isMaster: account.masterUid === null,
    parentUid: account.masterUid ?? "0",
    kycLevel: account.kycLevel,
    kycRegion: account.kycRegion,
    userIDInt64: "0",
    inviterIDInt64: "0",
    affiliateIDInt64: "0",
  };
}

/** A sub-account as both lists have it. Source: v5/user/subuid-list, v5/user/page-subuid; `accountMode` 5 is UTA 2.0, 1 classic. */
export function asMember(account: Account): unknown {
  const { uid, username, memberType, status, remark, uta } = account;
  return { uid, username, memberType, status, remark, accountMode: uta ? 5 : 1 };
}

function bound(ips: readonly string[]): readonly string[] {
  return ips.length === 0 ? ["*"] : ips;
}
