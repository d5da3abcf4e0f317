// The bot's credential, from a file that is replaced while the bot runs, or from the environment, which stays as it was when the bot started.

import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";

/** Reads { apiKey, apiSecret }. `CREDENTIAL_FILE` names the file; without it, `BOT_API_KEY` and `BOT_API_SECRET` hold the parts. */
export function readCredential(env) {
  const file = env.CREDENTIAL_FILE;
  if (file === undefined) return checked({ apiKey: env.BOT_API_KEY, apiSecret: env.BOT_API_SECRET }, "the environment");
  if ((statSync(file).mode & 0o077) !== 0) throw new Error(`${file} can be read by others; chmod 600 it, and reissue the key`);
  return checked(JSON.parse(readFileSync(file, "utf8")), file);
}

function checked({ apiKey, apiSecret }, place) {
  if (!apiKey || !apiSecret) throw new Error(`${place} holds no credential`);
  return { apiKey, apiSecret };
}

/** As the stack's output `fingerprint` has it: safe in logs. */
export function fingerprint({ apiKey }) {
  return createHash("sha256").update(`bybit\n${apiKey}`).digest("hex").slice(0, 16);
}
