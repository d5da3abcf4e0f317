// The laws of Gate's keys, whoever changes them: what is in force, what is shown, when they end by themselves, and the record of
// every state that a key was given. Apart, since the endpoints and the desk both go through here.

import type { Clock } from "../../clock";
import type { Switches } from "../../switches";
import { addKey, type Account, type Key, type KeyState, type State, type Wanted } from "./state";
import type { GateSwitches } from "./switches";

/** "valid for 90 days" without bound addresses. Source: Gate's web help, guide/faq/17521, a mirror. */
const UNBOUND_MS = 90 * 86_400_000;

/** What an edit changes; members that are undefined stay. */
export type Changes = { readonly [M in "name" | "permissions" | "allowedIps"]?: KeyState[M] | undefined };

/** A key as it is shown: with the state that shows. */
export interface Shown {
  readonly key: Key;
  readonly state: KeyState;
}

export class Keys {
  constructor(
    private readonly state: State,
    private readonly clock: Clock,
    private readonly switches: Switches<GateSwitches>,
  ) {}

  accountOf({ userId }: Key): Account {
    const account = this.state.accounts.find((one) => one.userId === userId);
    if (!account) throw new Error(`gate: no account ${userId} in the sandbox`);
    return account;
  }

  /** The key with this public part, unless its deletion has taken effect or it has ended by itself. */
  living(apiKey: string): Key | undefined {
    return this.state.keys.find((key) => key.apiKey === apiKey && !this.deletedBy(key, this.settled()) && !this.lapsed(key));
  }

  /** The account's key that can be updated and deleted. */
  managed(userId: number, apiKey: string): Key | undefined {
    return this.of(userId).find((key) => key.apiKey === apiKey && this.isShown(key));
  }

  /** Keys that aren't deleted, whether or not that has taken effect. */
  of(userId: number): Key[] {
    return this.state.keys.filter((key) => key.userId === userId && key.deletedAt === null);
  }

  /** The account's keys as they are listed, oldest first. */
  listed(userId: number): Shown[] {
    const at = this.switches.get("settlesIn") === "everything" ? this.settled() : this.clock.now();
    return this.state.keys
      .filter((key) => key.userId === userId && !this.deletedBy(key, at) && this.isShown(key))
      .map((key) => ({ key, state: stateAt(key, at) }));
  }

  /** The state that a caller with this key has. */
  inForce(key: Key): KeyState {
    return stateAt(key, this.settled());
  }

  /** As it is shown to itself. */
  shown(key: Key): KeyState {
    return this.switches.get("settlesIn") === "everything" ? this.inForce(key) : latest(key);
  }

  /** Whether a caller with this key is let in, from an address that it may come from. */
  alive(key: Key): boolean {
    return this.living(key.apiKey) === key && key.standing === "normal" && !this.lockedOut(key);
  }

  lockedOut(key: Key): boolean {
    return this.accountOf(key).locked && this.switches.get("lockedSub") === "ACCOUNT_LOCKED";
  }

  /** When it ends by itself, milliseconds since 1970; null: never. */
  expiresAt(key: Key): number | null {
    const bound = this.inForce(key).allowedIps.length > 0;
    const spared = this.accountOf(key).mainId !== null && this.switches.get("unboundLapse") === "never";
    return bound || spared ? null : key.countedFrom + UNBOUND_MS;
  }

  /** Whether it has ended by itself; with `lapsedUpdate`, addresses that it gets afterwards change nothing about that. */
  lapsed(key: Key): boolean {
    const end = key.countedFrom + UNBOUND_MS;
    if (this.clock.now() < end) return false;
    if (this.switches.get("lapsedUpdate") === "revives") return this.expiresAt(key) !== null;
    const { mainId } = this.accountOf(key);
    if (mainId !== null && this.switches.get("unboundLapse") === "never") return false;
    const settled = this.settled();
    const settledEnd = settled - (this.clock.now() - end);
    return key.states.some(({ allowedIps, at }, index) => {
      const until = key.states[index + 1]?.at ?? Number.POSITIVE_INFINITY;
      return allowedIps.length === 0 && (index === 0 || at <= settled) && until > settledEnd;
    });
  }

  nameTaken(userId: number, name: string, but?: Key): boolean {
    return this.switches.get("namesUnique") && this.of(userId).some((key) => key !== but && latest(key).name === name);
  }

  make(wanted: Wanted): Key {
    return addKey(this.state, this.clock.now(), wanted);
  }

  /** All changes at once; they take effect later. Only making a key is at once. */
  edit(key: Key, changes: Changes): void {
    const { name, permissions, allowedIps } = latest(key);
    const now = this.clock.now();
    if (this.switches.get("unboundFrom") === "update" && !this.lapsed(key)) key.countedFrom = now;
    const next = { at: now, name: changes.name ?? name, permissions: changes.permissions ?? permissions };
    key.states.push({ ...next, allowedIps: [...(changes.allowedIps ?? allowedIps)] });
  }

  remove(key: Key): void {
    key.deletedAt ??= this.clock.now();
  }

  /** Up to this time, what was written is in force. */
  private settled(): number {
    return this.clock.now() - this.switches.get("settleSeconds") * 1_000;
  }

  private deletedBy({ deletedAt }: Key, at: number): boolean {
    return deletedAt !== null && deletedAt <= at;
  }

  private isShown(key: Key): boolean {
    return !this.lapsed(key) || this.switches.get("lapsedShown") !== "gone";
  }
}

/** The state that a key was given last. */
export function latest(key: Key): KeyState {
  return stateAt(key, Number.POSITIVE_INFINITY);
}

function stateAt(key: Key, at: number): KeyState {
  const state = key.states.filter((one) => one.at <= at).at(-1) ?? key.states[0];
  if (!state) throw new Error(`gate: key ${key.id} has no state`);
  return state;
}
