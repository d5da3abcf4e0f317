// The ceremony without a browser: shows each task, takes key and secret unseen, and drives the session by one-letter commands.

import type { Session, TaskView } from "pulumi-exchange-keys/ceremony";
import { Ended, type Keyboard } from "./keyboard";
import { givenIn, isName, namedPaste } from "./paste";
import { findingsText, listText, meant, probeText, taskText, wrapped } from "./text";

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
      if (chosen !== undefined && open(this.#at(chosen))) return chosen;
      if (chosen === undefined) this.print("That is none of the numbers.\n");
      else this.#tell(this.#at(chosen));
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
    return /^\d{1,4}$/.test(line) && this.session.tasks()[Number(line) - 1] !== undefined ? Number(line) - 1 : undefined;
  }

  #at(at: number): TaskView {
    return this.session.tasks()[at] as TaskView;
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
      if (chosen === undefined) await this.#obey(task, command, at);
      else if (open(this.#at(chosen))) return chosen;
      else this.#tell(this.#at(chosen));
    }
  }

  async #obey(task: TaskView, command: string, at: number): Promise<void> {
    const { id, does, phase } = task;
    if (command === "" || command === "?") return this.#show(task, at);
    if (command === "l" && looks(task)) return this.#look(id, () => this.session.again(id));
    if (command === "p" && does !== "revoke") return this.#evidence(id);
    if (command === "d" && does === "create") return this.#discard(task);
    if (command === "done" && does !== "create") return this.#look(id, () => this.session.attest(id));
    if (does === "create" && isName(command) && phase !== "discarding") return; // "API key": the value is on the next line
    if (does === "create" && command.length > 4 && phase !== "discarding") return this.#submit(id, command);
    this.print(does === "create" ? "That is neither a command nor a key.\n" : "That is no command here; nothing was done.\n");
  }

  /** Key and secret in one paste, or one after the other. */
  async #submit(id: string, text: string): Promise<void> {
    const given = givenIn(text);
    if (given === undefined) {
      this.print(
        `${wrapped("Nobody can tell which of that is the key and which the secret: paste the API key alone, then the secret.")}\n`,
      );
      return;
    }
    const { apiKey, apiSecret = await this.#secret() } = given;
    await this.#look(id, () => this.session.submit(id, apiKey, apiSecret));
  }

  async #secret(): Promise<string> {
    for (;;) {
      const line = (await this.keyboard.ask("API secret (not shown): ", { show: 0 })).trim();
      if (!isName(line)) return namedPaste(line) ?? line;
    }
  }

  async #evidence(id: string): Promise<void> {
    const statement = (await this.keyboard.ask("The probe's statement, one line (not shown): ", { show: 0 })).trim();
    await this.#look(id, () => this.session.evidence(id, statement));
  }

  async #discard(task: TaskView): Promise<void> {
    if (task.pasted === undefined) {
      this.print("No key was given here that could be thrown away.\n");
      return;
    }
    await this.#look(task.id, () => this.session.discard(task.id));
    this.print(`${wrapped(`Revoke ${meant(task)} on the venue's page, then l looks whether it is dead.`)}\n`);
  }

  async #look(id: string, act: () => Promise<TaskView>): Promise<void> {
    this.print("Looking ...\n");
    const before = this.#task(id).label;
    this.#tell(await act());
    const { label, phase } = this.#task(id);
    if (phase !== "done" && phase !== "discarding" && label !== before) this.print(`Label:  ${label}\n`);
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
  const { does, phase, canLook, pasted } = task;
  const look = looks(task) ? [phase === "discarding" ? "l look whether it is dead" : "l look again"] : [];
  const away = does === "create" && pasted !== undefined && phase !== "discarding" ? ["d throw this key away"] : [];
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
