// The search for secrets in what a story left: every file below a folder, everything that was printed, and what any process was called with.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The forms in which a secret could stand in a file: raw, as a browser's strings of two bytes, as JSON within JSON, in base64, in hex. */
export function forms(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const inner = JSON.stringify(json).slice(1, -1);
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.from(`${"x".repeat(offset)}${secret}`)
      .toString("base64")
      .replace(/=+$/, "");
    return text.slice(offset === 0 ? 0 : 4, -4);
  });
  const url = base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  const wide = Buffer.from(secret, "utf16le").toString("latin1");
  return [...new Set([secret, wide, json, inner, encodeURIComponent(secret), ...base64, ...url, Buffer.from(secret).toString("hex")])];
}

export function files(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Where secrets stand, by place, which is a text that was printed or `folder` whole; empty where they stand nowhere. */
export function found(
  secrets: Readonly<Record<string, string>>,
  printed: Readonly<Record<string, string>>,
  folders: readonly string[] = [],
): readonly string[] {
  const read = (file: string): [string, string] => [file, readFileSync(file, "latin1")];
  const places = [...Object.entries(printed), ...folders.flatMap((folder) => files(folder).map(read))];
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const wanted = forms(secret);
    return places.filter(([, text]) => wanted.some((form) => text.includes(form))).map(([place]) => `${name} in ${place}`);
  });
}

/** What every process of this machine was called with, as anybody there can read it. Empty where there is no /proc. */
export function commandLines(): string {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return ids.map((id) => commandLine(id)).join("\n");
}

function commandLine(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return ""; // it has gone
  }
}
