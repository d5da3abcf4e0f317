// Text of a program or a venue in Markdown: shown as it is, whatever it holds. Apart, since whoever can name a key could otherwise write a report.

/** Longer ones are cut: a report has a limit, and a name of a megabyte says nothing. */
const LONGEST = 200;

/** Code, on one line: nothing in it is markup, a mention, a link or HTML. Characters that hide or turn round text are shown as `?`. */
export function code(text: string): string {
  const line = short(text.replace(/\s+/g, " ").trim()).replace(/[^\P{C}]/gu, "?");
  if (line === "") return "`?`";
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  // A backtick at an end would join the fence.
  const [before, after] = [line.startsWith("`") ? " " : "", line.endsWith("`") ? " " : ""];
  return `${fence}${before}${line}${after}${fence}`;
}

/** A sentence of ours or of the provider's, in which a name may stand: no markup, mention or HTML comes of it. */
export function prose(text: string): string {
  const line = text.replace(/\s+/g, " ").replace(/[^\P{C}]/gu, "?");
  return line
    .replace(/[\\`*_{}[\]()<>#+|~!&$]/g, (sign) => `\\${sign}`)
    .replace(/@/g, "@\u200b")
    .replace(/:\/\//g, ":\u200b//");
}

/** A hidden line by which a bot finds again what it wrote; the same for the same parts. */
export function marker(...parts: readonly string[]): string {
  return `<!-- ${parts.map((part) => encodeURIComponent(part).replace(/-/g, "%2D")).join(" ")} -->`;
}

function short(text: string): string {
  const signs = [...text];
  return signs.length <= LONGEST ? text : `${signs.slice(0, LONGEST).join("")}…`;
}
