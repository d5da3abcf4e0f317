// What is published, as it is published: the three packages packed, and judged by their tarballs alone.

import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);
const root = join(__dirname, "..");
const bin = join(root, "node_modules", ".bin");
const guard = join(__dirname, "network-guard.cjs");

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

/** What a user's npm installs with each package; each name here is a decision. */
const expected = {
  provider: { dependencies: ["age-encryption", "got", "ipaddr.js", "ms", "p-queue", "zod"], peers: ["@pulumi/policy", "@pulumi/pulumi"] },
  cli: { dependencies: ["@commander-js/extra-typings", "commander", "pulumi-exchange-keys"], peers: ["exchange-keys-sandbox"] },
  sandbox: { dependencies: ["fastify", "otpauth", "zod"], peers: [] },
} as const;
type Workspace = keyof typeof expected;
const workspaces = Object.keys(expected) as Workspace[];
const withTypes = workspaces.filter((workspace) => workspace !== "cli"); // a command, imported by nobody

let folder = "";
const tarballs = {} as Record<Workspace, string>;
const contents = {} as Record<Workspace, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "exchange-keys-published-"));
  for (const workspace of workspaces) {
    // The set-up has built them; packing again while other tests load dist/ would only disturb those.
    const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder, "--workspace", workspace];
    const { stdout } = await run("npm", args);
    const packed: unknown = JSON.parse(stdout);
    const [first] = Object.values(packed as Record<string, { filename: string }>);
    tarballs[workspace] = join(folder, first!.filename);
    contents[workspace] = await mkdtemp(join(folder, `${workspace}-`));
    await execute("tar", ["-xzf", tarballs[workspace], "--strip-components=1", "-C", contents[workspace]]);
  }
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

function run(command: string, args: string[]): Promise<{ stdout: string }> {
  const env = { ...process.env, NODE_OPTIONS: `--require=${guard}`, NO_COLOR: "1", FORCE_COLOR: "0" };
  return execute(command, args, { cwd: root, env, maxBuffer: 2 ** 26 }).catch((error: Error & { stdout?: string; stderr?: string }) => {
    throw new Error(`${command} ${args.join(" ")}: ${error.stdout ?? ""}${error.stderr ?? error.message}`);
  });
}

async function files(workspace: Workspace): Promise<string[]> {
  const entries = await readdir(contents[workspace], { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths.map((path) => path.slice(contents[workspace].length + 1)).sort();
}

function manifest(workspace: Workspace): Manifest {
  return JSON.parse(readFileSync(join(contents[workspace], "package.json"), "utf8")) as Manifest;
}

describe.each(workspaces)("%s", (workspace) => {
  test("installs the agreed packages and no other", () => {
    const { dependencies = {}, peerDependencies = {}, optionalDependencies = {} } = manifest(workspace);
    expect(Object.keys(dependencies).sort()).toEqual(expected[workspace].dependencies);
    expect(Object.keys(peerDependencies)).toEqual(expected[workspace].peers);
    expect(optionalDependencies).toEqual({});
  });

  test("holds its licence, its README, the built files and nothing else", async () => {
    const all = await files(workspace);
    expect(all).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
    const rest = all.filter((file) => !["LICENSE", "README.md", "package.json"].includes(file));
    expect(rest.length).toBeGreaterThan(3);
    expect(rest.filter((file) => !/^dist\/.+\.(js|d\.ts)$/.test(file) || /(^|\/)(test|fixtures)\/|\.test\./.test(file))).toEqual([]);
    expect(await readFile(join(contents[workspace], "LICENSE"), "utf8")).toBe(readFileSync(join(root, "LICENSE"), "utf8"));
  });

  test("holds no file whose source is gone", async () => {
    const built = (await files(workspace)).filter((file) => file.startsWith("dist/"));
    const orphans = built.filter(
      (file) => !existsSync(join(root, workspace, file.replace(/^dist\//, "").replace(/(\.d)?\.(ts|js)$/, ".ts"))),
    );
    expect(orphans).toEqual([]);
  });

  test("holds nothing that looks like a secret or a place on somebody's machine", async () => {
    const suspicious =
      /-----BEGIN [A-Z ]*PRIVATE KEY|AGE-SECRET-KEY-1|\bnpm_[A-Za-z0-9]{36}\b|\bpul-[0-9a-f]{40}\b|\bAKIA[0-9A-Z]{16}\b|\/(home|Users)\/[a-z]/;
    for (const file of await files(workspace)) {
      const text = await readFile(join(contents[workspace], file), "utf8");
      expect({ file, found: suspicious.exec(text)?.[0] }).toEqual({ file, found: undefined });
    }
  });

  test("imports only what it declares", async () => {
    const { dependencies = {}, peerDependencies = {}, name: self } = manifest(workspace);
    const declared = new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies), self, ...builtinModules]);
    // Messages hold text in quotes too, which names no package.
    const imported = /(?:require\(|from |import\()"([@a-z][^" ]*)"/g;
    for (const file of (await files(workspace)).filter((name) => name.startsWith("dist/"))) {
      const text = await readFile(join(contents[workspace], file), "utf8");
      const names = [...text.matchAll(imported)].map((match) => packageOf(match[1]!));
      expect({ file, undeclared: names.filter((name) => !declared.has(name)) }).toEqual({ file, undeclared: [] });
    }
  });

  test("has no complaint from publint", async () => {
    const { stdout } = await run(join(bin, "publint"), ["run", tarballs[workspace], "--strict"]);
    expect(stdout).toContain("All good!");
  }, 60_000);
});

test.each(withTypes)(
  "%s: the types of every entry are right for Node",
  async (workspace) => {
    // Node 10's resolution knows no `exports`, and the floor is Node 22.12.
    const args = [tarballs[workspace], "--profile", "node16", "--no-definitely-typed", "--no-emoji", "--format", "ascii"];
    const { stdout } = await run(join(bin, "attw"), args);
    const answers = stdout.split("\n").filter((line) => /^(node16|bundler)/.test(line)); // it exits with 1 for any other problem
    expect(answers.length).toBeGreaterThanOrEqual(3);
    expect(answers.filter((line) => !line.includes(": OK"))).toEqual([]);
  },
  60_000,
);

test.each(withTypes)("%s: its declarations name only packages that bring their types", async (workspace) => {
  const typed = new Set(["@pulumi/policy", "@pulumi/pulumi", "zod", "got", "p-queue", "ipaddr.js", "fastify", ...builtinModules]);
  for (const file of (await files(workspace)).filter((name) => name.endsWith(".d.ts"))) {
    const text = await readFile(join(contents[workspace], file), "utf8");
    const names = [...text.matchAll(/(?:from |import\()"([^".][^"]*)"/g)].map((match) => packageOf(match[1]!));
    expect({ file, untyped: names.filter((name) => !typed.has(name)) }).toEqual({ file, untyped: [] });
  }
});

test("the three have one version, and the command asks for that one", () => {
  const version = manifest("provider").version;
  expect(workspaces.map((workspace) => manifest(workspace).version)).toEqual([version, version, version]);
  expect(manifest("cli").dependencies?.["pulumi-exchange-keys"]).toBe(version);
  expect(manifest("cli").peerDependencies?.["exchange-keys-sandbox"]).toBe(version);
});

test("the lock file names no registry", () => {
  const lock = readFileSync(join(root, "package-lock.json"), "utf8");
  expect([...lock.matchAll(/"resolved": "([^"]*)"/g)].map((match) => match[1]).filter((target) => target!.includes(":"))).toEqual([]);
});

/** `@scope/name/part` → `@scope/name`; `node:fs/promises` → `fs`. */
function packageOf(specifier: string): string {
  const parts = specifier.replace(/^node:/, "").split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0]!;
}
