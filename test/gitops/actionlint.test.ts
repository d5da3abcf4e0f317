// The workflows of examples/gitops/github-actions under actionlint, built from its Go module; skipped where there is no Go.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../..");
const tool = join(root, "tools/actionlint");
const env = { ...process.env, GOFLAGS: "-mod=readonly -buildvcs=false", GOTOOLCHAIN: "local", GOWORK: "off", CGO_ENABLED: "0" };
/** Also false for a Go that is too old for the module. */
const go = spawnSync("go", ["list", "-m"], { cwd: tool, env }).status === 0;
const folder = mkdtempSync(join(tmpdir(), "exchange-keys-actionlint-"));
const workflows = join(folder, ".github/workflows");

beforeAll(() => {
  if (!go) return;
  const args = ["build", "-trimpath", "-o", join(folder, "actionlint"), "github.com/rhysd/actionlint/cmd/actionlint"];
  execFileSync("go", args, { cwd: tool, env, stdio: ["ignore", "ignore", "pipe"] });
  cpSync(join(root, "examples/gitops/github-actions/.github"), join(folder, ".github"), { recursive: true });
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lint = () => {
  const config = ["-config-file", join(folder, ".github/actionlint.yaml"), "-shellcheck=", "-pyflakes=", "-no-color", "-oneline"];
  const files = readdirSync(workflows).map((name) => join(workflows, name));
  const { status, stdout, stderr } = spawnSync(join(folder, "actionlint"), [...config, ...files], { encoding: "utf8" });
  return { status, said: `${stdout}${stderr}` };
};

if (go) {
  test("actionlint has nothing to say", () => {
    expect(lint()).toEqual({ status: 0, said: "" });
  });

  test("and it would say what lets a pull request's title into a shell", () => {
    const file = join(workflows, "review.yml");
    const text = readFileSync(file, "utf8");
    expect(text).toContain("      - run: ");
    writeFileSync(file, text.replace("      - run: ", '      - run: echo "${{ github.event.pull_request.title }}"\n      - run: '));
    expect(lint()).toEqual({
      status: 1,
      said: expect.stringContaining('"github.event.pull_request.title" is potentially untrusted') as string,
    });
  });
} else test.skip("actionlint: there is no Go on PATH that could build it", () => undefined);
