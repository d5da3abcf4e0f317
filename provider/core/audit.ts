// Judges one look at one key: alive, dead, barred as declared, or unknown. The only place where a refusal becomes an absence.

import { KeyError } from "./errors";
import { contains } from "./ip";
import type { Observation, ObservedKey } from "./driver";
import type { AllowedIps } from "./model";
import type { Generation } from "./record";

/** What a look is judged by. */
export interface Circumstances {
  /** For messages: `refresh token "nightly-report"`. */
  readonly operation: string;
  readonly venue: string;
  readonly key: Pick<Generation, "expiresAt" | "vantage" | "revokedAt">;
  /** The declared list. */
  readonly allowedIps: AllowedIps;
  /** The address that the venue sees from here, where known. */
  readonly vantage: string | undefined;
  /** The venue's time, milliseconds. */
  readonly venueNow: number;
  /** Whether the account's own key answered in this run. */
  readonly accountAnswered: boolean;
}

export type Verdict =
  /** `answered`: it spoke for itself, from here. `unbound`: it did so from an address that the declared list excludes. */
  | { readonly is: "alive"; readonly key: ObservedKey; readonly answered: boolean; readonly unbound: boolean }
  | { readonly is: "dead"; readonly because: "expired" | "not-found" | "revoked, as the venue said" | "refused from a proved vantage" }
  /** Refused at an address that the declared list excludes, as it should be. */
  | { readonly is: "barred" }
  | { readonly is: "unknown"; readonly error: KeyError };

/** True once the venue's time has passed the end that the venue itself gave the key. */
export function expired(key: Pick<Generation, "expiresAt">, venueNow: number): boolean {
  return key.expiresAt !== undefined && venueNow >= Date.parse(key.expiresAt);
}

/** True where the declared list is known to exclude this run's address. */
export function excludes(allowedIps: AllowedIps, vantage: string | undefined): boolean {
  return vantage !== undefined && !contains(allowedIps, vantage);
}

/**
 * The rules: expiry by the venue's time is death; the venue's own not-found is death; a refusal is death for a key that the venue said it
 * had revoked, and else only at an address from which this very key has answered while the account's own key still answers; all else is
 * not known.
 */
export function judge(observation: Observation, at: Circumstances): Verdict {
  if ("alive" in observation) {
    return { is: "alive", key: observation.alive, answered: true, unbound: excludes(at.allowedIps, at.vantage) };
  }
  if (expired(at.key, at.venueNow)) return { is: "dead", because: "expired" };
  if ("unreachable" in observation) return { is: "unknown", error: observation.unreachable };
  if (observation.absent.kind === "not-found") return { is: "dead", because: "not-found" };
  if (at.key.revokedAt !== undefined) return { is: "dead", because: "revoked, as the venue said" };
  if (excludes(at.allowedIps, at.vantage)) return { is: "barred" };
  if (provedVantage(at) && at.accountAnswered) return { is: "dead", because: "refused from a proved vantage" };
  return { is: "unknown", error: unproved(at) };
}

/** True at the very address from which the key has answered. */
export function provedVantage(at: Pick<Circumstances, "key" | "vantage">): boolean {
  return at.vantage !== undefined && at.key.vantage?.address === at.vantage;
}

function unproved(at: Circumstances): KeyError {
  const here = at.vantage ?? "an address that the venue doesn't tell";
  const proved = at.key.vantage === undefined ? "has never been seen to answer" : `last answered at ${at.key.vantage.address}`;
  const cause = at.accountAnswered
    ? `the venue refuses the key at ${here}, but the key ${proved}: that is no proof that it is dead`
    : "the venue refuses the key, and the account's own key didn't answer either";
  const end = at.key.expiresAt === undefined ? "" : `, or wait for its end at ${at.key.expiresAt}`;
  return new KeyError("absence-unproved", { venue: at.venue, operation: at.operation, cause, wayOut: `${wayToProof(at)}${end}` });
}

function wayToProof(at: Circumstances): string {
  if (!at.accountAnswered) return "try again when the account's own key answers";
  const from = at.key.vantage === undefined ? "run from an address that may use it" : `run from ${at.key.vantage.address}`;
  return at.vantage === undefined ? `${from}, and name that address in the account's \`egress\`` : from;
}
