// How a review shows what a program or a plan holds: harmless in a terminal, in Markdown and in HTML. One rule for all formats.

import type { Words } from "pulumi-exchange-keys/review";

const LONGEST = 160;

/**
 * Text with everything escaped that isn't plain: control characters, what turns the direction of writing, look-alike letters, and the signs
 * that Markdown and HTML read (backticks, pipes, brackets of tags, ampersands, at-signs outside of addresses, backslashes) or the log of a
 * pipeline (`##[error]`). Cut after 160 characters.
 *
 * @example harmless("a`b\n") // a\u0060b\u000a
 */
export function harmless(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  const escaped = cut.replace(/[^\x20-\x7e]|[`|<>&@\\]|#(?=#)/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return escaped.trim() === "" ? JSON.stringify(escaped) : escaped;
}

/** A sentence for a terminal: what others wrote stands in quotes, but for plain words such as addresses and permissions. */
export function plain(words: Words): string {
  return words.map((word) => (typeof word === "string" ? word : word.whole === true ? word.given : quoted(word.given))).join("");
}

/** What begins with a colon is no plain word: `::error::` at the beginning of a line is a command to GitHub Actions. */
function quoted(text: string): string {
  const shown = harmless(text);
  return /^[\w./*+-][\w.:/*+-]*$/.test(shown) ? shown : `"${shown}"`;
}

/** A sentence in Markdown: what others wrote stands in code, where no mention, link or tag is read. Beyond `most` characters it ends between two words. */
export function marked(words: Words, most: number): string {
  let text = "";
  for (const word of words) {
    const next = typeof word === "string" ? word : word.whole === true ? `\`${word.given}\`` : code(word.given);
    if (text.length + next.length > most) return `${text} … (\`exchange-keys review\` prints it all)`;
    text += next;
  }
  return text;
}

export function code(text: string): string {
  return `\`${harmless(text).trim()}\``;
}
