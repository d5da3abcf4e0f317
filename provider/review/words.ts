// What a review says: findings in words, with what others wrote kept apart from ours, so that each format can make it harmless.

/** Ours as text; what a program or a plan holds as `given`. `whole`: a line to paste, harmless everywhere as it is: never cut or escaped. */
export type Word = string | { readonly given: string; readonly whole?: true };
export type Words = readonly Word[];

/** Stable ids: code scanning and filters of pipelines count on them. In the order in which findings are told. */
export const RULES = {
  "gains-withdraw": "A key may withdraw, and couldn't before",
  "gains-administer": "A key may change or make keys, or what it may do isn't documented or known, and this was not so before",
  "plan-unreadable": "What a resource lets someone do can't be told from the plan",
  "gains-power": "A key has another power",
  "gains-grant": "A key has another permission, within the powers that it had",
  unbound: "A key may be used from anywhere",
  "gains-address": "A key may be used from more addresses",
  "longer-lifetime": "A key lives longer, or is renewed more rarely",
  "not-known": "A value isn't known until up",
  renamed: "A resource is renamed without an alias, which revokes a live key",
  retained: "A key is let go of without being revoked",
  "unmanaged-changes": "Changes of what decides safety are ignored, or replace the key",
  unprotected: "The protection of a resource is taken away",
  "secrets-shown": "Outputs that were secret are so no more",
  imported: "A resource is imported",
  reissued: "A key gets a successor",
  revoked: "A key is revoked",
  "loses-power": "A key loses a power or a permission",
  "loses-address": "A key may be used from fewer addresses",
  "shorter-lifetime": "A key lives shorter, or is renewed more often",
  moved: "A key is replaced by one of another account, sub-account or label",
  "changed-input": "Another input changes that decides what a key is",
  unverified: "What the venue lets nobody read back",
  described: "Label, holder and other inputs change that let nobody do more",
} as const;

export type Rule = keyof typeof RULES;

/** What it does to what someone can do. `danger`: it hides or ends something. */
export type Effect = "widens" | "danger" | "narrows" | "other";

export interface Finding {
  readonly rule: Rule;
  readonly effect: Effect;
  /** After the resource's name: `may now withdraw; was: read, trade`. */
  readonly words: Words;
}

const ORDER = Object.keys(RULES) as readonly Rule[];
const EFFECTS: readonly Effect[] = ["widens", "danger", "narrows", "other"];

/** Widening first, worst first. */
export function rank({ rule, effect }: Pick<Finding, "rule" | "effect">): number {
  return EFFECTS.indexOf(effect) * 100 + ORDER.indexOf(rule);
}

export function given(text: string): Word {
  return { given: text };
}

/** Words joined: `a, b`. */
export function listed(all: readonly Word[], between = ", "): Words {
  return all.flatMap((word, index) => (index === 0 ? [word] : [between, word]));
}
