// What programs write for Bitfinex: handles, classes and their types. Types and a constructor, nothing that acts.

import type * as pulumi from "@pulumi/pulumi";
import {
  KeyResource,
  type Account as AnyAccount,
  type AllowedIpsInput,
  type KeyArgs,
  type Notes,
  type RotationInput,
} from "../../pulumi/resource";

/** What keys made with a handle have unless they say otherwise. */
export interface Defaults extends Notes {
  readonly rotation?: pulumi.Input<RotationInput>;
}

export type Account = AnyAccount<"bitfinex", Defaults>;

/**
 * A handle for a Bitfinex account in the configuration `exchange-keys:accounts`.
 *
 * @param alias the account's name there
 * @param defaults for all keys made with this handle
 * @example const main = bitfinex.account("bitfinex-main", { holder: "desk" });
 */
export function account(alias: string, defaults: Defaults = {}): Account {
  return { venue: "bitfinex", alias, defaults };
}

type Area = "account" | "orders" | "funding" | "settings" | "wallets" | "bfxpay";

/** Bitfinex has one write flag for a whole token: all areas read, or all areas read and write. Withdraw exists with the flag alone. */
export type AccessTokenPermissions =
  | ({ readonly [area in Area]?: pulumi.Input<"read"> } & { readonly withdraw?: never })
  | { readonly [area in Area | "withdraw"]?: pulumi.Input<"read-write"> };

export interface AccessTokenArgs extends KeyArgs {
  readonly account: Account;
  /** Areas of the token; those left out it can't use. Source: docs.bitfinex.com/reference/generate-token. */
  readonly permissions: pulumi.Input<AccessTokenPermissions>;
  /** `"60s"` to `"7d"`. Renewed after two thirds of it, unless `rotation.every` says otherwise. */
  readonly lifetime: pulumi.Input<string>;
  /** One address, or `"anywhere"`. That Bitfinex binds a token to an address isn't documented: it is tried at birth, from where that can be. */
  readonly allowedIps: pulumi.Input<AllowedIpsInput>;
  /** An undeclared read scope makes the token fail too, instead of a warning. */
  readonly strict?: pulumi.Input<boolean>;
  /** What the token's holder counts its nonces in; Bitfinex's own Node.js client counts microseconds, `"us"`. Default: `"ms"`. */
  readonly nonceUnit?: pulumi.Input<"ms" | "us">;
}

/** A token, with where it belongs. */
export interface TokenCredential {
  readonly venue: string;
  readonly environment: string;
  /** Sent as the header `bfx-token`, instead of a key and a signature. */
  readonly token: string;
}

/**
 * A Bitfinex access token: issued with the account's key, proved by letting it look at itself, renewed and revoked.
 *
 * @example
 * const report = new bitfinex.AccessToken("nightly-report", {
 *   account: bitfinex.account("bitfinex-main"), permissions: { account: "read", wallets: "read" }, lifetime: "24h", allowedIps: "anywhere",
 * });
 */
export class AccessToken extends KeyResource {
  /** Secret. */
  declare readonly credential: pulumi.Output<TokenCredential>;
  /** Secret: the token itself. */
  declare readonly token: pulumi.Output<string>;
  /** ISO 8601, UTC. */
  declare readonly expiresAt: pulumi.Output<string>;
  /** `"yes"` where the token can mint tokens, so that its end doesn't bound a thief; of read-only tokens it isn't documented. */
  declare readonly selfRenewing: pulumi.Output<"yes" | "not documented">;

  constructor(name: string, args: AccessTokenArgs, options?: pulumi.CustomResourceOptions) {
    const { account: handle, ...rest } = args;
    super({ venue: "bitfinex", kind: "AccessToken", outputs: ["selfRenewing"] }, name, handle, rest, options);
  }
}
