// Keys that a person makes, edits and revokes on a venue's web page: what is wanted of the person, and what is left for the run.

import { createHash } from "node:crypto";
import type { KindOptions } from "./capability";
import type { AllowedIps, Credential, Grants, Identity, Reason } from "./model";
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
  /** Whose it said it was; absent where it may not say. */
  readonly accountId?: string;
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
  /** Of `in`: what it may do, and whose it said it was, where it may say. */
  readonly grants?: Grants;
  readonly accountId?: string;
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

/** Whose statements are asked for. */
export interface Probed {
  readonly fingerprint: string;
  readonly allowedIps: AllowedIps;
  /** When its address list was last attested (ISO 8601): earlier statements are about another list. */
  readonly since?: string;
}

/** What statements about one key come to. */
export interface Weighed {
  /** Listed addresses that were let in. */
  readonly in: readonly string[];
  /** Unlisted addresses that were refused, between two that were let in. */
  readonly refused: readonly string[];
  /** Unlisted addresses that were let in: the list is missing or too wide. */
  readonly tooWide: readonly string[];
  /** As the newest that was let in saw them, and when. */
  readonly grants?: Grants;
  readonly accountId?: string;
  readonly at?: string;
  /** `probed 2026-11-20: in from 203.0.113.10, refused from 198.51.100.9`. */
  readonly text?: string;
}

/** What a person leaves for a run: deposits, or a page that is served meanwhile. */
export interface Hands {
  /** The key that was made for this. Throws KeyError `ceremony-waits` where there is none, `deposit-refused` where one is for something else. */
  issued(wanted: Sought): Promise<Deposited>;
  /** What a person says to have done, or undefined where nobody did. Throws KeyError `deposit-refused`. */
  attested(deed: "edited" | "relabelled" | "revoked", wanted: Sought): Promise<Deposited | undefined>;
  /** What lies there though nobody has to be asked any more, so that it is used up; nothing is asked, and what doesn't match is left alone. */
  lying(deed: "edited", wanted: Sought): Promise<Deposited | undefined>;
  /** What probes say of a key. */
  evidence(key: Probed): Promise<Weighed>;
  /** Writes down that a deposit was used, and tells which file to delete. */
  used(deposited: Deposited): Promise<void>;
  /** How a person gets to do it: the way out of an error. */
  readonly wayOut: string;
}

/** What is sought of a person, beside what the resource itself says. */
export interface Sought {
  readonly generation: number;
  readonly desired: string;
  readonly fingerprint?: string;
  readonly mark?: string;
  /** As it is to stand at the venue; absent for a key that is still to be made. */
  readonly label?: string;
  /** For `wait`: what the page needs to look with and to show. */
  readonly recorded?: { readonly credential: Credential; readonly label: string; readonly grants: Grants; readonly allowedIps: AllowedIps };
  readonly why: Reason | "edit" | "revoke";
  /** What the key is to be; of a revocation nothing is declared. */
  readonly declared?: Target;
}

/** What a key is to be, as it is compared and shown. */
export interface Target {
  readonly grants: Grants;
  readonly allowedIps: AllowedIps;
  readonly options: KindOptions;
  /** The user's own text in the label. */
  readonly label?: string | undefined;
}
