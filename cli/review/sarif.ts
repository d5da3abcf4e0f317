// A review as SARIF 2.1.0, for code scanning. A plan has no lines: a finding stands where the program makes its key, or at Pulumi.yaml.

import { createHash } from "node:crypto";
import { RULES, verdictOf, worstFirst, type Effect, type Review, type Rule } from "pulumi-exchange-keys/review";
import { plain } from "./shown";

const LEVEL: Readonly<Record<Effect, "error" | "warning" | "note">> = {
  widens: "error",
  danger: "warning",
  narrows: "note",
  other: "note",
};

/** Code scanning takes so many results of one run. */
const MOST = 5_000;

export function reviewSarif(review: Review, version: string): string {
  const all = worstFirst(review);
  const results = all.slice(0, MOST).map(({ key: { name, urn, place, findings }, finding, index }) => {
    const { rule, effect, words } = finding;
    return {
      ruleId: rule,
      ruleIndex: IDS.indexOf(rule),
      level: LEVEL[effect],
      message: { text: message(`${plain([{ given: name }])} ${plain(words)}`) },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: place?.file ?? "Pulumi.yaml" },
            region: { startLine: place?.line ?? 1 },
          },
          logicalLocations: [{ name: plain([{ given: name }]), kind: "resource" }],
        },
      ],
      // Stays the same while the same finding stands, wherever its line moves to.
      partialFingerprints: {
        "exchangeKeys/v1": hash([urn, rule, String(findings.slice(0, index).filter((other) => other.rule === rule).length)]),
      },
    };
  });
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "exchange-keys", semanticVersion: version, rules: IDS.map(ruleOf) } },
        columnKind: "utf16CodeUnits",
        properties: { verdict: plain(verdictOf(review)), left: Math.max(all.length - MOST, 0) },
        results,
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

/** In a message a bracket begins a link, and a backslash says that it doesn't (SARIF 2.1.0, 3.11.6). */
function message(text: string): string {
  return text.replace(/[\\[\]]/g, "\\$&");
}

const IDS = Object.keys(RULES) as readonly Rule[];

function ruleOf(id: Rule) {
  return { id, shortDescription: { text: RULES[id] }, properties: { tags: ["security"] } };
}

function hash(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
