// The bot's credential, from files that are replaced while the bot runs, or from the environment, which stays as it was when the bot started.

import { createHash } from "node:crypto";
import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Reads { apiKey, apiSecret }. `CREDENTIAL_FILE` names a file with both, as JSON; `CREDENTIAL_FOLDER` a folder with a file for each, as Kubernetes
 * mounts a Secret. Without either, `BOT_API_KEY` and `BOT_API_SECRET` hold the parts. No error says what it read.
 */
export function readCredential({ CREDENTIAL_FILE: file, CREDENTIAL_FOLDER: folder, BOT_API_KEY: apiKey, BOT_API_SECRET: apiSecret }) {
  if (file !== undefined) return checked(parsed(textOf(file)), file);
  if (folder === undefined) return checked({ apiKey, apiSecret }, "the environment");
  // The kubelet replaces a link to the folder of both: followed once, it never gives one key's name and another's secret.
  const version = dirname(realpathSync(join(folder, "apiKey")));
  const part = (name) => textOf(join(version, name)).trimEnd();
  return checked({ apiKey: part("apiKey"), apiSecret: part("apiSecret") }, folder);
}

/** A group may read it: where a Secret is mounted, the pod's is how the bot can. */
function textOf(file) {
  if ((statSync(file).mode & 0o007) !== 0) throw new Error(`${file} can be read by others; take that from them, and reissue the key`);
  return readFileSync(file, "utf8");
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // never the error itself: it quotes the text
  }
}

function checked(parts, place) {
  const { apiKey, apiSecret } = parts ?? {};
  // Printable, and no blanks: a client may say in an error which header it can't send.
  if ([apiKey, apiSecret].every((part) => typeof part === "string" && /^[!-~]+$/.test(part))) return { apiKey, apiSecret };
  throw new Error(`${place} holds no credential`);
}

/** As the stack's output `fingerprint` has it: safe in logs. */
export function fingerprint({ apiKey }) {
  return createHash("sha256").update(`bybit\n${apiKey}`).digest("hex").slice(0, 16);
}
