// The answer of one look at a stack: what was found of all keys, and what it comes to.

import { count } from "../count";
import { driftOf } from "./observed";
import { pendingOf } from "./desired";
import { ignoredOf, withoutIgnored } from "./ignored";
import { ordered, type Finding, type Kind } from "./finding";
import { keyNamed, looksOf, stackIn, type Failure, type Key } from "./preview";
import { formerOf, retiringOf } from "./retiring";

export interface Answer {
  /** `unknown` where something can't be said and nothing else differs: not "drift". */
  readonly verdict: "same" | "differs" | "unknown";
  readonly stack: string;
  /** So many keys were looked at. */
  readonly keys: number;
  readonly findings: readonly Finding[];
  /** Names of other providers' resources that differ; they aren't judged. */
  readonly foreign: readonly string[];
  /** Why nothing can be said of the stack as a whole; sentences. Empty where it can. */
  readonly reasons: readonly string[];
}

export interface How {
  readonly handedIn: boolean;
  /** What kept this preview from its end, or one before it with more in it. */
  readonly failures: readonly Failure[];
  /** This one failed too. */
  readonly failed: boolean;
  /** URNs that a killed run was in the middle of. */
  readonly interrupted?: readonly string[];
}

/** What a preview comes to. Of one that failed, or left out what would have failed, only what it proves. */
export function answerOf(document: unknown, { handedIn, failures, failed, interrupted = [] }: How): Answer {
  const reach = failed ? "failed" : failures.length > 0 ? "partial" : "whole";
  const { stack, keys, foreign } = looksOf(document, { handedIn, reach });
  const reasons = sentences(failures);
  const unseen = keys.filter(({ looked }) => !looked);
  if (reasons.length > 0 && unseen.length === keys.length) {
    const silent = unseen.filter(({ name }) => failures.every((failure) => failure.name !== name)).length;
    const rest = `Nothing is known of ${count(silent, "other key")} either: a preview that fails judges none.`;
    return unknown(stack === "" ? stackIn(document) : stack, [
      ...reasons,
      ...(silent === 0 || failures.every(({ urn }) => urn === undefined) ? [] : [rest]),
    ]);
  }
  // What a killed run was making is in no state yet, and may be in no program any more.
  const lost = interrupted.filter((urn) => keys.every((key) => key.urn !== urn)).flatMap((urn) => lostOf(urn));
  const findings = ordered([...keys.flatMap((key) => foundOf(key, interrupted)), ...lost]);
  const has = (...kinds: readonly Kind[]): boolean => findings.some(({ kind }) => kinds.includes(kind));
  const known = has("drift", "pending") ? "differs" : has("unknown") ? "unknown" : "same";
  return { verdict: reasons.length > 0 ? "unknown" : known, stack, keys: keys.length, findings, foreign, reasons };
}

/** A venue that is down is not drift: what an error kept from being looked at may be as it was or not. */
function sentences(failures: readonly Failure[]): readonly string[] {
  const all = failures.map(({ name, text }) =>
    name === undefined
      ? "The preview failed, outside the keys; run pulumi preview --refresh and see what it says."
      : `${name}: ${text ?? "failed"}`,
  );
  return [...new Set(all)].sort();
}

/** Where nothing could be looked at. */
export function unknown(stack: string, reasons: readonly string[]): Answer {
  return { verdict: "unknown", stack, keys: 0, findings: [], foreign: [], reasons };
}

const MIDDLE = {
  kind: "unknown",
  about: "outcome",
  says: ["a run was stopped in the middle of it, and nobody knows how that ended"],
} as const;

const UNSEEN = { kind: "unknown", about: "unseen", says: ["couldn't be looked at"] } as const;

function lostOf(urn: string): readonly Finding[] {
  const named = keyNamed(urn);
  return named === undefined ? [] : [{ urn, ...named, ...MIDDLE }];
}

function foundOf(whole: Key, interrupted: readonly string[]): readonly Finding[] {
  const key = withoutIgnored(whole);
  const { urn, name, type } = key;
  if (!key.looked) return [UNSEEN, ...(interrupted.includes(urn) ? [MIDDLE] : [])].map((each) => ({ urn, name, type, ...each }));
  const drift = driftOf(key);
  const gone = key.recorded !== undefined && key.observed === undefined;
  // Of a key that is gone there is nothing more to want: its successor has all of it.
  const found = [
    ...drift,
    ...(interrupted.includes(urn) ? [MIDDLE] : []),
    ...formerOf(key),
    ...retiringOf(key),
    ...(gone ? [] : pendingOf(key)),
    ...ignoredOf(key),
  ];
  return found.map((each) => ({ urn, name, type, ...each }));
}
