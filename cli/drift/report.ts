// The answer for a person, for an issue, and for a program. The same answer is always the same text, so that an issue changes only where it does.

import { count } from "../count";
import { code, marker, prose } from "../markdown";
import { harmless } from "../terminal/text";
import { plain, widens, type Finding, type Kind, type Part } from "./finding";
import type { Answer } from "./verdict";

export const FORMATS = ["text", "markdown", "json"] as const;
export type Format = (typeof FORMATS)[number];

/** GitHub takes 65,536 characters. */
const MOST = 60_000;

export function report(answer: Answer, format: Format): string {
  return { text: asText, markdown: asMarkdown, json: asJson }[format](answer);
}

/** What stands over each kind; nothing stands over drift, which comes first. */
const HEADS: Readonly<Record<Kind, string>> = {
  drift: "Changed at the venue",
  unknown: "Not known",
  pending: "Not applied yet: the program wants it, and the state doesn't have it",
  due: "Only due, no difference: the next up sees to it",
  ignored: "Held against the state alone: the program ignores changes of it (ignoreChanges)",
};

function asText(answer: Answer): string {
  const lines = answer.findings.length === 0 || answer.verdict === "same" ? [`${headline(answer)}.`] : [];
  for (const [kind, findings] of grouped(answer)) {
    if (lines.length > 0 || kind !== "drift") lines.push(`${lines.length > 0 ? "\n" : ""}${HEADS[kind]}:`);
    lines.push(...findings.map((finding) => harmless(`${title(answer, finding)}: ${plain(finding.says)}`.replace(/\n/g, " "))));
  }
  if (answer.verdict !== "same" && answer.findings.length > 0) lines.push("", `${headline(answer)}.`);
  return `${[...lines, ...answer.reasons.map((reason) => harmless(reason)), ...others(answer, harmless)].join("\n")}\n`;
}

function asMarkdown(answer: Answer): string {
  const head = [marker("exchange-keys drift", answer.stack), `### ${headline(answer)}`, ""];
  const foot = [...answer.reasons.map((reason) => `- ${prose(reason)}`), ...others(answer, code)];
  const lines: string[] = [];
  let left = MOST - [...head, ...foot].join("\n").length;
  let untold = 0;
  for (const [kind, findings] of grouped(answer)) {
    lines.push(`**${HEADS[kind]}**`, "");
    for (const finding of findings) {
      const line = `- ${code(title(answer, finding))}: ${finding.says.map(marked).join("")}`;
      left -= line.length + 1;
      if (left > 0) lines.push(line);
      else untold += 1;
    }
    lines.push("");
  }
  if (untold > 0) lines.push(`${untold} more lines have no room here; exchange-keys drift prints them.`, "");
  return `${[...head, ...lines, ...foot].join("\n").trimEnd()}\n`;
}

function marked(part: Part): string {
  return typeof part === "string" ? prose(part) : code(part.quoted);
}

function asJson({ findings, ...answer }: Answer): string {
  const told = findings.map(({ says, ...finding }) => ({ ...finding, widens: widens(finding.about), text: plain(says) }));
  return `${JSON.stringify({ ...answer, findings: told })}\n`;
}

function headline({ verdict, keys, findings, stack }: Answer): string {
  const of = stack === "" ? "" : ` of ${stack}`;
  if (verdict === "same")
    return keys === 0 ? `There are no keys${of}` : `${count(keys, "key")}${of} ${keys === 1 ? "is" : "are"} as declared`;
  const differing = new Set(findings.filter(({ kind }) => kind === "drift" || kind === "pending").map(({ urn }) => urn)).size;
  if (verdict === "unknown" && differing === 0) return `Whether keys${of} have drifted isn't known`;
  const differ = `${differing} of ${count(keys, "key")}${of} ${differing === 1 ? "differs" : "differ"}`;
  return verdict === "unknown" ? `${differ}; whether others do isn't known` : differ;
}

function others({ foreign }: Answer, shown: (name: string) => string): readonly string[] {
  if (foreign.length === 0) return [];
  const names = foreign.slice(0, 5).map(shown).join(", ");
  const more = foreign.length > 5 ? ", …" : "";
  return [
    "",
    `${count(foreign.length, "other resource")} of the stack ${foreign.length === 1 ? "differs" : "differ"} too, not judged here: ${names}${more}`,
  ];
}

function grouped({ findings }: Answer): readonly (readonly [Kind, readonly Finding[]])[] {
  const kinds = [...new Set(findings.map(({ kind }) => kind))];
  return kinds.map((kind) => [kind, findings.filter((finding) => finding.kind === kind)] as const);
}

/** The key's name; with its type where another kind of key has the same one. */
function title({ findings }: Answer, { urn, name, type }: Finding): string {
  return findings.some((other) => other.name === name && other.urn !== urn) ? `${name} (${type})` : name;
}
