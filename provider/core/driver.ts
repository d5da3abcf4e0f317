// The contract between the decisions and a venue: what a driver is handed, what it answers. It translates and never decides.

import type { Hand, Manifest, NonceUnit } from "./capability";
import type { KeyError } from "./errors";
import type { AllowedIps, Clock, Credential, Grants } from "./model";
import type { Secret } from "./secret";

/** The account behind a credential, as far as the venue tells. */
export interface AccountFacts {
  readonly accountId: string;
  /** Of a sub-account: the venue's id of its master. */
  readonly masterId?: string;
  /** Plain remarks for people: two-factor off, paper trading … */
  readonly remarks: readonly string[];
  /** What the asking credential itself may do, and from where, where the same answer tells it. */
  readonly own?: Pick<ObservedKey, "grants" | "allowedIps">;
}

/** A key as the venue shows it. */
export interface ObservedKey {
  /** What the fingerprint is made of: in a list it tells one key from another, so each listed key has it. */
  readonly publicPart?: string;
  /** The venue's own name for it, where changes need one beside the public part. */
  readonly keyId?: string;
  /** What it may do now: nothing, for one that is switched off. */
  readonly grants: Grants;
  /** Absent where the venue doesn't tell. */
  readonly allowedIps?: AllowedIps;
  /** Where the addresses aren't told, but that there is a list of them: not from anywhere. */
  readonly bound?: true;
  /** Still shown, and said to have ended: it works no more, but somebody may bring it back. */
  readonly lapsed?: true;
  readonly label?: string;
  /** ISO 8601, UTC. */
  readonly createdAt?: string;
  readonly expiresAt?: string;
}

/** What speaks for a key's absence: the venue's own not-found, or a refusal that it may also give to a barred address. */
export interface Evidence {
  readonly kind: "not-found" | "refusal";
  readonly error: KeyError;
}

/** One look at one key. A refusal is judged by `audit`, never here. */
export type Observation = { readonly alive: ObservedKey } | { readonly absent: Evidence } | { readonly unreachable: KeyError };

/** The whole desired state of a new key: the driver leaves nothing to the venue's defaults. */
export interface DesiredKey {
  readonly permissions: Readonly<Record<string, unknown>>;
  readonly allowedIps: AllowedIps;
  /** Seconds; present for kinds that end by themselves. */
  readonly lifetimeSeconds?: number;
  /** The label with the mark, for kinds that have one. */
  readonly label?: string;
  /** For kinds whose passphrase the caller chooses: at birth, and wherever the venue asks for it again. */
  readonly passphrase?: Secret;
  /** Inputs that only this kind has. */
  readonly extras: Readonly<Record<string, unknown>>;
}

export interface IssuedKey {
  readonly credential: Credential;
  /** What the fingerprint is made of: an API key's `apiKey`, or the whole token. */
  readonly publicPart: string;
  readonly keyId?: string;
  /** ISO 8601, UTC, never too early. */
  readonly expiresAt?: string;
  readonly createdAt: string;
}

/** Which key is meant: for its own hand by its credential, for the account's by its public part and where it is listed. */
export interface KeyRef {
  /** Absent for a key whose secret was in a lost answer; the account's hand alone reaches it. */
  readonly credential?: Credential;
  /** Present but for tokens, whose public part is the secret itself. */
  readonly publicPart?: string;
  readonly keyId?: string;
  /** Of a key whose credential is absent: the passphrase that was chosen for it, where it is still known. */
  readonly passphrase?: Secret;
  readonly scope: AccountScope;
  /** Whose credential asks: the key's own, or the account's. */
  readonly by: Hand;
  /** Undoes what the same operation began: sent even for an engine that has ended. */
  readonly undo: boolean;
}

export interface KeyChange {
  readonly ref: KeyRef;
  readonly desired: DesiredKey;
  readonly observed: ObservedKey;
  /** For kinds that are changed in parts: which one this request is for. Absent: the whole of what is desired. */
  readonly part?: ChangePart;
}

/** What one request changes, at venues that take permissions and addresses apart. Addresses are added before others go. */
export type ChangePart = "permissions" | "add-ips" | "remove-ips";

/** One page of a list; `next` is what the venue wants for the one after it, absent on the last. */
export interface ListPage {
  readonly keys: readonly ObservedKey[];
  readonly next?: string;
}

/** Where keys are listed: an account, or one of its sub-accounts. */
export interface AccountScope {
  readonly subAccount?: string;
}

/** One endpoint is one function is one request. A method is absent exactly where the capability is `cannot`. */
export interface Driver {
  whoami(): Promise<AccountFacts>;
  /** Whose a key is, as it says itself, numbering its request as its holder does. For keys that a person brings. */
  whose?(credential: Credential, nonceUnit?: NonceUnit): Promise<AccountFacts>;
  /** The address that the venue sees, or undefined where it doesn't tell. Needs no credential. */
  vantage?(): Promise<string | undefined>;
  /** A public question whose answer carries the venue's time, for venues that don't tell the address. Needs no credential. */
  time?(): Promise<void>;
  /** A key looks at itself, numbering its request as its holder does. */
  inspect?(credential: Credential, nonceUnit?: NonceUnit): Promise<Observation>;
  /** One page of the keys of the scope: what is on none of them doesn't exist. Throws a KeyError where that can't be told. */
  list?(scope: AccountScope, page: string | undefined): Promise<ListPage>;
  /** The address list of one key, for venues that don't tell it in the list. */
  addresses?(ref: Pick<KeyRef, "publicPart" | "keyId" | "scope">): Promise<AllowedIps>;
  create?(desired: DesiredKey): Promise<IssuedKey>;
  update?(change: KeyChange): Promise<void>;
  revoke?(ref: KeyRef): Promise<"revoked" | "already-gone">;
}

/** What a driver is handed. */
export interface DriverContext {
  /** `bitfinex`, or `bitfinex (sandbox)`: how messages begin. */
  readonly venue: string;
  /** The credential that manages; for a run that only reads, the observer's where there is one. */
  readonly credential: Credential;
  readonly http: VenueHttp;
  /** Our clock, or the test clock. */
  readonly clock: Clock;
}

/** What the registry knows of a venue. */
export interface VenueEntry {
  manifest(): Manifest;
  /** Kind of key → its driver. */
  readonly drivers: Readonly<Record<string, (context: DriverContext) => Driver>>;
}

/** What is signed: the nonce is a decimal string, the same for no two requests of a credential. */
export interface Numbered {
  readonly nonce: string;
  readonly body: string;
}

/** One request. `read` and `write` are the driver's word for it, whatever the HTTP method is. */
export interface Call<T> {
  /** For messages: `mint token`. */
  readonly operation: string;
  readonly intent: "read" | "write";
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** A name out of the environment's hosts. */
  readonly host: string;
  /** Path with query, exactly as it is sent. */
  readonly path: string;
  /** The body, byte for byte. */
  readonly body?: string;
  /** Group of the venue's rate limits. */
  readonly limit: string;
  /** The answer grows with the account, since the venue has no pages: up to 16 MB of it are read, instead of 1. */
  readonly long?: true;
  /** How much of that limit the request takes. Default: 1. */
  readonly weight?: number;
  /** Whose nonces these are: a fingerprint. Absent: the request has no nonce. */
  readonly nonces?: string;
  /** What that credential's holder counts in, where it isn't what the account counts in. */
  readonly nonceUnit?: NonceUnit;
  /** Credentials that the request carries, to keep each from the wrong kind of host; empty for a public request. */
  readonly carries: readonly Credential[];
  /** Undoes what was begun: sent even for an engine that has ended, where other writes are refused. */
  readonly undo?: boolean;
  /** Path and body of one attempt, for venues that want time and signature in them; called anew for each, in the place of `path` and `body`. */
  attempt?(): { readonly path: string; readonly body?: string };
  /** Headers of one attempt; called anew for each. */
  headers?(numbered: Numbered): Readonly<Record<string, string>>;
  /** Parses the answer, or throws a KeyError that says whether another try is worth it. */
  parse(answer: Answer): T;
}

export interface Answer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The venue's time at the answer (its Date header), or ours where it sent none. Milliseconds. */
  readonly at: number;
}

/** The way to a venue for one account: its queue, limits, nonces and retries are behind it. */
export interface VenueHttp {
  send<T>(call: Call<T>): Promise<T>;
  /** The venue's time in milliseconds, once an answer told it. */
  venueNow(): number | undefined;
}
