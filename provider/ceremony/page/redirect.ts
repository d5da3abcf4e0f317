// The file that a browser is opened with: it leads to the page with the launch token in the fragment, so that no argument of any process
// holds the token. Readable by this user alone, and there for a minute at most.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Redirect {
  readonly file: string;
  remove(): Promise<void>;
}

/** Writes the file into a folder of its own (0700), and removes both after `life` ms. */
export async function writeRedirect(address: string, token: string, life: number): Promise<Redirect> {
  const folder = await mkdtemp(join(tmpdir(), "exchange-keys-")); // mkdtemp makes it 0700
  const remove = async (): Promise<void> => {
    clearTimeout(timer);
    await rm(folder, { recursive: true, force: true });
  };
  const timer = setTimeout(() => void remove().catch(() => undefined), life);
  timer.unref();
  const file = join(folder, "open.html");
  try {
    await writeFile(file, html(`${address}/#${token}`), { mode: 0o600, flag: "wx" });
  } catch (error) {
    await remove();
    throw error;
  }
  return { file, remove };
}

function html(target: string): string {
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Exchange keys</title>` +
    `<meta http-equiv="refresh" content="0; url=${target}"><p>Opening the ceremony …\n`
  );
}
