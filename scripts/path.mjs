// Where commands are: on PATH, and able to run. Apart, since both the CLI and the browser are looked for there.

import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** Every runnable file of this name on PATH, in its order. */
export function whereIs(name) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(isAbsolute);
  return folders.map((folder) => join(folder, name)).filter(isRunnable);
}

export function isRunnable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
