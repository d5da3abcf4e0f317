// What the state holds of a key beyond its inputs: each generation with its credential. Shape and codec of the outputs.

import { z } from "zod";
import { KeyError } from "./errors";
import type { AllowedIps, Credential, Grants, Powers } from "./model";
import { Secret } from "./secret";

/** The address from which a key answered, and when: what a later refusal is judged by. */
export interface Vantage {
  readonly address: string;
  /** ISO 8601, UTC. */
  readonly provedAt: string;
}

/** What a person said of a key, where nothing reads it back. */
export interface Attested {
  readonly at: string;
  /** The deposit's id. */
  readonly by: string;
}

/** One credential that one resource has had. */
export interface Generation {
  readonly generation: number;
  readonly mark: string;
  readonly fingerprint: string;
  /** The venue's own name for it, where changes need one beside the public part. */
  readonly keyId?: string;
  readonly credential: Credential;
  readonly createdAt: string;
  /** Counts the changes of it that are known to have been made. */
  readonly changes?: number;
  readonly expiresAt?: string;
  readonly vantage?: Vantage;
  /** When the venue said that it revoked it, where nobody could look afterwards. */
  readonly revokedAt?: string;
  /** For keys that a person made: the deposit that brought it, and its label at the venue, with the mark. */
  readonly deposit?: string;
  readonly venueLabel?: string;
  /** When a person last said that address list and label are as declared (ISO 8601), and the deposit that says so. */
  readonly attested?: Attested;
  /** When it is to be revoked; present on earlier generations that were given time. */
  readonly end?: string;
  /** What was declared when its successor was made, and so what it may do at most; on earlier generations. */
  readonly atMost?: { readonly grants: Grants; readonly allowedIps: AllowedIps };
}

/** A remark for people, logged at each run; with `from` and `until`, only between these times (ISO 8601). */
export interface Warning {
  /** What a later look renews. */
  readonly about?: "lapse" | "leftover";
  readonly message: string;
  readonly from?: string;
  readonly until?: string;
}

/** What the venue lets nobody read back → what is known of it all the same: `{ allowedIps: "declared; the venue tells nobody" }`. */
export type Unverified = Readonly<Record<string, string>>;

/** A change of a key whose end nobody saw. */
export interface Unsettled {
  /** When it was begun: ISO 8601, UTC. */
  readonly since: string;
  readonly cause: string;
}

/** Everything known of one resource's keys. */
export interface Recorded {
  readonly accountId: string;
  readonly current: Generation;
  readonly retiring: readonly Generation[];
  /** As last observed, at birth first. */
  readonly grants: Grants;
  readonly powers: Powers;
  readonly unverified: Unverified;
  readonly warnings: readonly Warning[];
  /** Why the current generation isn't finished: it was issued, but not yet proved. */
  readonly unproved?: string;
  /** Nobody knows what became of the last change: the next run sets the key to what is declared then. */
  readonly unsettled?: Unsettled;
}

const plain = {
  generation: z.number().int().positive(),
  mark: z.string().min(1),
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
  keyId: z.string().optional(),
  createdAt: z.iso.datetime(),
  changes: z.number().int().positive().optional(),
  expiresAt: z.iso.datetime().optional(),
  vantage: z.object({ address: z.string(), provedAt: z.iso.datetime() }).optional(),
  revokedAt: z.iso.datetime().optional(),
  deposit: z.string().optional(),
  venueLabel: z.string().optional(),
  attested: z.object({ at: z.iso.datetime(), by: z.string() }).optional(),
};
const credentialSchema = z.object({
  apiKey: z.string().optional(),
  apiSecret: z.string().optional(),
  passphrase: z.string().optional(),
  token: z.string().optional(),
  keyType: z.literal("public-key").optional(),
});
const outputsSchema = z.object({
  ...plain,
  accountId: z.string().min(1),
  credential: credentialSchema,
  retiring: z.array(
    z.object({
      ...plain,
      end: z.iso.datetime().optional(),
      atMost: z
        .object({ grants: z.array(z.string()), allowedIps: z.union([z.literal("anywhere"), z.record(z.string(), z.string())]) })
        .optional(),
    }),
  ),
  retiringCredentials: z.record(z.string(), credentialSchema),
  grants: z.array(z.string()),
  unverified: z.record(z.string(), z.string()).default({}),
  warnings: z
    .array(
      z.object({
        about: z.enum(["lapse", "leftover"]).optional().catch(undefined),
        message: z.string(),
        from: z.string().optional(),
        until: z.string().optional(),
      }),
    )
    .default([]),
  unproved: z.string().optional(),
  unsettled: z.object({ since: z.iso.datetime(), cause: z.string() }).optional(),
});

/** Names of outputs that hold secrets: the class marks them so. */
export const SECRET_OUTPUTS = ["credential", "apiKey", "apiSecret", "passphrase", "token", "retiringCredentials"] as const;

/** The outputs that say this record; secrets are revealed here, for the engine to encrypt. */
export function outputsOf(recorded: Recorded, where: { readonly venue: string; readonly environment: string }): Record<string, unknown> {
  const { current, retiring } = recorded;
  const { credential, ...facts } = current;
  const parts = revealed(credential);
  return {
    ...facts,
    ...parts,
    credential: { ...where, ...parts },
    accountId: recorded.accountId,
    grants: [...recorded.grants],
    powers: { ...recorded.powers },
    retiring: retiring.map(({ credential: _, ...plainFacts }) => plainFacts),
    retiringCredentials: Object.fromEntries(retiring.map((earlier) => [earlier.fingerprint, revealed(earlier.credential)])),
    unverified: { ...recorded.unverified },
    warnings: recorded.warnings.map((warning) => ({ ...warning })),
    ...defined({ unproved: recorded.unproved, unsettled: recorded.unsettled }),
  };
}

/** Reads a record back; members that a later release may have added are passed over. Throws KeyError `state`. */
export function recordOf(outputs: Readonly<Record<string, unknown>>, powersOf: (grants: Grants) => Powers): Recorded {
  const parsed = outputsSchema.safeParse(outputs);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new KeyError("state", {
      operation: "read the recorded key",
      cause: `output ${issue?.path.join(".") ?? ""} has an unexpected shape`,
      wayOut: "restore the stack's state from a backup, or take the resource out of it by hand and revoke its key at the venue",
    });
  }
  const { data } = parsed;
  const { accountId, grants, unverified, warnings, unproved, unsettled, retiring, retiringCredentials, credential, ...facts } = data;
  return {
    accountId,
    grants,
    powers: powersOf(grants),
    unverified,
    warnings: warnings.map(defined),
    current: { ...defined(facts), credential: credentialOf(credential) },
    retiring: retiring.map((earlier) => ({
      ...defined(earlier),
      credential: credentialOf(retiringCredentials[earlier.fingerprint] ?? {}),
    })),
    ...defined({ unproved, unsettled }),
  };
}

/** True where the outputs say that a key was once recorded. */
export function holdsKey(outputs: Readonly<Record<string, unknown>>): boolean {
  return typeof outputs["fingerprint"] === "string";
}

function revealed(credential: Credential): Record<string, string> {
  if (credential.kind === "token") return { token: credential.token.reveal() };
  if (credential.kind === "public-key") return { apiKey: credential.apiKey, keyType: "public-key" };
  const { apiKey, apiSecret, passphrase } = credential;
  return { apiKey, apiSecret: apiSecret.reveal(), ...(passphrase === undefined ? {} : { passphrase: passphrase.reveal() }) };
}

function credentialOf(parts: z.infer<typeof credentialSchema>): Credential {
  if (parts.token !== undefined) return { kind: "token", token: new Secret(parts.token) };
  if (parts.apiKey !== undefined && parts.apiSecret !== undefined) {
    const { apiKey, apiSecret, passphrase } = parts;
    return {
      kind: "api-key",
      apiKey,
      apiSecret: new Secret(apiSecret),
      ...(passphrase === undefined ? {} : { passphrase: new Secret(passphrase) }),
    };
  }
  if (parts.apiKey !== undefined && parts.keyType !== undefined) return { kind: "public-key", apiKey: parts.apiKey };
  throw new KeyError("state", {
    operation: "read the recorded key",
    cause: "the credential of a generation is missing from the state",
    wayOut: "restore the stack's state from a backup, or revoke the key at the venue and take the resource out of the state",
  });
}

/** What names the key at its venue without its secret, and what its fingerprint is made of; a token has no such part. */
export function publicPartOf(credential: Credential): string | undefined {
  return credential.kind === "token" ? undefined : credential.apiKey;
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}
