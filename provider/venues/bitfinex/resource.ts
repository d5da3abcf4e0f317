// What programs write for Bitfinex: handles, classes and their types. Types and a constructor, nothing that acts.

import type * as pulumi from "@pulumi/pulumi";
import {
  KeyResource,
  type Account as AnyAccount,
  type AllowedIpsInput,
  type ApiKeyCredential,
  type Bots,
  type Defaults,
  type KeyArgs,
} from "../../pulumi/resource";
import { leastOfKey } from "./least";

export type Account = AnyAccount<"bitfinex", Defaults> & Bots;

/**
 * A handle for a Bitfinex account in the configuration `exchange-keys:accounts`.
 *
 * @param alias the account's name there
 * @param defaults for all keys made with this handle
 * @example const main = bitfinex.account("bitfinex-main", { holder: "desk" });
 */
export function account(alias: string, defaults: Defaults = {}): Account {
  const handle: Account = {
    ...{ venue: "bitfinex", alias, defaults, place: alias },
    bot(name, { can, accept: _, ...rest }, options) {
      const found = leastOfKey(can);
      return "refused" in found
        ? found
        : { make: () => new ApiKey(name, { account: handle, ...found.inputs, ...rest } as ApiKeyArgs, options) };
    },
  };
  return handle;
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

/** What a row of the page can be: both toggles off, one of them on, or both. */
export type Access = "none" | "read" | "write" | "read-write";

/**
 * The permission grid by API scopes; rows left out are off. The row of the web page that each is: Account Info, Account History, Orders,
 * Margin Trading (`positions`), Margin Funding, Wallets, Withdrawals, Bitfinex Pay; inferred from the names.
 * Source: support.bitfinex.com article 115003363429.
 */
export interface ApiKeyPermissions {
  readonly account?: pulumi.Input<Access>;
  readonly history?: pulumi.Input<Access>;
  readonly orders?: pulumi.Input<Access>;
  readonly positions?: pulumi.Input<Access>;
  readonly funding?: pulumi.Input<Access>;
  readonly wallets?: pulumi.Input<Access>;
  readonly withdraw?: pulumi.Input<"none" | "write">;
  readonly bfxpay?: pulumi.Input<Access>;
}

/**
 * Permissions by purpose, to spread and override. None has withdrawals.
 *
 * @example permissions: { ...bitfinex.presets.trading, funding: "read" }
 */
export const presets = {
  /** Sees everything, does nothing: dashboards, risk, tax. */
  readOnly: { account: "read", history: "read", orders: "read", positions: "read", funding: "read", wallets: "read" },
  /** Places and cancels orders, on margin too, and sees what that takes. */
  trading: { account: "read", history: "read", orders: "read-write", positions: "read", wallets: "read" },
  /** Offers and cancels funding. */
  lending: { account: "read", history: "read", funding: "read-write", wallets: "read" },
  /** Books and balances alone. */
  accounting: { account: "read", history: "read", wallets: "read" },
} as const satisfies Readonly<Record<string, ApiKeyPermissions>>;

export interface ApiKeyArgs extends KeyArgs {
  readonly account: Account;
  readonly permissions: pulumi.Input<ApiKeyPermissions>;
  /** Up to 20 addresses, as a list or as a map to their purposes; or `"anywhere"`. Bitfinex documents no ranges. */
  readonly allowedIps: pulumi.Input<AllowedIpsInput>;
  /** Your own text in the key's label; the provider adds a mark. Up to 15 letters, digits, blanks, `_`, `.`, `-`. */
  readonly label?: pulumi.Input<string>;
  /** What the key's holder counts its nonces in; Bitfinex's own clients count microseconds, `"us"`. Default: `"ms"`. */
  readonly nonceUnit?: pulumi.Input<"ms" | "us">;
  /** Scopes with write that the web page has no row for, and that you take as they are: `["settings"]`. */
  readonly accept?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/**
 * A Bitfinex API key: declared here, made by a person on Bitfinex's web page with `exchange-keys ceremony`, verified row by row by the
 * machine. Bitfinex has no public API that makes, edits or revokes one.
 *
 * @example
 * const maker = new bitfinex.ApiKey("maker", {
 *   account: bitfinex.account("bitfinex-main"), permissions: bitfinex.presets.trading, allowedIps: { "198.51.100.7": "fra1 gateway" },
 * });
 */
export class ApiKey extends KeyResource {
  /** Secret. */
  declare readonly credential: pulumi.Output<ApiKeyCredential>;
  /** Secret. */
  declare readonly apiKey: pulumi.Output<string>;
  /** Secret. */
  declare readonly apiSecret: pulumi.Output<string>;
  /** The label at Bitfinex, with the mark: what to look for under "My API Keys". */
  declare readonly venueLabel: pulumi.Output<string>;
  /** Id of the deposit that brought the key. */
  declare readonly deposit: pulumi.Output<string>;

  constructor(name: string, args: ApiKeyArgs, options?: pulumi.CustomResourceOptions) {
    const { account: handle, ...rest } = args;
    super({ venue: "bitfinex", kind: "ApiKey", byHand: true }, name, handle, rest, options);
  }
}
