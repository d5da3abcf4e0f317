// The one sentence of a review, and the conditions on which a pipeline stops. Apart from the findings: they only count those.

import { isNew, type KeyReview, type Review } from "./review";
import { placeOf } from "./side";
import { given, type Effect, type Words } from "./words";

export const CONDITIONS = ["widen", "withdraw", "anywhere", "unverified"] as const;

/** `revoke>2` is `{ revoke: 2 }`. */
export type Condition = (typeof CONDITIONS)[number] | { readonly revoke: number };

/** The first line: the worst that happens, and how much besides. */
export function verdictOf({ keys }: Review): Words {
  const count = (effect: Effect): number => keys.filter(({ findings: [first] }) => first?.effect === effect).length;
  const [first] = keys;
  const finding = first?.findings[0];
  if (first === undefined || finding === undefined) return ["No key changes."];
  const ends = revoked(keys);
  const tally = [
    `${keys.length} ${keys.length === 1 ? "key" : "keys"} in the plan`,
    ...(count("widens") > 0 ? [`${count("widens")} wider`] : []),
    ...(ends > 0 ? [`${ends} revoked`] : []),
  ];
  const head: Record<Effect, string> = {
    widens: "Widens: ",
    danger: "Look twice: ",
    narrows: "Nothing widens: ",
    other: "Nothing widens: ",
  };
  return [head[finding.effect], given(first.name), " ", ...finding.words, ` — ${tally.join(", ")}.`];
}

/** Keys that end at their venues. */
export function revoked(keys: readonly KeyReview[]): number {
  return keys.reduce((sum, { ends }) => sum + ends, 0);
}

/** The plan holds something that nobody can tell from it. */
export function unread({ keys }: Review): boolean {
  return keys.some(({ findings }) => findings.some(({ rule }) => rule === "plan-unreadable" || rule === "imported"));
}

/** Those of the conditions that are met, in the order given. What isn't known may be the worst, so it meets all that it may be. */
export function met({ keys, ...rest }: Review, conditions: readonly Condition[]): readonly Condition[] {
  const blind = unread({ keys, ...rest });
  const any = (holds: (key: KeyReview) => boolean): boolean => blind || keys.some(holds);
  return conditions.filter((condition) => {
    if (typeof condition === "object") return revoked(keys) > condition.revoke;
    switch (condition) {
      case "widen":
        return any(widens);
      case "withdraw":
        return any((key) => key.findings.some(({ rule }) => rule === "gains-withdraw") || mayBeAny(key));
      case "anywhere":
        return any(
          (key) => (widens(key) || isNew(key)) && (key.desired?.allowedIps === undefined || key.desired.allowedIps === "anywhere"),
        );
      case "unverified":
        return any(({ findings, desired }) => findings.some(({ rule }) => rule === "unverified") && desired?.acknowledged !== true);
    }
  });
}

function widens({ findings }: KeyReview): boolean {
  return findings.some(({ effect }) => effect === "widens");
}

function mayBeAny({ desired, recorded }: KeyReview): boolean {
  if (desired?.powers === undefined) return desired !== undefined;
  if (desired.powers.unknown === undefined) return false;
  return recorded?.powers?.unknown === undefined || placeOf(recorded) !== placeOf(desired);
}

/** `widen`, `revoke>0`; undefined for what is no condition. */
export function conditionOf(text: string): Condition | undefined {
  const [, most] = /^revoke>(\d{1,6})$/.exec(text) ?? [];
  if (most !== undefined) return { revoke: Number(most) };
  return CONDITIONS.find((name) => name === text);
}
