// The pages that people read, taken apart: their examples by language, and the names in the first column of their tables.

import { readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(__dirname, "../..");

export interface Page {
  readonly path: string;
  readonly text: string;
}

export function page(path: string): Page {
  return { path, text: readFileSync(join(root, path), "utf8") };
}

/** The examples of a page in one language (`""`: without any), in order; those in a list lose its indentation. */
export function examples({ text }: Page, language: string): readonly string[] {
  const all = [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)];
  return all
    .filter(([, , given]) => given === language)
    .map(([, indent = "", , example = ""]) => example.replaceAll(new RegExp(`^${indent}`, "gm"), ""));
}

/** The names in backticks in the first column of the table that follows this line of the page. */
export function tableNames({ path, text }: Page, after: string): readonly string[] {
  const lines = text.split("\n");
  const start = lines.indexOf(after);
  if (start === -1) throw new Error(`${path} has no line "${after}"`);
  const first = lines.findIndex((line, index) => index > start && line.startsWith("|"));
  const rows = lines.slice(first + 2);
  const end = rows.findIndex((line) => !line.startsWith("|"));
  return rows.slice(0, end).flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
}
