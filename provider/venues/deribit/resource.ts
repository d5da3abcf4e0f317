// What programs write for Deribit: handles, the class and its types. Types and a constructor, nothing that acts.

import type * as pulumi from "@pulumi/pulumi";
import {
  KeyResource,
  type Account as AnyAccount,
  type AllowedIpsInput,
  type Bots,
  type Defaults,
  type KeyArgs,
  type PublicKeyCredential,
} from "../../pulumi/resource";
import { least } from "./least";

/** A handle for one account or sub-account: Deribit's methods act on the keys of the account that asks, so each has its own managing key. */
export interface Account extends AnyAccount<"deribit", Defaults>, Bots {}

/**
 * A handle for a Deribit account, or sub-account, in the configuration `exchange-keys:accounts`.
 *
 * @param alias the account's name there
 * @param defaults for all keys made with this handle
 * @example const desk = deribit.account("deribit-options");
 */
export function account(alias: string, defaults: Defaults = {}): Account {
  const handle: Account = {
    ...{ venue: "deribit", alias, place: alias, defaults },
    bot: (name, { can, accept: _, ...rest }, options) => {
      const found = least(can);
      if ("refused" in found) return found;
      return { make: () => new ApiKey(name, { account: handle, ...found.inputs, ...rest } as unknown as ApiKeyArgs, options) };
    },
  };
  return handle;
}

type Level = pulumi.Input<"none" | "read" | "read_write">;

/** In Deribit's words; what is left out is `none`. Source: docs.deribit.com/articles/access-scope */
export interface Permissions {
  /** With `read_write` the key manages keys, itself among them: it can give itself more IP addresses, and all that it has to others. */
  readonly account?: Level;
  /** Orders and positions. */
  readonly trade?: Level;
  /** Deposits, withdrawals and transfers: with `read_write` the key withdraws. */
  readonly wallet?: Level;
  readonly block_trade?: Level;
  readonly block_rfq?: Level;
  /** `read` alone is documented, and not what it shows. */
  readonly custody?: pulumi.Input<"none" | "read">;
}

/** Source: docs.deribit.com/api-reference/account-management/private-create_api_key, which names them without a description. */
export type Feature = "restricted_block_trades" | "block_trade_approval";

export interface ApiKeyArgs extends KeyArgs {
  /** The account: `deribit.account("deribit-options")`. */
  readonly account: Account;
  readonly permissions: pulumi.Input<Permissions>;
  /** Addresses, as a list or as a map to their purposes; or `"anywhere"`. Ranges and IPv6 aren't documented. */
  readonly allowedIps: pulumi.Input<AllowedIpsInput>;
  /** Of block trades: needs `block_trade` or `block_rfq`. Default: none. */
  readonly features?: pulumi.Input<readonly pulumi.Input<Feature>[]>;
  /**
   * The public half of a pair that the key's holder made, in PEM: Ed25519, or RSA of 2048 bits or more. Then there is no secret, neither here nor at
   * Deribit. Another public key is another key. Where the resource is replaced and keeps it (another account), the old key is removed first.
   */
  readonly publicKey?: pulumi.Input<string>;
}

/**
 * An API key of a Deribit account: made, changed in place and removed with the account's own managing key, which has to have `account:read_write`
 * and every scope that it hands out. Its name is the provider's mark: 16 characters, which is all that Deribit takes.
 *
 * @example
 * const quoter = new deribit.ApiKey("quoter", {
 *   account: deribit.account("deribit-options"), permissions: { account: "read", trade: "read_write" },
 *   allowedIps: { "198.51.100.7": "ams1 gateway" }, rotation: { every: "30d", overlap: "24h" },
 * });
 */
export class ApiKey extends KeyResource {
  /** Secret. */
  declare readonly credential: pulumi.Output<PublicKeyCredential>;
  /** Deribit's client id. Secret. */
  declare readonly apiKey: pulumi.Output<string>;
  /** Deribit's client secret; of a key with a public key there is none. Secret. */
  declare readonly apiSecret: pulumi.Output<string | undefined>;
  /** Deribit's number of the key in its account. */
  declare readonly keyId: pulumi.Output<string>;

  constructor(name: string, args: ApiKeyArgs, options?: pulumi.CustomResourceOptions) {
    const { account: handle, ...rest } = args;
    super({ venue: "deribit", kind: "ApiKey" }, name, handle, rest, options);
  }
}
