// The long poll: a call that is answered when a task has changed, or after some seconds with what it was.

import { type ServerResponse } from "node:http";
import { type Session, type TaskView } from "../session";

const longest = 20_000; // ms that a call waits

export interface Snapshot {
  /** Counts the changes; a page asks for what comes after the last that it has seen. */
  readonly version: number;
  readonly tasks: readonly TaskView[];
  /** Nothing is left that a person could do here. */
  readonly finished: boolean;
}

export class Watch {
  #version = 1;
  #waiting = new Set<() => void>();
  #finished = false;
  readonly #unsubscribe: () => void;

  constructor(private readonly session: Session) {
    this.#unsubscribe = session.subscribe(() => {
      this.#version++;
      this.wake();
    });
  }

  snapshot(): Snapshot {
    const tasks = this.session.tasks();
    return { version: this.#version, tasks, finished: tasks.every(({ phase }) => phase === "done" || phase === "blocked") };
  }

  /** Until something has changed since, a while has passed, or the asker has gone. */
  async after(seen: number, response: ServerResponse): Promise<void> {
    if (seen !== this.#version) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(end);
        response.off("close", end);
        resolve();
      };
      const timer = setTimeout(end, longest);
      timer.unref();
      this.#waiting.add(end);
      response.once("close", end);
    });
  }

  /** Answers all that wait, whatever has happened. */
  wake(): void {
    for (const end of [...this.#waiting]) end();
  }

  finishOnce(then?: () => void): void {
    if (this.#finished) return;
    this.#finished = true;
    then?.();
  }

  close(): void {
    this.#unsubscribe();
    this.wake();
  }
}
