// A repository at GitHub, as far as its workflows see it: artifacts, a pull request, comments and issues, in a folder that gh.cjs answers from.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface Comment {
  readonly id: number;
  readonly number: number;
  readonly user: { readonly login: string };
  readonly body: string;
}

interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly size_in_bytes: number;
  readonly expired: boolean;
  readonly created_at: string;
  readonly workflow_run: Readonly<Record<string, unknown>>;
}

export interface World {
  artifacts: Artifact[];
  pulls: { number: number; head: { label: string; sha: string } }[];
  files: { filename: string; previous_filename?: string }[];
  statuses: { sha: string; state: string; context: string }[];
  comments: Comment[];
  issues: { number: number; user: { login: string }; state: string; title: string; body: string; labels: string[] }[];
}

/** Of which run an artifact is: one of a pull request from a fork, or one of the repository's own. */
export interface RunOf {
  readonly id: number;
  readonly branch: string;
  readonly fork?: boolean;
}

export class GitHub {
  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    this.change(() => undefined, { artifacts: [], pulls: [], files: [], statuses: [], comments: [], issues: [] });
  }

  get world(): World {
    return JSON.parse(readFileSync(join(this.folder, "world.json"), "utf8")) as World;
  }

  change(how: (world: World) => unknown, world = this.world): void {
    how(world);
    writeFileSync(join(this.folder, "world.json"), JSON.stringify(world));
  }

  /** What the command was asked since the last time. */
  calls(): readonly Call[] {
    const file = join(this.folder, "calls.jsonl");
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8").split("\n");
    writeFileSync(file, "");
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Call);
  }

  /** Writes of the command since the last time. */
  writes(): readonly Call[] {
    return this.calls().filter(({ method }) => method !== "GET");
  }

  /** A file that isn't there is no error, as with the true action. */
  upload(name: string, file: string, { id, branch, fork = false }: RunOf): void {
    if (!existsSync(file)) return;
    const number = this.world.artifacts.length + 1;
    const zip = join(this.folder, `${number}.zip`);
    execFileSync("zip", ["-q", "-j", zip, file]);
    const run = { id, head_branch: branch, repository_id: 1, head_repository_id: fork ? 2 : 1 };
    const created_at = new Date(Date.UTC(2030, 0, number)).toISOString();
    this.change(({ artifacts }) =>
      artifacts.push({ id: number, name, size_in_bytes: statSync(zip).size, expired: false, created_at, workflow_run: run }),
    );
  }
}
