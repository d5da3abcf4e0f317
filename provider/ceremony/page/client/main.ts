// The page: comes in, follows the session by long poll, shows queue and task, and sends what the person does.

import type { TaskView } from "../../session.js";
import { type Answer, call, forgetTab, isIn, type Snapshot } from "./api.js";
import { emptyFields, hasTyped } from "./credentials.js";
import { announce, type Block, h, reconcile, show } from "./dom.js";
import { enterByLink, showGone, showLocked, waitOutside } from "./entry.js";
import { closing } from "./outcome.js";
import type { Pair } from "./paste.js";
import { makeQueue } from "./queue.js";
import { blocksOf } from "./task.js";
import { isOver, nextOf, phases, progress } from "./words.js";

let seen: Snapshot | undefined;
let current: string | undefined;
const busy = new Map<string, string>(); // tasks for which the machine is doing something, and what
let over = false; // locked, out or gone: nothing is drawn any more
const before = new Map<string, TaskView>(); // each task as it was before it was looked at

const queue = makeQueue((id) => void go(id));
const top = h("header", { class: "top" });
const task = h("div", { class: "task" });
const activity = h("p", { class: "activity", "aria-hidden": "true" });
const missing = h("p", { class: "missing", role: "alert", hidden: true });
const main = h("main", {}, task, activity);

async function start(): Promise<void> {
  const answer = await enterByLink();
  if (answer?.is === "locked") return showLocked(answer.reason);
  if (isIn()) return enter();
  await waitOutside(enter);
}

function enter(): void {
  over = false;
  seen = undefined;
  show(top, h("div", { class: "columns" }, queue.element, main), missing);
  void follow();
}

async function follow(): Promise<void> {
  for (let missed = 0; !over;) {
    const answer = await call<Snapshot>("tasks", { seen: seen?.version ?? 0 });
    missed = answer.is === "gone" ? missed + 1 : 0;
    if (!take(answer)) return;
    missing.hidden = missed < 2;
    if (missed === 2) missing.textContent = "The command in the terminal doesn't answer. What was verified is kept.";
    if (missed === 5) return leave();
    if (answer.is !== "ok") await new Promise((resolve) => setTimeout(resolve, 700));
  }
}

/** The command has ended: the last screen stays where all was done, and everywhere else it is said. */
function leave(): void {
  missing.hidden = true;
  over = true;
  emptyFields();
  if (seen?.finished && seen.tasks.length > 0) document.title = "Done · Exchange keys";
  else showGone();
}

/** Draws what came. False when this tab is done for. */
function take(answer: Answer<Snapshot>): boolean {
  if (over) return false;
  if (answer.is === "locked" || answer.is === "out") {
    over = true;
    emptyFields();
    forgetTab();
    if (answer.is === "locked") showLocked(answer.reason);
    else void waitOutside(enter); // another tab came in; with a new code this one can again
    return false;
  }
  if (answer.is === "ok" && answer.value.version >= (seen?.version ?? 0)) {
    seen = answer.value;
    draw();
  }
  return true;
}

function draw(): void {
  if (!seen) return;
  const { tasks, stack, words } = seen;
  const pairing = h("p", { class: "words" }, "The terminal shows the same words: ", h("strong", {}, words.join(" ")));
  reconcile(top, [
    {
      key: "top",
      data: [stack, words],
      build: () => h("div", {}, h("p", { class: "stack" }, "Exchange keys of ", h("strong", {}, stack)), pairing),
    },
  ]);
  queue.update(tasks, current);
  document.title = `${progress(tasks)} · Exchange keys`;
  const view = tasks.find(({ id }) => id === current);
  reconcile(task, view ? [...closingBlock(), ...taskBlocks(view, tasks)] : overview());
  const text = busy.get(view?.id ?? "") ?? (view?.phase === "checking" && before.has(view.id) ? "The key is being looked at …" : "");
  if (activity.textContent !== text) activity.textContent = text;
}

function taskBlocks(view: TaskView, tasks: readonly TaskView[]): readonly Block[] {
  if (view.phase !== "checking") before.set(view.id, view);
  const shown = view.phase === "checking" ? (before.get(view.id) ?? view) : view; // while the machine looks, all stays where it is
  return blocksOf(shown, nextOf(tasks, view.id), { act, verify, go: (id) => void go(id) });
}

function closingBlock(): readonly Block[] {
  const { tasks, next, finished } = seen as Snapshot;
  return finished ? [{ key: "closing", data: [next, progress(tasks)], build: () => closing(tasks, next) }] : [];
}

/** Before the first task: nothing is begun until the person says so. */
function overview(): readonly Block[] {
  const { tasks, finished } = seen as Snapshot;
  const first = nextOf(tasks);
  if (finished || !first) return closingBlock();
  const waiting = tasks.filter((one) => !isOver(one)).length;
  const count = waiting === 1 ? "One key waits for you" : `${waiting} keys wait for you`;
  const build = (): HTMLElement =>
    h(
      "section",
      { class: "card" },
      h("h1", { tabindex: "-1", id: "task" }, count),
      h(
        "p",
        {},
        "Each is done on the venue's own page, which this one leads you through, and is verified here row by row before it counts. You can stop at any time and come back: what is done stays done.",
      ),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", class: "main", onclick: () => void go(first.id) }, `Start: ${first.title}`),
      ),
    );
  return [{ key: "overview", data: [count, first.id], build }];
}

/** The person turns to a task. Its mark is journalled before anything of it is shown. */
async function go(id: string): Promise<void> {
  if (busy.has(id) || over) return;
  if (hasTyped() && id !== current) {
    emptyFields();
    announce("What was typed into the fields is gone.");
  }
  const view = await during(id, "One moment …", () => call<Snapshot>("begin", { id }));
  if (view === undefined) return;
  current = id;
  draw();
  window.scrollTo(0, 0);
  focusOn("#task");
}

function act(what: string, id: string, more: object = {}): void {
  void settle(id, what === "discard" ? "Noting it …" : "The key is being looked at …", () => call<Snapshot>(what, { id, ...more }));
}

function verify(id: string, pair: Pair): void {
  void settle(id, "The key is being looked at …", () => call<Snapshot>("submit", { id, ...pair }));
}

/** Waits for the answer, and leads to what came of it: by focus, and by a sentence for who doesn't see it. */
async function settle(id: string, text: string, ask: () => Promise<Answer<Snapshot>>): Promise<void> {
  if (busy.has(id) || over) return;
  const view = (await during(id, text, ask))?.tasks.find((one) => one.id === id);
  if (!view || id !== current || over) return;
  const found = view.findings.map((finding) => [finding.text, finding.wayOut].filter(Boolean).join(" ")).join(" ");
  announce(`${view.title}: ${phases[view.phase].text}. ${found}`);
  if (view.phase === "todo") {
    focusOn(".credentials input", ".bad h2");
    main.querySelector(".card.bad")?.scrollIntoView({ block: "nearest" }); // it stands above the fields
  } else if (view.phase === "done") focusOn(".closing h2", "button.next", "h2.outcome");
  else focusOn("h2.outcome");
}

/** One call at a time for each task; a person can turn to another meanwhile. */
async function during(id: string, text: string, ask: () => Promise<Answer<Snapshot>>): Promise<Snapshot | undefined> {
  busy.set(id, text);
  announce(text);
  main.setAttribute("aria-busy", "true");
  draw();
  const came = await ask();
  busy.delete(id);
  if (busy.size === 0) main.removeAttribute("aria-busy");
  if (!take(came)) return undefined;
  draw();
  if (came.is === "ok") return came.value;
  announce(
    came.is === "gone" ? "The command didn't answer. Try again once it does." : "That can't be done any more: the task has changed.",
  );
  activity.textContent = came.is === "gone" ? "The command didn't answer: try again." : "That can't be done any more.";
  return undefined;
}

/** The first of these that is there. */
function focusOn(...selectors: readonly string[]): void {
  for (const selector of selectors) {
    const element = main.querySelector<HTMLElement>(selector);
    if (!element) continue;
    element.focus();
    return;
  }
}

addEventListener("pagehide", () => {
  emptyFields();
  forgetTab();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload(); // back from the browser's cache without a pass
});
addEventListener("beforeunload", (event) => {
  if (isIn() && !over && !seen?.finished) event.preventDefault(); // a reload gives up the tab's pass
});

void start();
