// A key's label at its venue: the user's own text and our mark, by which a key is found whose answer was lost. No name goes in.

/** What a venue lets stand in a label, as documented. The digits 0-9a-f and the separator are in every alphabet. */
export interface LabelLimits {
  /** Characters. */
  readonly max: number;
  /** Fits a whole text that the venue takes. */
  readonly alphabet: RegExp;
  /** Between the text and the mark. */
  readonly separator: string;
}

/** Hex digits of a mark in a label: 64 bits. Short, since one venue's labels have 16 characters. */
export const MARK_DIGITS = 16;

/** How long the user's own text may be. */
export function room({ max, separator }: LabelLimits): number {
  return Math.max(0, max - MARK_DIGITS - separator.length);
}

/** Why a text can't be in a label, or undefined where it can. It is never cut. */
export function labelProblem(text: string, limits: LabelLimits): string | undefined {
  const most = room(limits);
  if (most === 0) return "the venue's labels have room for our mark alone; leave it out";
  if (text.length > most) return `it has ${text.length} characters, and beside our mark the venue allows ${most}; shorten it`;
  if (!limits.alphabet.test(text))
    return `the venue's labels don't take all of its characters (${String(limits.alphabet)}); write it with those`;
  return undefined;
}

/**
 * The label with the mark at its end. Throws where it doesn't fit, which `check` has refused before.
 *
 * @example compose("hedge", "9f86d081884c7d65", { max: 24, alphabet: /^[\w-]+$/, separator: "-" }) // hedge-9f86d081884c7d65
 */
export function compose(text: string | undefined, mark: string, limits: LabelLimits): string {
  const label = text === undefined ? mark : `${text}${limits.separator}${mark}`;
  if (label.length > limits.max || !limits.alphabet.test(label) || markIn(label, limits) !== mark) {
    throw new Error(`the mark doesn't fit into a label of ${limits.max} characters`);
  }
  return label;
}

/** The mark at the end of a label, or undefined where it has none. */
export function markIn(label: string, { separator }: Pick<LabelLimits, "separator">): string | undefined {
  const before = label.slice(0, -MARK_DIGITS);
  const mark = label.slice(-MARK_DIGITS);
  return /^[0-9a-f]{16}$/.test(mark) && (before === "" || before.endsWith(separator)) ? mark : undefined;
}

/** The user's own text: what stands before our mark, or all of a label that lost it. Undefined where there is none. */
export function textIn(label: string, limits: Pick<LabelLimits, "separator">): string | undefined {
  if (markIn(label, limits) === undefined) return label === "" ? undefined : label;
  const text = label.slice(0, -MARK_DIGITS - limits.separator.length);
  return text === "" ? undefined : text;
}
