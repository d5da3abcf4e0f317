// What a person types or pastes, line by line, without the terminal's own echo: secrets are never shown, and nothing is remembered.
// Over any pair of streams, so that tests need no terminal.

import { emitKeypressEvents, type Key } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** A stream that may be a terminal. */
export type Input = Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };
export type Output = Writable & { readonly isTTY?: boolean };

/** How a question ended that got no line: `interrupted` by Ctrl-C or a signal, or there is nothing more to read. */
export class Ended extends Error {
  override readonly name = "Ended";
  constructor(readonly how: "interrupted" | "closed") {
    super(how === "interrupted" ? "interrupted" : "there is nothing more to read");
  }
}

export interface Asked {
  /** Characters that are shown while they are typed; what is pasted never is. */
  readonly show: number;
}

type Press = { readonly text: string; readonly key: Key };

const PASTE_ON = "\x1b[?2004h";
const PASTE_OFF = "\x1b[?2004l";
const LONGEST = 65_536;

/** Reads lines from a terminal that it holds in raw mode until it is closed. */
export class Keyboard {
  readonly #input: Input;
  readonly #output: Output;
  readonly #pending: Press[] = [];
  #line = "";
  #pasted = false;
  #inPaste = false;
  #ended: Ended | undefined;
  #waiting: { readonly show: number; settle(line: string): void; fail(error: Ended): void } | undefined;

  constructor(input: Input, output: Output) {
    this.#input = input;
    this.#output = output;
    emitKeypressEvents(input);
    input.on("keypress", this.#press);
    input.once("end", this.#end);
    input.once("close", this.#end);
    input.setRawMode?.(true);
    if (output.isTTY === true) output.write(PASTE_ON);
    process.once("exit", this.#restore);
    input.resume();
  }

  /** One line, without its end. A paste with line ends in it is one line as well. Rejects with Ended. */
  ask(prompt: string, { show }: Asked): Promise<string> {
    this.#output.write(prompt);
    return new Promise((resolve, reject) => {
      this.#waiting = { show, settle: resolve, fail: reject };
      this.#drain();
    });
  }

  /** As Ctrl-C does: a signal came. */
  interrupt(): void {
    this.#finish("interrupted");
  }

  /** Gives the terminal back as it was. */
  close(): void {
    this.#input.off("keypress", this.#press);
    this.#input.off("end", this.#end);
    this.#input.off("close", this.#end);
    this.#input.pause();
    process.off("exit", this.#restore);
    this.#restore();
    this.#finish("closed");
  }

  readonly #restore = (): void => {
    if (this.#output.isTTY === true) this.#output.write(PASTE_OFF);
    this.#input.setRawMode?.(false);
  };

  readonly #end = (): void => this.#finish("closed");

  readonly #press = (text: string | undefined, key: Key): void => {
    // Ctrl-C counts at once, whatever is under way.
    if (key.ctrl === true && key.name === "c") return this.#finish("interrupted");
    if (this.#pending.length < LONGEST) this.#pending.push({ text: text ?? "", key });
    this.#drain();
  };

  /** What was typed ahead waits for the next question. */
  #drain(): void {
    while (this.#waiting !== undefined) {
      const press = this.#pending.shift();
      if (press === undefined) break;
      this.#take(press, this.#waiting.show);
    }
    if (this.#ended !== undefined && this.#waiting !== undefined) this.#fail(this.#ended);
  }

  #take({ text, key }: Press, show: number): void {
    if (key.name === "paste-start" || key.name === "paste-end") {
      this.#inPaste = key.name === "paste-start";
      this.#pasted = true;
      return;
    }
    if (this.#inPaste) return this.#add(key.name === "return" || key.name === "enter" ? "\n" : text);
    if (key.name === "return" || key.name === "enter") return this.#settle();
    if (key.name === "backspace") return this.#cut(this.#line.length - 1, show);
    if (key.ctrl === true && key.name === "u") return this.#cut(0, show);
    if (key.ctrl === true && key.name === "d" && this.#line === "") return this.#finish("closed");
    if (key.ctrl === true || key.meta === true || text === "" || text.startsWith("\x1b")) return;
    this.#add(text);
    if (!this.#pasted && this.#line.length <= show) this.#output.write(text);
  }

  #add(text: string): void {
    if (this.#line.length < LONGEST) this.#line += text;
  }

  #cut(to: number, show: number): void {
    const shown = this.#pasted ? 0 : Math.min(this.#line.length, show);
    this.#line = this.#line.slice(0, Math.max(to, 0));
    const gone = Math.max(0, shown - this.#line.length);
    this.#output.write("\b \b".repeat(gone));
    if (this.#line === "") this.#pasted = false;
  }

  #settle(): void {
    const { settle } = this.#waiting ?? {};
    const line = this.#line;
    this.#line = "";
    this.#pasted = false;
    this.#waiting = undefined;
    this.#output.write("\n");
    settle?.(line);
  }

  #finish(how: Ended["how"]): void {
    this.#ended ??= new Ended(how);
    if (how === "interrupted") this.#pending.length = 0;
    this.#drain();
  }

  #fail(ended: Ended): void {
    const { fail } = this.#waiting ?? {};
    this.#line = "";
    this.#waiting = undefined;
    this.#output.write("\n");
    fail?.(ended);
  }
}
