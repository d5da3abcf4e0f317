// A ceremony between review and `up`: opens the accounts that a preview names, and makes a task of each key that waits. What the command loads.

import { resolve } from "node:path";
import { documentOf, credentialsOf, nameOf } from "../preview/document";
import { Ceremony } from "../ceremony/ceremony";
import { ageFiles, seal } from "../ceremony/deposit";
import { depositFolder } from "../ceremony/folder";
import { recipientOf } from "../ceremony/identity";
import { takeLock } from "../ceremony/lock";
import { ordersOf, type Order as Ordered, type Orders } from "../ceremony/preview";
import { readStatements } from "../ceremony/statement";
import { KeyError } from "../core/errors";
import type { Credential } from "../core/model";
import { journalFolder, openJournal, type Journal } from "../journal/journal";
import { openChannel } from "../http/client";
import { venue } from "../venues/registry";
import { openAccount, venueName, type Look, type OpenAccount } from "./account";
import { settingsOf } from "./exported";
import { orderOf, witnessOf, type Asked } from "./order";
import { kindOf } from "./subject";
import { accountNamed, type Settings, type Sources } from "./settings";
import { clockOffset } from "./testclock";

export interface SittingQuestion {
  /** The parsed output of `pulumi preview --json`, or with `revoke` of `pulumi stack export`. */
  readonly document: unknown;
  readonly revoke: boolean;
  /** The parsed output of `pulumi stack export --show-secrets`, to look at keys that are there already. */
  readonly state?: unknown;
  readonly sources: Sources;
  /** Milliseconds. */
  readonly machineNow: () => number;
}

export interface Sitting {
  readonly session: Ceremony;
  /** Keys that no ceremony can be held for, and why. */
  readonly problems: Orders["problems"];
  /** Where deposits are left. */
  readonly folder: string;
  now(): number;
  /** Lets the next ceremony of this stack in. */
  close(): Promise<void>;
}

/** Opens a sitting. Throws KeyError for a document, a configuration or a lock that isn't right; what is wrong with one key is its own task's. */
export async function sit(question: SittingQuestion): Promise<Sitting> {
  const { sources, machineNow, revoke } = question;
  const orders = ordersOf(question.document, { revoke, byHand: madeByHand });
  const withSecrets = question.state ?? question.document;
  const settings = settingsOf(orders.config, withSecrets);
  const offset = settings.testClock === undefined ? 0 : await clockOffset(settings.testClock);
  const now = () => machineNow() + offset;
  const folder = resolve(sources.cwd, journalFolder(settings.journal, sources.env));
  const lock = await takeLock(folder, orders.stack, machineNow());
  try {
    const journal = openJournal(folder);
    const deposits = depositFolder(sources.env["EXCHANGE_KEYS_DEPOSITS"], sources.cwd);
    const accounts = new Accounts(settings, sources, now);
    const recipient = await recipientOf(settings.depositRecipient, folder);
    const held = holders(question.document);
    const session = new Ceremony({
      stack: orders.stack,
      now,
      journal,
      keep: async (deposit) => ({ file: await seal(deposits, deposit, [recipient]), endsAt: deposit.endsAt }),
      holder: async (fingerprint, mark) =>
        held.get(fingerprint) ?? accounts.manages(fingerprint) ?? (await journalled(journal, fingerprint, mark, now())),
      statements: async () => (await readStatements(deposits)).statements,
      lies: async (id) => (await ageFiles(deposits)).some((name) => name.endsWith(`-${id}.age`)),
    });
    const known = credentialsOf(withSecrets);
    for (const order of orders.orders) await session.add(orderOf(await asked(order, orders, accounts, known, settings)));
    return {
      session,
      problems: orders.problems,
      folder: deposits,
      now,
      close: async () => {
        accounts.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function madeByHand(id: string, kindName: string): boolean {
  const kinds = venue(id)?.manifest().kinds ?? {};
  return Object.hasOwn(kinds, kindName) && kinds[kindName]?.byHand !== undefined;
}

async function asked(
  order: Ordered,
  orders: Orders,
  accounts: Accounts,
  known: ReadonlyMap<string, Extract<Credential, { kind: "api-key" }>>,
  settings: Settings,
): Promise<Asked> {
  const { does, inputs, recorded, name } = order;
  const { manifest, kind, kindName } = kindOf(inputs);
  const alias = inputs.account;
  const account = accountNamed(settings, alias);
  const environment = String(recorded?.outputs["environment"] ?? account?.environment ?? "production");
  const opened = await accounts.look(alias, kindName);
  const looked = "look" in opened ? opened : undefined;
  const blinded = orders.blinded.filter((path) => path === "exchange-keys:accounts" || path.startsWith(`exchange-keys:accounts.${alias}.`));
  const accountId = recorded?.accountId ?? looked?.look.facts.accountId ?? "";
  const stranger = looked !== undefined && recorded !== undefined && looked.look.facts.accountId !== recorded.accountId;
  const witness =
    looked === undefined || stranger
      ? undefined
      : witnessOf(looked.account, kindName, { accountId, vantage: looked.look.vantage, accountAnswered: true }, accounts.now);
  const label = inputs.label;
  const isNew = does === "create";
  return {
    does,
    why: does === "create" ? (order.reason ?? "first") : does === "edit" ? "edit" : revocation(order.reason),
    title: `${kind.noun} "${name}"`,
    display: venueName({ venue: manifest.id, environment }),
    ...{ alias, kind, kindName, account, witness },
    wanted: {
      ...{ venue: manifest.id, environment, accountId, identity: inputs.identity },
      generation: does === "revoke" ? (recorded?.generation ?? inputs.generation) : inputs.generation,
      ...(isNew || recorded === undefined ? {} : { fingerprint: recorded.fingerprint, mark: recorded.mark }),
    },
    declared:
      does === "revoke"
        ? undefined
        : { grants: kind.grants(inputs.permissions, inputs), allowedIps: inputs.allowedIps, options: kind.options?.(inputs) ?? {}, label },
    ...(isNew || recorded === undefined ? {} : { recorded: recordedOf(recorded) }),
    credential: isNew || recorded === undefined ? undefined : known.get(recorded.fingerprint),
    blocked: isNew && "why" in opened ? blockedBy(opened.why, blinded) : undefined,
  };
}

function recordedOf({ outputs, allowedIps, label }: NonNullable<Ordered["recorded"]>): NonNullable<Asked["recorded"]> {
  const { grants } = outputs;
  return { grants: Array.isArray(grants) ? grants.map(String) : [], allowedIps: allowedIps ?? "anywhere", label: label ?? "" };
}

function revocation(reason: Ordered["reason"]): Asked["why"] {
  if (reason === undefined) return "revoke";
  return reason === "gone" ? "lost" : "retired";
}

function blockedBy(why: string, blinded: readonly string[]): string {
  if (blinded.length === 0) return why;
  return `a preview doesn't show the secret ${blinded.join(", ")}; give it by reference (apiKeyEnv, apiKeyFile and their like) or --state`;
}

/** The accounts of a sitting: each looked at once, with the error of one that can't be. */
class Accounts {
  readonly #opened = new Map<string, Promise<{ readonly account: OpenAccount; readonly look: Look } | { readonly why: string }>>();
  readonly #accounts: OpenAccount[] = [];
  constructor(
    private readonly settings: Settings,
    private readonly sources: Sources,
    readonly now: () => number,
  ) {}

  look(alias: string, kindName: string): Promise<{ readonly account: OpenAccount; readonly look: Look } | { readonly why: string }> {
    const known = this.#opened.get(alias) ?? this.#look(alias, kindName);
    this.#opened.set(alias, known);
    return known;
  }

  /** Whether this is a credential that manages one of the accounts. */
  manages(fingerprint: string): string | undefined {
    const found = this.#accounts.find((account) => {
      try {
        return account.managing().includes(fingerprint);
      } catch {
        return false; // a managing credential that isn't here is nobody's paste
      }
    });
    return found && `the account "${found.alias}" in the configuration`;
  }

  close(): void {
    for (const { channel } of this.#accounts) channel.close();
  }

  async #look(alias: string, kindName: string): Promise<{ readonly account: OpenAccount; readonly look: Look } | { readonly why: string }> {
    const settings = accountNamed(this.settings, alias);
    const entry = settings === undefined ? undefined : venue(settings.venue);
    if (settings === undefined || entry === undefined) return { why: `the configuration exchange-keys:accounts has no account "${alias}"` };
    const { sources, now: clock } = this;
    const account = openAccount(alias, settings, {
      ...{ manifest: entry.manifest(), drivers: entry.drivers, sources, clock, openChannel },
      beforeWrite: () => Promise.resolve(),
    });
    this.#accounts.push(account);
    try {
      return { account, look: await account.look(kindName, "read") };
    } catch (error) {
      if (error instanceof KeyError) return { why: `${error.said.cause}; ${error.said.wayOut}` };
      throw error;
    }
  }
}

/** Fingerprint → the resource that has it, of all that the document shows. */
function holders(document: unknown): ReadonlyMap<string, string> {
  const { steps, resources } = documentOf(document);
  const states = [...resources, ...steps.flatMap(({ was }) => was ?? [])];
  return new Map(
    states.flatMap(({ urn, outputs }) => {
      const { fingerprint, retiring } = outputs;
      const earlier = Array.isArray(retiring) ? retiring.map((key: { fingerprint?: unknown }) => key.fingerprint) : [];
      return [fingerprint, ...earlier].flatMap((print) =>
        typeof print === "string" ? [[print, `the resource "${nameOf(urn)}"`] as const] : [],
      );
    }),
  );
}

async function journalled(journal: Journal, fingerprint: string, mark: string | undefined, now: number): Promise<string | undefined> {
  const entry = (await journal.entries(now)).find((each) => each.fingerprint === fingerprint && each.mark !== mark);
  if (entry === undefined) return undefined;
  const { organization, project, stack, name } = entry.identity;
  return `"${name}" of ${[organization, project, stack].join("/")}`;
}
