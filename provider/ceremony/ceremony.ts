// A ceremony: what waits for a person, taken in one by one, proved by machine and sealed. Page and terminal show it; it knows neither.

import { randomBytes } from "node:crypto";
import type { Deposited, Statement } from "../core/byhand";
import { KeyError } from "../core/errors";
import type { Journal } from "../journal/journal";
import type { Deposit } from "./deposit";
import type { Session, TaskView } from "./session";
import { openTask, type Order, type Task } from "./task";

export interface CeremonyNeeds {
  /** `acme/desk/production`. */
  readonly stack: string;
  /** Milliseconds. */
  now(): number;
  readonly journal: Journal;
  /** Keeps what was done: seals it into a file, or hands it to the run that waits. */
  keep(deposit: Deposit): Promise<{ readonly file: string; readonly endsAt: string } | undefined>;
  /** Which other resource has this key, where one is known to. The journal's entry with this mark is the task's own. */
  holder(fingerprint: string, mark: string | undefined): Promise<string | undefined>;
  /** What probes have left so far. */
  statements(): Promise<readonly Statement[]>;
  /** Whether a deposit's file still lies there. */
  lies(depositId: string): Promise<boolean>;
}

/** All tasks of one sitting. */
export class Ceremony implements Session {
  readonly stack: string;
  readonly #needs: CeremonyNeeds;
  readonly #tasks = new Map<string, Task>();
  readonly #listeners = new Set<() => void>();

  constructor(needs: CeremonyNeeds) {
    this.stack = needs.stack;
    this.#needs = needs;
  }

  /** Takes an order in; resolves once it is done. Rejects never: a task that nobody does stays open. */
  async add(order: Order): Promise<{ readonly id: string; readonly done: Promise<Deposited> }> {
    const id = randomBytes(8).toString("hex");
    const task = await openTask(id, order, this.#needs, () => {
      this.#changed();
    });
    this.#tasks.set(id, task);
    this.#changed();
    return { id, done: task.done };
  }

  /** Takes a task back that nobody has done. */
  remove(id: string): void {
    this.#tasks.delete(id);
    this.#changed();
  }

  tasks(): readonly TaskView[] {
    return [...this.#tasks.values()].map((task) => task.view());
  }

  begin = (id: string) => this.#act(id, (task) => task.begin());
  submit = (id: string, apiKey: string, apiSecret: string) => this.#act(id, (task) => task.submit(apiKey, apiSecret));
  again = (id: string) => this.#act(id, (task) => task.again());
  evidence = (id: string, statement: string) => this.#act(id, (task) => task.evidence(statement));
  attest = (id: string) => this.#act(id, (task) => task.attest());
  discard = (id: string) => this.#act(id, (task) => task.discard());

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #act(id: string, act: (task: Task) => Promise<void>): Promise<TaskView> {
    const task = this.#tasks.get(id);
    if (task === undefined) throw new Error("the ceremony has no such task");
    await act(task).catch((error: unknown) => {
      if (!(error instanceof KeyError)) throw error;
      task.failed(error);
    });
    return task.view();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
