// What `pulumi preview --refresh --show-sames --json` tells of each key: as the state has it, as the venue showed it, and as the program wants it. The
// one file here that knows the document.

import { documentOf, keyType, nameOf, stackOf, typeIn, type Step } from "pulumi-exchange-keys/ceremony";
import { CommandError, Exit } from "../outcome";

export { compareNames, hidden, ipDelta, parseDocument, stackOf } from "pulumi-exchange-keys/ceremony";

/** The command whose output is read. `--show-sames`: what a refresh saw of a key that nothing is to be done to shows in no other way. */
export const PREVIEW = "pulumi preview --refresh --show-sames --json";

export type Values = Readonly<Record<string, unknown>>;

/** A key as one of the three sides has it; of the desired side nobody knows outputs. */
export interface Side {
  readonly inputs: Values;
  readonly outputs: Values;
}

export interface Key {
  readonly urn: string;
  readonly name: string;
  /** `bybit:SubAccountApiKey` */
  readonly type: string;
  /** Absent where the state has no such key. */
  readonly recorded?: Side;
  /** As the refresh saw it; absent where it found none. */
  readonly observed?: Side;
  /** Absent where the program has it no longer. */
  readonly desired?: Side;
  readonly replaces: boolean;
  /** False where no look came to its end, so that nothing can be said of it. */
  readonly looked: boolean;
  /** Fingerprints of former keys of it: replaced, and kept in the state since they couldn't be revoked. What a refresh sees of them, no preview shows. */
  readonly former: readonly string[];
  /** What the program ignores changes of, as property paths: there the desired side has what was observed. */
  readonly ignored: readonly string[];
}

export interface Looks {
  /** `desk/dev`; empty where the document names no stack. */
  readonly stack: string;
  readonly keys: readonly Key[];
  /** Names of other providers' resources that differ, sorted. */
  readonly foreign: readonly string[];
}

/** What kept the preview from its end. */
export interface Failure {
  /** Of the resource that it is about, where it is about one. */
  readonly urn?: string;
  /** Of a key of ours. */
  readonly name?: string;
  /** In the provider's own words, which hold no secret; of anything else only that it failed. */
  readonly text?: string;
}

/** Errors inside a preview; none of one that went through. */
export function failuresOf(document: unknown): readonly Failure[] {
  const found = listOf(document, "diagnostics").filter(({ severity }) => severity === "error");
  const failures = found.map(({ urn, message }): Failure => {
    if (typeof urn !== "string" || typeIn(urn) === "" || typeIn(urn) === STACK) return {};
    if (keyNamed(urn) === undefined) return { urn };
    const text = String(message).replace(/^error: (?:Preview failed: )?/, "");
    return { urn, name: nameOf(urn), text: text.replace(/\s+/g, " ").trim() };
  });
  const own = failures.filter(({ urn }) => urn !== undefined);
  // The engine closes with a sentence of its own, "preview failed".
  return own.length > 0 ? own : failures.slice(0, 1);
}

const STACK = "pulumi:pulumi:Stack";

/** How much of it there is: all; what was reached until it failed; all but what was left out. */
export type Reach = "whole" | "failed" | "partial";

/**
 * Reads a preview. Throws KeyError or CommandError for what isn't one, for one without the refresh, and for one that was handed in without what
 * stayed the same or without some of the resources.
 */
export function looksOf(document: unknown, { handedIn, reach }: { readonly handedIn: boolean; readonly reach: Reach }): Looks {
  const { from, steps } = documentOf(reach === "failed" ? { ...(document as object), diagnostics: [] } : document, WAY_OUT);
  if (from === "export") throw unfit("it is a stack's export");
  const keys = keysOf(document, steps, reach);
  if (reach === "whole") {
    if (!steps.some(({ op }) => op === "refresh") && steps.some(({ was }) => was !== undefined))
      throw unfit("it was made without --refresh");
    const same = (document as { changeSummary?: { same?: unknown } }).changeSummary?.same ?? 0;
    if (handedIn && steps.filter(({ op }) => op === "same").length < Number(same)) throw unfit("it was made without --show-sames");
    const stack = steps.filter(({ urn, was }) => typeIn(urn) === STACK && was !== undefined);
    const short = keys.some(({ looked }) => !looked) || (stack.length > 0 && stack.every(({ op }) => op !== "refresh"));
    if (handedIn && short) throw unfit("it leaves resources out, as with --target or --exclude");
  }
  const differing = steps.filter(({ urn, op }) => keyNamed(urn) === undefined && !typeIn(urn).startsWith("pulumi:") && !QUIET.includes(op));
  const foreign = [...new Set(differing.map(({ urn }) => urn))].map(nameOf);
  return { stack: stackOf(steps[0]?.urn), keys, foreign: foreign.sort() };
}

/** Undefined for a resource that is no key of ours. */
export function keyNamed(urn: string): Pick<Key, "name" | "type"> | undefined {
  const type = keyType(typeIn(urn));
  return type && { name: nameOf(urn), type: `${type.venue}:${type.kind}` };
}

const QUIET: readonly string[] = ["refresh", "same", "read"];

/** Steps of one resource in the state. */
interface Own {
  /** Its look. */
  readonly first: Step;
  readonly others: Step[];
  /** The state has it as one that was replaced, and isn't deleted yet. */
  readonly former: boolean;
}

/** What is told of as one key. */
interface Group {
  readonly steps: Step[];
  readonly former: string[];
}

/**
 * The state may have several resources of one URN: a key, and former ones that couldn't be revoked. And one that was renamed by an alias has
 * another URN in the look than after it. So steps belong together by the resource's id.
 */
function keysOf(document: unknown, steps: readonly Step[], reach: Reach): readonly Key[] {
  const states = listOf(document, "steps").map(({ oldState }) => oldState as Values | undefined);
  const own = new Map<unknown, Own>();
  steps.forEach((step, at) => {
    if (step.was === undefined || keyNamed(step.urn) === undefined) return;
    const { id = step.urn, delete: former } = states[at] ?? {};
    const known = own.get(id);
    // A key that is about to be replaced is marked so too, but not in its look.
    if (known === undefined) own.set(id, { first: step, others: [], former: former === true });
    else known.others.push(step);
  });
  const groups = new Map<string, Group>();
  const of = (urn: string): Group => {
    const group = groups.get(urn) ?? { steps: [], former: [] };
    groups.set(urn, group);
    return group;
  };
  for (const { first, others, former } of own.values()) {
    const group = of((others.at(-1) ?? first).urn);
    if (former) group.former.push(String(first.was?.outputs["fingerprint"]));
    else group.steps.push(first, ...others);
  }
  // What is to be made was in no state.
  for (const step of steps) if (step.was === undefined && keyNamed(step.urn) !== undefined) of(step.urn).steps.push(step);
  return [...groups].flatMap(([urn, group]): readonly Key[] => {
    const named = keyNamed(urn);
    return named === undefined ? [] : [{ urn, ...named, ...sidesOf(group.steps, reach), former: group.former.sort() }];
  });
}

/** The refresh's step comes first, with what is recorded: it was written before the look. What comes after it begins with what was seen. */
function sidesOf(steps: readonly Step[], reach: Reach): Omit<Key, "urn" | "name" | "type" | "former"> {
  const [first, ...others] = steps;
  // Where the look changed something, some releases of the CLI call its step an update or a delete.
  const refreshed = first?.op === "refresh" || (others.length > 0 && first?.was !== undefined) || first?.op === "delete";
  const later = refreshed ? others : steps;
  const observed = later.find(({ was }) => was !== undefined)?.was;
  const desired = later.findLast(({ op, is }) => is !== undefined && !op.startsWith("delete"))?.is;
  const recorded = refreshed ? first?.was : undefined;
  // One that is new has no look; `same` without a state is a new one that was left out. Where it failed, that nothing follows proves no absence.
  const fresh = steps.every(({ op, was }) => was === undefined && op !== "same");
  return {
    ...(recorded === undefined ? {} : { recorded }),
    ...(observed === undefined ? {} : { observed }),
    ...(desired === undefined ? {} : { desired }),
    replaces: later.some(({ op }) => op.includes("replace")),
    looked: (refreshed || fresh) && (reach !== "failed" || observed !== undefined),
    ignored: desired?.ignoreChanges ?? [],
  };
}

/** The keys of a document that may have failed, by URN: venue and account. */
export function accountsIn(document: unknown): ReadonlyMap<string, string> {
  const found = listOf(document, "steps").flatMap(({ urn, oldState, newState }): (readonly [string, string])[] => {
    const key = typeof urn === "string" ? keyNamed(urn) : undefined;
    if (typeof urn !== "string" || key === undefined) return [];
    const { inputs } = (newState ?? oldState ?? {}) as { inputs?: Values };
    return [[urn, `${key.type.split(":")[0] ?? ""} ${String(inputs?.["account"])}`]];
  });
  return new Map(found);
}

/** `desk/dev`, of a document that may hold nothing else of use. */
export function stackIn(document: unknown): string {
  const urns = listOf(document, "steps").map(({ urn }) => urn);
  return stackOf(urns.find((urn) => typeof urn === "string"));
}

function listOf(document: unknown, name: string): readonly Values[] {
  const list = (document as Values | null)?.[name];
  return Array.isArray(list) ? list.filter((each): each is Values => typeof each === "object" && each !== null) : [];
}

export const WAY_OUT = `give the output of ${PREVIEW}`;

function unfit(cause: string): CommandError {
  return new CommandError(Exit.usage, `drift: ${cause}; ${WAY_OUT}`);
}
