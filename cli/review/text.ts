// A review for a terminal: the verdict, then each key with what happens to it, worst first.

import { verdictOf, type Effect, type Review } from "pulumi-exchange-keys/review";
import { plain } from "./shown";
import { remarks } from "./remarks";

const SIGN: Readonly<Record<Effect, string>> = { widens: "!", danger: "?", narrows: "-", other: "." };

export function reviewText(review: Review): string {
  const lines = [plain(verdictOf(review)), ""];
  for (const { name, kind, op, findings } of review.keys) {
    lines.push(`${plain([{ given: name }])}  ${plain([kindWord(kind)])}, ${plain([kindWord(op)])}`);
    for (const { effect, words } of findings) lines.push(`  ${SIGN[effect]} ${plain(words)}`);
  }
  if (review.keys.length > 0) lines.push("", "! widens   ? look twice   - narrows   . the rest");
  lines.push(...remarks(review).map(plain));
  return `${lines.join("\n").trimEnd()}\n`;
}

function kindWord(text: string) {
  return /^[\w -]+$/.test(text) ? text : { given: text };
}
