// Child processes of the set-up: quiet ones that speak only when they fail, and loud ones that own the terminal.

import { spawn } from "node:child_process";
import { constants } from "node:os";

/** One line for a person, on stderr: stdout belongs to the results. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** A failure that a person can act on: printed without a stack. */
export class SetupError extends Error {}

/**
 * Runs a command to its end and returns { code, output }. `quiet` collects the output instead of showing it; `detached` gives the
 * child a process group of its own; `onStart` gets the child.
 * A signal to us is passed on, so that the child can clean up, and we end when it has.
 */
export function run(command, args, { cwd, env, quiet = false, onStart, detached = false } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = quiet ? ["ignore", "pipe", "pipe"] : "inherit";
    const child = spawn(command, args, { cwd, env, stdio, detached });
    let output = "";
    child.stdout?.on("data", (data) => (output += data));
    child.stderr?.on("data", (data) => (output += data));
    const passOn = (signal) => {
      if (detached) killGroup(child, signal);
      else if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal); // a terminal gives Ctrl-C to both of us
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    let received;
    const handlers = signals.map((signal) => [signal, () => passOn((received = signal))]);
    for (const [signal, handler] of handlers) process.on(signal, handler);
    const settle = () => {
      for (const [signal, handler] of handlers) process.removeListener(signal, handler);
    };
    child.on("error", (error) => {
      settle();
      reject(error);
    });
    child.on("close", (code, signal) => {
      settle();
      if (received) process.exit(128 + constants.signals[received]);
      resolve({ code: code ?? 128 + constants.signals[signal], output });
    });
    if (child.pid !== undefined) onStart?.(child);
  });
}

/** Signals a detached child and all that it started. */
export function killGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error; // it has just ended
  }
}

/** Ends a script: a SetupError as its sentence, anything else with its stack. */
export function fail(error) {
  say(error instanceof SetupError ? error.message : (error.stack ?? String(error)));
  process.exit(1);
}

/** The end of a long output, where the reason usually stands. */
export function tail(output, lines = 30) {
  return output.trimEnd().split("\n").slice(-lines).join("\n");
}
