// Runs the jobs of the example's workflows as a runner would: each in a fresh checkout, its shell steps with the environment that the file gives
// them, secrets of its environment alone, a token with its permissions alone.

import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { start } from "../processes";
import { root } from "../stack";
import type { GitHub, RunOf } from "./github";

const yaml = require(require.resolve("js-yaml", { paths: [require.resolve("@pulumi/pulumi")] })) as { load(text: string): unknown };

type Values = Readonly<Record<string, unknown>>;

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Values;
  readonly env?: Values;
}

export interface Job {
  readonly uses?: string;
  readonly with?: Values;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly outputs?: Values;
  readonly env?: Values;
  readonly steps?: readonly Step[];
}

export interface Workflow {
  readonly name: string;
  readonly on: Values;
  readonly jobs: Readonly<Record<string, Job>>;
}

export function workflow(file: string): Workflow {
  return yaml.load(readFileSync(file, "utf8")) as Workflow;
}

export interface Ran {
  readonly result: "success" | "failure" | "skipped";
  readonly outputs: Values;
  readonly text: string;
}

export interface Event {
  readonly github: Values;
  /** The commit that a checkout gets: a folder. */
  readonly commit: string;
  readonly run: RunOf;
}

export interface Runner {
  readonly folder: string;
  readonly github: GitHub;
  /** Of every step. */
  readonly env: NodeJS.ProcessEnv;
  /** By environment: what its jobs may know. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly vars: Readonly<Record<string, string>>;
}

/** Runs all jobs of a workflow, by name. */
export async function runWorkflow(runner: Runner, file: string, event: Event, inputs: Values = {}): Promise<Record<string, Ran>> {
  const needs: Record<string, Ran> = {};
  for (const [name, job] of Object.entries(workflow(join(event.commit, ".github/workflows", file)).jobs)) {
    const of = [job.needs ?? []].flat();
    const context = { github: event.github, inputs, needs, vars: runner.vars, secrets: runner.secrets[job.environment ?? ""] ?? {} };
    const wanted = job.if === undefined ? of.every((each) => needs[each]!.result === "success") : evaluated(job.if, context) === true;
    if (!wanted) needs[name] = { result: "skipped", outputs: {}, text: "" };
    else if (job.uses !== undefined) Object.assign(needs, await called(runner, job, event, context));
    else needs[name] = await runJob(runner, job, event, context);
  }
  return needs;
}

function called(runner: Runner, job: Job, event: Event, context: Values): Promise<Record<string, Ran>> {
  const inputs = Object.fromEntries(Object.entries(job.with ?? {}).map(([name, value]) => [name, filled(value, context)]));
  return runWorkflow(runner, job.uses!.replace("./.github/workflows/", ""), event, { mend: false, ...inputs });
}

async function runJob(runner: Runner, job: Job, event: Event, context: Values): Promise<Ran> {
  const cwd = mkdtempSync(join(runner.folder, "job-"));
  const steps: Record<string, { outputs: Values }> = {};
  const within = { ...context, steps, github: { ...event.github, token: JSON.stringify(job.permissions ?? {}) } };
  let text = "";
  let failed = false;
  for (const step of job.steps ?? []) {
    if (failed && step.if !== "always()") continue;
    if (step.uses !== undefined) use(runner, step, event, cwd, within);
    else if (step.run?.startsWith("npm ci")) symlinkSync(join(root, "node_modules"), join(cwd, "node_modules"));
    else {
      const ended = await shell(runner, step, cwd, { ...job.env, ...step.env }, within);
      text += ended.text;
      failed ||= ended.code !== 0;
      if (step.id !== undefined) steps[step.id] = { outputs: ended.outputs };
    }
  }
  const outputs = Object.fromEntries(Object.entries(job.outputs ?? {}).map(([name, value]) => [name, filled(value, within)]));
  return { result: failed ? "failure" : "success", outputs, text };
}

function use(runner: Runner, step: Step, event: Event, cwd: string, context: Values): void {
  const action = step.uses!.split("@")[0];
  if (action === "actions/checkout") cpSync(event.commit, cwd, { recursive: true });
  if (action !== "actions/upload-artifact") return;
  runner.github.upload(String(filled(step.with!["name"], context)), join(cwd, String(step.with!["path"])), event.run);
}

async function shell(runner: Runner, step: Step, cwd: string, given: Values, context: Values) {
  const own = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(filled(value, context) ?? "")]));
  const files = { GITHUB_OUTPUT: join(cwd, ".output"), GITHUB_STEP_SUMMARY: join(cwd, ".summary") };
  for (const file of Object.values(files)) writeFileSync(file, "");
  const { code, text } = await start("bash", ["-e", "-c", step.run!], cwd, { ...runner.env, ...files, ...own }).ended;
  const lines = readFileSync(files.GITHUB_OUTPUT, "utf8").split("\n");
  const outputs = Object.fromEntries(lines.filter((line) => line.includes("=")).map((line) => line.split("=") as [string, string]));
  return { code, outputs, text: text + readFileSync(files.GITHUB_STEP_SUMMARY, "utf8") };
}

/** A value with its expressions filled in; one that is an expression as a whole keeps its type. */
function filled(value: unknown, context: Values): unknown {
  if (typeof value !== "string") return value;
  const whole = /^\$\{\{([^}]*)\}\}$/.exec(value);
  if (whole !== null) return evaluated(whole[1]!, context);
  return value.replaceAll(/\$\{\{([^}]*)\}\}/g, (_, expression: string) => String(evaluated(expression, context)));
}

/** GitHub's expressions, as far as these workflows go, are JavaScript's but for the equals sign; no run is cancelled here unless the context says so. */
export function evaluated(expression: string, context: Values): unknown {
  const names = [...Object.keys(context), "always", "cancelled"];
  const values = [...Object.values(context), () => true, () => context["cancelled"] === true];
  return (new Function(...names, `return (${expression.replaceAll("==", "===")});`) as (...values: unknown[]) => unknown)(...values);
}
