// docs/permissions/<venue>.md, made from each venue's table of grants.

import { type KindManifest } from "../../provider/core/capability";
import { MEANINGS, POWERS, type PowerRow } from "../../provider/core/powers";
import { VENUES } from "../../provider/venues/registry";
import { code, END, MADE, table } from "./tables";

/** What each grant of a venue lets its holder do. */
export function permissionsPage(id: string): string {
  const { title, kinds } = VENUES[id]!.manifest();
  return [
    `# Permissions of ${title}`,
    MADE,
    "Each grant in the venue's own words, what it lets its holder do, and the power that this is at every venue. Powers of a key follow from all of its grants together, so that a\nkey may have more than its grants one by one, or less. A grant that isn't here has the power `unknown`, which counts as `administer`.",
    ...Object.entries(kinds).map(([name, kind]) => part(name, kind)),
    "## Powers",
    table(
      ["power", "lets its holder"],
      POWERS.map((power) => [code(power), MEANINGS[power]]),
    ),
    END,
  ].join("\n\n");
}

function part(name: string, kind: KindManifest): string {
  const rows = Object.entries(kind.powerRows).map(([grant, row]) => [code(grant), does(row), row.powers.map(code).join(", "), row.source]);
  return [`## ${name}`, kind.title + ".", table(["grant", "lets its holder", "power", "source"], rows)].join("\n\n");
}

function does({ does: said, powers }: PowerRow): string {
  if (said !== undefined) return said;
  return powers.length === 0 ? "nothing by itself" : powers.map((power) => MEANINGS[power]).join("; ");
}
