// Chromium for tests, as the set-up found it (EXCHANGE_KEYS_CHROME): it reaches loopback, and for everything else a proxy that refuses and
// records.

/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// What tests hand to a page (`tab.evaluate`) runs in a browser and is typed as such.

import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, type BrowserContextOptions, chromium } from "playwright-core";
import { type RefusingProxy, refusingProxy } from "./proxy";

const quiet = [
  "--no-sandbox", // CI is root, where Chromium has none
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What Chromium itself asks its vendor for, whatever page it shows. The proxy refuses it like all else. */
export const own =
  /^(CONNECT [\w.-]+\.(googleapis|google|gvt1)\.com:443|(GET|POST|HEAD) http:\/\/[\w.-]+\.(googleapis|google|gvt1)\.com\/.*)$/;

export interface Browser {
  readonly context: BrowserContext;
  /** The profile's folder: a person's browser keeps one, so tests look into it. */
  readonly profile: string;
  /** What was asked for beyond loopback. */
  readonly strayed: readonly string[];
  /** Ends the browser and leaves its profile to be looked into. */
  quit(): Promise<void>;
  /** Ends it, and removes the profile. */
  close(): Promise<void>;
}

/** A browser of its own with a fresh profile on disk. */
export async function openChromium(options: BrowserContextOptions = {}, args: readonly string[] = []): Promise<Browser> {
  const executablePath = process.env["EXCHANGE_KEYS_CHROME"] ?? fallback();
  const proxy: RefusingProxy = await refusingProxy();
  const profile = await mkdtemp(join(tmpdir(), "exchange-keys-chrome-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: [...quiet, ...args],
    proxy: { server: proxy.url, bypass: "127.0.0.1,localhost,*.rebind.test" },
    reducedMotion: "reduce",
    ...options,
  });
  let open = true;
  const quit = async (): Promise<void> => {
    if (open) await context.close();
    open = false;
  };
  const close = async (): Promise<void> => {
    await quit();
    await proxy.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  return { context, profile, strayed: proxy.requests, quit, close };
}

/** A single file run by hand, without the set-up. */
function fallback(): string {
  const found = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
  if (found === undefined) throw new Error("no browser for this test: run it by `npm test -- <path>`, whose set-up finds one");
  return found;
}
