// What programs write for Gate: handles, the class and its types. Types and a constructor, nothing that acts.

import type * as pulumi from "@pulumi/pulumi";
import {
  KeyResource,
  masterHandle,
  type AllowedIpsInput,
  type ApiKeyCredential,
  type Defaults as AnyDefaults,
  type KeyArgs,
  type Master,
  type SubAccount as AnySubAccount,
} from "../../pulumi/resource";
import { least } from "./least";

/** The kind of account that a key is for. */
export type Mode = "classic" | "portfolio";

/** What keys made with a handle have unless they say otherwise. */
export interface Defaults extends AnyDefaults {
  readonly mode?: pulumi.Input<Mode>;
}

/** A handle for one sub-account, by its numeric user id: `"2124002"`. */
export type SubAccount = AnySubAccount<"gate", Defaults>;

/** A handle for a master account, whose key manages those of its sub-accounts. */
export type Account = Master<"gate", Defaults>;

/**
 * A handle for a Gate main account in the configuration `exchange-keys:accounts`.
 *
 * @param alias the account's name there
 * @param defaults for all keys made with this handle
 * @example const desk = gate.account("gate-main").subAccount("2124002");
 */
export function account(alias: string, defaults: Defaults = {}): Account {
  return masterHandle("gate", alias, defaults, (handle, name, { can, accept = [], ...rest }, options) => {
    const found = least(can, accept);
    if ("refused" in found) return found;
    return {
      make: () => new SubAccountApiKey(name, { account: handle, ...found.inputs, ...rest } as unknown as SubAccountApiKeyArgs, options),
    };
  });
}

type Access = pulumi.Input<"read-only" | "read-write">;

/**
 * In Gate's words; what is left out the key can't do. GET requests read, all others write.
 * Source: docs/gateio, PUT /sub_accounts/{user_id}/keys/{key}, `perms`, 2025-11-30.
 */
export interface SubAccountPermissions {
  /** Read and write: transfers. */
  readonly wallet?: Access;
  /** Spot and margin. */
  readonly spot?: Access;
  /** Perpetual contracts. */
  readonly futures?: Access;
  readonly delivery?: Access;
  readonly earn?: Access;
  readonly custody?: Access;
  readonly options?: Access;
  /** Account information. */
  readonly account?: Access;
  /** Lending. */
  readonly loan?: Access;
  readonly margin?: Access;
  readonly unified?: Access;
  /** Copy trading. */
  readonly copy?: Access;
}

export interface SubAccountApiKeyArgs extends KeyArgs {
  /** The sub-account: `gate.account("gate-main").subAccount("2124002")`. */
  readonly account: SubAccount;
  readonly permissions: pulumi.Input<SubAccountPermissions>;
  /** Up to 20 IPv4 addresses, no ranges, as a list or as a map to their purposes; or `"anywhere"`, and then the key may end after 90 days. */
  readonly allowedIps: pulumi.Input<AllowedIpsInput>;
  /** A classic or a portfolio account's key, for life: another mode is another key. Default: the handle's, else `"classic"`, which is always sent. */
  readonly mode?: pulumi.Input<Mode>;
  /** Your own text in the key's name; the provider adds a mark. Up to 15 letters, digits and dashes. */
  readonly label?: pulumi.Input<string>;
}

/**
 * An API key of a Gate sub-account: made, changed in place and deleted with the main account's key. Changes and deletions take up to five
 * minutes at Gate, and are waited for.
 *
 * @example
 * const hedge = new gate.SubAccountApiKey("hedge", {
 *   account: gate.account("gate-main").subAccount("2124002"),
 *   permissions: { futures: "read-write", wallet: "read-only" }, allowedIps: { "198.51.100.7": "fra1 gateway" },
 * });
 */
export class SubAccountApiKey extends KeyResource {
  /** Secret. */
  declare readonly credential: pulumi.Output<ApiKeyCredential>;
  /** Secret. */
  declare readonly apiKey: pulumi.Output<string>;
  /** Secret. */
  declare readonly apiSecret: pulumi.Output<string>;

  constructor(name: string, args: SubAccountApiKeyArgs, options?: pulumi.CustomResourceOptions) {
    const { account: handle, ...rest } = args;
    // Programs in JavaScript reach this without a compiler's word.
    const mode = rest.mode ?? (handle as Partial<SubAccount> | undefined)?.defaults?.mode ?? "classic";
    super({ venue: "gate", kind: "SubAccountApiKey", ofSubAccount: true }, name, handle, { ...rest, mode }, options);
  }
}
