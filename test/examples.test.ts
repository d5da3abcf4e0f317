// Each example is a program that a user could copy out of here and keep: its own manifest, its own strict types, only packages by name.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const root = join(__dirname, "..");
/** A folder with a program of its own, at whichever depth. */
const names = readdirSync(join(root, "examples"), { recursive: true })
  .map(String)
  .filter((path) => basename(path) === "index.ts" && !path.includes("node_modules"))
  .map(dirname);

test("there is the quickstart, which Pulumi.yaml runs", () => {
  expect(names).toContain("quickstart");
  expect(readFileSync(join(root, "Pulumi.yaml"), "utf8")).toMatch(/^main: examples\/quickstart$/m);
});

describe.each(names)("%s", (name) => {
  const folder = join(root, "examples", name);
  const file = (path: string): string => readFileSync(join(folder, path), "utf8");

  // A policy pack is JavaScript: the SDK compiles a pack's TypeScript at every start, and JavaScript too where there is a tsconfig.json.
  const [main, project] = existsSync(join(folder, "PulumiPolicy.yaml")) ? ["index.js", "jsconfig.json"] : ["index.ts", "tsconfig.json"];

  test("compiles under its own settings", () => {
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", join(folder, project)], { encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    expect(JSON.parse(file(project))).toMatchObject({ compilerOptions: { strict: true, noEmit: true } });
  });

  test("imports packages by name, those that its package.json has", () => {
    const { dependencies } = JSON.parse(file("package.json")) as { dependencies: Record<string, string> };
    const imported = [...file(main).matchAll(/(?:from |require\()"((?:@[^"/]+\/)?[^"/]+)/g)].map(([, name]) => name);
    // Pulumi itself is a peer of the package: a program asks for it whether or not it imports it.
    expect([...new Set([...imported, "@pulumi/pulumi"])].sort()).toEqual(Object.keys(dependencies).sort());
  });

  test("asks for versions that are here", () => {
    const { dependencies } = JSON.parse(file("package.json")) as { dependencies: Record<string, string> };
    for (const [dependency, range] of Object.entries(dependencies)) {
      const { version } = JSON.parse(readFileSync(join(root, "node_modules", dependency, "package.json"), "utf8")) as { version: string };
      const [major = 0, minor = 0] = range.replace("^", "").split(".").map(Number);
      const [hasMajor = 0, hasMinor = 0] = version.replace("v", "").split(".").map(Number);
      expect({ dependency, range: /^\^\d/.test(range), here: hasMajor === major && hasMinor >= minor }).toEqual({
        dependency,
        range: true,
        here: true,
      });
    }
  });

  test("holds no credential", () => {
    expect(file(main)).not.toMatch(/apiSecret|apiKey|sandbox-|process\.env/);
    expect(existsSync(join(folder, ".env"))).toBe(false);
  });
});
