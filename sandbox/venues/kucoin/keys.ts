// The laws of KuCoin's keys, whoever changes them: when they end, what a list shows of them, and the record of every state
// that a key has had. Apart, since the endpoints and the desk both go through here.

import type { Clock } from "../../clock";
import type { Switches } from "../../switches";
import { inOrder, type Permission } from "./permissions";
import { addKey, type Account, type Key, type State, type Wanted } from "./state";
import type { KucoinSwitches } from "./switches";

/** Days until a key ends; `-1`: never. Source: kc-spec, openapi-account-subaccount.json, `expire`. */
export const EXPIRES = ["-1", "30", "90", "180", "360"] as const;

export type Expire = (typeof EXPIRES)[number];

const DAY_MS = 24 * 3_600_000;

export interface Changes {
  readonly remark?: string | undefined;
  readonly permissions?: readonly Permission[] | undefined;
  readonly allowedIps?: readonly string[] | undefined;
  readonly expiresAt?: number | null | undefined;
}

export class Keys {
  constructor(
    private readonly state: State,
    private readonly clock: Clock,
    private readonly switches: Switches<KucoinSwitches>,
  ) {}

  accountOf({ uid }: Key): Account {
    const account = this.state.accounts.find((candidate) => candidate.uid === uid);
    if (!account) throw new Error(`kucoin: no account ${uid} in the sandbox`);
    return account;
  }

  alive(key: Key): boolean {
    return key.deletedAt === null && !this.expired(key);
  }

  /** The key that can sign with this. */
  living(apiKey: string): Key | undefined {
    return this.state.keys.find((key) => key.apiKey === apiKey && this.alive(key));
  }

  /** The sub-account's key that can be updated and deleted: what a list would show, were it up to date. */
  managed(uid: number, apiKey: string): Key | undefined {
    return this.state.keys.find((key) => key.uid === uid && key.apiKey === apiKey && key.deletedAt === null && this.isShown(key));
  }

  /** The account's keys as a list shows them, oldest first: with `listLagSeconds`, as they were a while ago. */
  listed(uid: number): Key[] {
    const at = this.clock.now() - this.switches.get("listLagSeconds") * 1_000;
    return this.state.keys
      .filter((key) => key.uid === uid && key.createdAt <= at && (key.deletedAt === null || key.deletedAt > at) && this.isShown(key))
      .map((key) => ({ ...key, ...(key.states.filter((state) => state.at <= at).at(-1) ?? {}) }));
  }

  remarkTaken(uid: number, remark: string): boolean {
    return this.switches.get("remarkUnique") && this.state.keys.some((key) => key.uid === uid && key.remark === remark && this.alive(key));
  }

  /** When a key ends whose days begin at `from`, milliseconds since 1970. */
  endOf(expire: Expire, from: number): number | null {
    return expire === "-1" ? null : from + Number(expire) * DAY_MS;
  }

  make(account: Account, wanted: Wanted): Key {
    return addKey(this.state, this.clock.now(), account.uid, wanted);
  }

  /** All changes at once; what isn't named stays. */
  edit(key: Key, changes: Changes): void {
    if (changes.remark !== undefined) key.remark = changes.remark;
    if (changes.expiresAt !== undefined) key.expiresAt = changes.expiresAt;
    if (changes.permissions === undefined && changes.allowedIps === undefined) return;
    key.permissions = inOrder(changes.permissions ?? key.permissions);
    key.allowedIps = [...(changes.allowedIps ?? key.allowedIps)];
    key.states.push({ at: this.clock.now(), permissions: [...key.permissions], allowedIps: [...key.allowedIps] });
  }

  remove(key: Key): void {
    key.deletedAt ??= this.clock.now();
  }

  private expired({ expiresAt }: Key): boolean {
    return expiresAt !== null && this.clock.now() >= expiresAt;
  }

  private isShown(key: Key): boolean {
    return !this.expired(key) || this.switches.get("expiredListed") === "listed";
  }
}
