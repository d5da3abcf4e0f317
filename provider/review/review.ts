// What a plan lets someone do: a preview's steps, one review a key, sorted widening first. Pure; the kinds' manifests are handed in.

import { z } from "zod";
import { holdsKey } from "../core/record";
import { compareNames, hidden, keyType, nameOf, stackOf, type Document, type State, type Step } from "../preview/document";
import { findingsOf, SETTLED, type Change } from "./change";
import { lettingGo, optionFindings, renames } from "./danger";
import { sideOf, type KindOf, type Side } from "./side";
import { rank, type Finding } from "./words";

/** One key that the plan touches, or that it can't be told of. */
export interface KeyReview {
  readonly urn: string;
  readonly name: string;
  /** `bybit SubAccountApiKey`, by its type. */
  readonly kind: string;
  /** What the engine does: `create`, `update`, `replace`, `delete`, `same`, … */
  readonly op: string;
  /** Worst first; empty where nothing changes. */
  readonly findings: readonly Finding[];
  /** Keys that end at the venue. */
  readonly ends: number;
  readonly recorded?: Side;
  readonly desired?: Side;
  /** Where the program makes it: a file of the project, and the line. */
  readonly place?: { readonly file: string; readonly line: number };
}

export interface Review {
  /** `desk/production`: project and stack. */
  readonly stack: string;
  /** Keys with findings, worst first. */
  readonly keys: readonly KeyReview[];
  /** Keys in which nothing changes, as far as the preview shows those. */
  readonly same: readonly KeyReview[];
  /** True where the preview leaves out what stays the same. */
  readonly partial: boolean;
  /** Resources that aren't keys and change: not reviewed. */
  readonly foreign: number;
}

export function reviewOf(document: Document, kindOf: KindOf): Review {
  const ended = new Set(document.steps.flatMap(({ op, urn }) => (ENDING.test(op) ? [urn] : [])));
  const all = plans(document.steps).map((plan) => judged(plan, kindOf, ended));
  const pairs = renames(
    all.flatMap(({ recorded, desired, ends }) => (desired === undefined && recorded !== undefined && ends > 0 ? [recorded] : [])),
    all.flatMap((key) => (isNew(key) ? [key.desired] : [])),
  );
  const named = all.map((key) => {
    const rename = pairs.get(key.urn);
    if (rename === undefined) return key;
    // Of its powers and addresses it has what the one before had, no more: what is told of them isn't wider here. The rest is compared.
    const findings = key.findings.map((finding): Finding => (SETTLED.includes(finding.rule) ? { ...finding, effect: "other" } : finding));
    return { ...key, findings: [...findings, ...rename] };
  });
  const keys = named.map((key) => ({ ...key, findings: key.findings.toSorted((one, other) => rank(one) - rank(other)) }));
  const told = keys.filter(({ findings }) => findings.length > 0).toSorted(byWorst);
  const shown = document.steps.filter(({ op }) => op === "same").length;
  return {
    stack: stackOf(document.steps[0]?.urn),
    keys: told,
    same: keys.filter(({ findings }) => findings.length === 0).toSorted(byName),
    partial: (document.summary?.["same"] ?? 0) > shown,
    foreign: document.steps.filter((step) => !isKey(step) && !QUIET.includes(step.op) && !tokenOf(step).startsWith("pulumi:")).length,
  };
}

/** All that is done to one resource. */
interface Plan {
  readonly urn: string;
  readonly op: string;
  readonly was?: State;
  readonly is?: State;
}

const QUIET: readonly string[] = ["same", "refresh", "read", "discard", "discard-replaced", "remove-pending-replace"];
const KNOWN: readonly string[] = [...QUIET, "create", "update", "delete", "replace", "import"];

/** What takes a resource away for good. Of one that is replaced the engine revokes, in most orders, what goes with it. */
const ENDING = /^(?:delete|discard)$/;

/** A replacement may come in several steps of one resource. */
function plans(steps: readonly Step[]): readonly Plan[] {
  const found = new Map<string, Plan>();
  for (const step of steps) {
    if (!isKey(step) || step.op === "refresh") continue;
    const { urn, was, is } = step;
    const before = found.get(urn);
    const op = /-replacement$|-replaced$/.test(step.op) ? "replace" : step.op;
    const [from, to] = [was ?? before?.was, is ?? before?.is];
    found.set(urn, {
      urn,
      op: before === undefined || before.op === op ? op : "replace",
      ...(from === undefined ? {} : { was: from }),
      ...(to === undefined ? {} : { is: to }),
    });
  }
  return [...found.values()];
}

/** By the type alone, so that what claims to be one is never passed over. */
function isKey(step: Step): boolean {
  return tokenOf(step).startsWith("pulumi-nodejs:dynamic/exchange-keys/");
}

/** Of a step without a state, as its URN has it. */
function tokenOf({ urn, was, is }: Step): string {
  return (is ?? was)?.type ?? urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** A key that the plan makes, and in place of none. */
export function isNew<Key extends Pick<KeyReview, "op" | "recorded" | "desired">>(key: Key): key is Key & { readonly desired: Side } {
  return key.recorded === undefined && key.desired !== undefined && key.op !== "same";
}

/** Also where a program has made the fingerprint a secret. */
function held({ outputs }: State): boolean {
  return holdsKey(outputs) || hidden(outputs["fingerprint"]) !== undefined;
}

function judged(plan: Plan, kindOf: KindOf, ended: ReadonlySet<string>): KeyReview {
  const { urn, op, was, is } = plan;
  const goes = was !== undefined && (op === "delete" || op === "replace");
  // By the options that the state has: what the program says now doesn't count for the key that goes.
  const kept = goes && held(was) ? lettingGo(was, ended) : undefined;
  const type = (is ?? was)?.type ?? "";
  const of = keyType(type);
  const place = placeOf(is ?? was);
  const base = {
    urn,
    name: nameOf(urn),
    kind: of === undefined ? type : `${of.venue} ${of.kind}`,
    op,
    ...(place === undefined ? {} : { place }),
  };
  const unreadable = (why: string): KeyReview => ({
    ...base,
    ends: was === undefined || op === "same" || kept !== undefined ? 0 : Math.max(endingOf(op, was, undefined), 1),
    findings: [{ rule: "plan-unreadable", effect: "widens", words: [why] }, ...optionFindings(was, op === "delete" ? undefined : is, kept)],
  });
  if (!KNOWN.includes(op) || (was === undefined && is === undefined))
    return { ...unreadable(`is changed in a way that this release doesn't know`) };
  // One that the plan leaves without a key, such as one that isn't among its targets: its inputs may be none, and nothing is done to it.
  if (op === "same" && (was === undefined || !held(was))) return { ...base, ends: 0, findings: [] };
  if (op === "import") {
    const finding: Finding = {
      rule: "imported",
      effect: "widens",
      words: ["is imported: what the key may do is what the venue says, and nothing here shows it"],
    };
    return { ...base, ends: 0, findings: [finding, ...optionFindings(was, is, kept)] };
  }
  // A create that failed half-way is in the state without a key.
  const recorded = was !== undefined && held(was) ? sideOf(was, kindOf, "recorded") : undefined;
  const desired = op === "delete" || is === undefined ? undefined : sideOf(is, kindOf, "desired");
  if (typeof desired === "string") return unreadable(desired);
  const read = typeof recorded === "string" ? undefined : recorded;
  const ends = op === "same" || kept !== undefined ? 0 : endingOf(op, was, desired);
  const change: Change = {
    replaced: op === "replace",
    kept: kept !== undefined,
    ends,
    ...(read === undefined ? {} : { recorded: read }),
    ...(desired === undefined ? {} : { desired }),
  };
  const own = op === "same" ? [] : findingsOf(change);
  const lost: readonly Finding[] =
    typeof recorded === "string" ? [{ rule: "plan-unreadable", effect: "widens", words: [`${recorded} (as the state has it)`] }] : [];
  const uncounted: readonly Finding[] =
    op !== "same" && was !== undefined && held(was) && hidden(was.outputs["retiring"]) !== undefined
      ? [
          {
            rule: "plan-unreadable",
            effect: "widens",
            words: ["has a secret in its output retiring, so that nobody can tell how many keys end"],
          },
        ]
      : [];
  const gone = op === "delete" && read === undefined ? goneUnread(ends, recorded === undefined) : [];
  const { recorded: one, desired: other } = change;
  return {
    ...base,
    ends,
    findings: [...lost, ...uncounted, ...gone, ...own, ...optionFindings(was, op === "delete" ? undefined : is, kept)],
    ...(one === undefined ? {} : { recorded: one }),
    ...(other === undefined ? {} : { desired: other }),
  };
}

/** Of one that goes, and of which only that is known. */
function goneUnread(ends: number, empty: boolean): readonly Finding[] {
  if (empty) return [{ rule: "loses-power", effect: "narrows", words: ["goes out of the state; it holds no key"] }];
  return ends === 0 ? [] : [{ rule: "revoked", effect: "danger", words: [`has its key revoked`] }];
}

const retiringSchema = z.array(z.object({ generation: z.number() }));

/** Keys that the plan makes dead: those of the state that have no time left by it. */
function endingOf(op: string, was: State | undefined, desired: Side | undefined): number {
  if (was === undefined || !held(was)) return 0;
  const { generation: told, retiring } = was.outputs;
  const earlier = (retiringSchema.safeParse(retiring).data ?? []).map(({ generation }) => generation);
  const current = Number(hidden(told) === undefined ? told : was.inputs["generation"]);
  const all = [...earlier, current];
  if (op === "delete" || op === "replace") return all.length;
  if (desired?.generation === undefined) return 0;
  const { generation, keepUntil } = desired;
  return all.filter((each) => (each !== current || generation > current) && keepUntil[String(each)] === undefined).length;
}

/** The first place in the project's own files; paths out of it say nothing to others, and may tell somebody's folders. */
function placeOf(state: State | undefined): KeyReview["place"] {
  for (const { sourcePosition = "" } of state?.stackTrace ?? []) {
    const [, file, line] = /^project:\/\/\/((?!\.\.\/)(?!.*node_modules\/)[\w./-]+)#(\d+)/.exec(sourcePosition) ?? [];
    if (file !== undefined && line !== undefined && !file.includes("..")) return { file, line: Number(line) };
  }
  return undefined;
}

/** Each finding of each key, the worst of all keys first; `index`: which of its key's it is. */
export function worstFirst({ keys }: Review): readonly { readonly key: KeyReview; readonly finding: Finding; readonly index: number }[] {
  const all = keys.flatMap((key) => key.findings.map((finding, index) => ({ key, finding, index })));
  return all.sort((one, other) => rank(one.finding) - rank(other.finding));
}

function byWorst(one: KeyReview, other: KeyReview): number {
  const worst = ({ findings: [first] }: KeyReview): number => (first === undefined ? Infinity : rank(first));
  return worst(one) - worst(other) || byName(one, other);
}

function byName(one: KeyReview, other: KeyReview): number {
  return compareNames(one.name, other.name) || (one.urn < other.urn ? -1 : one.urn > other.urn ? 1 : 0);
}
