// Who may import whom: the rules of .dependency-cruiser.cjs (as written) and .dependency-cruiser.loaded.cjs (as loaded), on our sources
// and on a tree made to break each of them. A rule that nothing breaks here would prove nothing there.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const root = join(__dirname, "..");
const configs = [".dependency-cruiser.cjs", ".dependency-cruiser.loaded.cjs"];
const folders = ["provider", "sandbox", "cli", "examples"];

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

async function cruise(config: string, cwd: string): Promise<{ violations: Violation[]; totalCruised: number }> {
  const command = join(root, "node_modules", "dependency-cruiser", "bin", "dependency-cruiser.mjs");
  const args = [command, "--config", config, "--output-type", "json", ...folders.filter((folder) => existsSync(join(cwd, folder)))];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, maxBuffer: 2 ** 27 }).catch((error: { stdout?: string }) => {
    if (error.stdout?.startsWith("{")) return { stdout: error.stdout }; // it exits with the number of violations
    throw error;
  });
  return (JSON.parse(stdout) as { summary: { violations: Violation[]; totalCruised: number } }).summary;
}

test.each(configs)(
  "our sources keep the rules of %s",
  async (config) => {
    const { violations, totalCruised } = await cruise(join(root, config), root);
    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
    expect(totalCruised).toBeGreaterThan(20);
  },
  60_000,
);

/** One import each that a rule forbids. */
const broken: Record<string, [file: string, specifier: string][]> = {
  "core-is-pure": [
    ["provider/core/a.ts", "node:fs"],
    ["provider/core/b.ts", "../venues/one/api"],
    ["provider/core/c.ts", "got"],
    ["provider/core/d.ts", "@pulumi/pulumi"],
  ],
  "venue-stands-alone": [
    ["provider/venues/one/a.ts", "../two/api"],
    ["provider/venues/one/b.ts", "../../http/client"],
    ["provider/venues/one/c.ts", "node:http"],
    ["provider/venues/one/d.ts", "../../pulumi/resource"],
    ["provider/venues/one/e.ts", "../registry"],
  ],
  "venue-resource": [
    ["provider/venues/two/resource.ts", "../one/api"],
    ["provider/venues/three/resource.ts", "zod"],
  ],
  "registry-lists-venues": [["provider/venues/registry.ts", "../http/client"]],
  "http-knows-no-venue": [["provider/http/a.ts", "../venues/one/api"]],
  "got-in-one-file": [
    ["provider/http/b.ts", "got"],
    ["provider/journal/a.ts", "got"],
  ],
  "runtime-parts": [
    ["provider/pulumi/runtime.ts", "../venues/one/api"],
    ["provider/pulumi/a.ts", "./resource"],
  ],
  "shim-captures-nothing": [["provider/pulumi/shim.ts", "node:fs"]],
  "resource-parts": [["provider/pulumi/resource.ts", "zod"]],
  "journal-parts": [["provider/journal/b.ts", "../venues/registry"]],
  "ceremony-parts": [["provider/ceremony/a.ts", "../pulumi/runtime"]],
  "policy-is-pure": [
    ["provider/policy/a.ts", "node:fs"],
    ["provider/policy/b.ts", "../venues/one/api"],
    ["provider/policy/c.ts", "../pulumi/runtime"],
  ],
  "preview-parts": [["provider/preview/a.ts", "../ceremony/a"]],
  "review-parts": [
    ["provider/review/a.ts", "node:fs"],
    ["provider/review/b.ts", "../venues/registry"],
  ],
  "provider-stands-alone": [
    ["provider/a.ts", "../sandbox/server"],
    ["provider/b.ts", "exchange-keys-sandbox"],
  ],
  "sandbox-proves-something": [
    ["sandbox/a.ts", "../provider/core/model"],
    ["sandbox/b.ts", "pulumi-exchange-keys"],
    ["sandbox/venues/one/a.ts", "../../../provider/http/signing"],
  ],
  "cli-by-name": [["cli/a.ts", "../provider/core/model"]],
  "examples-by-name": [["examples/one/index.ts", "../../provider/index"]],
};

/** What a program loads: chains of imports, in the second run only. */
const loaded: Record<string, [file: string, specifier: string][]> = {
  "program-loads-little": [
    ["provider/index.ts", "./venues/four/resource"], // itself allowed; what it leads to isn't
    ["provider/venues/four/resource.ts", "./helper"],
    ["provider/venues/four/helper.ts", "zod"],
  ],
  "runtime-without-sdk": [
    ["provider/pulumi/runtime.ts", "./engine"],
    ["provider/pulumi/engine.ts", "@pulumi/pulumi"],
  ],
  "shim-loads-nothing": [["provider/pulumi/shim.ts", "../core/model"]],
};

/** Imports that must stay allowed, or a rule is stricter than it says. */
const allowed: [file: string, specifier: string][] = [
  ["provider/core/model.ts", "zod"],
  ["provider/core/ip.ts", "node:net"],
  ["provider/core/duration.ts", "ms"],
  ["provider/http/client.ts", "got"],
  ["provider/http/signing.ts", "node:crypto"],
  ["provider/venues/one/api.ts", "../../http/signing"],
  ["provider/venues/two/api.ts", "zod"],
  ["provider/venues/one/wire.ts", "../../core/model"],
  ["provider/policy/pack.ts", "../venues/registry"],
  ["provider/policy/rule.ts", "zod"],
  ["sandbox/server.ts", "fastify"],
  ["cli/main.ts", "pulumi-exchange-keys"],
  ["examples/two/index.ts", "pulumi-exchange-keys"],
];

describe("a tree that breaks each rule", () => {
  let tree = "";

  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), "exchange-keys-imports-"));
    const sources = new Map<string, string[]>();
    const lines = [
      ...Object.values(broken).flat(),
      ...Object.values(loaded).flat(),
      ...allowed.filter(([file]) => !file.endsWith("one/resource.ts")),
    ];
    for (const [file, specifier] of lines) sources.set(file, [...(sources.get(file) ?? []), specifier]);
    for (const [file, specifiers] of sources) {
      const imports = specifiers.map((specifier, index) => `import * as part${index} from "${specifier}";`);
      const uses = specifiers.map((_, index) => `part${index}`);
      await put(file, `${imports.join("\n")}\nexport const parts = [${uses.join(", ")}];\n`);
    }
    for (const name of ["got", "zod", "ms", "fastify", "@pulumi/pulumi", "exchange-keys-sandbox", "pulumi-exchange-keys"])
      await install(name);
    await cp(join(root, "tsconfig.base.json"), join(tree, "tsconfig.base.json"));
    await put("tsconfig.json", JSON.stringify({ extends: "./tsconfig.base.json" }));
  });

  afterAll(() => rm(tree, { recursive: true, force: true }));

  async function put(file: string, text: string): Promise<void> {
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await writeFile(join(tree, file), text);
  }

  async function install(name: string): Promise<void> {
    await put(`node_modules/${name}/package.json`, JSON.stringify({ name, version: "1.0.0", main: "index.js" }));
    await put(`node_modules/${name}/index.js`, "exports.name = 1;\n");
    await put(`node_modules/${name}/index.d.ts`, "export const name: number;\n");
  }

  test.each([
    [configs[0]!, broken],
    [configs[1]!, loaded],
  ])(
    "each rule of %s bites on each of its files",
    async (config, table) => {
      const names = (require(join(root, config)) as { forbidden: { name: string }[] }).forbidden.map(({ name }) => name);
      expect(Object.keys(table).sort()).toEqual(names.sort());
      const { violations } = await cruise(join(root, config), tree);
      const found = violations.map(({ rule, from }) => `${rule.name}: ${from}`);
      for (const [name, files] of Object.entries(table)) {
        const first = name === "program-loads-little" || name === "runtime-without-sdk" ? files.slice(0, 1) : files;
        for (const [file] of first) expect(found).toContain(`${name}: ${file}`);
      }
    },
    60_000,
  );

  test("what is allowed is not flagged", async () => {
    const { violations } = await cruise(join(root, configs[0]!), tree);
    const flagged = new Set(violations.map(({ from }) => from));
    expect(allowed.map(([file]) => file).filter((file) => flagged.has(file))).toEqual([]);
  }, 60_000);
});
