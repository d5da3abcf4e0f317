// How states, counts and differences are said: one place, so that queue, task and screen reader agree.

import type { Access, Phase, Row, TaskView } from "../../session.js";

export const does: Readonly<Record<TaskView["does"], string>> = { create: "Make", edit: "Change", revoke: "Revoke" };

/** A sign beside each word, so that no state is told by colour alone. */
export const phases: Readonly<Record<Phase, { readonly sign: string; readonly text: string }>> = {
  blocked: { sign: "✕", text: "Can't be done here" },
  todo: { sign: "○", text: "Waiting" },
  checking: { sign: "…", text: "Being looked at" },
  differs: { sign: "!", text: "Not right yet" },
  barred: { sign: "?", text: "Needs a probe" },
  discarding: { sign: "!", text: "To be revoked" },
  done: { sign: "✓", text: "Done" },
};

export const isOver = ({ phase }: TaskView): boolean => phase === "done" || phase === "blocked";

/** An empty list says nothing of what became of its tasks: within `up` they may have been withdrawn. */
export const NOTHING = "Nothing waits any more";

export function progress(tasks: readonly TaskView[]): string {
  if (tasks.length === 0) return NOTHING;
  const blocked = tasks.filter(({ phase }) => phase === "blocked").length;
  const done = tasks.filter(({ phase }) => phase === "done").length;
  return `${done} of ${tasks.length} done` + (blocked > 0 ? `, ${blocked} can't be done here` : "");
}

const has = (access: Access, toggle: "read" | "write"): boolean => access === toggle || access === "read-write";

export interface Cell {
  readonly toggle: "read" | "write";
  readonly on: boolean;
  /** It is the other way round at the venue now. */
  readonly changes: boolean;
}

export function cells(row: Row): readonly Cell[] {
  return row.toggles.map((toggle) => {
    const on = has(row.want, toggle);
    return { toggle, on, changes: row.is !== undefined && has(row.is, toggle) !== on };
  });
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `Orders: turn Write off`, for each toggle that isn't as it should be; also where a row has no toggle for what is on. */
export function changes(rows: readonly Row[]): readonly string[] {
  return rows.flatMap((row) => {
    const turns = cells(row)
      .filter((cell) => cell.changes)
      .map(({ toggle, on }) => `${row.title}: turn ${capital(toggle)} ${on ? "on" : "off"}`);
    const unseen = row.is !== undefined && row.is !== row.want && turns.length === 0;
    return unseen ? [`${row.title}: it is "${row.is}" and should be "${row.want}", which has no toggle of its own`] : turns;
  });
}

/** The task to offer after this one: the next that waits for the person, from the top again at the end. */
export function nextOf(tasks: readonly TaskView[], id?: string): TaskView | undefined {
  const at = tasks.findIndex((task) => task.id === id);
  return [...tasks.slice(at + 1), ...tasks.slice(0, Math.max(at, 0))].find((task) => !isOver(task) && task.phase !== "checking");
}
