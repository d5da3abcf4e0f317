// A venue is its folders, its files and its lines: without any one of them everything else compiles, keeps its rules and passes.

import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { VENUES } from "../provider/venues/registry";

const root = join(__dirname, "..");
const run = promisify(execFile);
/** What a copy doesn't need: what is built, and packages, which are linked. */
const LEFT = new Set(["node_modules", "dist", ".git", "tsconfig.tsbuildinfo"]);

/** Folders and files that are a venue's alone, by their names. */
const OWN = (venue: string): readonly RegExp[] => [
  new RegExp(`^(provider|sandbox)/venues/${venue}(\\.ts)?$`),
  new RegExp(`^test/(sandbox|fixtures|venues|pulumi|conformance/venues)/${venue}([-.].*)?$`),
  new RegExp(`^docs/(sandbox|permissions)/${venue}\\.md$`),
  new RegExp(`^examples/${venue}(-.*)?$`),
  ...(STORIES[venue] ?? []),
];
/** What is told with one venue, and would be with another. */
const STORIES: Readonly<Record<string, readonly RegExp[]>> = { bybit: [/^examples\/consumer$/, /^examples\/gitops$/] };
/** Files with a line or two for each venue. */
const LISTS = [
  "provider/venues/registry.ts",
  "provider/index.ts",
  "sandbox/venues/registry.ts",
  "docs/sandbox.md",
  "examples/desk/index.ts",
];

/** The packages of this repository are the copy's own; all others are linked. */
const OURS: Readonly<Record<string, string>> = {
  "pulumi-exchange-keys": "provider",
  "exchange-keys": "cli",
  "exchange-keys-sandbox": "sandbox",
};

function link(folder: string): void {
  mkdirSync(join(folder, "node_modules"));
  for (const name of readdirSync(join(root, "node_modules"))) {
    const own = OURS[name];
    symlinkSync(own === undefined ? join(root, "node_modules", name) : join(folder, own), join(folder, "node_modules", name));
  }
  for (const own of Object.values(OURS)) {
    if (existsSync(join(root, own, "node_modules"))) symlinkSync(join(root, own, "node_modules"), join(folder, own, "node_modules"));
  }
}

function without(venue: string, folder: string): void {
  cpSync(root, folder, { recursive: true, filter: (path) => !LEFT.has(path.slice(path.lastIndexOf("/") + 1)) });
  link(folder);
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!path.includes("node_modules") && OWN(venue).some((own) => own.test(path)))
      rmSync(join(folder, path), { recursive: true, force: true });
  }
  for (const list of LISTS.map((path) => join(folder, path)).filter((path) => existsSync(path))) {
    const lines = readFileSync(list, "utf8").split("\n");
    writeFileSync(list, lines.filter((line) => !new RegExp(`\\b${venue}\\b`).test(line)).join("\n"));
  }
}

// Bitfinex is what the stories of the engine, the ceremony and the quickstart are told with: without it those go too.
const venues = Object.keys(VENUES).filter((venue) => venue !== "bitfinex");

test.each(venues)(
  "without %s",
  async (venue) => {
    const folder = mkdtempSync(join(tmpdir(), "exchange-keys-without-"));
    try {
      without(venue, folder);
      const node = (script: string, ...args: string[]) =>
        run(process.execPath, [join(root, "node_modules", script), ...args], { cwd: folder, maxBuffer: 2 ** 26 }).catch(
          (error: { stdout?: string; stderr?: string }) => {
            throw new Error(`${script} ${args.join(" ")}: ${error.stdout ?? ""}${error.stderr ?? ""}`.slice(0, 4_000));
          },
        );
      await node("typescript/bin/tsc", "-b", "provider", "sandbox", "cli", "provider/ceremony/page/client");
      await node("typescript/bin/tsc", "-p", "tsconfig.json");
      const { stdout } = await node(
        "dependency-cruiser/bin/dependency-cruiser.mjs",
        "--config",
        ".dependency-cruiser.cjs",
        "provider",
        "sandbox",
        "cli",
      );
      expect(stdout).toMatch(/no dependency violations found/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  300_000,
);
