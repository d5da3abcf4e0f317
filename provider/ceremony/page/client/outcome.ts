// What was found, and what a person does then: differences, a probe, a key to throw away, the end of a task, the end of all.

import type { Finding, TaskView } from "../../session.js";
import { copyButton, h, newId, time } from "./dom.js";
import { changes, isOver, NOTHING, progress } from "./words.js";

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
  const revoke = task.does === "revoke";
  const turns = changes(task.rows);
  const more = task.findings.filter(({ text }) => !saidByRows(task.rows, text));
  const mend = more.some(({ wayOut }) => /^(edit|revoke) /i.test(wayOut ?? ""))
    ? ""
    : "Edit the same key at the venue, save it, and come back.";
  const kept = task.canLook ? "Key and secret needn't be pasted again." : "";
  return h(
    "section",
    { class: "card warn" },
    heading(revoke ? "Not revoked yet" : "Not right yet: change this at the venue"),
    turns.length > 0 && h("ul", { class: "turns" }, ...turns.map((text) => h("li", {}, text))),
    more.length > 0 && findings(more),
    !revoke && h("p", {}, [mend, task.does === "create" ? kept : ""].filter(Boolean).join(" ")),
    h("div", { class: "buttons" }, task.canLook && button("Look again", () => act("again", task.id), true), discardButton(task, act)),
  );
}

/** A finding for those who see no grid, the terminal's: here the rows say it. */
function saidByRows(rows: TaskView["rows"], text: string): boolean {
  return changes(rows).some((turn) => rows.some(({ title, scope }) => text === `${turn.replace(`${title}:`, `${title} (${scope}):`)}.`));
}

/** For a pasted key alone: what a program has recorded is no paste. Once thrown away it doesn't come back: the second press counts. */
export function discardButton(task: TaskView, act: Act): HTMLElement | false {
  if (task.does !== "create" || task.pasted === undefined) return false;
  let sure = false;
  const set = (now: boolean): void => {
    sure = now;
    face.textContent = now ? "Press again to throw this key away" : "Throw this key away";
  };
  const throwAway = (): void => (sure ? act("discard", task.id) : set(true));
  const face = h("span", {}, "Throw this key away");
  return h("button", { type: "button", class: "wide", onclick: throwAway, onblur: () => set(false), "aria-live": "polite" }, face);
}

/** Nobody has seen it work: a refusal says nothing of a key until a host of its list has tried it. */
export function barred(task: TaskView, act: Act): HTMLElement {
  const command = task.probe?.command ?? "exchange-keys probe --prompt";
  const hosts = task.probe?.hosts ?? [];
  const wide = task.findings.some(({ text }) => /missing or too wide/.test(text));
  const explained = wide || task.findings.some(({ text }) => /mistyped|doesn't exist/.test(text));
  return h(
    "section",
    { class: "card warn" },
    heading(wide ? "Its IP list isn't right yet" : "Refused here, as the IP list says it should be: no proof yet"),
    task.findings.length > 0 && findings(task.findings.map(withoutProbe)),
    !explained && h("p", {}, "The venue gives the same answer to a key that doesn't exist or was mistyped."),
    h("h3", {}, hosts.length === 1 ? "Run this on that host" : "Run this on one of these hosts"),
    hosts.length > 0 && h("ul", { class: "lines" }, ...hosts.map((host) => h("li", {}, h("code", {}, host)))),
    h("div", { class: "copied" }, h("code", { class: "large" }, command), copyButton("the command", command)),
    h("p", {}, "The probe asks for the key there, makes one harmless call, and stores nothing."),
    h("h3", {}, "Bring its statement here"),
    ...statementForm(task, act, task.canLook && button("Look again from here", () => act("again", task.id)), discardButton(task, act)),
  );
}

/** The way out that the card leads through by itself. */
function withoutProbe({ text, wayOut }: Finding): Finding {
  return wayOut === undefined || /^Run the probe on a host of its list, and paste what it prints/.test(wayOut)
    ? { text }
    : { text, wayOut };
}

/** A probe's statement, as text or as the file it wrote. */
export function statementForm(task: TaskView, act: Act, ...ways: readonly (HTMLElement | false)[]): readonly HTMLElement[] {
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
  return [
    h("label", { for: id }, "Statement (it holds no secret)"),
    area,
    h("label", { class: "file" }, "or the file it wrote ", h("input", { type: "file", onchange: (event) => void read(event) })),
    problem,
    h("div", { class: "buttons" }, button("Take the statement", give, true), ...ways),
  ];
}

/** Named by how it begins, and never by the label: the key that was pasted may be another than the one that has it. */
export function discarding(task: TaskView, act: Act): HTMLElement {
  const { pasted, fingerprint } = task;
  return h(
    "section",
    { class: "card bad" },
    heading("This key must go: revoke it at the venue"),
    task.findings.length > 0 && findings(task.findings),
    h(
      "dl",
      { class: "facts" },
      h("dt", {}, "Which"),
      pasted === undefined
        ? h("dd", {}, "the key that was pasted here")
        : h("dd", { class: "copied" }, "the key that begins with ", h("code", { class: "large" }, pasted)),
      ...fingerprintOf(fingerprint),
    ),
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
    ...fingerprintOf(fingerprint),
  );
}

function fingerprintOf(fingerprint: string | undefined): readonly HTMLElement[] {
  if (fingerprint === undefined) return [];
  const ours = h("span", { class: "small" }, " (ours; the venue doesn't show it)");
  return [h("dt", {}, "Fingerprint"), h("dd", {}, h("code", {}, fingerprint), ours)];
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
          ...(task.findings.length > 0 ? ["Its file is "] : ["Sealed for ", h("code", {}, "pulumi up"), " in "]),
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

/** `next` is a command, or, within a `pulumi up` that waits, the sentence that says so. */
export function closing(tasks: readonly TaskView[], next: string): HTMLElement {
  if (tasks.length === 0) return h("section", { class: "card closing" }, heading(`${NOTHING}.`));
  const left = tasks.filter(({ phase }) => phase === "blocked").length;
  const good = tasks.every(isOver) && left === 0;
  const command = next.endsWith(".")
    ? [h("p", {}, next)]
    : [
        h("p", {}, "In the terminal, this comes next:"),
        h("div", { class: "copied" }, h("code", { class: "large" }, next), copyButton("the command", next)),
      ];
  return h(
    "section",
    { class: "card good closing" },
    heading(
      good ? (tasks.length === 1 ? "✓ All done" : `✓ All ${tasks.length} are done`) : `Nothing more can be done here: ${progress(tasks)}`,
    ),
    ...command,
    h("p", {}, "This tab can be closed."),
  );
}
