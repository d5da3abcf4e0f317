// What carrying out a plan needs, handed in: driver, journal, clock, engine. And what it throws when half of it was done.

import type { Hands } from "./byhand";
import type { KindManifest, KindOptions, NonceUnit, PassphraseRule } from "./capability";
import type { AccountScope, DesiredKey, Driver } from "./driver";
import { KeyError, type ErrorCode } from "./errors";
import type { Decision } from "./inputs";
import type { Lists } from "./lists";
import type { AllowedIps, Grants } from "./model";
import type { Generation, Recorded } from "./record";
import type { Secret } from "./secret";

/** What is written down before a key is asked for, and struck out when it is recorded or dead. No secrets. */
export interface Ledger {
  /** A passphrase is kept only sealed to the recovery recipient of the configuration, and not at all without one. */
  begin(entry: {
    readonly mark: string;
    readonly generation: number;
    readonly expiresAt?: string;
    readonly passphrase?: Secret;
  }): Promise<void>;
  /** A key that a person made: written down as issued, with the deposit that brought it. */
  took(key: { readonly mark: string; readonly generation: number; readonly fingerprint: string; readonly label: string }): Promise<void>;
  issued(mark: string, facts: { readonly fingerprint: string; readonly expiresAt?: string }): Promise<void>;
  close(mark: string): Promise<void>;
  /**
   * A key that stands in the state is about to be changed, for the so-manieth time: a state with a lower count never heard of the change's
   * end. Answers when: ISO 8601, UTC.
   */
  changing(key: Pick<Generation, "mark" | "generation" | "fingerprint">, change: number): Promise<string>;
  /** It wasn't changed after all. */
  unchanged(mark: string): Promise<void>;
  /** Open entries of this identity and scope whose answer was lost for good, before this run: nobody can hold the secrets of their keys. */
  open(): Promise<readonly LostKey[]>;
}

/** A key that was asked for and never recorded. */
export interface LostKey {
  readonly mark: string;
  readonly begunAt: string;
  /** Where it was sealed to a recipient whose identity this run has. */
  readonly passphrase?: Secret;
  /** Why this run can't open the one that was sealed: `it is sealed to someone else`. */
  readonly unopened?: string;
}

/** All that acting needs, handed in. */
export interface Means {
  /** The noun and name for messages: `token "nightly-report"`. */
  readonly subject: string;
  /** `bitfinex (sandbox)`. */
  readonly venue: string;
  readonly venueId: string;
  readonly kind: KindManifest;
  /** Its writes are counted by `lists`. */
  readonly driver: Driver;
  /** The keys of the account, read once for all resources. */
  readonly lists: Lists;
  /** Where the resource's keys are listed. */
  readonly scope: AccountScope;
  readonly ledger: Ledger;
  readonly accountId: string;
  readonly accountAnswered: boolean;
  readonly vantage: string | undefined;
  /** What the key's holder counts its requests in, where the resource says so. */
  readonly nonceUnit: NonceUnit | undefined;
  /** The venue's time in milliseconds. */
  venueNow(): number;
  /** A random mark of 60 bits or more. */
  drawMark(): string;
  drawPassphrase(rule: PassphraseRule): Secret;
  /** Waits; milliseconds. */
  pause(ms: number): Promise<void>;
  /** Whether the engine that asked still lives: nobody else can record a new key. */
  engineAlive(): Promise<boolean>;
  /** Refuses a new key that the account's ceiling doesn't allow. `mark`: one that the journal may know already. */
  beforeIssue(mark?: string): Promise<void>;
  /** Fingerprints of the credentials that manage the account: never revoked. */
  readonly managing: readonly string[];
  /** Fingerprints of the keys that this run has recorded already, for other resources too. */
  readonly taken: ReadonlySet<string>;
  /** What a person leaves for this run, for kinds that a person makes. */
  readonly hands?: Hands;
  /** Tells a person of an unknown outcome. */
  tell(message: string): void;
}

/** What is declared, in the forms that acting needs. */
export interface Declared extends Decision {
  /** Its label is composed when the mark is drawn. */
  readonly key: Omit<DesiredKey, "label">;
  /** The user's own text for it. */
  readonly label?: string | undefined;
  readonly grants: Grants;
  readonly options: KindOptions;
  /** The address list that the state has, where there is one. */
  readonly recordedIps?: AllowedIps;
}

/** Thrown when something was done and something else failed: what is known must go into the state. */
export class Unfinished extends Error {
  override readonly name = "Unfinished";
  constructor(
    readonly recorded: Recorded,
    readonly because: KeyError,
  ) {
    super(because.message);
  }
}

/** An error of ours about a key, with the way out that goes with its code. */
export function keyError(code: ErrorCode, operation: string, means: Pick<Means, "venue">, cause: string): KeyError {
  return new KeyError(code, { venue: means.venue, operation, cause, wayOut: WAY_OUT[code] ?? "run it again" });
}

const WAY_OUT: Partial<Record<ErrorCode, string>> = {
  wider: "it was revoked; declare these permissions, or use a managing key that lacks them",
  narrower: "it was revoked; give the managing key these permissions, or declare less",
  unbound: 'it was revoked; run from an address on its list, or declare "anywhere"',
  unusable: "it was revoked; look at the account and its managing key at the venue",
  "not-revoked": "run it again: the key stays in the state until it is dead; revoke it at the venue if that is urgent",
  "self-lock-out": "manage the account with another key first",
  "engine-gone": "run `pulumi up` again: the new key was revoked",
  "broken-answer": "run it again",
  "venue-refused": "look at the key at the venue, then run it again",
};

/** The credential that manages an account isn't changed or revoked by it: nobody could manage the account any more. */
export function assertNotManaging(
  fingerprint: string,
  operation: string,
  means: Pick<Means, "venue" | "managing">,
  is = "this is the credential that manages the account",
): void {
  if (means.managing.includes(fingerprint)) throw keyError("self-lock-out", operation, means, is);
}

/** The driver lacks a method that its capability table doesn't rule out. */
export function missing(ability: string, operation: string, means: Pick<Means, "venue">): KeyError {
  return new KeyError("capability", {
    venue: means.venue,
    operation,
    cause: `the venue has no documented way to ${ability} this kind of key`,
    wayOut: "see docs/venues.md for what it can do",
  });
}

/** The venue tells its time in Date headers: in whole seconds, so that any moment may seem so much too early. */
const GRAIN_MS = 1_000;

/** When the venue must show what was written at `since`, milliseconds of its time; at once where no delay is known. */
export function shownBy(since: number, { kind }: Pick<Means, "kind">): number {
  return kind.settleMs === undefined ? since : since + kind.settleMs + GRAIN_MS;
}

/** ISO 8601, UTC, of milliseconds. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
