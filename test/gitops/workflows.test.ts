// The workflows of examples/gitops/github-actions, read as data: what each job may do, what it runs, and that nothing of a stranger's gets into
// a shell. test/e2e/gitops.test.ts runs them.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { evaluated, workflow, type Job } from "../e2e/gitops/workflow";

const FOLDER = join(__dirname, "../../examples/gitops/github-actions");
const GITHUB = join(FOLDER, ".github");
const files = readdirSync(join(GITHUB, "workflows"));
const scripts = readdirSync(join(GITHUB, "scripts")).filter((name) => name.endsWith(".sh"));
const text = (path: string): string => readFileSync(join(GITHUB, path), "utf8");
const load = (file: string): Loaded => workflow(join(GITHUB, "workflows", file)) as unknown as Loaded;

interface Concurrency {
  readonly group: string;
  readonly "cancel-in-progress": boolean;
}
interface Loaded {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency?: Concurrency;
  readonly jobs: Readonly<
    Record<string, Job & { readonly concurrency?: Concurrency; readonly "runs-on"?: unknown; readonly "timeout-minutes"?: number }>
  >;
}

/** Digests of releases, each as several public repositories have it. */
const PINS = [
  "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0",
  "actions/setup-node@a0853c24544627f65ddf259abe73b1d18a591444 # v5.0.0",
  "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2",
];

const jobs = files.flatMap((file) => Object.entries(load(file).jobs).map(([name, job]) => ({ name: `${file}: ${name}`, file, job })));
const job = (name: string) => jobs.find((each) => each.name === name)!.job;
const MANAGING = /secrets\.BYBIT_API_/;

test("these, and no others", () => {
  expect(files.sort()).toEqual(["apply.yml", "drift.yml", "preview.yml", "renew.yml", "review.yml", "up.yml"]);
});

describe.each(files)("%s", (file) => {
  const { on, permissions, concurrency, jobs: own } = load(file);

  test("has no permissions but its jobs' own, and what is used is pinned by its whole digest", () => {
    expect(permissions).toEqual({});
    const uses = [...text(`workflows/${file}`).matchAll(/^ *(?:- )?uses: (.*)$/gm)].map(([, used]) => used!);
    for (const used of uses) expect([...PINS, "./.github/workflows/up.yml"]).toContain(used);
  });

  test("isn't started by pull_request_target, and starts once at a time", () => {
    expect(Object.keys(on)).not.toContain("pull_request_target");
    if ("workflow_call" in on) return expect(concurrency).toBeUndefined(); // its caller has one: two would wait for each other
    const groups = [concurrency, ...Object.values(own).map((each) => each.concurrency)].filter((each) => each !== undefined);
    expect(groups).toHaveLength(1);
  });
});

describe.each(jobs.filter(({ job }) => job.steps !== undefined))("$name", ({ name, job: { steps = [], permissions, ...others } }) => {
  test("says its permissions, its time, and keeps no token in the checkout", () => {
    expect(Object.values(permissions!).every((level) => level === "read" || level === "write")).toBe(true);
    expect(others["timeout-minutes"]).toBeLessThanOrEqual(60);
    for (const step of steps) {
      if (step.uses?.startsWith("actions/checkout@")) expect(step.with).toEqual({ "persist-credentials": false });
    }
  });

  test("has no expression in a shell: values come by the environment", () => {
    for (const { run } of steps.filter((step) => step.run !== undefined)) {
      expect([name, run]).toEqual([name, expect.not.stringContaining("${{")]);
      expect(run).toMatch(/^(npm ci --ignore-scripts|\.github\/scripts\/[\w-]+\.sh|echo "approved")$/);
    }
  });
});

test("who may write: the review its comment and status, the nightly look its issue, and nobody else anything", () => {
  const writing = jobs.flatMap(({ name, job: { permissions = {} } }) =>
    Object.entries(permissions)
      .filter(([, level]) => level === "write")
      .map(([what]) => `${name}: ${what}`),
  );
  expect(writing.sort()).toEqual(["drift.yml: drift: issues", "review.yml: review: pull-requests", "review.yml: review: statuses"]);
});

test("the pull request's job has no secret, no environment, and nothing but its token for reading before its code runs", () => {
  const { environment, permissions, steps = [], ...others } = job("preview.yml: preview");
  expect(environment).toBeUndefined();
  expect(JSON.stringify({ steps, others })).not.toMatch(/secrets\.|vars\./);
  expect(permissions).toEqual({ contents: "read", actions: "read" });
  const withToken = steps.findIndex(({ env }) => JSON.stringify(env ?? {}).includes("github.token"));
  const install = steps.findIndex(({ run }) => run?.startsWith("npm ci") === true);
  expect(withToken).toBeLessThan(install);
  expect(steps.filter(({ env }) => JSON.stringify(env ?? {}).includes("github.token"))).toHaveLength(1);
});

test("managing credentials stand in one job, in the environment `apply`, on a runner that no pull request reaches", () => {
  const managing = jobs.filter(({ job: each }) => MANAGING.test(JSON.stringify(each)));
  expect(managing.map(({ name, job: each }) => [name, each.environment, each["runs-on"]])).toEqual([
    ["up.yml: up", "apply", ["self-hosted", "exchange-keys"]],
  ]);
  for (const { file, job: each } of jobs)
    if (JSON.stringify(each["runs-on"] ?? "").includes("self-hosted")) expect(file).toMatch(/^(up|drift)\.yml$/);
});

test("what writes to a stack, or looks at it, waits for its turn; a run that has begun is never cut off", () => {
  const { group, ...up } = job("up.yml: up").concurrency!;
  const drift = job("drift.yml: drift").concurrency!;
  expect(group.replace("${{ inputs.stack }}", "production")).toBe(drift.group);
  expect([up["cancel-in-progress"], drift["cancel-in-progress"]]).toEqual([false, false]);
});

test("every environment stands where it has to: the approval's before `up`, no other job has one", () => {
  const environments = jobs.map(({ name, job: each }) => [name, each.environment]).filter(([, environment]) => environment !== undefined);
  expect(Object.fromEntries(environments)).toEqual({
    "drift.yml: drift": "observe",
    "up.yml: plan": "state",
    "up.yml: approval": "approval",
    "up.yml: up": "apply",
    "up.yml: publish": "state",
  });
});

describe("up.yml goes on", () => {
  const holds = (name: string, context: Readonly<Record<string, unknown>>): unknown => evaluated(job(`up.yml: ${name}`).if!, context);
  const context = ({
    approval = true,
    mend = false,
    changes = "true",
    plan = "success",
    approved = "success",
    cancelled = false,
  } = {}) => ({
    inputs: { approval, mend },
    needs: { plan: { result: plan, outputs: { changes } }, approval: { result: approved } },
    cancelled,
  });

  test.each([
    ["approved", {}, true],
    ["nobody has approved it", { approved: "skipped" }, false],
    ["it was refused", { approved: "failure" }, false],
    ["the approval was cancelled", { approved: "cancelled" }, false],
    ["a renewal, which nobody approves", { approval: false, approved: "skipped" }, true],
    ["a renewal, cancelled after its plan", { approval: false, approved: "skipped", cancelled: true }, false],
    ["approved, and cancelled then", { cancelled: true }, false],
    ["nothing changes", { changes: "false", approved: "skipped" }, false],
    ["nothing changes, and a mend is approved", { changes: "false", mend: true }, true],
    ["nothing changes, and a mend isn't approved", { changes: "false", mend: true, approved: "skipped" }, false],
    ["the plan failed", { plan: "failure", approved: "skipped", changes: "" }, false],
    ["a renewal's plan failed", { plan: "failure", approval: false, approved: "skipped" }, false],
  ])("to `up`: %s", (_, changes, expected) => {
    expect(holds("up", context(changes))).toBe(expected);
  });

  test("to the approval where one is wanted, and there is something to approve; the callers say which", () => {
    for (const [changes, expected] of [
      [{}, true],
      [{ changes: "false" }, false],
      [{ changes: "false", mend: true }, true],
      [{ approval: false }, false],
    ] as const)
      expect([changes, holds("approval", context(changes))]).toEqual([changes, expected]);
    expect(job("up.yml: approval").needs).toBe("plan");
    expect(job("up.yml: up").needs).toEqual(["plan", "approval"]);
    expect(job("apply.yml: apply").with).toMatchObject({ renew: "none", approval: true });
    expect(job("renew.yml: renew").with).toEqual({ stack: "production", renew: "due", approval: false });
  });
});

test("the review is of pull requests' previews alone", () => {
  const of = (event: string): unknown => evaluated(job("review.yml: review").if!, { github: { event: { workflow_run: { event } } } });
  expect(["pull_request", "push", "workflow_dispatch", "schedule"].filter(of)).toEqual(["pull_request"]);
});

test("every file here has the key owners as its owners", () => {
  const rules = text("CODEOWNERS")
    .split("\n")
    .filter((line) => !/^(#|$)/.test(line));
  expect(rules).toEqual(["*  @acme/key-owners"]);
});

test("the review runs the base branch's code: it checks out no other", () => {
  const { steps = [] } = job("review.yml: review");
  expect(load("review.yml").on).toEqual({ workflow_run: { workflows: ["preview"], types: ["completed"] } });
  expect(JSON.stringify(steps.filter(({ uses }) => uses !== undefined))).not.toMatch(/ref|head|repository/);
});

test.each(scripts)("%s: strict mode, and nothing from the network but gh", (name) => {
  const script = text(`scripts/${name}`);
  if (name !== "command.sh") expect(statSync(join(GITHUB, "scripts", name)).mode & 0o111).not.toBe(0);
  expect(script).toMatch(
    name === "command.sh" ? /^set -euo pipefail$/m : /^source "\$\(dirname "\$\{BASH_SOURCE\[0\]\}"\)\/command\.sh"$/m,
  );
  expect(script).not.toMatch(/\b(curl|wget|eval)\b/);
  expect(script).not.toMatch(/\bset -x\b/);
});
