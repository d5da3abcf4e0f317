// Way 3 to the Pulumi CLI: built from its official Go modules. tools/pulumi/ pins them; this is for the quickstart and the tests.

import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { root } from "./node.mjs";
import { run, say, SetupError, tail } from "./process.mjs";
import { workFolder } from "./release.mjs";
import { isLower } from "./version.mjs";

const tools = join(root, "tools", "pulumi");
const sdk = "github.com/pulumi/pulumi/sdk/v3";
const parts = [
  {
    name: "pulumi",
    module: join(tools, "cli"),
    path: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    script: "pulumi-resource-pulumi-nodejs",
  },
  // The last version of the SDK that holds the language host: it has no module of its own that a proxy serves.
  {
    name: "pulumi-language-nodejs",
    module: join(tools, "language-nodejs"),
    path: `${sdk}/nodejs/cmd/pulumi-language-nodejs`,
    script: "pulumi-analyzer-policy",
  },
];

/** The build of tools/pulumi, from the cache or made: { bin, dir, version, how }, or { refusal }. */
export async function buildFromModules(cache, inspect) {
  const version = /pulumi\/pkg\/v3 v(\S+)/.exec(readFileSync(join(tools, "cli", "go.mod"), "utf8"))[1];
  const folder = join(cache, `${version}-modules-${fingerprint()}`);
  const inCache = () => (existsSync(folder) ? inspect(join(folder, "pulumi"), "modules") : undefined);

  const cached = await inCache();
  if (cached?.bin) return cached;
  const refusal = await lookAtGo();
  if (refusal) return { refusal };

  return withLock(join(cache, "modules.lock"), "building the Pulumi CLI", async (hold) => {
    const meanwhile = await inCache();
    if (meanwhile?.bin) return meanwhile;
    say(
      `Building the Pulumi CLI ${version} from its Go modules to ${folder}, since there is none on PATH and the official one can't be downloaded. ` +
        "Usually 4 to 6 minutes on two cores, once.",
    );
    const work = workFolder(cache, "modules");
    try {
      for (const part of parts) await make(part, version, work, hold);
      rmSync(folder, { recursive: true, force: true });
      renameSync(work, folder);
    } catch (error) {
      if (error instanceof SetupError) return { refusal: error.message };
      throw error;
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    return inspect(join(folder, "pulumi"), "modules");
  });
}

/** What a build depends on: another go.sum, another folder. */
function fingerprint() {
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}`);
  for (const { module } of parts) for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(module, file)));
  return hash.digest("hex").slice(0, 8);
}

/** A reason why Go can't be used, or nothing. */
async function lookAtGo() {
  const needed = /^go (\S+)$/m.exec(readFileSync(join(tools, "cli", "go.mod"), "utf8"))[1];
  let answer;
  try {
    answer = await run("go", ["version"], { quiet: true, env: environment() });
  } catch {
    return `PATH has no Go (${needed} or later) to build the CLI with`;
  }
  const version = /go(\d+\.\d+(?:\.\d+)?)/.exec(answer.output)?.[1] ?? "0.0";
  return isLower(version, needed) ? `Go ${version} is too old to build the CLI with (${needed} or later)` : undefined;
}

/** Builds one program into the work folder and puts the SDK's script of the same version beside it. */
async function make({ name, module, path, script }, version, work, hold) {
  const flags = ["-s", "-w", "-X", `${sdk}/go/common/version.Version=v${version}`];
  await go(["build", "-trimpath", "-ldflags", flags.join(" "), "-o", join(work, name), path], module, hold);
  const folder = await go(["list", "-m", "-f", "{{.Dir}}", sdk], module, hold);
  copyFileSync(join(folder.trim(), "nodejs", "dist", script), join(work, script));
  chmodSync(join(work, script), 0o755); // the module cache is read-only and without run bits
}

async function go(args, cwd, hold) {
  const { code, output } = await run("go", args, { cwd, quiet: true, env: environment(), onStart: hold });
  if (code === 0) return output;
  throw new SetupError(`the Pulumi CLI could not be built from its modules (go ${args[0]} in ${cwd}):\n${tail(output, 10)}`);
}

/** The user's Go settings, less what would let the build differ from go.sum, fetch another Go, or need a C compiler. */
function environment() {
  return { ...process.env, GOFLAGS: "-mod=readonly -buildvcs=false", GOTOOLCHAIN: "local", GOWORK: "off", CGO_ENABLED: "0" };
}
