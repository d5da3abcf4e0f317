// One bot, its keys at several venues: a component whose children are the ordinary classes, so that policies, reviews and imports see nothing new.

import * as pulumi from "@pulumi/pulumi";
import type { Power } from "../core/model";
import type { Account, AllowedIpsInput, Bots, KeyResource, Notes, RotationInput } from "./resource";

export interface BotArgs extends Notes {
  /** Where it trades: one handle a key. */
  readonly on: readonly (Account<string> & Bots)[];
  /** What it may do, the same at every venue. Withdrawals are never given by this: declare a key of its own for them. */
  readonly can: readonly Power[];
  /** Who may use its keys: addresses with or without purposes, or `"anywhere"`. */
  readonly from: pulumi.Input<AllowedIpsInput>;
  readonly rotation?: pulumi.Input<RotationInput>;
  /** What comes along at some venue and is taken as it is; the error that asks for it says the words. */
  readonly accept?: readonly string[];
}

/** What can be asked for, as text: programs in JavaScript have no compiler's word. */
const POWERS: readonly string[] = ["read", "trade", "lend", "transfer", "withdraw", "administer"] satisfies readonly Power[];

/**
 * One bot's keys. Each has the least permissions that give the powers at its venue; where a venue has none such, the program ends with an
 * error that says why.
 *
 * @example
 * const maker = new keys.Bot("maker", {
 *   on: [keys.bybit.account("bybit-master").subAccount("53888000"), keys.okx.account("okx-master").subAccount("maker1")],
 *   can: ["read", "trade"], from: { "198.51.100.7": "fra1 gateway" }, accept: ["transfer"], rotation: { every: "30d", overlap: "24h" },
 * });
 */
export class Bot extends pulumi.ComponentResource {
  /** Name of the child → its key. */
  readonly keys: Readonly<Record<string, KeyResource>>;

  constructor(name: string, args: BotArgs, options?: pulumi.ComponentResourceOptions) {
    super("exchange-keys:index:Bot", name, {}, options);
    const wrong = (what: string): Error => new Error(`Bot "${name}": ${what}`);
    const { on, from, ...rest } = args;
    if (!Array.isArray(on) || on.length === 0) throw wrong('it is on no account; name at least one handle in "on", which is a list');
    if (!Array.isArray(rest.can) || rest.can.length === 0)
      throw wrong('it can do nothing; name its powers, such as can: ["read", "trade"]');
    const unknown = [...rest.can, ...(rest.accept ?? [])].filter((power) => !POWERS.includes(power));
    if (unknown.length > 0)
      throw wrong(`there is no power ${unknown.map((power) => JSON.stringify(power)).join(", ")}; there are ${POWERS.join(", ")}`);
    const asked = (on as BotArgs["on"]).map((handle) => {
      const child = `${name}-${handle.venue}-${handle.place}`;
      return [child, handle.bot(child, { ...rest, allowedIps: from }, { parent: this })] as const;
    });
    const twice = asked.map(([child]) => child).find((child, index, all) => all.indexOf(child) !== index);
    if (twice !== undefined) throw wrong(`two handles of "on" are the same place (${twice}); name it once`);
    // All venues are asked before anything is made.
    const refused = asked.flatMap(([, key]) => ("refused" in key ? [key.refused] : []));
    if (refused.length > 0) throw wrong(refused.join("; "));
    this.keys = Object.fromEntries(asked.flatMap(([child, key]) => ("make" in key ? [[child, key.make()]] : [])));
    this.registerOutputs({});
  }
}
