// Where deposits and statements are: the ceremony and the run must find the same folder without being told.

import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const PROJECT = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/**
 * The folder of the deposits, absolute; it needn't be there. `named` is the value of EXCHANGE_KEYS_DEPOSITS (empty counts as unset),
 * `start` a folder of the project: the program's, which may be below the one with Pulumi.yaml. A relative name counts from the folder
 * with Pulumi.yaml, so that it means the same wherever a command was started.
 *
 * @example depositFolder(undefined, "/desk/infra/src") // /desk/infra/.exchange-keys/deposits, where /desk/infra has the Pulumi.yaml
 */
export function depositFolder(named: string | undefined, start: string): string {
  return resolve(projectFolder(start), named === undefined || named === "" ? join(".exchange-keys", "deposits") : named);
}

function projectFolder(start: string): string {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (PROJECT.some((name) => existsSync(join(folder, name)))) return folder;
    if (folder === dirname(folder)) return resolve(start);
  }
}
