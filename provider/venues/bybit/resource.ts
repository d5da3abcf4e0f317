// What programs write for Bybit: handles, the class and its types. Types and a constructor, nothing that acts.

import type * as pulumi from "@pulumi/pulumi";
import {
  KeyResource,
  masterHandle,
  type AllowedIpsInput,
  type ApiKeyCredential,
  type Defaults,
  type KeyArgs,
  type Master,
  type SubAccount as AnySubAccount,
} from "../../pulumi/resource";
import { least } from "./least";

/** A handle for one sub-account, by its uid: `"53888000"`. */
export type SubAccount = AnySubAccount<"bybit">;

/** A handle for a master account, whose key manages those of its sub-accounts. */
export type Account = Master<"bybit">;

/**
 * A handle for a Bybit master account in the configuration `exchange-keys:accounts`.
 *
 * @param alias the account's name there
 * @param defaults for all keys made with this handle
 * @example const desk = bybit.account("bybit-master").subAccount("53888000");
 */
export function account(alias: string, defaults: Defaults = {}): Account {
  return masterHandle("bybit", alias, defaults, (handle, name, { can, accept = [], ...rest }, options) => {
    const found = least(can, accept);
    if ("refused" in found) return found;
    return {
      make: () => new SubAccountApiKey(name, { account: handle, ...found.inputs, ...rest } as unknown as SubAccountApiKeyArgs, options),
    };
  });
}

type Members<T extends string> = readonly pulumi.Input<T>[];

/** In Bybit's words; what is left out the key can't do. Source: bybit-exchange/docs, v5/user/create-subuid-apikey. */
export interface SubAccountPermissions {
  readonly ContractTrade?: pulumi.Input<Members<"Order" | "Position">>;
  readonly Spot?: pulumi.Input<Members<"SpotTrade">>;
  /** With either, the key can change and delete itself, its IP list too. */
  readonly Wallet?: pulumi.Input<Members<"AccountTransfer" | "SubMemberTransferList">>;
  readonly Options?: pulumi.Input<Members<"OptionsTrade">>;
  readonly Derivatives?: pulumi.Input<Members<"DerivativesTrade">>;
  readonly Exchange?: pulumi.Input<Members<"ExchangeHistory">>;
  readonly Earn?: pulumi.Input<Members<"Earn">>;
}

export interface SubAccountApiKeyArgs extends KeyArgs {
  /** The sub-account: `bybit.account("bybit-master").subAccount("53888000")`. */
  readonly account: SubAccount;
  /** There is no default: Bybit's own is read-write. A read-only key only reads, whatever its permissions are. */
  readonly access: pulumi.Input<"read-only" | "read-write">;
  readonly permissions: pulumi.Input<SubAccountPermissions>;
  /** Addresses, as a list or as a map to their purposes; or `"anywhere"`, and then the key ends after 90 days. Ranges and IPv6 aren't documented. */
  readonly allowedIps: pulumi.Input<AllowedIpsInput>;
  /** Your own text in the key's note; the provider adds a mark. Up to 15 letters, digits and dashes. Another text is another key. */
  readonly label?: pulumi.Input<string>;
  /** `["DerivativesTrade"]`: taken as it is where Bybit adds it unasked to a key that may write and doesn't trade contracts. */
  readonly accept?: pulumi.Input<readonly pulumi.Input<"DerivativesTrade">[]>;
}

/**
 * An API key of a Bybit sub-account: made, changed in place and deleted with the master's key.
 *
 * @example
 * const hedge = new bybit.SubAccountApiKey("hedge", {
 *   account: bybit.account("bybit-master").subAccount("53888000"), access: "read-write",
 *   permissions: { ContractTrade: ["Order", "Position"] }, allowedIps: { "198.51.100.7": "fra1 gateway" },
 * });
 */
export class SubAccountApiKey extends KeyResource {
  /** Secret. */
  declare readonly credential: pulumi.Output<ApiKeyCredential>;
  /** Secret. */
  declare readonly apiKey: pulumi.Output<string>;
  /** Secret. */
  declare readonly apiSecret: pulumi.Output<string>;
  /** ISO 8601, UTC; of keys that Bybit lets end. */
  declare readonly expiresAt: pulumi.Output<string | undefined>;

  constructor(name: string, args: SubAccountApiKeyArgs, options?: pulumi.CustomResourceOptions) {
    const { account: handle, ...rest } = args;
    super({ venue: "bybit", kind: "SubAccountApiKey", ofSubAccount: true }, name, handle, rest, options);
  }
}
