// A review as a comment on a pull request: the same text for the same plan, found again by its first, hidden line.

import { verdictOf, worstFirst, type Effect, type Review } from "pulumi-exchange-keys/review";
import { code, marked } from "./shown";
import { remarks } from "./remarks";

/** A comment that begins with it is a former review: it may be replaced. */
export const MARKER = "<!-- exchange-keys review -->";

/** A comment on GitHub may have 65,536 characters; what is cut off is said. */
const MOST = 60_000;

const TITLES: Readonly<Record<Effect, string>> = { widens: "Widens", danger: "Look twice", narrows: "Narrows", other: "The rest" };

/** One line may have so many: a list of a thousand addresses must leave room for the other keys. */
const LINE = 4_000;

export function reviewMarkdown(review: Review): string {
  const lines: string[] = [MARKER, `**${marked(verdictOf(review), LINE)}**`, ""];
  const tables = new Map<Effect, string[]>();
  let size = lines.join("\n").length;
  const all = worstFirst(review);
  // What doesn't fit ends it, whatever is shorter below: nothing stands there in place of something worse.
  let shown = 0;
  for (const { key, finding } of all) {
    const row = `| ${code(key.name)} | ${code(key.kind)} | ${marked(finding.words, LINE)} |`;
    if (size + row.length + 1 > MOST) break;
    size += row.length + 1;
    shown += 1;
    const rows = tables.get(finding.effect);
    if (rows === undefined) tables.set(finding.effect, [row]);
    else rows.push(row);
  }
  for (const [effect, rows] of tables) lines.push(`### ${TITLES[effect]}`, "", HEAD, "| --- | --- | --- |", ...rows, "");
  const left = all.length - shown;
  if (left > 0) lines.push(`**${left} more lines don't fit into a comment: \`exchange-keys review\` prints them all.**`, "");
  lines.push(...remarks(review).map((words) => `- ${marked(words, LINE)}`));
  return `${lines.join("\n").trimEnd()}\n`;
}

const HEAD = "| key | kind | what happens |";
