// A person at a terminal: types and pastes into one stream, and waits for what appears on the other.

import { PassThrough } from "node:stream";
import { Keyboard } from "../../cli/terminal/keyboard";
import { terminalCeremony, type Outcome } from "../../cli/terminal/ceremony";
import type { Session } from "../../provider/ceremony/session";

export class Person {
  readonly input = new PassThrough();
  readonly output = new PassThrough();
  readonly keyboard: Keyboard;
  seen = "";
  #from = 0;
  #looks = new Set<() => void>();

  constructor() {
    this.output.setEncoding("utf8").on("data", (piece: string) => {
      this.seen += piece;
      for (const look of [...this.#looks]) look();
    });
    this.keyboard = new Keyboard(this.input, this.output);
  }

  /** Holds the ceremony to its end, or to where the person leaves it. */
  hold(session: Session): Promise<Outcome> {
    return terminalCeremony(session, this.keyboard, (text) => void this.output.write(text)).finally(() => this.keyboard.close());
  }

  type(text: string): void {
    this.input.write(text);
  }

  line(text: string): void {
    this.type(`${text}\r`);
  }

  /** As terminals with bracketed paste hand it on. */
  paste(text: string): void {
    this.type(`\x1b[200~${text}\x1b[201~`);
  }

  /** What appeared since the last time, up to this. */
  async see(what: RegExp): Promise<RegExpExecArray> {
    const found = await new Promise<RegExpExecArray>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${what} didn't appear after: ${this.seen.slice(this.#from)}`)), 10_000);
      const look = (): void => {
        const match = what.exec(this.seen.slice(this.#from));
        if (match === null) return;
        clearTimeout(late);
        this.#looks.delete(look);
        resolve(match);
      };
      this.#looks.add(look);
      look();
    });
    this.#from += found.index + found[0].length;
    return found;
  }

  /** Enter at the start; answers the label of the first task. */
  async begin(): Promise<string> {
    await this.see(/q to quit: $/);
    this.line("");
    const [, label = ""] = await this.see(/\nLabel: {2}(.+)\n[^]*?> /);
    return label;
  }
}
