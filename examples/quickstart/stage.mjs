// What the story stands on: a fresh folder, the sandbox as a child process, the Pulumi CLI, and an end that leaves nothing running.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters as plain } from "node:util";
import { isAlive } from "../../scripts/lock.mjs";
import { color, command, lines } from "./screen.mjs";

/** The clone's top folder, where Pulumi.yaml is. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A step that isn't as told. */
export class NotAsTold extends Error {}

/** Kept short of the CLI's answer to one Ctrl-C: it waits for what is under way. */
const PATIENCE_MS = 20_000;

/**
 * Opens the stage: `.quickstart/<stack>` anew, so that no run meets what another left. Holds the passphrase, the backend, the CLI's home
 * and the journal.
 */
export function openStage(stack) {
  const folder = join(root, ".quickstart", stack);
  const config = join(root, `Pulumi.${stack}.yaml`);
  const children = new Set();
  takeFolder(folder);
  writeFileSync(join(folder, "passphrase"), randomBytes(24).toString("base64url"), { mode: 0o600 });
  const env = {
    ...withoutPulumis(process.env),
    PULUMI_BACKEND_URL: `file://${folder}/backend`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "passphrase"),
    PULUMI_STACK: stack,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SUPPRESS_NEO_LINK: "true",
    EXCHANGE_KEYS_DEPOSITS: join(folder, "deposits"),
    // Types are checked once, before the story: each run of the program then starts two seconds earlier.
    TS_NODE_TRANSPILE_ONLY: "1",
  };
  for (const name of ["backend", "home", "journal"]) mkdirSync(join(folder, name));

  /** Starts a child in a process group of its own: Ctrl-C reaches us alone, and we end what runs in the right order. */
  function start(file, args, options) {
    const child = spawn(file, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"], detached: true, ...options });
    const end = (event) =>
      new Promise((resolve) => {
        child.once("error", (error) => resolve({ error }));
        child.once(event, (code) => resolve({ code }));
      });
    child.gone = end("exit");
    child.silent = end("close"); // later, once all that it printed is here
    children.add(child);
    void child.gone.then(() => children.delete(child));
    return child;
  }

  return {
    folder,
    /** As people would write it, from the clone's top. */
    place: relative(root, folder),
    config,
    env,

    /** The sandbox, as `exchange-keys sandbox --json` tells of itself. */
    async sandbox() {
      const main = join(dirname(createRequire(import.meta.url).resolve("exchange-keys/package.json")), "dist", "main.js");
      const child = start(process.execPath, [main, "sandbox", "--json"]);
      let said = "";
      child.stderr.on("data", (piece) => (said += piece));
      const line = await new Promise((resolve) => {
        let text = "";
        child.stdout.on("data", (piece) => (text += piece).includes("\n") && resolve(text));
        void child.gone.then(() => resolve(undefined));
      });
      if (line === undefined) throw new NotAsTold(`the sandbox didn't start: ${said.trim() || "it said nothing"}`);
      child.isSandbox = true;
      return JSON.parse(line);
    },

    /**
     * Runs the CLI, showing the command and what it prints, as it prints it; flags that only make it quieter aren't shown. `quiet` shows
     * nothing, `outputs` shows the stack's outputs too, `only` picks the lines. Answers what it printed, without colours. A failure is NotAsTold.
     */
    async pulumi(args, { quiet = false, outputs = false, only, as = `pulumi ${args.join(" ")}` } = {}) {
      if (!quiet) command(as);
      const engine = ["up", "preview", "destroy"].includes(args[0]);
      const quieter = ["--non-interactive", ...(engine ? ["--suppress-permalink=true", "--suppress-progress"] : [])];
      if (engine && !outputs) quieter.push("--suppress-outputs");
      const child = start(env.EXCHANGE_KEYS_PULUMI || "pulumi", [...args, ...quieter, "--color", color]);
      const texts = { stdout: "", stderr: "" };
      for (const name of ["stdout", "stderr"]) {
        const printed = lines(only);
        child[name].setEncoding("utf8").on("data", (piece) => {
          texts[name] += piece;
          if (!quiet) printed.take(piece);
        });
        child[name].on("end", () => printed.end());
      }
      const { code, error } = await child.silent;
      if (error)
        throw new NotAsTold(
          `the Pulumi CLI can't be started (${error.code}); \`npm run quickstart\` gets one, and names it in EXCHANGE_KEYS_PULUMI`,
        );
      const text = plain(texts.stdout);
      if (code !== 0) throw new NotAsTold(`\`${as}\` ended with exit code ${code}${quiet ? `: ${plain(texts.stderr).trim()}` : ""}`);
      return text;
    },

    /**
     * Runs `exchange-keys` with this on its standard input, showing the command and what it says. Answers what it printed once it has ended,
     * and before that what each of its lines has that is waited for.
     */
    exchangeKeys(args, input, as) {
      command(as);
      const main = join(dirname(createRequire(import.meta.url).resolve("exchange-keys/package.json")), "dist", "main.js");
      const child = start(process.execPath, [main, ...args], { stdio: ["pipe", "pipe", "pipe"] });
      child.stdin.on("error", () => undefined).end(input);
      let said = "";
      const waiting = new Set();
      const printed = lines();
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (piece) => {
          said += piece;
          printed.take(piece);
          for (const look of waiting) look();
        });
      }
      const line = (pattern) =>
        new Promise((resolve, reject) => {
          const look = () => {
            const found = pattern.exec(said)?.[1];
            if (found === undefined) return;
            waiting.delete(look);
            resolve(found);
          };
          waiting.add(look);
          look();
          void child.silent.then(() => reject(new NotAsTold(`\`${as}\` ended without saying what it should: ${said.trim()}`)));
        });
      const ended = child.silent.then(({ code }) => {
        printed.end();
        if (code !== 0) throw new NotAsTold(`\`${as}\` ended with exit code ${code}`);
        return said;
      });
      return { line, ended };
    },

    /** For those who can't wait: what runs ends at once. */
    killAll() {
      for (const child of children) kill(child);
    },

    /** Ends what runs, the CLI before the exchange that it may be talking to, and takes the stack's configuration away. */
    async close() {
      const order = [...children].sort((one, other) => Number(one.isSandbox ?? false) - Number(other.isSandbox ?? false));
      for (const child of order) await stop(child, child.isSandbox ? "SIGTERM" : "SIGINT");
      rmSync(config, { force: true });
      rmSync(join(folder, "pid"), { force: true });
    },
  };
}

async function stop(child, signal) {
  child.kill(signal);
  const timer = setTimeout(() => kill(child), PATIENCE_MS);
  await child.gone;
  clearTimeout(timer);
}

/** At once, with what it started: its process group. */
function kill(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // it has just ended
  }
}

/** The folder, made anew, unless a run that is alive has it. */
function takeFolder(folder) {
  const owner = join(folder, "pid");
  const pid = Number(read(owner));
  if (pid > 0 && isAlive(pid)) {
    throw new NotAsTold(
      `another run (process ${pid}) has ${relative(root, folder)}: end it first, or take another stack: npm run quickstart -- --stack NAME`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(owner, String(process.pid));
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The environment without what people have set for stacks of their own. */
function withoutPulumis(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("PULUMI_")));
}
