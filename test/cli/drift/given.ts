// What the tests of `exchange-keys drift` are given: previews that the real CLI printed (../previews/, secrets and folders masked), and such with
// one thing changed.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, type Ended } from "../command";

export type Values = Record<string, unknown>;
export interface State {
  inputs: Values;
  outputs: Values;
  delete?: boolean;
  ignoreChanges?: string[];
}
export interface Step {
  op: string;
  urn: string;
  oldState?: State;
  newState?: State;
}
export interface Preview {
  steps: Step[];
  changeSummary?: Values;
  diagnostics?: Values[];
}

const PREVIEWS = join(__dirname, "..", "previews");
export const text = (name: string): string => readFileSync(join(PREVIEWS, `${name}.json`), "utf8");
export const recorded = (name: string): Preview => JSON.parse(text(name)) as Preview;

export let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "exchange-keys-drift-"))));
afterAll(() => rmSync(folder, { recursive: true }));

export const here = (env: Record<string, string> = {}) => ({ cwd: folder, env: { PATH: process.env["PATH"] ?? "", ...env } });
export const drift = (preview: Preview | string, ...args: string[]): Promise<Ended> =>
  run(["drift", "--from", "-", ...args], { ...here(), stdin: typeof preview === "string" ? preview : JSON.stringify(preview) });

/** The key's steps: the refresh with what is recorded, and what is to be done with what was seen and what is wanted. */
export function stepsOf(preview: Preview, name: string): [Step, Step] {
  return preview.steps.filter(({ urn }) => urn.endsWith(`::${name}`)) as [Step, Step];
}

/** A clean preview, in which a look has found something else. */
export function seen(inputs: Values, outputs: Values = {}): Preview {
  const preview = recorded("clean");
  const { oldState } = stepsOf(preview, "maker")[1];
  Object.assign(oldState!.inputs, inputs);
  Object.assign(oldState!.outputs, outputs);
  return preview;
}

/** A clean preview, in which the program wants something else. */
export function wanted(inputs: Values): Preview {
  const preview = recorded("clean");
  const [, step] = stepsOf(preview, "maker");
  step.op = "update";
  Object.assign(step.newState!.inputs, inputs);
  return { ...preview, changeSummary: { same: 2, update: 1 } };
}

export const PENDING = "Not applied yet: the program wants it, and the state doesn't have it:";
export const IGNORED = "Held against the state alone: the program ignores changes of it (ignoreChanges):";
