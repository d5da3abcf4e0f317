// Small files of a ceremony: written whole or not at all, for their owner alone, and never read further than they may be long.

import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** No deposit, statement or identity comes near it. */
export const LARGEST = 65_536;

/** Written beside (0600), flushed, then renamed: a kill leaves the former file or the new one. A folder that is missing is made (0700). */
export async function writePrivate(file: string, content: string | Uint8Array): Promise<void> {
  const beside = await writeBeside(file, content);
  try {
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** The first half of it: the path of a complete file in the same folder, to be renamed or linked by the caller. */
export async function writeBeside(file: string, content: string | Uint8Array): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const beside = `${file}.${randomBytes(8).toString("hex")}.new`;
  const handle = await open(beside, "wx", 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return beside;
}

/** The bytes of a regular file, or why there are none: a pipe, a device or a large file is refused before it is read. Throws the system's error. */
export async function readSmall(file: string): Promise<{ readonly bytes: Uint8Array } | { readonly why: string }> {
  const seen = await stat(file);
  if (!seen.isFile()) return { why: "it isn't a file" };
  if (seen.size > LARGEST) return { why: "it is larger than 64 kB" };
  const handle = await open(file, "r");
  try {
    // One byte more than is allowed: it may have grown since, or be of those that have no size.
    const buffer = Buffer.alloc(LARGEST + 1);
    let length = 0;
    for (let got = 1; got > 0 && length < buffer.length; length += got) {
      got = (await handle.read(buffer, length, buffer.length - length, null)).bytesRead;
    }
    return length > LARGEST ? { why: "it is larger than 64 kB" } : { bytes: new Uint8Array(buffer.subarray(0, length)) };
  } finally {
    await handle.close();
  }
}

/** What the system says of a failure, without a path in it: `ENOENT`. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" ? code : "unknown error";
}
