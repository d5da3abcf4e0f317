// The keys of all accounts and what happens to them, whoever does it: method or person. Apart, so that each state that a
// key passes through is written down in one place.

import type { Clock } from "../../clock";
import { newSecret } from "../../dialect";
import type { Switches } from "../../switches";
import { granted } from "./scopes";
import { accountOf, newClientId, type Key, type State } from "./state";
import type { DeribitSwitches } from "./switches";

/** “The user can configure up to 8 different IDs”. Source: docs.deribit.com, Creating/editing/removing API Keys */
export const MOST_KEYS = 8;

/** What can be chosen for a key. */
export type Chosen = Partial<Pick<Key, "name" | "scope" | "features" | "allowedIps" | "enabled">>;

export class Keyring {
  constructor(
    private readonly state: State,
    private readonly clock: Clock,
    private readonly switches: Switches<DeribitSwitches>,
  ) {}

  /** The account's keys that aren't removed, the oldest first. */
  of(accountId: number): readonly Key[] {
    return this.state.keys.filter((key) => key.accountId === accountId && key.removedAt === null);
  }

  byClientId(clientId: string): Key | undefined {
    return this.state.keys.find((key) => key.clientId === clientId && key.removedAt === null);
  }

  full(accountId: number): boolean {
    return this.of(accountId).length >= MOST_KEYS;
  }

  make(accountId: number, chosen: Chosen, publicKey: string | null): Key {
    const key = newKey(this.state, accountId, this.clock.now(), chosen, publicKey);
    this.note(key);
    return key;
  }

  /** All changes at once: what is in between is no state of the key. */
  edit(key: Key, changes: Chosen): void {
    Object.assign(key, changes);
    this.note(key);
  }

  reset(key: Key): void {
    if (key.publicKey !== null) return;
    key.secret = newSecret();
    key.secretAt = this.clock.now();
  }

  remove(key: Key): void {
    key.removedAt ??= this.clock.now();
    if (!this.switches.get("idsReused")) return;
    accountOf(this.state, key.accountId).lastKey = Math.max(0, ...this.of(key.accountId).map(({ number }) => number));
  }

  private note(key: Key): void {
    const now = { permissions: granted(key.scope), allowedIps: [...key.allowedIps], enabled: key.enabled };
    const { at: _, ...last } = key.states.at(-1) ?? { at: 0 };
    if (JSON.stringify(last) !== JSON.stringify(now)) key.states.push({ at: this.clock.now(), ...now });
  }
}

/** A key that nobody has looked at yet: no state is noted. */
export function newKey(state: State, accountId: number, now: number, chosen: Chosen, publicKey: string | null): Key {
  const key: Key = {
    id: String(++state.lastId),
    number: ++accountOf(state, accountId).lastKey,
    accountId,
    clientId: newClientId(),
    secret: publicKey === null ? newSecret() : "",
    publicKey,
    name: "",
    scope: [],
    features: [],
    allowedIps: [],
    enabled: true,
    createdAt: now,
    secretAt: now,
    removedAt: null,
    nonces: [],
    states: [],
    ...chosen,
  };
  state.keys.push(key);
  return key;
}
