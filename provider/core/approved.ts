// What a plan was approved for: canonical JSON, and whether a key lies within it. Pure; the hash says which file was meant.

import { createHash } from "node:crypto";
import { z } from "zod";
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
    })
    .optional(),
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

export function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** What of a key isn't approved, each a phrase; empty where all is. */
export function exceeds(entry: ApprovedEntry | undefined, wanted: Bounds, reason: Reason | "update"): readonly string[] {
  if (entry?.key === undefined) return ["the resource itself, which has no approved key"];
  const { key, reissue } = entry;
  const grants = without(wanted.grants, key.grants);
  const ips = beyond(wanted.allowedIps, key.allowedIps);
  const place = ({ account, scope }: Pick<Bounds, "account" | "scope">) => JSON.stringify([account, sorted(scope)]);
  return [
    ...(place(wanted) === place(key) ? [] : [`account ${[wanted.account, ...Object.values(wanted.scope)].join(", ")}`]),
    ...(grants.length === 0 ? [] : [`permissions ${grants.join(", ")}`]),
    ...(ips.length === 0 ? [] : [`addresses ${ips.join(", ")}`]),
    ...(lifetimeSeconds(wanted.lifetime) <= lifetimeSeconds(key.lifetime) ? [] : [`lifetime ${wanted.lifetime ?? "without end"}`]),
    ...(reissue || !ASKED.includes(reason) ? [] : ["another key in its place, whose predecessor is revoked"]),
  ];
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

function canonical({ identity, key, revoke, reissue }: ApprovedEntry): ApprovedEntry {
  const { organization, project, stack, type, name } = identity;
  const whole = { organization, project, stack, type, name };
  if (key === undefined) return { identity: whole, revoke, reissue };
  const { account, scope, grants, allowedIps, lifetime } = key;
  const ips = allowedIps === "anywhere" ? allowedIps : allowedIps.toSorted();
  const bounds = {
    account,
    scope: sorted(scope),
    grants: [...grantSet(grants)],
    allowedIps: ips,
    ...(lifetime === undefined ? {} : { lifetime }),
  };
  return { identity: whole, key: bounds, revoke, reissue };
}

function sorted<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1)));
}
