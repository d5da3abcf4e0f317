// The terminal of whoever started the command, also where standard input is a pipe.

import { closeSync, openSync } from "node:fs";
import { ReadStream, WriteStream } from "node:tty";
import { Keyboard, type Input, type Output } from "./keyboard";
import { harmless } from "./text";

export interface Terminal {
  readonly input: Input;
  readonly output: Output;
  close(): void;
}

/** Undefined where there is none: in CI, under cron. `ours`: whether standard input is free, and not the pipe that a document comes by. */
export function openTerminal(ours: boolean): Terminal | undefined {
  const stdin = ours && process.stdin.isTTY;
  if (stdin && process.stderr.isTTY) return { input: process.stdin, output: process.stderr, close: () => process.stdin.pause() };
  const fd = openTty();
  if (fd === undefined) return undefined;
  const input = new ReadStream(fd);
  const output = process.stderr.isTTY ? process.stderr : new WriteStream(openSync("/dev/tty", "w"));
  return {
    input,
    output,
    close: () => {
      input.destroy();
      if (output !== process.stderr) output.destroy();
    },
  };
}

/** A keyboard on it that a signal interrupts, a printer, and what ends both. */
export function takeTerminal(terminal: Terminal) {
  const keyboard = new Keyboard(terminal.input, terminal.output);
  const interrupt = (): void => keyboard.interrupt();
  for (const name of SIGNALS) process.on(name, interrupt);
  return {
    keyboard,
    print: (text: string): void => void terminal.output.write(harmless(text)),
    close: (): void => {
      for (const name of SIGNALS) process.off(name, interrupt);
      keyboard.close();
      terminal.close();
    },
  };
}

export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function openTty(): number | undefined {
  try {
    const fd = openSync("/dev/tty", "r+");
    closeSync(openSync("/dev/tty", "w"));
    return fd;
  } catch {
    return undefined;
  }
}
