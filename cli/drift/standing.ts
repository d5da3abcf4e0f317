// What says that somebody else is at the state, or was: a preview takes no lock, and minds none.

import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { projectName } from "../project";
import { mapOf } from "./difference";
import { stackOf, type Values } from "./preview";
import { answerOf, ask, garbled, named, type Said, type Where } from "./pulumi";

/** What the backend says of a stack. */
export interface Standing {
  /** `desk/dev`; empty where the state holds nothing. */
  readonly stack: string;
  /** Of the last change of the state, as it is written there. */
  readonly changed: string;
  /** URNs that a run was in the middle of, when it was killed or if it is still under way. */
  readonly interrupted: readonly string[];
  /** Another run has the state locked. */
  readonly busy: boolean;
}

/** Throws CommandError where the backend can't be asked. */
export async function standing(where: Where): Promise<Standing> {
  const [exported, backend] = await Promise.all([ask(where, ["stack", "export", ...named(where)]), ask(where, ["whoami", "-v", "--json"])]);
  const state = mapIn(exported, "stack export") as Exported;
  if (!("deployment" in state)) throw garbled("stack export");
  const deployment = state.deployment ?? {};
  const interrupted = (deployment.pending_operations ?? []).flatMap(({ resource }) => (resource?.urn === undefined ? [] : [resource.urn]));
  const { url = "" } = mapIn(backend, "whoami -v --json") as { url?: string };
  const stack = stackOf(deployment.resources?.[0]?.urn);
  const busy = url.startsWith("file://") ? await lockedAt(url, where, stack) : await inProgress(where, stack);
  return { stack, changed: deployment.manifest?.time ?? "", interrupted, busy };
}

interface Exported {
  readonly deployment?: {
    readonly manifest?: { readonly time?: string };
    readonly resources?: readonly { readonly urn?: string }[] | null;
    readonly pending_operations?: readonly { readonly resource?: { readonly urn?: string } }[] | null;
  };
}

/** A preview takes no lock and minds none, so this looks for the files that an `up` lays down. */
async function lockedAt(url: string, where: Where, stack: string): Promise<boolean> {
  const [project = "", name = ""] = stack === "" ? await unborn(where) : stack.split("/");
  return foldersOf(url).some((path) => {
    const locks = join(resolve(where.cwd, path), ".pulumi", "locks");
    const folders = [join(locks, "organization", project, name), join(locks, name)];
    return name !== "" && folders.some((folder) => existsSync(folder) && holdsFile(folder));
  });
}

function holdsFile(folder: string): boolean {
  return readdirSync(folder, { withFileTypes: true }).some((entry) => entry.isFile());
}

/** The folder of `file://~/state%20of%20keys?no_tmp_dir=true`; as it stands, too, since not every release of the CLI decodes it. */
function foldersOf(url: string): readonly string[] {
  const [written = ""] = url.slice("file://".length).split("?");
  const path = written.replace(/^~(?=\/|$)/, homedir());
  try {
    return [...new Set([path, decodeURIComponent(path)])];
  } catch {
    return [path];
  }
}

/** Project and name of a stack whose state holds nothing: its first `up` may be under way. */
async function unborn(where: Where): Promise<readonly string[]> {
  const [name = "", project = projectName(where.cwd) ?? ""] = (where.stack ?? (await selected(where)) ?? "").split("/").reverse();
  return [project, name];
}

async function selected(where: Where): Promise<string | undefined> {
  return (await stacks(where)).find(({ current }) => current === true)?.name;
}

/** Pulumi Cloud says it; of object storage nobody does, and the state's time has to do. */
async function inProgress(where: Where, stack: string): Promise<boolean> {
  const known = (stack === "" ? where.stack : stack)?.split("/").at(-1);
  return (await stacks(where)).some(
    ({ name, current, updateInProgress }) =>
      updateInProgress === true && (known === undefined ? current === true : name?.split("/").at(-1) === known),
  );
}

interface Listed {
  readonly name?: string;
  readonly current?: boolean;
  readonly updateInProgress?: boolean;
}

async function stacks(where: Where): Promise<readonly Listed[]> {
  const listed = answerOf(await ask(where, ["stack", "ls", "--json"]), "stack ls");
  if (!Array.isArray(listed)) throw garbled("stack ls");
  return listed.filter((each): each is Listed => mapOf(each) !== undefined);
}

function mapIn(said: Said, command: string): Values {
  const map = mapOf(answerOf(said, command));
  if (map === undefined) throw garbled(command);
  return map;
}
