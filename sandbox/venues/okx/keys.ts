// The laws of OKX's keys, whoever changes them: unique labels, 50 an account, expiry for inactivity, and the record of every
// state that a key has had. Apart, since the endpoints and the desk both go through here.

import type { Clock } from "../../clock";
import type { Switches } from "../../switches";
import { inOrder, type Permission } from "./permissions";
import { addKey, type Account, type Key, type State, type Wanted } from "./state";
import type { OkxSwitches } from "./switches";

/** Source: docs-v5 #error-code, 59501. */
export const MOST_KEYS = 50;
/** Keys that trade or withdraw and have no IP list end after 14 days without a signed request. Source: docs-v5 #overview-api-key-creation. */
const IDLE_MS = 14 * 24 * 3_600_000;

export interface Changes {
  readonly label?: string | undefined;
  readonly permissions?: readonly Permission[] | undefined;
  readonly allowedIps?: readonly string[] | undefined;
  readonly frozen?: boolean | undefined;
}

export class Keys {
  constructor(
    private readonly state: State,
    private readonly clock: Clock,
    private readonly switches: Switches<OkxSwitches>,
  ) {}

  /** Lets every key expire whose time has come. Demo trading's never do. */
  settle(): void {
    for (const key of this.state.keys) {
      const bound = key.allowedIps.length > 0 || key.demo || key.permissions.every((permission) => permission === "read_only");
      if (this.alive(key) && !bound && this.clock.now() - key.usedAt >= IDLE_MS) key.expiredAt = key.usedAt + IDLE_MS;
    }
  }

  alive(key: Key): boolean {
    return key.deletedAt === null && key.expiredAt === null;
  }

  /** The account's keys as the venue shows them, oldest first. */
  listed(uid: string): Key[] {
    return this.state.keys.filter((key) => key.uid === uid && this.isListed(key));
  }

  full(uid: string): boolean {
    return this.listed(uid).length >= MOST_KEYS;
  }

  /** Whether another key stands in the way of this label; with `self`, the key that is to have it. */
  labelTaken(account: Account, label: string, self?: Key): boolean {
    const family = (uid: string): boolean =>
      this.switches.get("labelScope") === "sub-account"
        ? uid === account.uid
        : this.state.accounts.some((other) => other.uid === uid && other.mainUid === account.mainUid);
    const counts = (key: Key): boolean => this.isListed(key) || this.switches.get("labelReuse") === "taken";
    const spared = (key: Key): boolean => key === self && this.switches.get("sameLabel") === "accepted";
    return this.state.keys.some((key) => key.label === label && family(key.uid) && counts(key) && !spared(key));
  }

  make(account: Account, wanted: Wanted): Key {
    return addKey(this.state, this.clock.now(), account.uid, wanted);
  }

  /** All changes at once; what isn't named stays. */
  edit(key: Key, changes: Changes): void {
    if (changes.label !== undefined) key.label = changes.label;
    if (changes.frozen !== undefined) key.frozen = changes.frozen;
    if (changes.permissions === undefined && changes.allowedIps === undefined) return;
    key.permissions = inOrder(changes.permissions ?? key.permissions);
    key.allowedIps = [...(changes.allowedIps ?? key.allowedIps)];
    key.states.push({ at: this.clock.now(), permissions: [...key.permissions], allowedIps: [...key.allowedIps] });
  }

  remove(key: Key): void {
    key.deletedAt ??= this.clock.now();
  }

  private isListed(key: Key): boolean {
    return key.deletedAt === null && (key.expiredAt === null || this.switches.get("expiredKeys") === "listed");
  }
}
