// Where a Pulumi program is, seen from a folder of its project: relative paths of its configuration count from there.

import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const FILES = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"] as const;

/**
 * The folder in which the engine runs the program: what `main` of Pulumi.yaml names, or the folder of that file. `start` itself where
 * there is no project around it.
 */
export function programFolder(start: string): string {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    const file = FILES.map((name) => join(folder, name)).find((path) => existsSync(path));
    if (file !== undefined) return mainFolder(folder, mainOf(file));
    if (folder === dirname(folder)) return resolve(start);
  }
}

function mainFolder(project: string, main: string): string {
  const path = resolve(project, main);
  const seen = statSync(path, { throwIfNoEntry: false });
  if (seen === undefined) return project;
  return seen.isDirectory() ? path : dirname(path);
}

/** The one top-level member that counts here, of a YAML or JSON file; a reader of all YAML would be a library for one line. */
function mainOf(file: string): string {
  const text = readFileSync(file, "utf8");
  if (file.endsWith(".json")) {
    const main = (JSON.parse(text) as { main?: unknown } | null)?.main;
    return typeof main === "string" ? main : "";
  }
  const [, double, single, bare] =
    /^(?:main|"main"|'main')[ \t]*:[ \t]+(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#][^\n]*?))[ \t]*(?:#.*)?\r?$/m.exec(text) ?? [];
  return double ?? single ?? bare?.replace(/\s+#.*$/, "") ?? "";
}
