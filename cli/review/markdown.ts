// A review as a comment on a pull request: the same text for the same plan, found again by its first, hidden line.

import { verdictOf, type Effect, type KeyReview, type Review } from "pulumi-exchange-keys/review";
import { code, marked } from "./shown";
import { remarks } from "./remarks";

/** A comment that begins with it is a former review: it may be replaced. */
export const MARKER = "<!-- exchange-keys review -->";

/** A comment on GitHub may have 65,536 characters; what is cut off is said. */
const MOST = 60_000;

const TITLES: Readonly<Record<Effect, string>> = { widens: "Widens", danger: "Look twice", narrows: "Narrows", other: "The rest" };

export function reviewMarkdown(review: Review): string {
  const lines: string[] = [MARKER, `**${marked(verdictOf(review))}**`, ""];
  let size = lines.join("\n").length;
  let left = 0;
  for (const [effect, title] of Object.entries(TITLES)) {
    const rows = rowsOf(review.keys, effect as Effect);
    if (rows.length === 0) continue;
    const head = [`### ${title}`, "", "| key | kind | what happens |", "| --- | --- | --- |"];
    const fitting = rows.filter((row) => {
      const fits = size + row.length + 1 < MOST;
      size += fits ? row.length + 1 : 0;
      return fits;
    });
    left += rows.length - fitting.length;
    if (fitting.length > 0) lines.push(...head, ...fitting, "");
  }
  if (left > 0) lines.push(`**${left} more lines don't fit into a comment: \`exchange-keys review\` prints them all.**`, "");
  lines.push(...remarks(review).map((words) => `- ${marked(words)}`));
  return `${lines.join("\n").trimEnd()}\n`;
}

function rowsOf(keys: readonly KeyReview[], effect: Effect): readonly string[] {
  return keys.flatMap(({ name, kind, findings }) =>
    findings.filter((finding) => finding.effect === effect).map(({ words }) => `| ${code(name)} | ${code(kind)} | ${marked(words)} |`),
  );
}
