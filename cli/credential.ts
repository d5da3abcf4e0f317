// A key from where its bot has it, or typed unseen: never from an argument, which every process of a machine can read.

import { CommandError, Exit } from "./outcome";
import { smallFile } from "./sources";
import { openTerminal, takeTerminal } from "./terminal/open";
import { Ended } from "./terminal/keyboard";

export interface CredentialOptions {
  readonly keyEnv?: string | undefined;
  readonly secretEnv?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly secretFile?: string | undefined;
  readonly prompt?: true | undefined;
}

export interface Pair {
  readonly apiKey: string;
  readonly apiSecret: string;
}

const WAYS = "give --key-env and --secret-env, --key-file and --secret-file, or --prompt";

/** Key and secret. Messages name options, never their values: people paste a secret where a name belongs. */
export async function credentialFrom(options: CredentialOptions): Promise<Pair> {
  const { keyEnv, secretEnv, keyFile, secretFile, prompt } = options;
  const given = { key: [keyEnv, keyFile, prompt], secret: [secretEnv, secretFile, prompt] };
  for (const [part, ways] of Object.entries(given)) {
    const count = ways.filter((way) => way !== undefined).length;
    if (count !== 1) throw wrong(`the ${part} is ${count === 0 ? "missing" : "given more than once"}; ${WAYS}`);
  }
  if (prompt === true) return prompted();
  return {
    apiKey: keyEnv === undefined ? fromFile(keyFile ?? "", "--key-file") : fromEnv(keyEnv, "--key-env"),
    apiSecret: secretEnv === undefined ? fromFile(secretFile ?? "", "--secret-file") : fromEnv(secretEnv, "--secret-env"),
  };
}

function fromEnv(name: string, option: string): string {
  const value = process.env[name]?.trim();
  if (value === undefined || value === "")
    throw wrong(`${option} names an environment variable that is ${value === "" ? "empty" : "not set"}; set it, or give the file`);
  return value;
}

function fromFile(path: string, option: string): string {
  let value: string;
  try {
    value = smallFile(path).trim();
  } catch {
    throw wrong(`${option} names a file that can't be read, or isn't a file of at most 64 kB; give the path of the bot's own`);
  }
  if (value === "") throw wrong(`${option} names a file that is empty; give the path of the bot's own`);
  return value;
}

async function prompted(): Promise<Pair> {
  const terminal = openTerminal(true);
  if (terminal === undefined) throw wrong("--prompt needs a terminal, and there is none here; run it over ssh with a terminal (ssh -t)");
  const { keyboard, close } = takeTerminal(terminal);
  try {
    const line = await keyboard.ask("API key, or key and secret in one paste (not shown): ", { show: 0 });
    const [apiKey = "", ...rest] = line.split(/\s+/).filter((part) => part !== "");
    const apiSecret = rest.length > 0 ? rest.join(" ") : (await keyboard.ask("API secret (not shown): ", { show: 0 })).trim();
    if (apiKey === "" || apiSecret === "") throw wrong("both are needed, the API key and the API secret; paste both");
    return { apiKey, apiSecret };
  } catch (error) {
    if (error instanceof Ended) throw new CommandError(Exit.interrupted, "probe: nothing was asked; run it again");
    throw error;
  } finally {
    close();
  }
}

function wrong(message: string): CommandError {
  return new CommandError(Exit.usage, `probe: ${message}`);
}
