// The list of all tasks with how far each is. Its rows are made once and then only change their words: forty stay quick, nothing jumps.

import type { TaskView } from "../../session.js";
import { h } from "./dom.js";
import { does, phases, progress } from "./words.js";

export interface Queue {
  readonly element: HTMLElement;
  update(tasks: readonly TaskView[], current: string | undefined): void;
}

interface Line {
  readonly item: HTMLElement;
  readonly button: HTMLElement;
  readonly sign: HTMLElement;
  readonly state: HTMLElement;
}

export function makeQueue(go: (id: string) => void): Queue {
  const count = h("p", { class: "count", id: "count" });
  const bar = h("progress", { "aria-labelledby": "count" });
  const list = h("ol", { class: "queue" });
  const lines = new Map<string, Line>();
  const element = h("nav", { "aria-label": "Keys" }, count, bar, list);

  const lineOf = (task: TaskView): Line => {
    const known = lines.get(task.id);
    if (known) return known;
    const sign = h("span", { class: "sign", "aria-hidden": "true" });
    const state = h("span", { class: "state" });
    const texts = h("span", { class: "texts" }, h("span", { class: "name" }, `${does[task.does]} ${task.name}`), state);
    const button = h("button", { type: "button", onclick: () => go(task.id) }, sign, texts);
    const item = h("li", {}, button);
    list.append(item);
    const line = { item, button, sign, state };
    lines.set(task.id, line);
    return line;
  };

  let at: string | undefined; // brought into sight once, and then left where the person scrolls it
  /** To the middle, if it isn't in sight: what was just clicked is, and stays under the mouse. */
  const reveal = (button?: HTMLElement): void => {
    if (!button) return;
    const [top, bottom] = [button.offsetTop, button.offsetTop + button.offsetHeight];
    if (top < list.scrollTop || bottom > list.scrollTop + list.clientHeight) list.scrollTop = (top + bottom - list.clientHeight) / 2;
  };
  const update = (tasks: readonly TaskView[], current: string | undefined): void => {
    setText(count, progress(tasks));
    bar.hidden = tasks.length === 0;
    bar.max = Math.max(tasks.length, 1);
    bar.value = tasks.filter(({ phase }) => phase === "done").length;
    for (const [id, { item }] of lines) {
      if (tasks.some((task) => task.id === id)) continue;
      item.remove();
      lines.delete(id);
    }
    for (const task of tasks) {
      const { button, sign, state } = lineOf(task);
      setText(sign, phases[task.phase].sign);
      setText(state, phases[task.phase].text);
      if (button.dataset["phase"] !== task.phase) button.dataset["phase"] = task.phase;
      if (task.id === current) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    if (current !== undefined && current !== at) reveal(lines.get(current)?.button);
    at = current;
  };
  return { element, update };
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
