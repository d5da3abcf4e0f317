// The values that all modules share: identities, credentials, grants, IP lists. Data only, no behaviour.

import type { Secret } from "./secret";

/** Who a resource is: what the class puts into the inputs, since the engine tells a dynamic provider no URN. */
export interface Identity {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  /** The type token, `pulumi-nodejs:dynamic/exchange-keys/bitfinex:AccessToken`. */
  readonly type: string;
  readonly name: string;
}

/** A credential that a venue issued, or one that manages an account. */
export type Credential =
  | { readonly kind: "api-key"; readonly apiKey: string; readonly apiSecret: Secret; readonly passphrase?: Secret }
  | { readonly kind: "token"; readonly token: Secret }
  /** A key whose holder made the key pair: the venue knows the public half, and nobody here the private one. */
  | { readonly kind: "public-key"; readonly apiKey: string };

/** Permissions in the venue's own vocabulary (`orders:write`), sorted, without duplicates. */
export type Grants = readonly string[];

/** What a key lets its holder do, the same at every venue. */
export type Power = "read" | "trade" | "lend" | "transfer" | "withdraw" | "administer" | "unknown";

/** Each power that a key has, with the grants that give it, joined by a space: `{ read: "account:read wallets:read" }`. */
export type Powers = Readonly<Partial<Record<Power, string>>>;

/** `"anywhere"`, or canonical addresses and ranges with the purpose of each (empty when none was given). */
export type AllowedIps = "anywhere" | Readonly<Record<string, string>>;

/** Why a generation was made. */
export type Reason = "first" | "due" | "lapsed" | "gone" | "reissue" | "narrowed" | "changed";

/** Milliseconds since 1970-01-01 UTC, by a clock that tests can move. */
export type Clock = () => number;
