// The canonical inputs of a key resource: what `check` returns, what the engine compares, what policies read.

import { z } from "zod";
import type { AllowedIps, Identity, Powers, Reason } from "./model";

/** What `check` decides about generations; carried over while there is nothing to decide. */
export interface Decision {
  readonly generation: number;
  /** ISO 8601, UTC. In no hash: it may differ between preview and `up`. */
  readonly decidedAt: string;
  readonly reason: Reason;
  /** Earlier generation → when it is to be revoked, ISO 8601. */
  readonly keepUntil: Readonly<Record<string, string>>;
}

export interface Rotation {
  readonly every?: string;
  readonly overlap?: string;
}

export interface KeyInputs extends Decision {
  readonly venue: string;
  readonly kind: string;
  readonly identity: Identity;
  readonly account: string;
  readonly permissions: Readonly<Record<string, unknown>>;
  readonly allowedIps: AllowedIps;
  readonly lifetime?: string;
  /** The user's own text in the venue's label, beside our mark. */
  readonly label?: string | undefined;
  readonly rotation?: Rotation;
  readonly reissue?: string;
  readonly holder?: string;
  readonly purpose?: string;
  readonly approval?: string;
  readonly acknowledge?: string;
  readonly powers: Powers;
  readonly alive: boolean;
  /** Inputs that only this kind of key has. */
  readonly extras: Readonly<Record<string, unknown>>;
}

/** Texts for people and policies: in the state, never at the venue. */
export const NOTES = ["holder", "purpose", "approval", "acknowledge"] as const;

/** Properties at the venue: a change of one is an update, or a new generation where the venue has none. */
export const DECIDING = ["permissions", "allowedIps", "lifetime", "label"] as const;

const text = z.string().min(1);
const reasons = ["first", "due", "lapsed", "gone", "reissue", "narrowed", "changed"] as const satisfies readonly Reason[];

export const identitySchema = z.strictObject({ organization: z.string(), project: text, stack: text, type: text, name: text });

export const decisionSchema = z.object({
  generation: z.number().int().positive(),
  decidedAt: z.iso.datetime(),
  reason: z.enum(reasons),
  keepUntil: z.record(z.string().regex(/^[1-9]\d*$/), z.iso.datetime()),
});

/** Canonical inputs as the state holds them, extras beside them. Old state is read with it too, so members are only ever added as optional. */
export const recordedInputsSchema = decisionSchema.extend({
  venue: text,
  kind: text,
  identity: identitySchema,
  account: text,
  permissions: z.record(z.string(), z.unknown()),
  allowedIps: z.union([z.literal("anywhere"), z.record(z.string(), z.string())]),
  lifetime: text.optional(),
  label: text.optional(),
  rotation: z.object({ every: text.optional(), overlap: text.optional() }).optional(),
  reissue: text.optional(),
  holder: text.optional(),
  purpose: text.optional(),
  approval: text.optional(),
  acknowledge: text.optional(),
  alive: z.boolean(),
});
