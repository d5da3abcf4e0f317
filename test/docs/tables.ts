// docs/venues.md and docs/errors.md, made from the tables that the provider itself goes by.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { ABILITIES, type Ability, type KindManifest, type Manifest } from "../../provider/core/capability";
import { formatDuration } from "../../provider/core/duration";
import { CATALOGUE, type ErrorCode } from "../../provider/core/errors";
import { POWERS } from "../../provider/core/powers";
import { VENUES } from "../../provider/venues/registry";
import { root } from "./pages";

export const MADE = "<!-- Made from the tables in provider/ by `npm run docs`; a test compares. -->\n<!-- prettier-ignore-start -->";
export const END = "<!-- prettier-ignore-end -->\n";

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export const code = (text: string): string => `\`${text}\``;

/** What each venue's documented API can do, kind by kind. */
export function venuesPage(): string {
  const parts = Object.values(VENUES).map((entry) => venuePart(entry.manifest()));
  return [
    "# Venues",
    MADE,
    "What each exchange's documented API can do with each kind of key, by its own documentation: **can**, **partly** or **cannot**, where that stands\nwritten and when it was read. What a documentation leaves open is at most **partly**; what isn't listed is **cannot**. Nothing here was tried at an exchange.",
    matrix(),
    ...parts,
    END,
  ].join("\n\n");
}

/** Every kind of key beside every other. */
function matrix(): string {
  const kinds = Object.values(VENUES).flatMap((entry) => {
    const { title, kinds: all } = entry.manifest();
    return Object.entries(all).map(([name, kind]) => ({ title: `${title} ${name}`, kind }));
  });
  const rows = (Object.keys(ABILITIES) as Ability[]).map((ability) => [
    ABILITIES[ability],
    ...kinds.map(({ kind }) => kind.capabilities[ability]?.answer ?? "cannot"),
  ]);
  return [
    "## All of them",
    table(["to", ...kinds.map(({ title }) => title)], rows),
    "Reasons, sources and dates follow, venue by venue.",
  ].join("\n\n");
}

function venuePart(manifest: Manifest): string {
  const hosts = Object.entries(manifest.environments).flatMap(([environment, named]) =>
    Object.entries(named).map(([name, host]) => [code(environment), name, code(host)]),
  );
  const limits = Object.entries(manifest.limits).map(([group, { requests, perMs }]) => [
    code(group),
    String(requests),
    formatDuration(perMs / 1000),
  ]);
  return [
    `## ${manifest.title}`,
    `Word in configuration and types: ${code(manifest.id)}. Its grants: [permissions](permissions/${manifest.id}.md); its dialect in the sandbox: [sandbox](${existsSync(join(root, `docs/sandbox/${manifest.id}.md`)) ? `sandbox/${manifest.id}.md` : "sandbox.md"}).

A managing credential has ${manifest.credential.map(code).join(", ")}.${nonces(manifest)}`,
    table(["environment", "host", "address"], [...hosts, [code("sandbox"), "all", "the account's `address` on loopback"]]),
    ...headers(manifest),
    "Requests that the provider allows itself, for each account:",
    table(["group", "requests", "in"], limits),
    ...Object.entries(manifest.kinds).map(([name, kind]) => kindPart(name, kind)),
  ].join("\n\n");
}

function nonces({ nonceUnit }: Manifest): string {
  return nonceUnit === undefined ? "" : ` Nonces are counted in ${code(nonceUnit)} unless the account says otherwise.`;
}

function headers({ headers: named = {} }: Manifest): readonly string[] {
  return Object.entries(named).map(([environment, pairs]) => {
    const said = Object.entries(pairs).map(([name, value]) => code(`${name}: ${value}`));
    return `Each request of ${code(environment)} has ${said.join(", ")}.`;
  });
}

function kindPart(name: string, kind: KindManifest): string {
  const { capabilities, ips, lifetime, extras } = kind;
  const abilities = (Object.keys(ABILITIES) as Ability[]).map((ability) => {
    const row = capabilities[ability];
    if (row === undefined) return [ABILITIES[ability], "cannot", "", "", ""];
    return [ABILITIES[ability], row.answer, row.answer === "can" ? "" : row.reason, row.source, row.verified];
  });
  const least = POWERS.filter((power) => power !== "unknown").map((power) => {
    const found = kind.least([power], []);
    return [power, "refused" in found ? found.refused : code(JSON.stringify(found.inputs))];
  });
  const list = `IP list: ${ips.max === undefined ? "no number is documented" : ips.max === 1 ? "one address" : `up to ${ips.max} entries`}, ${ips.ranges ? "ranges too" : "no ranges"}, ${ips.ipv6 ? "IPv4 and IPv6" : "IPv4 alone"}; or "anywhere".`;
  const life =
    lifetime === undefined
      ? "It lives until it is revoked."
      : lifetime.only === undefined
        ? `Lifetime: ${formatDuration(lifetime.minSeconds)} to ${formatDuration(lifetime.maxSeconds)}.`
        : `Lifetime: ${[...lifetime.only, ...(lifetime.never === true ? ["never"] : [])].map((word) => code(word)).join(", ")}.`;
  const more = Object.keys(extras).map(code).join(", ");
  const unverified = Object.keys(kind.unverified({ "203.0.113.10": "" }));
  return [
    `### ${name}`,
    `${kind.title}. ${list} ${life}${more === "" ? "" : ` Inputs of its own: ${more}.`}${unverified.length === 0 ? "" : ` Of a key with an IP list nobody can read back: ${unverified.map(code).join(", ")}.`}`,
    table(["to", "answer", "why", "source", "read"], abilities),
    "The least that a program writes for a power:",
    table(["power", "inputs"], least),
  ].join("\n\n");
}

/** One row of a venue's error table, as each venue's wire.ts exports it. */
export interface CodeRow {
  readonly venueCode?: number | string;
  readonly message?: RegExp;
  readonly code: ErrorCode;
  readonly transient?: boolean;
  readonly cause: string;
  readonly wayOut: string;
  readonly source: string;
}

export function codesOf(venue: string): readonly CodeRow[] {
  return (require(join(root, "provider/venues", venue, "wire.ts")) as { CODES: readonly CodeRow[] }).CODES;
}

const BRANCHES = {
  refused: "The venue said no. What was asked had no effect.",
  unknown: "We don't know: no answer, or one that proves nothing. Nothing is taken for done or for gone.",
  invalid: "Refused before or without the venue's word, or a check of ours failed.",
} as const;

/** Every code that an error can have, and how each venue's own errors become one of them. */
export function errorsPage(): string {
  const branches = (Object.keys(BRANCHES) as (keyof typeof BRANCHES)[]).map((branch) => {
    const rows = Object.entries(CATALOGUE).filter(([, row]) => row.branch === branch);
    return [
      `## ${branch}`,
      BRANCHES[branch],
      table(
        ["code", "meaning"],
        rows.map(([name, { meaning }]) => [code(name), meaning]),
      ),
    ].join("\n\n");
  });
  const venues = Object.keys(VENUES).map((id) => {
    const rows = codesOf(id).map((row) => [
      row.venueCode === undefined ? "any" : code(String(row.venueCode)),
      row.message === undefined ? "any" : code(String(row.message)),
      code(row.code),
      row.transient ? "yes" : "",
      `${row.cause}; ${row.wayOut}`,
      row.source,
    ]);
    const title = VENUES[id]!.manifest().title;
    return [
      `## Errors of ${title}`,
      "The first row that fits counts. `again` says that a read is tried again, and a write too, since the refusal proves that it had no effect.",
      table(["its code", "its text", "our code", "again", "message", "source"], rows),
    ].join("\n\n");
  });
  return [
    "# Errors",
    MADE,
    "Every error reads `venue: operation: cause; way out`, names its environment unless that is production, and holds no secret. In programs and tests its\n`code` is one of these.",
    ...branches,
    ...venues,
    END,
  ].join("\n\n");
}
