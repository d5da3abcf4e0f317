// The settings of a stack, as its preview or export has them. Apart from what asks: a ceremony, or the test of a connection.

import { secretConfigOf } from "../preview/document";
import { readSettings, type Settings } from "./settings";

/** `config` as the document shows it; values that are secret as a whole come from an export made with `--show-secrets`. Throws KeyError. */
export function settingsOf(config: Readonly<Record<string, string>>, withSecrets: unknown): Settings {
  const revealed = [...secretConfigOf(withSecrets)].map(([name, value]) => [name, value.reveal()] as const);
  return readSettings({ ...config, ...Object.fromEntries(revealed) });
}
