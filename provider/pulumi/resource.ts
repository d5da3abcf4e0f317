// The base of all key classes: what every program loads. Neither zod, nor got, nor a driver is reached from here.

import * as pulumi from "@pulumi/pulumi";
import type { AllowedIps, Power, Reason } from "../core/model";
import { shim } from "./shim";

/** Adresses that may use a key: `"anywhere"`, a list of addresses and ranges, or a map of them to their purposes. Never empty. */
export type AllowedIpsInput = "anywhere" | readonly pulumi.Input<string>[] | Readonly<Record<string, pulumi.Input<string>>>;

export interface RotationInput {
  /** Renewed at the first run after this time: `"30d"`, `"16h"`. */
  readonly every?: pulumi.Input<string>;
  /** How long the former key lives on beside the new one, shorter than `every`: `"24h"`, `"1h"`. */
  readonly overlap?: pulumi.Input<string>;
}

/** Texts for people and policies. They stay in the state and are never sent to the venue. */
export interface Notes {
  /** Who or what uses the key: `"hedger at fra1"`. */
  readonly holder?: pulumi.Input<string>;
  readonly purpose?: pulumi.Input<string>;
  /** Where it was approved: a ticket, a pull request. */
  readonly approval?: pulumi.Input<string>;
  /** What the author knows can't be verified. */
  readonly acknowledge?: pulumi.Input<string>;
}

/** A handle for an account: an alias of `exchange-keys:accounts`, and defaults for the keys made with it. No secret, no state. */
export interface Account<Venue extends string, Defaults = object> {
  readonly venue: Venue;
  readonly alias: string;
  readonly defaults: Defaults;
}

/** What one key of a bot is to be: powers instead of a venue's permissions. */
export interface BotKey extends Notes {
  readonly can: readonly Power[];
  /** What comes with it at some venue, and is taken as it is: `["transfer"]`. */
  readonly accept?: readonly string[];
  readonly allowedIps: pulumi.Input<AllowedIpsInput>;
  readonly rotation?: pulumi.Input<RotationInput>;
}

/** A handle that `keys.Bot` can make keys with. */
export interface Bots {
  /** The alias, or what the venue names the sub-account by: what tells a bot's keys at one venue from each other. */
  readonly place: string;
  /** How the least key that has these powers is made, or why there is none. Makes nothing by itself: a bot asks all venues first. */
  bot(name: string, key: BotKey, options?: pulumi.CustomResourceOptions): { make(): KeyResource } | { readonly refused: string };
}

/** What keys made with a handle have unless they say otherwise. */
export interface Defaults extends Notes {
  readonly rotation?: pulumi.Input<RotationInput>;
}

/** A handle for one sub-account. */
export interface SubAccount<Venue extends string, Given = Defaults> extends Account<Venue, Given>, Bots {
  /** What the venue names it by: a uid, a name, an e-mail. */
  readonly subAccount: string;
}

/** A handle for a master account, whose key manages those of its sub-accounts. */
export interface Master<Venue extends string, Given = Defaults> extends Account<Venue, Given> {
  /** @param name what the venue names the sub-account by: a uid, a name, an e-mail */
  subAccount(name: string, defaults?: Given): SubAccount<Venue, Given>;
}

/** Makes the handles of a venue; `bot` makes the least key of a sub-account, or says why there is none. */
export function masterHandle<Venue extends string, Given extends object>(
  venue: Venue,
  alias: string,
  defaults: Given,
  bot: (handle: SubAccount<Venue, Given>, ...asked: Parameters<Bots["bot"]>) => ReturnType<Bots["bot"]>,
): Master<Venue, Given> {
  return {
    ...{ venue, alias, defaults },
    subAccount(name, own) {
      // Programs in JavaScript reach this without a compiler's word.
      if (typeof name !== "string") {
        throw new Error(
          `${venue}.account("${alias}").subAccount: a sub-account is named by a text, such as "53888000", not by ${typeof name}`,
        );
      }
      const handle: SubAccount<Venue, Given> = {
        ...{ venue, alias, subAccount: name, place: name, defaults: { ...defaults, ...own } },
        bot: (...asked) => bot(handle, ...asked),
      };
      return handle;
    },
  };
}

/** A key with its secret, and where it belongs. */
export interface ApiKeyCredential {
  readonly venue: string;
  readonly environment: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** One that has a passphrase too, drawn for it. */
export interface PassphraseCredential extends ApiKeyCredential {
  readonly passphrase: string;
}

/** One whose holder may have made the key pair: then there is no secret anywhere. */
export interface PublicKeyCredential extends Omit<ApiKeyCredential, "apiSecret"> {
  readonly apiSecret?: string;
  readonly keyType?: "public-key";
}

/** Inputs that every key has. */
export interface KeyArgs extends Notes {
  /** Who may use the key. There is no default: name the addresses, or say `"anywhere"`. */
  readonly allowedIps: pulumi.Input<AllowedIpsInput>;
  readonly rotation?: pulumi.Input<RotationInput>;
  /** Any change of this text makes a new key at once and revokes the former one: for a key that may be in the wrong hands. */
  readonly reissue?: pulumi.Input<string>;
}

/** An earlier key that is still alive. */
export interface Retiring {
  readonly generation: number;
  readonly fingerprint: string;
  /** When it is revoked, by the first run after it. ISO 8601, UTC. */
  readonly end?: string;
  /** What it may do at most: as declared when its successor was made. */
  readonly atMost?: { readonly grants: readonly string[]; readonly allowedIps: AllowedIps };
}

/** A remark for people; of no meaning before `from` and after `until` (ISO 8601). */
export interface KeyWarning {
  readonly message: string;
  readonly from?: string;
  readonly until?: string;
}

const SECRETS = ["credential", "apiKey", "apiSecret", "passphrase", "token", "retiringCredentials"];
const OUTPUTS = [
  ...SECRETS,
  ...["fingerprint", "mark", "grants", "powers", "accountId", "createdAt", "expiresAt", "generation", "reason", "retiring"],
  ...["changes", "vantage", "unverified", "unproved", "unsettled", "warnings", "keyId", "keyType"],
];

/** Outputs of keys that a person makes. */
const BY_HAND = ["environment", "deposit", "venueLabel", "attested"];

/** What a class says of itself: where its driver is found, and outputs that only it has. */
export interface KeyClass {
  readonly venue: string;
  readonly kind: string;
  readonly outputs?: readonly string[];
  /** A person makes it on the venue's web page. */
  readonly byHand?: boolean;
  /** Its handle is a sub-account's. */
  readonly ofSubAccount?: true;
}

/** One exchange credential, from issue to revocation. */
export abstract class KeyResource extends pulumi.dynamic.Resource {
  /** First 16 hex digits of SHA-256 over venue and public part: names the key without showing it. */
  declare readonly fingerprint: pulumi.Output<string>;
  /** Secret: the credential with venue and environment, as one object. */
  declare readonly credential: pulumi.Output<object>;
  /** What the venue says that the key may do, in the venue's words. */
  declare readonly grants: pulumi.Output<readonly string[]>;
  /** What its holder can do, each with the grants that give it. */
  declare readonly powers: pulumi.Output<Readonly<Partial<Record<Power, string>>>>;
  /** The venue's id of the account. */
  declare readonly accountId: pulumi.Output<string>;
  /** ISO 8601, UTC. */
  declare readonly createdAt: pulumi.Output<string>;
  /** Counts the keys that this resource has had. */
  declare readonly generation: pulumi.Output<number>;
  /** Why this generation was made. */
  declare readonly reason: pulumi.Output<Reason>;
  declare readonly retiring: pulumi.Output<readonly Retiring[]>;
  /** What the venue lets nobody read back, each with what is known of it all the same. */
  declare readonly unverified: pulumi.Output<Readonly<Record<string, string>>>;
  declare readonly warnings: pulumi.Output<readonly KeyWarning[]>;

  constructor(
    made: KeyClass,
    name: string,
    account: Account<string>,
    args: Readonly<Record<string, unknown>>,
    options?: pulumi.CustomResourceOptions,
  ) {
    const { venue, kind } = made;
    // Programs in JavaScript reach this without a compiler's word.
    const handle = account as Partial<Account<string>> | undefined;
    if (typeof handle !== "object" || handle.venue !== venue) {
      throw new Error(`${venue}.${kind} "${name}": account isn't a handle of ${venue}; make one with ${venue}.account("<alias>")`);
    }
    const { subAccount } = handle as Partial<SubAccount<string>>;
    if (made.ofSubAccount === true && typeof subAccount !== "string") {
      throw new Error(
        `${venue}.${kind} "${name}": account is the master's handle; name a sub-account: ${venue}.account("<alias>").subAccount("…")`,
      );
    }
    const place = made.ofSubAccount === true ? { subAccount } : {};
    const type = `pulumi-nodejs:dynamic/exchange-keys/${venue}:${kind}`;
    const identity = { organization: pulumi.getOrganization(), project: pulumi.getProject(), stack: pulumi.getStack(), type, name };
    const nothing = Object.fromEntries(
      [...OUTPUTS, ...(made.byHand ? BY_HAND : []), ...(made.outputs ?? [])].map((output) => [output, undefined]),
    );
    const inputs = { ...nothing, ...account.defaults, ...defined(args), ...place, venue, kind, identity, account: account.alias };
    // The SDK keeps a stack trace for each part of each output, to name promises that leak. Under ts-node's source maps that is a quarter
    // a program's time; where it needs a trace itself, for the position in the source, it sets this limit.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      super(shim, name, inputs, pulumi.mergeOptions({ additionalSecretOutputs: SECRETS }, options), `exchange-keys/${venue}`, kind);
    } catch (error) {
      Error.stackTraceLimit = stackTraceLimit;
      if (error instanceof Error) Error.captureStackTrace(error);
      throw error;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    (this.warnings as pulumi.Output<readonly KeyWarning[] | undefined>).apply((warnings) => {
      warn(warnings ?? [], this);
    });
  }
}

const warned = new Set<string>();

/** Each remark once a run, with the first resource that has it; those whose time has passed no more. */
function warn(warnings: readonly KeyWarning[], resource: pulumi.Resource): void {
  const now = Date.now();
  for (const { message, from, until } of warnings) {
    if (warned.has(message) || (until !== undefined && Date.parse(until) <= now)) continue;
    if (from !== undefined && now < Date.parse(from)) continue;
    warned.add(message);
    void pulumi.log.warn(message, resource);
  }
}

function defined(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}
