// The ceremony without a browser: shows each task, takes key and secret unseen, and drives the session by one-letter commands.

import type { Session, TaskView } from "pulumi-exchange-keys/ceremony";
import { Ended, type Keyboard } from "./keyboard";
import { findingsText, listText, probeText, taskText, wrapped } from "./text";

/** `left`: the person went, with `q` or the end of what there was to read. */
export type Outcome = "done" | "left" | "interrupted";

const open = ({ phase }: TaskView): boolean => phase !== "done" && phase !== "blocked";

/** Runs until nothing is left to do, or the person goes. Secrets are read unseen and handed to the session alone. */
export async function terminalCeremony(session: Session, keyboard: Keyboard, print: (text: string) => void): Promise<Outcome> {
  try {
    return await new Sitting(session, keyboard, print).run();
  } catch (error) {
    if (error instanceof Ended) return error.how === "interrupted" ? "interrupted" : "left";
    throw error;
  }
}

class Sitting {
  constructor(
    private readonly session: Session,
    private readonly keyboard: Keyboard,
    private readonly print: (text: string) => void,
  ) {}

  async run(): Promise<Outcome> {
    this.print(`Ceremony of ${this.session.stack}\n\n${listText(this.session.tasks())}\n`);
    for (let at = await this.#choose(); at !== undefined; at = this.#next(at)) {
      const went = await this.#work(at);
      if (went === "quit") return "left";
      if (typeof went === "number") at = went - 1; // the step of the loop goes to it, where it is open
    }
    return this.session.tasks().some(open) ? "left" : "done";
  }

  /** Showing a task journals its mark: nothing is shown before the person turns to it. */
  async #choose(): Promise<number | undefined> {
    while (this.session.tasks().some(open)) {
      const line = (await this.keyboard.ask("Enter begins with the first; or a number, or q to quit: ", { show: 4 })).trim();
      if (line === "q") return undefined;
      if (line === "") return this.#next(-1);
      const chosen = this.#numbered(line);
      if (chosen !== undefined) return chosen;
      this.print("That is none of the numbers that are still to do.\n");
    }
    return undefined;
  }

  /** The first that is open after this one, around the end. */
  #next(at: number): number | undefined {
    const tasks = this.session.tasks();
    const order = [...tasks.keys()].map((step) => (at + 1 + step) % tasks.length);
    return order.find((each) => open(tasks[each] as TaskView));
  }

  #numbered(line: string): number | undefined {
    if (!/^\d{1,4}$/.test(line)) return undefined;
    const task = this.session.tasks()[Number(line) - 1];
    return task !== undefined && open(task) ? Number(line) - 1 : undefined;
  }

  /** One task, until it is done or left: for the next one, for a numbered one, or for good. */
  async #work(at: number): Promise<"next" | "quit" | number> {
    const { id } = this.session.tasks()[at] as TaskView;
    this.#show(await this.session.begin(id), at);
    for (;;) {
      const task = this.#task(id);
      if (!open(task)) return "next";
      const line = await this.keyboard.ask(prompt(task), { show: task.does === "create" ? 0 : 4 });
      const command = line.trim();
      if (command === "n") return "next";
      if (command === "q") return "quit";
      const chosen = this.#numbered(command);
      if (chosen !== undefined) return chosen;
      await this.#obey(task, command, at);
    }
  }

  async #obey(task: TaskView, command: string, at: number): Promise<void> {
    const { id, does, phase } = task;
    if (command === "" || command === "?") return this.#show(task, at);
    if (command === "l" && looks(task)) return this.#look(id, () => this.session.again(id));
    if (command === "p" && does !== "revoke") return this.#evidence(id);
    if (command === "d" && does === "create") return this.#discard(task);
    if (command === "done" && does !== "create") return this.#look(id, () => this.session.attest(id));
    if (does === "create" && command.length > 4 && phase !== "discarding") return this.#submit(id, command);
    this.print(does === "create" ? "That is neither a command nor a key.\n" : "That is no command here; nothing was done.\n");
  }

  /** Key and secret in one paste, or one after the other. */
  async #submit(id: string, given: string): Promise<void> {
    const [apiKey = "", ...rest] = given.split(/\s+/).filter((part) => part !== "");
    const apiSecret = rest.length > 0 ? rest.join(" ") : (await this.keyboard.ask("API secret (not shown): ", { show: 0 })).trim();
    await this.#look(id, () => this.session.submit(id, apiKey, apiSecret));
  }

  async #evidence(id: string): Promise<void> {
    const statement = (await this.keyboard.ask("The probe's statement, one line (not shown): ", { show: 0 })).trim();
    await this.#look(id, () => this.session.evidence(id, statement));
  }

  async #discard({ id, canLook, fingerprint, label }: TaskView): Promise<void> {
    if (fingerprint === undefined || !canLook) {
      this.print("No key was given here that could be thrown away.\n");
      return;
    }
    await this.#look(id, () => this.session.discard(id));
    this.print(`${wrapped(`Revoke the key labelled "${label}" on the venue's page, then l looks whether it is dead.`)}\n`);
  }

  async #look(id: string, act: () => Promise<TaskView>): Promise<void> {
    this.print("Looking ...\n");
    const before = this.#task(id).label;
    this.#tell(await act());
    const { label, phase } = this.#task(id);
    if (phase !== "done" && label !== before) this.print(`Label:  ${label}\n`);
  }

  #tell(task: TaskView): void {
    const { phase, deposit, findings, title } = task;
    if (phase === "done") {
      const sealed = deposit === undefined ? "" : ` Sealed until ${deposit.endsAt}: ${deposit.file}`;
      this.print(`${wrapped(`Done: ${title}.`)}${sealed}\n\n`);
      return;
    }
    if (findings.length > 0) this.print(`${[...findingsText(findings), ...probeText(task)].join("\n").trimStart()}\n\n`);
  }

  #show(task: TaskView, at: number): void {
    this.print(`${[taskText(task, at + 1, this.session.tasks().length), ...probeText(task)].join("\n")}\n\n`);
  }

  #task(id: string): TaskView {
    const task = this.session.tasks().find((each) => each.id === id);
    if (task === undefined) throw new Error("the ceremony has lost a task");
    return task;
  }
}

/** A revocation is looked at with the person's word alone: where nobody can tell, the word is what counts. */
function looks({ does, canLook }: TaskView): boolean {
  return does !== "revoke" && canLook;
}

/** What can be typed, said with each question. */
function prompt(task: TaskView): string {
  const { does, phase, canLook, fingerprint } = task;
  const look = looks(task) ? [phase === "discarding" ? "l look whether it is dead" : "l look again"] : [];
  const away = does === "create" && canLook && fingerprint !== undefined && phase !== "discarding" ? ["d throw this key away"] : [];
  const proof = does !== "revoke" && (phase === "barred" || canLook) && phase !== "discarding" ? ["p paste a probe's statement"] : [];
  const first =
    does === "create"
      ? phase === "discarding"
        ? []
        : ["paste the API key (not shown), or both key and secret"]
      : [`type done when it is ${does === "edit" ? "saved" : "revoked"}`];
  const ways = [...first, ...look, ...proof, ...away, "n next", "q quit", "? show again"];
  return `${wrapped(ways.join("; "))}\n> `;
}
