// The screens of a tab that isn't in: the code to type, a tab that was reloaded, the lock, and a command that has ended.

import { type Answer, call, keepTab, type Outside } from "./api.js";
import { announce, h, newId, show } from "./dom.js";

/** Erases the launch token from the address at once, and exchanges it. False when there is none, or it is no longer good. */
export async function enterByLink(): Promise<Answer<{ tab: string }> | undefined> {
  const token = location.hash.slice(1);
  if (location.hash !== "" || location.href.endsWith("#")) history.replaceState(null, "", "/");
  if (!/^[\w-]{43}$/.test(token)) return undefined;
  const answer = await call<{ tab: string }>("link", { token });
  if (answer.is === "ok") keepTab(answer.value.tab);
  return answer;
}

/** Waits at the door until the person is in, or the ceremony is locked. */
export async function waitOutside(entered: () => void): Promise<void> {
  let shown = "";
  let waiting = true;
  const enter = (): void => {
    waiting = false;
    entered();
  };
  for (let missed = 0; waiting;) {
    const answer = await call<Outside>("outside");
    if (!waiting) return; // came in meanwhile
    missed = answer.is === "gone" ? missed + 1 : 0;
    if (answer.is === "ok") {
      const { locked } = answer.value;
      const state = JSON.stringify([locked, answer.value.code, answer.value.taken]);
      if (state !== shown) draw(answer.value, enter);
      shown = state;
      if (locked !== undefined) return;
    } else if (missed > 1 && shown !== "gone") {
      shown = "gone";
      showGone();
    }
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
}

function draw(outside: Outside, entered: () => void): void {
  if (outside.locked !== undefined) return showLocked(outside.locked);
  if (outside.code === "open") return showCode(outside, entered);
  const reopen = outside.reopen ?? "End the command in the terminal, and run it again: what is done stays done.";
  screen(
    outside.taken ? "This tab isn't the ceremony's" : "The code has ended",
    [
      outside.taken
        ? "The ceremony is open in another tab, or this one was reloaded: its pass is never stored, so a reload gives it up."
        : "It was good for ten minutes.",
      reopen,
    ],
    outside.words,
  );
}

function showCode(outside: Outside, entered: () => void): void {
  const id = newId();
  const problem = h("p", { id: `${id}-problem`, class: "problem", role: "alert" });
  const field = h("input", {
    id,
    class: "code",
    type: "text",
    autocomplete: "off",
    autocapitalize: "characters",
    autocorrect: "off",
    spellcheck: "false",
    maxlength: "20",
    "data-1p-ignore": true,
    "data-lpignore": "true",
    "aria-describedby": `${id}-problem`,
  });
  const enter = async (): Promise<void> => {
    const code = field.value;
    field.value = "";
    const answer = await call<{ tab: string }>("code", { code });
    if (answer.is === "ok") {
      keepTab(answer.value.tab);
      entered();
    } else if (answer.is === "locked") showLocked(answer.reason);
    else problem.textContent = sentenceFor(answer);
    field.focus();
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    void enter();
  };
  screen(
    outside.taken ? "This tab isn't in" : "Type the code from the terminal",
    outside.taken
      ? ["The ceremony is open in another tab, or this one was reloaded: its pass is never stored. With a code you go on in this tab."]
      : [],
    outside.words,
    h(
      "form",
      { class: "entry", onsubmit: submit },
      h("label", { for: id }, "Code"),
      h("div", { class: "line" }, field, h("button", { class: "main", type: "submit" }, "Open")),
      problem,
    ),
  );
  field.focus();
}

function sentenceFor(answer: Answer<unknown>): string {
  if (answer.is === "gone") return "The command in the terminal doesn't answer. Is it still running?";
  if (answer.is === "no" && answer.refused === "ended") return "This code has ended.";
  return "That isn't the code. After five wrong ones the ceremony locks.";
}

export function showLocked(reason: string): void {
  document.title = "Locked · Exchange keys";
  screen("Locked", [
    reason,
    "Somebody else may have tried to come in, so this ceremony is over: no page can do anything any more, this one included.",
    "If it was you, say with a link opened again, nothing is lost: run the command once more. If it wasn't, find out who else can use this machine first.",
  ]);
  announce(`The ceremony is locked. ${reason}`);
}

export function showGone(): void {
  screen("The command has ended", [
    "The command in the terminal doesn't answer any more. What was verified is kept.",
    "If keys are still waiting, run it again and go on in the tab that it opens. This one can be closed.",
  ]);
  announce("The command in the terminal has ended.");
}

function screen(title: string, sentences: readonly string[], words?: readonly string[], ...more: readonly HTMLElement[]): void {
  const heading = h("h1", { tabindex: "-1", id: "task" }, title);
  const pairing =
    words &&
    h("p", { class: "words" }, "The terminal shows the same four words, if this page is its own: ", h("strong", {}, words.join(" ")));
  show(h("main", { class: "screen card" }, heading, ...sentences.map((text) => h("p", {}, text)), pairing, ...more));
  heading.focus();
}
