// What is declared, as the venue's page shows it: rows with toggles, lines of addresses. Pure.

import type { GridRow } from "../core/capability";
import type { AllowedIps, Grants } from "../core/model";
import type { Access, AddressLine, Row } from "./session";

/** Every row of the grid, those that are to be off as well; with what was last seen, where something was. */
export function rowsOf(grid: readonly GridRow[], declared: { readonly grants: Grants }, seen: Grants | undefined): readonly Row[] {
  return grid.map(({ scope, title, toggles }) => ({
    ...{ scope, title, toggles, want: accessTo(scope, declared.grants) },
    ...(seen === undefined ? {} : { is: accessTo(scope, shown(scope, toggles, seen)) }),
  }));
}

/** What a row without the toggle shows isn't its business. */
function shown(scope: string, toggles: GridRow["toggles"], seen: Grants): Grants {
  return seen.filter((grant) => toggles.some((toggle) => grant === `${scope}:${toggle}`));
}

function accessTo(scope: string, grants: Grants): Access {
  const read = grants.includes(`${scope}:read`);
  if (grants.includes(`${scope}:write`)) return read ? "read-write" : "write";
  return read ? "read" : "none";
}

/** The declared list; beside a recorded one with what is to be added and taken away. */
export function addressLines(declared: AllowedIps, recorded: AllowedIps | undefined): "anywhere" | readonly AddressLine[] {
  if (declared === "anywhere") return declared;
  const lines = Object.entries(declared).map(([address, purpose]): AddressLine => ({ address, purpose }));
  if (recorded === undefined) return lines;
  const before = recorded === "anywhere" ? {} : recorded;
  const added = lines.map((line) => (line.address in before ? line : { ...line, change: "add" as const }));
  const gone = Object.entries(before).filter(([address]) => !(address in declared));
  return [...added, ...gone.map(([address, purpose]) => ({ address, purpose, change: "remove" as const }))];
}
