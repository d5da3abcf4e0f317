// A policy pack for the real engine: a copy of examples/policy-pack or one that a test writes, and what the engine told by it.

import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { pulumi, root, type Stack } from "./stack";

/**
 * Makes a copy of the example pack. The language host of the CLI that is built from Go modules runs no policy packs; the SDK's own script
 * runs one of any runtime that no host is found for, and official CLIs have it too.
 */
export function copyPack(stack: Pick<Stack, "folder" | "env">, name: string, modules = join(root, "node_modules")): string {
  const bin = join(stack.folder, "bin");
  const script = join(bin, "pulumi-analyzer-policy-nodepack");
  mkdirSync(bin, { recursive: true });
  copyFileSync(join(dirname(pulumi()), "pulumi-analyzer-policy"), script);
  chmodSync(script, 0o755);
  const path = stack.env["PATH"] ?? "";
  if (!path.startsWith(bin)) stack.env["PATH"] = `${bin}${delimiter}${path}`;

  const folder = join(stack.folder, name);
  cpSync(join(root, "examples/policy-pack"), folder, { recursive: true });
  const manifest = join(folder, "PulumiPolicy.yaml");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace("runtime: nodejs", "runtime: nodepack"));
  symlinkSync(modules, join(folder, "node_modules"));
  return folder;
}

/** Each violation of one run: `[mandatory] [critical] no-withdraw hedge: …`, sorted; the descriptions are the rules' own and left out. */
export function violations(text: string): readonly string[] {
  const part = text.slice(text.lastIndexOf("\nPolicies:"));
  const head = String.raw`^ +- \[(\w+)\]( \[severity: \w+\])?  (\S+)  \(\S+: (.*)\)$`;
  const found = [...part.matchAll(new RegExp(`${head}\\n +(.*)\\n +(.*)$`, "gm"))];
  if (found.length !== [...part.matchAll(new RegExp(head, "gm"))].length) throw new Error(`violations of another shape: ${part}`);
  return found.map(([, level, severity = "", rule, name, , message]) => `[${level}]${severity} ${rule} (${name}) ${message}`).sort();
}
