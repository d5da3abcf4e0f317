// What a plan was approved for: canonical JSON, and whether a key lies within it. Pure; the hash says which file was meant.

import { createHash } from "node:crypto";
import { z } from "zod";
import type { KindManifest } from "./capability";
import { lifetimeSeconds } from "./duration";
import { identitySchema } from "./inputs";
import { containedIn } from "./ip";
import { grantSet, without } from "./permission";
import type { AllowedIps, Grants, Identity, Reason } from "./model";

/** What one key may be at most. */
export interface Bounds {
  readonly account: string;
  /** Where the key is listed: `{ subAccount: "53888000" }`. */
  readonly scope: Readonly<Record<string, unknown>>;
  readonly grants: Grants;
  readonly allowedIps: AllowedIps;
  /** Canonical duration; absent: no end. */
  readonly lifetime?: string | undefined;
  readonly rotation?: { readonly every?: string | undefined; readonly overlap?: string | undefined } | undefined;
  /** What else of the kind's own the key is made with: `{ publicKey: "…" }`. */
  readonly extras: Readonly<Record<string, unknown>>;
}

const entrySchema = z.strictObject({
  identity: identitySchema,
  /** Absent where the plan leaves no key of this identity. */
  key: z
    .strictObject({
      account: z.string(),
      scope: z.record(z.string(), z.string()),
      grants: z.array(z.string()),
      allowedIps: z.union([z.literal("anywhere"), z.array(z.string()).min(1)]),
      lifetime: z.string().optional(),
      rotation: z.strictObject({ every: z.string().optional(), overlap: z.string().optional() }).optional(),
      extras: z.record(z.string(), z.unknown()),
    })
    .optional(),
  /** The resource's first key may be made, or the first of another resource in its place. */
  create: z.boolean(),
  /** The resource's keys may be revoked: by its deletion or replacement. */
  revoke: z.boolean(),
  /** A successor may be made for another reason than that the key is due, lapsed or gone. */
  reissue: z.boolean(),
});

const fileSchema = z.strictObject({ version: z.literal(1), keys: z.array(entrySchema) });

/** The setting: a file, and what it must be. `docs/configuration.md` is held against it. */
export const approvedSchema = z.strictObject({
  file: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "isn't a SHA-256 in 64 small hex digits, as `exchange-keys review --approve` prints it"),
});

export type ApprovedSettings = z.output<typeof approvedSchema>;

/**
 * The same setting from the environment, as `sha256sum` prints it: `9f86… approved.json`. Undefined for what isn't that.
 *
 * @example approvedLine("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08  approved.json")?.file // "approved.json"
 */
export function approvedLine(text: string): ApprovedSettings | undefined {
  const [, hash, file] = /^([0-9a-f]{64}) [ *]?(\S.*?)\s*$/.exec(text) ?? [];
  return hash === undefined || file === undefined ? undefined : { file, sha256: hash };
}

export type ApprovedEntry = z.output<typeof entrySchema>;
export type Approved = ReadonlyMap<string, ApprovedEntry>;

/** Text and entries; undefined for what isn't such a file. */
export function readApproved(text: string): Approved | undefined {
  let decoded: unknown;
  try {
    decoded = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = fileSchema.safeParse(decoded);
  if (!parsed.success) return undefined;
  const entries = new Map(parsed.data.keys.map((entry) => [placeOf(entry.identity), entry]));
  return entries.size === parsed.data.keys.length ? entries : undefined;
}

/** The file's text: the same for the same plan, whatever the order in which it came. */
export function approvedText(entries: readonly ApprovedEntry[]): string {
  const sorted = entries.map(canonical).toSorted((one, other) => (placeOf(one.identity) < placeOf(other.identity) ? -1 : 1));
  return `${JSON.stringify({ version: 1, keys: sorted }, undefined, 2)}\n`;
}

/** A key's place as an entry says it: in texts. */
export function placed(scope: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(scope).map(([name, value]) => [name, String(value)]));
}

/** Inputs that only the kind has, less what says where the key is listed and what is among its grants already. */
export function otherExtras(
  { extras, granting = [] }: Pick<KindManifest, "extras" | "granting">,
  scope: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const names = Object.keys(extras).filter((name) => !granting.includes(name) && scope[name] === undefined && inputs[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, inputs[name]]));
}

export function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** What of a key isn't approved, each a phrase; empty where all is. `create`: the resource has no key yet. */
export function exceeds(entry: ApprovedEntry | undefined, wanted: Bounds, reason: Reason | "create" | "update"): readonly string[] {
  if (entry?.key === undefined) return ["the resource itself, which has no approved key"];
  const { key, create, reissue } = entry;
  const grants = without(wanted.grants, key.grants);
  const ips = beyond(wanted.allowedIps, key.allowedIps);
  const place = ({ account, scope }: Pick<Bounds, "account" | "scope">) => JSON.stringify([account, sorted(scope)]);
  const extras = [...new Set([...Object.keys(wanted.extras), ...Object.keys(key.extras)])].filter(
    (name) => !same(wanted.extras[name], key.extras[name]),
  );
  return [
    ...(place(wanted) === place(key) ? [] : [`account ${[wanted.account, ...Object.values(wanted.scope)].join(", ")}`]),
    ...(grants.length === 0 ? [] : [`permissions ${grants.join(", ")}`]),
    ...(ips.length === 0 ? [] : [`addresses ${ips.join(", ")}`]),
    ...(lifetimeSeconds(wanted.lifetime) <= lifetimeSeconds(key.lifetime) ? [] : [`lifetime ${wanted.lifetime ?? "without end"}`]),
    ...(rotationText(wanted) === rotationText(key) ? [] : [`rotation ${rotationText(wanted)}, where ${rotationText(key)} is approved`]),
    ...(extras.length === 0 ? [] : [`another ${extras.sort().join(", ")}`]),
    ...(create || reason !== "create" ? [] : ["a new key, where the plan makes none"]),
    ...(reissue || !ASKED.includes(reason) ? [] : ["another key in its place, whose predecessor is revoked"]),
  ];
}

/** Which renewals are due is the rotation's word: neither a shorter nor a longer one is less. */
function rotationText({ rotation: { every, overlap } = {} }: Pick<Bounds, "rotation">): string {
  const words = [every === undefined ? [] : [`every ${every}`], overlap === undefined ? [] : [`overlap ${overlap}`]].flat();
  return words.join(", ") || "none";
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Reasons of successors that a plan decides; renewals go on without another approval. */
const ASKED: readonly string[] = ["reissue", "narrowed", "changed"] satisfies Reason[];

/** The entry of a resource. */
export function entryOf(approved: Approved, identity: Identity): ApprovedEntry | undefined {
  return approved.get(placeOf(identity));
}

function placeOf({ organization, project, stack, type, name }: Identity): string {
  return JSON.stringify([organization, project, stack, type, name]);
}

function beyond(wanted: AllowedIps, approved: "anywhere" | readonly string[]): readonly string[] {
  return approved === "anywhere" ? [] : containedIn(wanted, approved);
}

function canonical({ identity, key, create, revoke, reissue }: ApprovedEntry): ApprovedEntry {
  const { organization, project, stack, type, name } = identity;
  const whole = { organization, project, stack, type, name };
  if (key === undefined) return { identity: whole, create, revoke, reissue };
  const { account, scope, grants, allowedIps, lifetime, rotation, extras } = key;
  const ips = allowedIps === "anywhere" ? allowedIps : allowedIps.toSorted();
  const bounds = {
    account,
    scope: sorted(scope),
    grants: [...grantSet(grants)],
    allowedIps: ips,
    ...(lifetime === undefined ? {} : { lifetime }),
    ...(rotation === undefined ? {} : { rotation: sorted(rotation) }),
    extras: sorted(extras),
  };
  return { identity: whole, key: bounds, create, revoke, reissue };
}

function sorted<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1)));
}
