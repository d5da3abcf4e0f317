// What programs write for OKX: handles, the class and its types. Types and a constructor, nothing that acts.

import type * as pulumi from "@pulumi/pulumi";
import {
  KeyResource,
  masterHandle,
  type AllowedIpsInput,
  type Defaults,
  type KeyArgs,
  type Master,
  type PassphraseCredential,
  type SubAccount as AnySubAccount,
} from "../../pulumi/resource";
import { least } from "./least";

/** A handle for one sub-account, by its name, 6 to 20 letters and digits in which capitals count: `"deskalpha"`. */
export type SubAccount = AnySubAccount<"okx">;

/** A handle for a master account, whose key manages those of its sub-accounts. */
export type Account = Master<"okx">;

/**
 * A handle for an OKX master account in the configuration `exchange-keys:accounts`. Its managing key needs Read, Trade and an IP list.
 *
 * @param alias the account's name there
 * @param defaults for all keys made with this handle
 * @example const desk = okx.account("okx-master").subAccount("deskalpha");
 */
export function account(alias: string, defaults: Defaults = {}): Account {
  return masterHandle("okx", alias, defaults, (handle, name, { can, accept = [], ...rest }, options) => {
    const found = least(can, accept);
    if ("refused" in found) return found;
    return {
      make: () => new SubAccountApiKey(name, { account: handle, ...found.inputs, ...rest } as unknown as SubAccountApiKeyArgs, options),
    };
  });
}

/**
 * In OKX's words: `["read_only"]`, or `["read_only", "trade"]`. Trade is orders, settings and funding transfers, always all of them.
 * Source: docs-v5 #overview-api-key-creation, as of 2025-11-30.
 */
export type Permission = "read_only" | "trade";

export interface SubAccountApiKeyArgs extends KeyArgs {
  /** The sub-account: `okx.account("okx-master").subAccount("deskalpha")`. */
  readonly account: SubAccount;
  /** There is no default: what OKX's own is isn't documented. */
  readonly permissions: pulumi.Input<readonly pulumi.Input<Permission>[]>;
  /**
   * Up to 20 addresses and ranges, IPv4 and IPv6, as a list or as a map to their purposes; or `"anywhere"`, and then a key that trades ends
   * after 14 days without a call of its own.
   */
  readonly allowedIps: pulumi.Input<AllowedIpsInput>;
  /** Your own text in the key's label; the provider adds a mark. Up to 34 letters and digits. Changed in place. */
  readonly label?: pulumi.Input<string>;
}

/**
 * An API key of an OKX sub-account: made, changed in place and deleted with the master's key.
 *
 * @example
 * const maker = new okx.SubAccountApiKey("maker", {
 *   account: okx.account("okx-master").subAccount("deskalpha"),
 *   permissions: ["read_only", "trade"], allowedIps: { "198.51.100.7": "fra1 gateway" },
 * });
 */
export class SubAccountApiKey extends KeyResource {
  /** Secret. */
  declare readonly credential: pulumi.Output<PassphraseCredential>;
  /** Secret. */
  declare readonly apiKey: pulumi.Output<string>;
  /** Secret. */
  declare readonly apiSecret: pulumi.Output<string>;
  /** Secret. Drawn for this key; OKX asks for it with each of its requests. */
  declare readonly passphrase: pulumi.Output<string>;

  constructor(name: string, args: SubAccountApiKeyArgs, options?: pulumi.CustomResourceOptions) {
    const { account: handle, ...rest } = args;
    super({ venue: "okx", kind: "SubAccountApiKey", ofSubAccount: true }, name, handle, rest, options);
  }
}
