// One script of examples/gitops/github-actions at a time: in a project of its own, with `gh` standing in for GitHub, a `pulumi` that says what it is
// told to and writes down how it was asked, and an `exchange-keys` that ends as it is told to.

import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { GitHub } from "../e2e/gitops/github";
import { start, type Ended } from "../e2e/processes";

export const EXAMPLE = join(__dirname, "../../examples/gitops/github-actions");
const ALL = JSON.stringify({ actions: "read", contents: "read", issues: "write", "pull-requests": "write", statuses: "write" });

/** What `exchange-keys` says and does when it is asked next. */
export interface Answer {
  readonly code?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  /** What it writes to the file after `--approve`. */
  readonly approval?: string;
}

export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), "exchange-keys-gitops-"));
  readonly project = join(this.folder, "project");
  readonly out = join(this.folder, "out");
  readonly github = new GitHub(join(this.folder, "github"));

  constructor() {
    for (const name of ["project", "out", "bin"]) mkdirSync(join(this.folder, name));
    for (const name of ["Pulumi.yaml", "Pulumi.production.yaml"]) cpSync(join(EXAMPLE, name), join(this.project, name));
    const at = (name: string): string => `'${join(this.folder, name)}'`;
    this.#command("gh", `exec '${process.execPath}' '${join(__dirname, "../e2e/gitops/gh.cjs")}' "$@"`);
    this.#command(
      "pulumi",
      `echo "$* [$EXCHANGE_KEYS_APPROVED]" >> ${at("asked")}`,
      'if [ "$1 $2" = "stack init" ]; then echo "encryptionsalt: v1:its-own" >> Pulumi.production.yaml; fi',
      `if [ "$1" = preview ]; then cat ${at("preview.json")}; fi`,
      // What is imported is gone when the script ends.
      `for each in "$@"; do case "$each" in */state.json) cp "$each" ${at("imported.json")} ;; esac; done`,
    );
    this.#command(
      "exchange-keys",
      `while [ $# -gt 0 ]; do if [ "$1" = --approve ] && [ -e ${at("approval")} ]; then cat ${at("approval")} > "$2"; fi; shift; done`,
      `cat ${at("stdout")}; cat ${at("stderr")} >&2; exit "$(cat ${at("code")})"`,
    );
    this.preview([]);
    this.answers({});
  }

  #command(name: string, ...lines: readonly string[]): void {
    const file = join(this.folder, "bin", name);
    writeFileSync(file, ["#!/bin/sh", ...lines, ""].join("\n"));
    chmodSync(file, 0o755);
  }

  preview(steps: readonly unknown[]): void {
    writeFileSync(join(this.folder, "preview.json"), JSON.stringify({ steps }));
  }

  answers({ code = 0, stdout = "", stderr = "", approval }: Answer): void {
    for (const [name, text] of Object.entries({ code: String(code), stdout, stderr })) writeFileSync(join(this.folder, name), text);
    if (approval === undefined) rmSync(join(this.folder, "approval"), { force: true });
    else writeFileSync(join(this.folder, "approval"), approval);
  }

  /** How `pulumi` was asked since the last time, with the approval that it was given. */
  asked(): readonly string[] {
    const text = this.read("asked");
    rmSync(join(this.folder, "asked"), { force: true });
    return text.split("\n").filter((line) => line !== "");
  }

  read(name: string): string {
    const file = join(this.folder, name);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  run(script: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const all = {
      PATH: [join(this.folder, "bin"), process.env["PATH"]].join(delimiter),
      OUT: this.out,
      EXCHANGE_KEYS: join(this.folder, "bin/exchange-keys"),
      GH_WORLD: this.github.folder,
      GH_TOKEN: ALL,
      GITHUB_REPOSITORY: "acme/keys",
      GITHUB_OUTPUT: join(this.folder, "output"),
      GITHUB_STEP_SUMMARY: join(this.folder, "summary"),
      STACK: "production",
      RENEW: "none",
      MEND: "false",
      RUN_URL: "https://github.invalid/run/1",
    };
    return start("bash", [join(EXAMPLE, ".github/scripts", script)], this.project, { ...all, ...env }).ended;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
