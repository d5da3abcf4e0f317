// `exchange-keys ceremony` beside a stack on the real engine: API keys are declared, the command is run as a person runs it, on a desktop
// whose opener hands the file to the test, or without one.

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createHmac } from "node:crypto";
import { delimiter, join } from "node:path";
import { ask } from "../sandbox/caller";
import type { Pair } from "./operator";
import { start, until, type Ended, type Running } from "./processes";
import { ok, root, type Stack } from "./stack";

/** Where a sandbox sees this machine, and what a list needs for its keys to work here. */
export const HERE = { "203.0.113.10": "this desk" };

export type KeyArgs = Readonly<Record<string, unknown>> & { readonly options?: string };

/** Writes a program of these API keys, by name; `presets` can be spread into the permissions by name. */
export function declare(stack: Stack, keys: Readonly<Record<string, KeyArgs>>): void {
  const lines = Object.entries(keys).map(([name, { options = "{}", ...args }]) => {
    const id = JSON.stringify(name);
    return `exports[${id}] = new bitfinex.ApiKey(${id}, { account, ...${JSON.stringify(args)} }, ${options}).credential;`;
  });
  const head = ['const { bitfinex } = require("pulumi-exchange-keys");', 'const account = bitfinex.account("main");'];
  stack.program([...head, ...lines].join("\n"));
}

/** The environment of somebody who sits at a desktop: the opener that stands on PATH writes down what it is given. */
export function desktop(stack: Stack): NodeJS.ProcessEnv {
  const folder = join(stack.folder, "desktop");
  const opener = join(folder, "xdg-open");
  mkdirSync(folder, { recursive: true });
  writeFileSync(opener, `#!/bin/sh\nprintf '%s\\n' "$1" >> '${folder}/opened'\n`);
  chmodSync(opener, 0o755);
  return { ...stack.env, PATH: [folder, stack.env["PATH"]].join(delimiter), DISPLAY: ":0" };
}

/** What the opener was given so far. */
export function opened(stack: Stack): readonly string[] {
  const file = join(stack.folder, "desktop/opened");
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
}

/** A running command, seen as a person sees it: by what it prints. */
export interface Sitting extends Running {
  /** Waits until it has printed this. */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
  /** The page's address, once it is printed. */
  address(): Promise<string>;
  /** The code of `--no-open`. */
  code(): Promise<string>;
  /** The file that the desktop's browser is opened with. */
  file(): Promise<string>;
}

/** Takes a running command for one that serves a page. */
export function watched(stack: Stack, running: Running, before = opened(stack).length): Sitting {
  let over: Ended | undefined;
  void running.ended.then(
    (ended) => (over = ended),
    () => undefined,
  );
  const look = <T>(what: string, find: () => T | undefined): Promise<T> =>
    until(what, () => {
      const found = find();
      if (found === undefined && over !== undefined) throw new Error(`it ended with ${over.code} before ${what}:\n${over.text}`);
      return found;
    });
  const prints = (pattern: RegExp) => look(`it prints ${String(pattern)}`, () => pattern.exec(running.said()) ?? undefined);
  return {
    ...running,
    prints,
    address: async () => (await prints(/http:\/\/127\.0\.0\.1:\d+/))[0],
    code: async () => (await prints(/type this code there: (\S+)/))[1]!,
    file: () => look("a browser is opened", () => opened(stack)[before]),
  };
}

export interface How {
  /** What is piped in. */
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts `exchange-keys` in the project's folder. */
export function command(stack: Stack, args: readonly string[], { input, env = desktop(stack) }: How = {}): Sitting {
  const before = opened(stack).length;
  const running = start(join(root, "node_modules/.bin/exchange-keys"), args, stack.cwd, env, input);
  const ended = running.ended.then((result) => {
    stack.said.push(result.text);
    return result;
  });
  return watched(stack, { ...running, ended }, before);
}

/** `pulumi preview --json | exchange-keys ceremony --from -`. */
export async function ceremony(stack: Stack, args: readonly string[] = [], how: How = {}): Promise<Sitting> {
  const input = how.input ?? (await preview(stack));
  return command(stack, ["ceremony", "--from", "-", ...args], { ...how, input });
}

/** What `pulumi preview --json` prints. */
export async function preview(stack: Stack, ...args: readonly string[]): Promise<string> {
  return (await ok(stack.run("preview", "--json", ...args))).stdout;
}

/** `pulumi stack export | exchange-keys ceremony --revoke --from -`. */
export async function revoking(stack: Stack, args: readonly string[] = []): Promise<Sitting> {
  return command(stack, ["ceremony", "--revoke", "--from", "-", ...args], { input: await stack.export() });
}

/** Files of deposits, in order of their names. */
export function deposits(stack: Stack): readonly string[] {
  const folder = stack.env["EXCHANGE_KEYS_DEPOSITS"] ?? join(stack.cwd, ".exchange-keys/deposits");
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(".age"));
  return names.sort().map((name) => join(folder, name));
}

/** What the journal of the place of `up` knows of a deposit. */
export function noted(stack: Stack, deposit: string): Readonly<Record<string, unknown>> | undefined {
  const [, id] = /-([0-9a-f]{32})\.age$/.exec(deposit) ?? [];
  const file = join(stack.journal, "deposits", `${id}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>) : undefined;
}

/** The stack's keys, in clear. */
export async function credentials(stack: Stack): Promise<Readonly<Record<string, Pair>>> {
  const { stdout } = await ok(stack.run("stack", "output", "--json", "--show-secrets"));
  stack.said.pop(); // what was just asked for in clear
  return JSON.parse(stdout) as Record<string, Pair>;
}

/**
 * What a bot is answered that calls the API with a key: the status. `unit` is what it counts its nonces in, from the venue's clock;
 * `from` the loopback address that it calls from.
 */
export async function call(
  { venue }: Stack,
  path: string,
  { apiKey, apiSecret }: Pair,
  { unit = "ms", from }: { readonly unit?: "ms" | "us"; readonly from?: string } = {},
): Promise<number> {
  const now = (await venue.now()) * (unit === "us" ? 1_000 : 1);
  const last = counted.get(apiKey) ?? 0;
  counted.set(apiKey, Math.max(last + 1, now));
  const nonce = String(counted.get(apiKey));
  const signature = createHmac("sha384", apiSecret).update(`/api/v2/${path}${nonce}{}`).digest("hex");
  const headers = { "content-type": "application/json", "bfx-nonce": nonce, "bfx-apikey": apiKey, "bfx-signature": signature };
  return (await ask(venue.url, `/v2/${path}`, { body: "{}", headers, ...(from === undefined ? {} : { from }) })).status;
}

/** API key → the nonce that its bot used last. */
const counted = new Map<string, number>();
