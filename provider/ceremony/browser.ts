// Opening the browser: on a desktop with the system's own opener and the redirect file's path, never with an address that holds a token.

import { spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the opener took the file. False where there is no desktop: over ssh, in CI, without a display or without an opener. */
export async function openBrowser(file: string, env: Environment, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  if (!hasDesktop(env, platform)) return false;
  const command = await opener(env, platform);
  if (command === undefined) return false;
  return await new Promise((resolve) => {
    const child = spawn(command, [file], { stdio: "ignore", detached: true, env: forDesktop(env) });
    // An opener that fails says so soon; one that has become the browser itself stays.
    const soon = setTimeout(() => resolve(true), 3_000);
    child.once("error", () => settle(false));
    child.once("exit", (code) => settle(code === 0));
    child.unref();
    const settle = (opened: boolean): void => {
      clearTimeout(soon);
      resolve(opened);
    };
  });
}

/** What a desktop's programs need, and no more: the environment of `pulumi` holds credentials, and a browser has children of its own. */
function forDesktop(env: Environment): Record<string, string> {
  const needed = /^(PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|LANG|LANGUAGE|LC_\w+|TZ|DISPLAY|WAYLAND_\w+|XAUTHORITY|XDG_\w+|DBUS_\w+|BROWSER)$/;
  const session = /^(DESKTOP_SESSION|GNOME_\w+|KDE_\w+|QT_\w+|GTK_\w+|GDK_\w+|WSL\w*|(https?|all|no)_proxy)$/i;
  const kept = Object.entries(env).filter(([name]) => needed.test(name) || session.test(name));
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function hasDesktop(env: Environment, platform: NodeJS.Platform): boolean {
  if (env["CI"] || env["SSH_CONNECTION"] || env["SSH_TTY"]) return false;
  return platform === "darwin" || Boolean(env["DISPLAY"] || env["WAYLAND_DISPLAY"]);
}

async function opener(env: Environment, platform: NodeJS.Platform): Promise<string | undefined> {
  if (platform === "darwin") return "/usr/bin/open";
  for (const name of ["xdg-open", "wslview"]) {
    for (const folder of (env["PATH"] ?? "").split(delimiter).filter(isAbsolute)) {
      const path = join(folder, name);
      if (
        await access(path, constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return path;
    }
  }
  return undefined;
}
