// Whether a deposit is the one that is wanted, and if not, in what it differs. Pure.

import type { Deed, Wanted } from "../core/byhand";
import type { Identity } from "../core/model";
import { quote } from "../core/quote";
import type { Deposit } from "./deposit";

/** How far in the future a deposit may be dated: clocks differ. */
const SKEW_MS = 60_000;

const DONE: Readonly<Record<Deed, string>> = {
  issued: "a new key",
  edited: "an edit",
  relabelled: "another label",
  revoked: "a revocation",
};

/**
 * Everything in which a deposit differs from what is wanted, each a sentence; empty where it counts. `now` in milliseconds.
 *
 * @example mismatch(deposit, wanted, Date.now()) // ["it is for generation 2, and generation 3 is wanted"]
 */
export function mismatch(deposit: Deposit, wanted: Wanted, now: number): readonly string[] {
  const differs = [
    other("venue", deposit.venue, wanted.venue),
    other("environment", deposit.environment, wanted.environment),
    other("account", deposit.accountId, wanted.accountId),
    ...MEMBERS.map(([member, title]) => other(title, deposit.identity[member], wanted.identity[member])),
  ];
  if (deposit.generation !== wanted.generation) {
    differs.push(`it is for generation ${deposit.generation}, and generation ${wanted.generation} is wanted`);
  }
  if (deposit.deed !== "revoked" && deposit.desired !== wanted.desired) {
    differs.push("it is for other permissions or addresses than are declared now");
  }
  for (const [member, title] of [
    ["fingerprint", "key with the fingerprint"],
    ["mark", "mark"],
    ["label", "label"],
  ] as const) {
    const want = wanted[member];
    if (want !== undefined) differs.push(other(title, deposit[member], want));
  }
  return [...differs.filter((reason) => reason !== undefined), ...untimely(deposit, now)];
}

const MEMBERS: readonly (readonly [keyof Identity, string])[] = [
  ["organization", "organization"],
  ["project", "project"],
  ["stack", "stack"],
  ["type", "resource type"],
  ["name", "resource"],
];

/** What `choose` found: the deposit that counts, or the nearest of the same resource with what is wrong with it. */
export interface Choice<D extends Deposit = Deposit> {
  readonly found?: D;
  readonly nearest?: { readonly deposit: D; readonly reasons: readonly string[] };
}

/**
 * The deposit of one of these deeds that matches; of several the latest. Where none does: the one of the same resource with the fewest
 * differences. An `edited` one counts for a relabelling too: the label is part of what was edited.
 */
export function choose<D extends Deposit>(deposits: readonly D[], deeds: Deed | readonly Deed[], wanted: Wanted, now: number): Choice<D> {
  const named = typeof deeds === "string" ? [deeds] : deeds;
  const counting: readonly Deed[] = named.includes("relabelled") ? [...named, "edited"] : named;
  const judged = deposits
    .filter(({ identity }) => MEMBERS.every(([member]) => identity[member] === wanted.identity[member]))
    .map((deposit) => {
      const unasked = counting.includes(deposit.deed) ? [] : [`it attests ${DONE[deposit.deed]}, and ${listed(named)} is wanted`];
      return { deposit, reasons: [...unasked, ...mismatch(deposit, wanted, now)] };
    })
    .sort((one, two) => one.reasons.length - two.reasons.length || Date.parse(two.deposit.at) - Date.parse(one.deposit.at));
  const [first] = judged;
  if (first === undefined) return {};
  return first.reasons.length === 0 ? { found: first.deposit } : { nearest: first };
}

function untimely({ at, endsAt }: Deposit, now: number): readonly string[] {
  if (now >= Date.parse(endsAt)) return [`it ended at ${endsAt}`];
  return Date.parse(at) > now + SKEW_MS ? [`it is dated ${at}, which is still to come`] : [];
}

function other(title: string, is: string, want: string): string | undefined {
  return is === want ? undefined : `it is for ${title} ${quote(is)}, and ${quote(want)} is wanted`;
}

function listed(deeds: readonly Deed[]): string {
  return deeds.map((deed) => DONE[deed]).join(" or ");
}
