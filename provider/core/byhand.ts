// Keys that a person makes, edits and revokes on a venue's web page: what is wanted of the person, and what is left for the run.

import { createHash } from "node:crypto";
import type { AllowedIps, Credential, Grants, Identity } from "./model";
import { grantSet } from "./permission";

/** What a person did: made a key, changed it, gave it another label, or made it dead. */
export type Deed = "issued" | "edited" | "relabelled" | "revoked";

/** What a deed must be about, field by field. */
export interface Wanted {
  readonly venue: string;
  readonly environment: string;
  readonly accountId: string;
  readonly identity: Identity;
  readonly generation: number;
  /** {@link desiredHash}; of a revocation nothing is desired, so it isn't compared. */
  readonly desired: string;
  /** The recorded key's; absent for a key that is still to be made. */
  readonly fingerprint?: string;
  readonly mark?: string;
  readonly label?: string;
}

/** What a key showed when it was looked at, by ceremony or probe. */
export interface Proof {
  readonly grants: Grants;
  /** From where it answered, as the venue said; absent where it doesn't tell. */
  readonly address?: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** A deed as it reaches a run. */
export interface Deposited {
  /** 32 hex digits. */
  readonly id: string;
  readonly deed: Deed;
  /** When it was done or attested. ISO 8601, UTC. */
  readonly at: string;
  readonly fingerprint: string;
  readonly mark: string;
  readonly label: string;
  /** Of `issued`. */
  readonly credential?: Extract<Credential, { kind: "api-key" }>;
  readonly proof?: Proof;
  /** The file, where there is one. */
  readonly file?: string;
}

/** One look at a key from a host that uses it, or must not. */
export interface Statement {
  readonly venue: string;
  readonly environment: string;
  readonly fingerprint: string;
  /** As the venue saw it. */
  readonly address: string;
  readonly answer: "in" | "refused";
  /** Of `in`. */
  readonly grants?: Grants;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** SHA-256, in hex, over what is declared: equal for equal grants and addresses, whatever their order or purposes. */
export function desiredHash(grants: Grants, allowedIps: AllowedIps): string {
  const ips = allowedIps === "anywhere" ? allowedIps : Object.keys(allowedIps).sort();
  return createHash("sha256")
    .update(JSON.stringify([grantSet(grants), ips]))
    .digest("hex");
}
