// Where a Pulumi program is, seen from a folder of its project: relative paths of its configuration count from there.

import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const FILES = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"] as const;

/**
 * The folder in which the engine runs the program: what `main` of Pulumi.yaml names, or the folder of that file. `start` itself where
 * there is no project around it.
 */
export function programFolder(start: string): string {
  const project = projectAround(start);
  return project === undefined ? resolve(start) : mainFolder(project.folder, textAt(project.file, "main"));
}

/** The project's name, of the folder or one around it; undefined where none is found or said. */
export function projectName(start: string): string | undefined {
  const project = projectAround(start);
  return project === undefined ? undefined : textAt(project.file, "name") || undefined;
}

function projectAround(start: string): { readonly folder: string; readonly file: string } | undefined {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    const file = FILES.map((name) => join(folder, name)).find((path) => existsSync(path));
    if (file !== undefined) return { folder, file };
    if (folder === dirname(folder)) return undefined;
  }
}

function mainFolder(project: string, main: string): string {
  const path = resolve(project, main);
  const seen = statSync(path, { throwIfNoEntry: false });
  if (seen === undefined) return project;
  return seen.isDirectory() ? path : dirname(path);
}

/** A top-level member of a YAML or JSON file, empty where it isn't text; a reader of all YAML would be a library for one line. */
function textAt(file: string, member: "main" | "name"): string {
  const text = readFileSync(file, "utf8");
  if (file.endsWith(".json")) {
    const value = (JSON.parse(text) as Readonly<Record<string, unknown>> | null)?.[member];
    return typeof value === "string" ? value : "";
  }
  const line = new RegExp(
    String.raw`^(?:${member}|"${member}"|'${member}')[ \t]*:[ \t]+(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#][^\n]*?))[ \t]*(?:#.*)?\r?$`,
    "m",
  );
  const [, double, single, bare] = line.exec(text) ?? [];
  return double ?? single ?? bare?.replace(/\s+#.*$/, "") ?? "";
}
