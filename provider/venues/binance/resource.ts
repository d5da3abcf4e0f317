// What programs write for Binance: handles, the class and its types. Types and a constructor, nothing that acts.

import type * as pulumi from "@pulumi/pulumi";
import {
  KeyResource,
  masterHandle,
  type AllowedIpsInput,
  type Defaults,
  type KeyArgs,
  type Master,
  type PublicKeyCredential,
  type SubAccount as AnySubAccount,
} from "../../pulumi/resource";
import { least } from "./least";

/** A handle for one sub-account, by its e-mail, as Binance lists it: `"trading-1@example.com"`. */
export type SubAccount = AnySubAccount<"binance">;

/** A handle for a master account, whose key manages those of its sub-accounts. */
export type Account = Master<"binance">;

/**
 * A handle for a Binance master account in the configuration `exchange-keys:accounts`.
 *
 * @param alias the account's name there
 * @param defaults for all keys made with this handle
 * @example const trading = binance.account("binance-master").subAccount("trading-1@example.com");
 */
export function account(alias: string, defaults: Defaults = {}): Account {
  return masterHandle("binance", alias, defaults, (handle, name, { can, accept: _, ...rest }, options) => {
    const found = least(can);
    if ("refused" in found) return found;
    return {
      make: () => new SubAccountApiKey(name, { account: handle, ...found.inputs, ...rest } as unknown as SubAccountApiKeyArgs, options),
    };
  });
}

/**
 * In Binance's words; what is left out the key can't do. Reading is always on, so that `{}` only reads.
 * Source: developers.binance.com, legacy-docs, sub_account, Create Sub-account API Key V2 (2026-11-22).
 */
export interface SubAccountPermissions {
  /** Spot and Margin trading. */
  readonly canTrade?: pulumi.Input<boolean>;
  /** Margin borrow and repay. */
  readonly canMarginLoanRepay?: pulumi.Input<boolean>;
  readonly canFuturesTrade?: pulumi.Input<boolean>;
  readonly canUniversalTransfer?: pulumi.Input<boolean>;
  readonly canVanillaOptions?: pulumi.Input<boolean>;
}

export interface SubAccountApiKeyArgs extends KeyArgs {
  /** The sub-account: `binance.account("binance-master").subAccount("trading-1@example.com")`. */
  readonly account: SubAccount;
  readonly permissions: pulumi.Input<SubAccountPermissions>;
  /**
   * IPv4 addresses, as a list or as a map to their purposes, together up to 500 characters as Binance takes them; or `"anywhere"`, and then
   * Spot and Margin trading may end after 30 days. Ranges and IPv6 aren't documented.
   */
  readonly allowedIps: pulumi.Input<AllowedIpsInput>;
  /**
   * Your own text in the key's name; the provider adds a mark. Up to 3 letters, digits and dashes: how long a name may be isn't documented.
   * Another text is another key.
   */
  readonly label?: pulumi.Input<string>;
  /**
   * Ed25519, or RSA of 2048 or 4096 bits, in PEM: `"-----BEGIN PUBLIC KEY-----\n…"`. The holder keeps the private half, and no secret is
   * anywhere else. Another one is another key. Whether two living keys may have the same one isn't documented: where the resource is
   * replaced and keeps it (another `label`, `fixApi` or sub-account), the old key is deleted first, and none works until the new one is there.
   */
  readonly publicKey?: pulumi.Input<string>;
  /** FIX, for keys with an Ed25519 `publicKey`. Given at birth alone: a change is another key. */
  readonly fixApi?: pulumi.Input<readonly pulumi.Input<"canFixApiTrading" | "canFixApiReading">[]>;
}

/**
 * An API key of a Binance sub-account: made, changed in place and deleted with the master's key.
 *
 * @example
 * const maker = new binance.SubAccountApiKey("maker", {
 *   account: binance.account("binance-master").subAccount("trading-1@example.com"),
 *   permissions: { canTrade: true }, allowedIps: { "198.51.100.7": "fra1 gateway" },
 * });
 */
export class SubAccountApiKey extends KeyResource {
  /** Secret. */
  declare readonly credential: pulumi.Output<PublicKeyCredential>;
  /** Secret. */
  declare readonly apiKey: pulumi.Output<string>;
  /** Secret; absent for a key with a public key. */
  declare readonly apiSecret: pulumi.Output<string | undefined>;

  constructor(name: string, args: SubAccountApiKeyArgs, options?: pulumi.CustomResourceOptions) {
    const { account: handle, ...rest } = args;
    super({ venue: "binance", kind: "SubAccountApiKey", ofSubAccount: true }, name, handle, rest, options);
  }
}
