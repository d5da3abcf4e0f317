// What a plan lets someone do: a preview's steps, one review a key, sorted widening first. Pure; the kinds' manifests are handed in.

import { z } from "zod";
import { holdsKey } from "../core/record";
import { compareNames, keyType, nameOf, stackOf, type Document, type State, type Step } from "../preview/document";
import { findingsOf, type Change } from "./change";
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
    all.flatMap(({ recorded, desired }) => (recorded === undefined && desired !== undefined ? [desired] : [])),
  );
  const named = all.map((key) => {
    const rename = pairs.get(key.urn);
    if (rename === undefined) return key;
    // It can do what the one before could, no more: what is told of a new key isn't wider here.
    const findings = key.findings.map((finding): Finding => (finding.effect === "widens" ? { ...finding, effect: "other" } : finding));
    return { ...key, findings: [...findings, rename.finding] };
  });
  const keys = named.map((key) => ({ ...key, findings: key.findings.toSorted((one, other) => rank(one) - rank(other)) }));
  const told = keys.filter(({ findings }) => findings.length > 0).toSorted(worstFirst);
  const shown = document.steps.filter(({ op }) => op === "same").length;
  return {
    stack: stackOf(document.steps[0]?.urn),
    keys: told,
    same: keys.filter(({ findings }) => findings.length === 0).toSorted(byName),
    partial: (document.summary["same"] ?? 0) > shown,
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

const QUIET: readonly string[] = ["same", "refresh", "read", "read-discard", "discard-replaced", "remove-pending-replace"];
const KNOWN: readonly string[] = [...QUIET, "create", "update", "delete", "replace", "import"];

/** What takes a resource away, or a former one in a replacement. */
const ENDING = /^(?:delete|replace$)/;

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

function judged(plan: Plan, kindOf: KindOf, ended: ReadonlySet<string>): KeyReview {
  const { urn, op, was, is } = plan;
  const goes = was !== undefined && (op === "delete" || op === "replace");
  const kept = goes ? lettingGo(was, ended) : undefined;
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
    ends: was !== undefined && op !== "same" ? 1 : 0,
    findings: [
      { rule: "plan-unreadable", effect: "widens", words: [why] },
      ...optionFindings(was, op === "delete" ? undefined : is, [], kept),
    ],
  });
  if (!KNOWN.includes(op) || (was === undefined && is === undefined))
    return { ...unreadable(`is changed in a way that this release doesn't know`) };
  if (op === "import") {
    const finding: Finding = {
      rule: "imported",
      effect: "widens",
      words: ["is imported: what the key may do is what the venue says, and nothing here shows it"],
    };
    return { ...base, ends: 0, findings: [finding, ...optionFindings(was, is, [], kept)] };
  }
  // A create that failed half-way is in the state without a key.
  const held = was !== undefined && holdsKey(was.outputs);
  const recorded = held ? sideOf(was, kindOf, "recorded") : undefined;
  const desired = op === "delete" || is === undefined ? undefined : sideOf(is, kindOf, "desired");
  if (typeof desired === "string") return unreadable(desired);
  const read = typeof recorded === "string" ? undefined : recorded;
  const ends = op === "same" || kept !== undefined ? 0 : endingOf(op, was, desired);
  const change: Change = {
    replaced: op === "replace",
    ends,
    ...(read === undefined ? {} : { recorded: read }),
    ...(desired === undefined ? {} : { desired }),
  };
  const extras = Object.keys((desired ?? read)?.kind.extras ?? {});
  const own = op === "same" || (op === "delete" && read === undefined) ? [] : findingsOf(change);
  const lost: readonly Finding[] =
    typeof recorded === "string" ? [{ rule: "plan-unreadable", effect: "widens", words: [`${recorded} (as the state has it)`] }] : [];
  const gone: readonly Finding[] =
    op === "delete" && typeof recorded === "string" ? [{ rule: "revoked", effect: "danger", words: ["its key is revoked"] }] : [];
  const { recorded: one, desired: other } = change;
  return {
    ...base,
    ends,
    findings: [...lost, ...gone, ...own, ...optionFindings(was, op === "delete" ? undefined : is, extras, kept)],
    ...(one === undefined ? {} : { recorded: one }),
    ...(other === undefined ? {} : { desired: other }),
  };
}

const retiringSchema = z.array(z.object({ generation: z.number() }));

/** Keys that the plan makes dead: those of the state that have no time left by it. */
function endingOf(op: string, was: State | undefined, desired: Side | undefined): number {
  if (was === undefined || !holdsKey(was.outputs)) return 0;
  const earlier = (retiringSchema.safeParse(was.outputs["retiring"]).data ?? []).map(({ generation }) => generation);
  const current = Number(was.outputs["generation"]);
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

function worstFirst(one: KeyReview, other: KeyReview): number {
  const worst = ({ findings: [first] }: KeyReview): number => (first === undefined ? Infinity : rank(first));
  return worst(one) - worst(other) || byName(one, other);
}

function byName(one: KeyReview, other: KeyReview): number {
  return compareNames(one.name, other.name) || (one.urn < other.urn ? -1 : one.urn > other.urn ? 1 : 0);
}
