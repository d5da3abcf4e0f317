// What was found, and what a person does then: differences, a probe, a key to throw away, the end of a task, the end of all.

import type { Finding, TaskView } from "../../session.js";
import { copyButton, h, newId, time } from "./dom.js";
import { changes, isOver, progress } from "./words.js";

/** What a person can ask for; each is a call. */
export interface Act {
  (what: "again" | "attest" | "discard", id: string): void;
  (what: "evidence", id: string, more: { readonly statement: string }): void;
}

export function findings(list: readonly Finding[]): HTMLElement {
  const items = list.map(({ text, wayOut }) => h("li", {}, text, wayOut !== undefined && h("span", { class: "way-out" }, wayOut)));
  return h("ul", { class: "findings" }, ...items);
}

const button = (text: string, onclick: () => void, main = false): HTMLElement =>
  h("button", { type: "button", class: main ? "main" : undefined, onclick }, text);

const heading = (text: string): HTMLElement => h("h2", { tabindex: "-1", class: "outcome" }, text);

/** The key is there and isn't right: the toggles to change, and another look with the same key. */
export function differs(task: TaskView, act: Act): HTMLElement {
  const turns = changes(task.rows);
  const more = task.findings.filter(({ text }) => !saidByRows(task.rows, text));
  return h(
    "section",
    { class: "card warn" },
    heading("Not right yet: change this at the venue"),
    turns.length > 0 && h("ul", { class: "turns" }, ...turns.map((text) => h("li", {}, text))),
    more.length > 0 && findings(more),
    h("p", {}, `Edit the same key at the venue, save it, and come back.${task.canLook ? " Key and secret needn't be pasted again." : ""}`),
    h("div", { class: "buttons" }, task.canLook && button("Look again", () => act("again", task.id), true), discardButton(task, act)),
  );
}

/** A finding for those who see no grid, the terminal's: here the rows say it. */
function saidByRows(rows: TaskView["rows"], text: string): boolean {
  return changes(rows).some((turn) => rows.some(({ title, scope }) => text === `${turn.replace(`${title}:`, `${title} (${scope}):`)}.`));
}

/** A key once thrown away doesn't come back: the second press counts. */
function discardButton(task: TaskView, act: Act): HTMLElement {
  let sure = false;
  const throwAway = (): void => {
    if (sure) return act("discard", task.id);
    sure = true;
    face.textContent = "Press again to throw this key away";
  };
  const face = h("span", {}, "Throw this key away");
  return h("button", { type: "button", class: "wide", onclick: throwAway, "aria-live": "polite" }, face);
}

export function barred(task: TaskView, act: Act): HTMLElement {
  const id = newId();
  const area = h("textarea", { id, rows: "5", spellcheck: "false", autocomplete: "off", autocapitalize: "off", class: "mono" });
  const read = async (event: Event): Promise<void> => {
    const [file] = (event.target as HTMLInputElement).files ?? [];
    if (file) area.value = (await file.text()).slice(0, 32_768);
  };
  const problem = h("p", { class: "problem", role: "alert" });
  const give = (): void => {
    problem.textContent = area.value.trim() === "" ? "The statement is missing." : "";
    if (area.value.trim() === "") area.focus();
    else act("evidence", task.id, { statement: area.value });
  };
  const command = task.probe?.command ?? "exchange-keys probe --prompt";
  const hosts = task.probe?.hosts ?? [];
  return h(
    "section",
    { class: "card warn" },
    heading("Refused here, as the IP list says it should be"),
    task.findings.length > 0 && findings(task.findings),
    h(
      "p",
      {},
      "So it counts once a host of the list has tried it. The probe asks for the key there, makes one harmless call, and stores nothing.",
    ),
    h("h3", {}, hosts.length === 1 ? "Run this on that host" : "Run this on one of these hosts"),
    hosts.length > 0 && h("ul", { class: "lines" }, ...hosts.map((host) => h("li", {}, h("code", {}, host)))),
    h("div", { class: "copied" }, h("code", { class: "large" }, command), copyButton("the command", command)),
    h("h3", {}, "Bring its statement here"),
    h("label", { for: id }, "Statement (it holds no secret)"),
    area,
    h("label", { class: "file" }, "or the file it wrote ", h("input", { type: "file", onchange: (event) => void read(event) })),
    problem,
    h(
      "div",
      { class: "buttons" },
      button("Take the statement", give, true),
      task.canLook && button("Look again from here", () => act("again", task.id)),
      discardButton(task, act),
    ),
  );
}

export function discarding(task: TaskView, act: Act): HTMLElement {
  return h(
    "section",
    { class: "card bad" },
    heading("This key must go: revoke it at the venue"),
    task.findings.length > 0 && findings(task.findings),
    which(task),
    h("p", {}, "It is looked at until it is dead. Only then can another be made."),
    h(
      "div",
      { class: "buttons" },
      button("I have revoked it: look", () => act("again", task.id), true),
    ),
  );
}

/** Label and fingerprint: how a key is found in the venue's list, and here. */
export function which({ label, fingerprint }: TaskView): HTMLElement {
  return h(
    "dl",
    { class: "facts" },
    h("dt", {}, "Label"),
    h("dd", { class: "copied" }, h("code", { class: "large" }, label), copyButton("the label", label)),
    fingerprint !== undefined && h("dt", {}, "Fingerprint"),
    fingerprint !== undefined &&
      h("dd", {}, h("code", {}, fingerprint), h("span", { class: "small" }, " (ours; the venue doesn't show it)")),
  );
}

const doneTitle: Readonly<Record<TaskView["does"], string>> = {
  create: "Verified: this key is as declared",
  edit: "Changed",
  revoke: "Revoked",
};

export function done(task: TaskView, next: TaskView | undefined, go: (id: string) => void): HTMLElement {
  const { deposit } = task;
  return h(
    "section",
    { class: "card good" },
    heading(`✓ ${doneTitle[task.does]}`),
    task.findings.length > 0 && findings(task.findings),
    deposit
      ? h(
          "p",
          {},
          "Sealed for ",
          h("code", {}, "pulumi up"),
          " in ",
          h("code", { class: "path" }, deposit.file),
          ". It counts until ",
          time(deposit.endsAt),
          ".",
        )
      : h("p", {}, "The waiting ", h("code", {}, "pulumi up"), " has it."),
    next &&
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", class: "main next", onclick: () => go(next.id) }, `Next: ${next.title}`),
      ),
  );
}

export function blocked(task: TaskView): HTMLElement {
  return h(
    "section",
    { class: "card bad" },
    heading("This can't be done in this ceremony"),
    findings(task.findings),
    h("p", { class: "small" }, "The others don't wait for it."),
  );
}

export function closing(tasks: readonly TaskView[], command: string): HTMLElement {
  const left = tasks.filter(({ phase }) => phase === "blocked").length;
  const good = tasks.every(isOver) && left === 0;
  return h(
    "section",
    { class: "card good closing" },
    heading(
      good ? (tasks.length === 1 ? "✓ All done" : `✓ All ${tasks.length} are done`) : `Nothing more can be done here: ${progress(tasks)}`,
    ),
    h("p", {}, "In the terminal, this comes next:"),
    h("div", { class: "copied" }, h("code", { class: "large" }, command), copyButton("the command", command)),
    h("p", {}, "This tab can be closed."),
  );
}
