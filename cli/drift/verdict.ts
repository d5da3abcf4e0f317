// The answer of one look at a stack: what was found of all keys, and what it comes to.

import { driftOf } from "./observed";
import { formerOf, pendingOf } from "./desired";
import { ignoredOf, withoutIgnored } from "./ignored";
import { ordered, type Finding, type Kind } from "./finding";
import { keyNamed, looksOf, type Key } from "./preview";

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

/** What a preview comes to that went through. `interrupted`: URNs that a killed run was in the middle of. */
export function answerOf(document: unknown, how: { readonly handedIn: boolean; readonly interrupted?: readonly string[] }): Answer {
  const { stack, keys, foreign } = looksOf(document, how);
  const interrupted = how.interrupted ?? [];
  // What a killed run was making is in no state yet, and may be in no program any more.
  const lost = interrupted.filter((urn) => keys.every((key) => key.urn !== urn)).flatMap((urn) => lostOf(urn));
  const findings = ordered([...keys.flatMap((key) => foundOf(key, interrupted)), ...lost]);
  const has = (...kinds: readonly Kind[]): boolean => findings.some(({ kind }) => kinds.includes(kind));
  const verdict = has("drift", "pending") ? "differs" : has("unknown") ? "unknown" : "same";
  return { verdict, stack, keys: keys.length, findings, foreign, reasons: [] };
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

function lostOf(urn: string): readonly Finding[] {
  const named = keyNamed(urn);
  return named === undefined ? [] : [{ urn, ...named, ...MIDDLE }];
}

function foundOf(whole: Key, interrupted: readonly string[]): readonly Finding[] {
  const key = withoutIgnored(whole);
  const { urn, name, type } = key;
  const drift = driftOf(key);
  const gone = key.recorded !== undefined && key.observed === undefined;
  // Of a key that is gone there is nothing more to want: its successor has all of it.
  const found = [
    ...drift,
    ...(interrupted.includes(urn) ? [MIDDLE] : []),
    ...formerOf(key),
    ...(gone ? [] : pendingOf(key)),
    ...ignoredOf(key),
  ];
  return found.map((each) => ({ urn, name, type, ...each }));
}
