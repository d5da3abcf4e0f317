// The keys themselves: finding, making, changing and ending them, their expiry, and every state that they pass through.
// Apart, since the endpoints and the desk both do it.

import type { Clock } from "../../clock";
import type { Switches } from "../../switches";
import { tidy, type Permissions } from "./permissions";
import { addKey, type Account, type Key, type KeyState, type State, type Wanted } from "./state";
import type { BybitSwitches } from "./switches";

const DAY = 86_400_000;
/** "No ip bound api key will be invalid after 90 days", and after 7 once the password was changed. Source: v5/user/create-subuid-apikey */
const UNBOUND_DAYS = 90;
const PASSWORD_DAYS = 7;

/** What an edit changes; members that aren't there stay. */
export type Changes = Partial<Omit<KeyState, "at">> & { readonly note?: string };

export class Keys {
  constructor(
    private readonly state: State,
    private readonly clock: Clock,
    private readonly switches: Switches<BybitSwitches>,
  ) {}

  account(uid: string): Account | undefined {
    return this.state.accounts.find((account) => account.uid === uid && account.deletedAt === null);
  }

  /** A sub-account of this master. */
  subOf(master: Account, uid: string): Account | undefined {
    const found = this.account(uid);
    return found?.masterUid === master.uid ? found : undefined;
  }

  /** The key with this public part, unless it or its account was deleted. */
  byApiKey(apiKey: string): Key | undefined {
    return this.state.keys.find((key) => key.apiKey === apiKey && this.there(key));
  }

  /** The keys of an account that aren't deleted; expired ones count. */
  of(uid: string): Key[] {
    return this.state.keys.filter((key) => key.uid === uid && this.there(key));
  }

  /** Not deleted; it may have expired. */
  there(key: Key): boolean {
    return key.revokedAt === null && this.account(key.uid) !== undefined;
  }

  make(wanted: Wanted): Key {
    return addKey(this.state, this.clock.now(), { ...wanted, permissions: this.whole(wanted.permissions, wanted.uid) });
  }

  /** A person's edit begins the 90 days anew (v5/faq); one by the API as the switch says. */
  edit(key: Key, changes: Changes, by: "person" | "api"): void {
    const now = this.clock.now();
    const { note, permissions, ...rest } = changes;
    if (note !== undefined) key.note = note;
    if (by === "person" || this.switches.get("unboundFrom") === "update") key.countedFrom = now;
    const before = present(key);
    const next = { ...before, ...rest, at: now, ...(permissions ? { permissions: this.whole(permissions, key.uid) } : {}) };
    if (JSON.stringify({ ...before, at: 0 }) !== JSON.stringify({ ...next, at: 0 })) key.states.push(next);
  }

  revoke(key: Key): void {
    key.revokedAt ??= this.clock.now();
  }

  /** When a key ends by itself, in milliseconds since 1970; `null` for never. */
  expiresAt(key: Key): number | null {
    const unbound = present(key).ips.length === 0;
    const ends = unbound ? [key.countedFrom + UNBOUND_DAYS * DAY] : [];
    const changedAt = this.account(key.uid)?.passwordChangedAt ?? null;
    const concerned = unbound || this.switches.get("passwordChangeEnds") === "all";
    if (changedAt !== null && changedAt >= key.createdAt && concerned) ends.push(changedAt + PASSWORD_DAYS * DAY);
    return ends.length === 0 ? null : Math.min(...ends);
  }

  expired(key: Key): boolean {
    const end = this.expiresAt(key);
    return end !== null && this.clock.now() >= end;
  }

  alive(key: Key): boolean {
    return this.there(key) && !this.expired(key);
  }

  /** Whole days until a key ends, as the documents' example counts them. */
  daysLeft(end: number): number {
    return Math.max(0, Math.floor((end - this.clock.now()) / DAY));
  }

  /** What a list shows of an account: its keys as they were `settleMs` ago, each with its state of then. */
  listed(uid: string): { readonly key: Key; readonly state: KeyState }[] {
    const at = this.clock.now() - this.switches.get("settleMs");
    const rows = this.state.keys.flatMap((key) => {
      if (key.uid !== uid || (key.revokedAt !== null && key.revokedAt <= at)) return [];
      const state = key.states.filter((one) => one.at <= at).at(-1);
      return state ? [{ key, state }] : [];
    });
    return this.switches.get("listOrder") === "newest-first" ? rows.reverse() : rows;
  }

  /** With what a unified account's key has by default. Source: v5/user/list-sub-apikeys, `Derivatives` */
  private whole(permissions: Permissions, uid: string): Permissions {
    const how = this.switches.get("derivativesAdded");
    const trades = (permissions["ContractTrade"] ?? []).length > 0;
    const added = this.account(uid)?.uta === true && (how === "always" || (how === "with-contract-trade" && trades));
    return tidy(added ? { ...permissions, Derivatives: ["DerivativesTrade"] } : permissions);
  }
}

/** The state that a key is in. */
export function present(key: Key): KeyState {
  const state = key.states.at(-1);
  if (!state) throw new Error(`bybit: key ${key.id} has no state`);
  return state;
}
