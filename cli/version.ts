// The command's version, as its manifest has it.

import { readFileSync } from "node:fs";
import { join } from "node:path";

export function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, "..", "package.json"), "utf8"));
  return (manifest as { version: string }).version;
}
