// Where a command gets its values from: the environment, files, standard input. Apart, so that each is read the same way by all.

import { createReadStream, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { setFlagsFromString } from "node:v8";
import type { Sources } from "pulumi-exchange-keys/ceremony";
import { programFolder } from "./project";
import { CommandError, Exit } from "./outcome";

/** As the provider process of the program has them: relative files count from the program's folder. */
export function programSources(): Sources {
  const cwd = programFolder(process.cwd());
  return { env: process.env, cwd, readFile: (path) => smallFile(resolve(cwd, path)) };
}

/** Regular files of a credential's size alone: a device or a pipe would keep the command waiting for ever. */
export function smallFile(path: string): string {
  const stat = statSync(path);
  if (!stat.isFile() || stat.size > 65_536) throw new Error("not a small file");
  return readFileSync(path, "utf8");
}

/** A whole text from a file, a pipe such as a shell's `<(…)`, or with `-` standard input. */
export async function textFrom(place: string, command: string, way: string): Promise<string> {
  if (place === "-") {
    if (process.stdin.isTTY) throw new CommandError(Exit.usage, `${command}: nothing is piped in; ${way}`);
    return text(process.stdin);
  }
  try {
    return readFileSync(place, "utf8");
  } catch (error) {
    throw new CommandError(
      Exit.usage,
      `${command}: ${place} can't be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"}); ${way}`,
    );
  }
}

/** A document that Pulumi printed, which may be large: read piece by piece, without what nobody reads. */
export async function documentFrom(place: string, command: string, way: string): Promise<string> {
  // Else the part of the heap for young objects grows with each of the many steps, to half of all memory; it costs no time (docs/performance.md).
  setFlagsFromString("--semi-space-growth-factor=1");
  const { gathered } = await import("pulumi-exchange-keys/review");
  if (place === "-" && process.stdin.isTTY) throw new CommandError(Exit.usage, `${command}: nothing is piped in; ${way}`);
  try {
    return await gathered(place === "-" ? process.stdin : (createReadStream(place) as AsyncIterable<Buffer>));
  } catch (error) {
    const why = error instanceof RangeError ? error.message : ((error as NodeJS.ErrnoException).code ?? "unknown error");
    throw new CommandError(Exit.usage, `${command}: ${place === "-" ? "standard input" : place} can't be read (${why}); ${way}`);
  }
}
