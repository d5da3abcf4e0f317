// What a preview, or the export of a stack that is to go, asks of a person: an order a key to make, edit or revoke. Pure.

import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { KeyError } from "../core/errors";
import { NOTES, recordedInputsSchema } from "../core/inputs";
import { ipDelta } from "../core/ip";
import type { AllowedIps, Reason } from "../core/model";
import { holdsKey, SECRET_OUTPUTS } from "../core/record";
import { compareNames, documentOf, hidden, keyType, nameOf, stackOf, type Document, type State, type Step } from "../preview/document";

/** Canonical inputs as the engine has them, flat: those of this kind alone beside the others. */
export type OrderInputs = Readonly<z.output<typeof recordedInputsSchema> & Record<string, unknown>>;

/** One generation that the state has, without its secrets. */
export interface RecordedKey {
  readonly generation: number;
  readonly fingerprint: string;
  readonly mark: string;
  readonly accountId: string;
  /** False for one that is retiring. */
  readonly current: boolean;
  /** At the venue, with the mark. */
  readonly label?: string;
  /** As declared when it was last recorded, or as a refresh has seen them. Of the current one. */
  readonly permissions?: OrderInputs["permissions"];
  readonly allowedIps?: AllowedIps;
  /** Everything else that isn't secret: the resource's outputs; for a retiring one what is recorded of it. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface Order {
  readonly urn: string;
  /** The resource's: `maker`. */
  readonly name: string;
  readonly does: "create" | "edit" | "revoke";
  /** Why the generation was made: of creates, and of revokes that go with one. */
  readonly reason?: Reason;
  /** The desired ones; of a revocation the recorded ones. */
  readonly inputs: OrderInputs;
  /** The key to edit or revoke; of a create its predecessor, where there is one. */
  readonly recorded?: RecordedKey;
}

/** A key that no ceremony can be held for, and why: a sentence with the way out. */
export interface OrderProblem {
  readonly urn: string;
  readonly name: string;
  readonly reason: string;
}

export interface Orders {
  /** `acme/desk/production`; without the organization where no key names it, empty where nothing names a stack. */
  readonly stack: string;
  readonly config: Readonly<Record<string, string>>;
  /** Configuration that is secret and left out: `exchange-keys:accounts.main.apiSecret`. */
  readonly blinded: readonly string[];
  /** By name, those of one resource in the order in which they are to be done: a preview has resources in another order each time. */
  readonly orders: readonly Order[];
  readonly problems: readonly OrderProblem[];
}

export interface OrderOptions {
  /** Whether the document is a stack's export, all of whose keys are to be revoked. */
  readonly revoke: boolean;
  /** Whether keys of this kind are made by a person. */
  byHand(venue: string, kind: string): boolean;
}

/**
 * Reads the parsed output of `pulumi preview --json`, or with `revoke` of `pulumi stack export`. Throws KeyError `input` for anything
 * else, for a preview that failed, and where `revoke` doesn't go with the document. A key that can't be read is a problem of its own.
 *
 * @example ordersOf(parseDocument(text), { revoke: false, byHand: (_venue, kind) => kind === "ApiKey" }).orders[0]?.does // "create"
 */
export function ordersOf(document: unknown, { revoke, byHand }: OrderOptions): Orders {
  const read = documentOf(document);
  assertGoes(read, revoke);
  const found: Order[] = [];
  const problems: OrderProblem[] = [];
  for (const step of read.from === "export" ? read.resources.map(asDelete) : read.steps) {
    const type = keyType((step.is ?? step.was)?.type ?? "");
    if (type === undefined || !byHand(type.venue, type.kind)) continue;
    const of = { urn: step.urn, name: nameOf(step.urn) };
    const judged = ordersOfStep(step);
    if (typeof judged === "string") problems.push({ ...of, reason: judged });
    else found.push(...judged.map((order) => ({ ...of, ...order })));
  }
  return {
    stack: stackNamed(read, found),
    config: read.config,
    blinded: read.blinded,
    orders: once(found).toSorted((one, other) => compareNames(one.name, other.name)),
    problems,
  };
}

function assertGoes({ from }: Document, revoke: boolean): void {
  const operation = "read what Pulumi printed";
  if (from === "export" && !revoke) {
    const cause = "it is a stack's export, which says nothing of what is wanted";
    throw new KeyError("input", { operation, cause, wayOut: "give pulumi preview --json, or --revoke to revoke every key of the stack" });
  }
  if (from === "preview" && revoke) {
    const wayOut = "pulumi stack export | exchange-keys ceremony --revoke --from -";
    throw new KeyError("input", { operation, cause: "--revoke takes a stack's export, and this is a preview", wayOut });
  }
}

function asDelete(was: State): Step {
  return { op: "delete", urn: was.urn, was };
}

type Bare = Omit<Order, "urn" | "name">;

/** The orders of one step, or why there can be none. */
function ordersOfStep({ op, was, is }: Step): readonly Bare[] | string {
  switch (op) {
    case "create":
    case "create-replacement":
      return is === undefined ? [] : created(is);
    case "update":
      return was === undefined || is === undefined ? [] : updated(was, is);
    case "replace": {
      const made = is === undefined ? [] : created(is);
      const gone = was === undefined ? [] : revoked(was);
      return typeof made === "string" ? made : typeof gone === "string" ? gone : [...made, ...gone];
    }
    case "delete":
    case "delete-replaced":
      return was === undefined ? [] : revoked(was);
    default:
      return []; // same, read, refresh, import and their like make no key and end none
  }
}

function created(is: State): readonly Bare[] | string {
  const inputs = inputsOf(is);
  return typeof inputs === "string" ? inputs : [{ does: "create", reason: inputs.reason, inputs }];
}

function revoked(was: State): readonly Bare[] | string {
  const keys = keysOf(was);
  if (typeof keys === "string") return keys;
  if (keys.length === 0) return [];
  const inputs = inputsOf(was);
  return typeof inputs === "string" ? inputs : keys.map((recorded) => ({ does: "revoke", inputs, recorded }));
}

function updated(was: State, is: State): readonly Bare[] | string {
  const desired = inputsOf(is);
  if (typeof desired === "string") return desired;
  const keys = keysOf(was);
  if (typeof keys === "string") return keys;
  const current = keys.find((key) => key.current);
  // A create that failed half-way is in the state without a key, and is finished by an update.
  if (current === undefined) return [{ does: "create", reason: desired.reason, inputs: desired }];
  const succeeded = desired.generation > current.generation;
  const ending = keys.filter((key) => !Object.hasOwn(desired.keepUntil, String(key.generation)) && (succeeded || !key.current));
  const inputs = ending.length === 0 ? desired : inputsOf(was);
  if (typeof inputs === "string") return inputs;
  const { reason } = desired;
  const revokes = ending.map((recorded): Bare => ({ does: "revoke", ...(succeeded ? { reason } : {}), inputs, recorded }));
  if (!succeeded) return changed(was, desired) ? [{ does: "edit", inputs: desired, recorded: current }, ...revokes] : revokes;
  const create: Bare = { does: "create", reason, inputs: desired, recorded: current };
  // One that seems gone may only be barred from here: it is ended for certain before another is made.
  return reason === "gone" ? [...revokes, create] : [create, ...revokes];
}

/**
 * Whether something at the venue is to change: against what was declared, or seen by a refresh, and against what the outputs repeat of it.
 * Purposes of addresses aren't at the venue.
 */
function changed({ inputs, outputs }: State, desired: OrderInputs): boolean {
  const sameIps = (recorded: unknown): boolean => {
    const ips = ipsSchema.safeParse(recorded);
    if (!ips.success) return false;
    const { added, removed } = ipDelta(desired.allowedIps, ips.data);
    return added.length + removed.length === 0;
  };
  const same = (recorded: Readonly<Record<string, unknown>>, name: string): boolean =>
    name === "allowedIps" ? sameIps(recorded[name]) : isDeepStrictEqual(recorded[name], desired[name]);
  return AT_VENUE.some((name) => !same(inputs, name) || (Object.hasOwn(outputs, name) && !same(outputs, name)));
}

const AT_VENUE = ["permissions", "allowedIps", "label"] as const;

const ipsSchema = recordedInputsSchema.shape.allowedIps;

/** Inputs that a ceremony neither shows nor acts on: they may be hidden. */
const ASIDE: readonly string[] = [...NOTES, "reissue", "rotation", "powers", "__provider"];

const HIDDEN = {
  unknown: "is known only after an up, and a ceremony has to show it; run pulumi up for what it depends on first, or write it down",
  secret: "is a secret, and a ceremony has to show it; declare it without pulumi.secret",
} as const;

/** Canonical inputs, or why they can't be had. */
function inputsOf({ inputs }: State): OrderInputs | string {
  for (const [name, value] of Object.entries(inputs)) {
    const how = ASIDE.includes(name) ? undefined : hidden(value);
    if (how !== undefined) return `its ${name} ${HIDDEN[how]}`;
  }
  const { __provider: _, ...plain } = inputs;
  const readable = Object.fromEntries(Object.entries(plain).filter(([, value]) => hidden(value) === undefined));
  const parsed = recordedInputsSchema.safeParse(readable);
  if (parsed.success) return { ...readable, ...parsed.data };
  const path = parsed.error.issues[0]?.path.join(".");
  return `its input ${path} isn't what this release writes; use the release of pulumi-exchange-keys that the program has`;
}

const facts = {
  generation: z.number().int().positive(),
  mark: z.string().min(1),
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
  venueLabel: z.string().optional(),
};
const keysSchema = z.looseObject({ ...facts, accountId: z.string().min(1), retiring: z.array(z.looseObject(facts)).default([]) });

/** The generations that the state has, the current one first; none where no key was ever recorded. Or why they can't be read. */
function keysOf({ inputs, outputs }: State): readonly RecordedKey[] | string {
  if (!holdsKey(outputs)) return [];
  const parsed = keysSchema.safeParse(outputs);
  if (!parsed.success) {
    return `its output ${parsed.error.issues[0]?.path.join(".")} isn't what this release writes; use the release that the state was written by`;
  }
  const { accountId, retiring } = parsed.data;
  const declared = declaredSchema.safeParse(inputs).data ?? {};
  const { permissions, allowedIps } = declared;
  return [
    {
      ...recordedOf(parsed.data, accountId, true),
      ...(permissions === undefined ? {} : { permissions }),
      ...(allowedIps === undefined ? {} : { allowedIps }),
    },
    ...retiring.map((earlier) => recordedOf(earlier, accountId, false)),
  ];
}

const declaredSchema = recordedInputsSchema.pick({ permissions: true, allowedIps: true }).partial();

function recordedOf(of: z.output<z.ZodObject<typeof facts>>, accountId: string, current: boolean): RecordedKey {
  const { generation, mark, fingerprint, venueLabel } = of;
  const open = Object.entries(of).filter(([name, value]) => !UNTOLD.includes(name) && hidden(value) === undefined);
  const label = venueLabel === undefined ? {} : { label: venueLabel };
  return { generation, mark, fingerprint, accountId, current, ...label, outputs: Object.fromEntries(open) };
}

const UNTOLD: readonly string[] = [...SECRET_OUTPUTS, "__provider"];

/** One resource may come up in several steps of a replacement. */
function once(orders: readonly Order[]): readonly Order[] {
  const seen = new Set<string>();
  return orders.filter(({ urn, does, recorded }) => {
    const what = [does, urn, does === "create" ? "" : (recorded?.fingerprint ?? "")].join(" ");
    return !seen.has(what) && seen.add(what);
  });
}

function stackNamed({ steps, resources }: Document, orders: readonly Order[]): string {
  const identity = orders[0]?.inputs.identity;
  if (identity !== undefined) return [identity.organization, identity.project, identity.stack].filter((part) => part !== "").join("/");
  return stackOf([...steps, ...resources][0]?.urn);
}
