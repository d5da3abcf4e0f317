// Scopes of keys and tokens: words such as `trade:read_write`, and what they allow. Apart, because keys, tokens and the
// check of every request must agree. Source: docs.deribit.com/articles/access-scope

import type { Switches } from "../../switches";
import type { DeribitSwitches } from "./switches";

/** Areas of `max_scope`; `block_rfq` stands in the description of answers, `custody` in an article. */
export const AREAS = ["account", "block_rfq", "block_trade", "custody", "trade", "wallet"] as const;
const LEVELS = ["none", "read", "read_write"] as const;

/** Every word that the desk takes. */
export const WORDS: readonly string[] = AREAS.flatMap((area) => LEVELS.map((level) => `${area}:${level}`));

/** 0 none, 1 read, 2 read_write; whatever isn't named is none. */
export function levelOf(words: readonly string[], area: string): number {
  return Math.max(0, ...LEVELS.map((level, index) => (words.includes(`${area}:${level}`) ? index : 0)));
}

/** Whether the words allow `area:read` or `area:read_write`. */
export function allows(words: readonly string[], need: string): boolean {
  const [area = "", level = ""] = need.split(":");
  return levelOf(words, area) >= LEVELS.indexOf(level as (typeof LEVELS)[number]);
}

/** Whether `words` give nothing that `ceiling` doesn't. Source: docs, "Creating/editing/removing API Keys" */
export function within(words: readonly string[], ceiling: readonly string[]): boolean {
  return AREAS.every((area) => levelOf(words, area) <= levelOf(ceiling, area));
}

/** What both have. */
export function common(one: readonly string[], other: readonly string[]): string[] {
  return AREAS.flatMap((area) => {
    const level = Math.min(levelOf(one, area), levelOf(other, area));
    return level > 0 ? [`${area}:${LEVELS[level]}`] : [];
  });
}

/** What the words give, in the order of {@link AREAS}. */
export function granted(words: readonly string[]): string[] {
  return common(words, words);
}

/** The words of a `max_scope` as it was sent, or what is wrong with it. */
export function scopeOf(value: unknown, switches: Switches<DeribitSwitches>): { words: string[] } | { wrong: string } {
  const takes = switches.get("maxScopeTakes");
  const isText = typeof value === "string";
  if (!isText && !(Array.isArray(value) && value.every((word) => typeof word === "string"))) return { wrong: "neither text nor array" };
  if (takes !== "either" && takes !== (isText ? "string" : "array")) return { wrong: "wrong type" };
  const words: string[] = isText ? value.split(" ").filter((word) => word !== "") : value;
  const known = (word: string): boolean => WORDS.includes(word) && (word !== "custody:read_write" || switches.get("custodyWrite"));
  if (!words.every(known)) return { wrong: "no such scope" };
  if (new Set(words.map((word) => word.split(":")[0])).size !== words.length) return { wrong: "a scope twice" };
  const bare = switches.get("bareScope");
  const nothing = granted(words).length === 0;
  if (nothing && (bare === "refused" || (bare === "words-only" && words.length === 0))) return { wrong: "no scope" };
  return { words };
}

/** The text of `max_scope` in answers: the words in another order than they were sent. */
export function scopeText(words: readonly string[], switches: Switches<DeribitSwitches>): string {
  const shown = switches.get("noneShown") ? [...words] : words.filter((word) => !word.endsWith(":none"));
  return (switches.get("scopeOrder") === "sorted" ? shown.sort() : [...shown.slice(1), ...shown.slice(0, 1)]).join(" ");
}
