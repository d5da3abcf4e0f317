// What happens to keys: made, modified, revoked, and trading that lapses. Apart, since the endpoints and a person's desk
// both do it, and every change has to leave its trace in the key's states.

import type { Clock } from "../../clock";
import type { Switches } from "../../switches";
import type { Restriction } from "./ips";
import { ordered, type Permission } from "./permissions";
import { addKey, noteState, type Account, type Key, type State, type WantedKey } from "./state";
import type { BinanceSwitches } from "./switches";

/** Without address list, Spot & Margin trading lasts so long. Source: Binance's announcement of 2021-07-08. */
const TRADES_OPEN_FOR = 30 * 86_400_000;

export class Keys {
  constructor(
    private readonly state: State,
    private readonly clock: Clock,
    private readonly switches: Switches<BinanceSwitches>,
  ) {}

  /** The living keys of an account, oldest first. */
  of(account: Account): Key[] {
    return this.state.keys.filter(({ uid, revokedAt }) => uid === account.uid && revokedAt === null);
  }

  make(wanted: WantedKey): Key {
    return addKey(this.state, this.clock.now(), wanted);
  }

  permit(key: Key, permissions: Iterable<Permission>, at = this.clock.now()): void {
    key.permissions = ordered(permissions);
    key.updatedAt = at;
    noteState(key, at);
  }

  restrict(key: Key, restriction: Restriction): void {
    key.restriction = restriction;
    key.ipsUpdatedAt = this.clock.now();
    noteState(key, this.clock.now());
  }

  revoke(key: Key): void {
    key.revokedAt ??= this.clock.now();
  }

  /** When a key stops trading by itself; null when it doesn't. */
  tradesUntil(key: Key): number | null {
    return key.tradesOpenSince === null || !this.switches.get("tradeLapses") ? null : key.tradesOpenSince + TRADES_OPEN_FOR;
  }

  /** Ends the trading of keys whose time is over; called before anything looks at a key. */
  lapse(): void {
    for (const key of this.state.keys) {
      const end = this.tradesUntil(key);
      if (key.revokedAt !== null || end === null || end > this.clock.now()) continue;
      const rest = key.permissions.filter((permission) => permission !== "canTrade");
      this.permit(key, rest, end);
    }
  }
}
