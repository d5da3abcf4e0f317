// What programs write for KuCoin: handles, the class and its types. Types and a constructor, nothing that acts.

import type * as pulumi from "@pulumi/pulumi";
import {
  KeyResource,
  masterHandle,
  type AllowedIpsInput,
  type Defaults as AnyDefaults,
  type KeyArgs,
  type Master,
  type PassphraseCredential,
  type SubAccount as AnySubAccount,
} from "../../pulumi/resource";
import { least } from "./least";

/** How long KuCoin lets a key live. Source: kc-spec, addSubAccountApi, `expire`. */
export type Lifetime = "30d" | "90d" | "180d" | "360d" | "never";

/** What keys made with a handle have unless they say otherwise. */
export interface Defaults extends AnyDefaults {
  /** Of the keys that a `Bot` makes here, which has no word for it. */
  readonly lifetime?: pulumi.Input<Lifetime>;
}

/** A handle for one sub-account, by its name: `"deskalpha1"`. */
export type SubAccount = AnySubAccount<"kucoin", Defaults>;

/** A handle for a master account, whose key manages those of its sub-accounts. */
export type Account = Master<"kucoin", Defaults>;

/**
 * A handle for a KuCoin master account in the configuration `exchange-keys:accounts`.
 *
 * @param alias the account's name there
 * @param defaults for all keys made with this handle
 * @example const desk = kucoin.account("kucoin-master").subAccount("deskalpha1");
 */
export function account(alias: string, defaults: Defaults = {}): Account {
  return masterHandle("kucoin", alias, defaults, (handle, name, { can, accept: _, ...rest }, options) => {
    const found = least(can);
    if ("refused" in found) return found;
    const { lifetime } = handle.defaults;
    if (lifetime === undefined) return { refused: `kucoin: there is no default lifetime; say it with the handle, ${EXAMPLE}` };
    const args = { account: handle, lifetime, ...found.inputs, ...rest } as unknown as SubAccountApiKeyArgs;
    return { make: () => new SubAccountApiKey(name, args, options) };
  });
}

const EXAMPLE = 'such as kucoin.account("…", { lifetime: "90d" })';

/** In KuCoin's words. Source: kc-spec, openapi-account-subaccount.json, addSubAccountApi, `permission`. */
export type SubAccountPermission = "General" | "Spot" | "Futures" | "Margin" | "InnerTransfer";

export interface SubAccountApiKeyArgs extends KeyArgs {
  /** The sub-account: `kucoin.account("kucoin-master").subAccount("deskalpha1")`. */
  readonly account: SubAccount;
  /** `General` reads, and each key has it; `InnerTransfer` takes an IP list. */
  readonly permissions: pulumi.Input<readonly pulumi.Input<SubAccountPermission>[]>;
  /** Up to 20 IPv4 addresses, as a list or as a map to their purposes; or `"anywhere"`. Ranges and IPv6 aren't documented. */
  readonly allowedIps: pulumi.Input<AllowedIpsInput>;
  /** There is no default: KuCoin's own is for ever. Renewed after two thirds of it, unless `rotation.every` says otherwise; another lifetime is another key. */
  readonly lifetime: pulumi.Input<Lifetime>;
  /** Your own text in the key's remark; the provider adds a mark. Up to 7 letters, digits and underscores. Another text is another key. */
  readonly label?: pulumi.Input<string>;
}

/**
 * An API key of a KuCoin sub-account: made, changed in place and deleted with the master account's key.
 *
 * @example
 * const maker = new kucoin.SubAccountApiKey("maker", {
 *   account: kucoin.account("kucoin-master").subAccount("deskalpha1"), permissions: ["General", "Spot"], lifetime: "90d",
 *   allowedIps: { "198.51.100.7": "fra1 gateway" },
 * });
 */
export class SubAccountApiKey extends KeyResource {
  /** Secret. */
  declare readonly credential: pulumi.Output<PassphraseCredential>;
  /** Secret. */
  declare readonly apiKey: pulumi.Output<string>;
  /** Secret. */
  declare readonly apiSecret: pulumi.Output<string>;
  /** Secret. */
  declare readonly passphrase: pulumi.Output<string>;
  /** ISO 8601, UTC, at the earliest: whether a change in place puts it off isn't documented. */
  declare readonly expiresAt: pulumi.Output<string | undefined>;

  constructor(name: string, args: SubAccountApiKeyArgs, options?: pulumi.CustomResourceOptions) {
    const { account: handle, ...rest } = args;
    super({ venue: "kucoin", kind: "SubAccountApiKey", ofSubAccount: true }, name, handle, rest, options);
  }
}
