// Opening the browser: by the desktop's opener and a file's path, and not at all where there is no desktop.

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBrowser } from "../../provider/ceremony/browser";
import { createTask, FakeSession } from "./fake";
import { closePages, serve } from "./raw";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "exchange-keys-opener-"))));
afterEach(async () => {
  await closePages();
  rmSync(folder, { recursive: true, force: true });
});

/** An opener that notes its arguments. */
function opener(end: string): Record<string, string> {
  const path = join(folder, "xdg-open");
  writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$#" "$@" > ${folder}/arguments\n${end}\n`);
  chmodSync(path, 0o755);
  return { PATH: folder, DISPLAY: ":0" };
}

test("the opener gets the file's path and nothing else", async () => {
  const { page } = await serve(new FakeSession([createTask("maker")]));
  const file = await page.launchFile();
  expect(await openBrowser(file, opener("exit 0"), "linux")).toBe(true);
  expect(readFileSync(join(folder, "arguments"), "utf8")).toBe(`1\n${file}\n`);
  const token = /#([\w-]{43})"/.exec(readFileSync(file, "utf8"))![1]!;
  expect(file).not.toContain(token);
});

test("an opener that fails, or isn't there, opened nothing", async () => {
  expect(await openBrowser("/nowhere.html", opener("exit 3"), "linux")).toBe(false);
  expect(await openBrowser("/nowhere.html", { PATH: "/nowhere:relative", DISPLAY: ":0" }, "linux")).toBe(false);
});

test("there is no desktop over ssh, in CI, and without a display", async () => {
  const env = opener("exit 0");
  expect(await openBrowser("/f", { ...env, DISPLAY: "" }, "linux")).toBe(false);
  expect(await openBrowser("/f", { ...env, CI: "true" }, "linux")).toBe(false);
  expect(await openBrowser("/f", { ...env, SSH_CONNECTION: "192.0.2.1 1 192.0.2.2 22" }, "linux")).toBe(false);
  expect(await openBrowser("/f", { PATH: folder, WAYLAND_DISPLAY: "wayland-0" }, "linux")).toBe(true);
});

test("the browser's environment has what a desktop needs, and no credential", async () => {
  const given = { BITFINEX_API_SECRET: "sandbox-x", PULUMI_CONFIG_PASSPHRASE: "y", PULUMI_ACCESS_TOKEN: "z", EXCHANGE_KEYS_IDENTITY: "/f" };
  const session = { HOME: folder, XDG_RUNTIME_DIR: folder, https_proxy: "http://127.0.0.1:1" };
  const env = { ...opener(`PATH=/usr/bin:/bin env > ${folder}/environment`), ...session, ...given };
  expect(await openBrowser("/f", env, "linux")).toBe(true);
  const names = readFileSync(join(folder, "environment"), "utf8").match(/^\w+(?==)/gm) ?? [];
  expect(names).toEqual(expect.arrayContaining([...Object.keys(session), "DISPLAY"]));
  for (const name of Object.keys(given)) expect(names).not.toContain(name);
});
