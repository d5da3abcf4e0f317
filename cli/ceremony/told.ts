// What the command says of a ceremony: deposits on stdout; what can't be done, what is left and what comes next on stderr.

import { readdir } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { Sitting, TaskView } from "pulumi-exchange-keys/ceremony";
import { harmless } from "../terminal/text";

export interface Told {
  line(text: string): void;
  /** Keys that no ceremony can be held for, and tasks that can't be done here. */
  problems(): void;
  /** How many tasks a person can still do. */
  open(): number;
  /** Whether all is done, and nothing was left out. */
  complete(): boolean;
  unfinished(): void;
  result(json: boolean): Promise<void>;
  next(): void;
}

export function told(sitting: Sitting, next: string): Told {
  const { session, problems, folder } = sitting;
  const line = (text: string): void => void process.stderr.write(`${harmless(text)}\n`);
  const tasks = (phase: TaskView["phase"]): readonly TaskView[] => session.tasks().filter((task) => task.phase === phase);
  const done = (): readonly TaskView[] => tasks("done");
  const blocked = (): readonly TaskView[] => tasks("blocked");
  const reasons = (): void => {
    for (const { title, findings } of blocked()) line(`exchange-keys: ceremony: ${title}: ${sentence(findings)}`);
  };
  const open = (): number => session.tasks().length - done().length - blocked().length;
  let held = false; // a ceremony stands between the beginning and the end: what couldn't be done is said again
  return {
    line,
    problems() {
      for (const { name, reason } of problems) line(`exchange-keys: ceremony: "${name}": ${reason}`);
      reasons();
      held = open() > 0;
    },
    open,
    complete: () => problems.length === 0 && done().length === session.tasks().length,
    unfinished() {
      const all = session.tasks().length;
      const sealed = done().length === 0 ? "" : `; \`${next}\` takes what is done`;
      if (held) reasons();
      line(`exchange-keys: ceremony: ${done().length} of ${all} done${sealed}; run the same command again to go on`);
    },
    async result(json) {
      const deposits = await Promise.all(done().map((task) => depositOf(task, folder)));
      if (!json) {
        for (const { file, endsAt } of deposits) process.stdout.write(`${file}  until ${endsAt}\n`);
        return;
      }
      const left = session.tasks().filter(({ phase }) => phase !== "done");
      const waiting = left.map(({ name, does, phase, findings }) => ({ name, does, phase, findings }));
      process.stdout.write(`${JSON.stringify({ stack: session.stack, deposits, waiting, problems, next })}\n`);
    },
    next() {
      const rest = problems.length + blocked().length;
      if (held) reasons();
      if (rest > 0) line(`exchange-keys: ceremony: ${rest} couldn't be done here, as said above`);
      if (done().length > 0) line(`Next: ${next}`);
    },
  };
}

function sentence(findings: TaskView["findings"]): string {
  const said = findings.map(({ text, wayOut }) => (wayOut === undefined ? text : `${text} ${wayOut}`)).join(" ");
  return said.replace(/\s+/g, " "); // one line each
}

/** One that a former ceremony has sealed is known by its id alone: the file's name ends with it. */
async function depositOf({ name, does, fingerprint, deposit }: TaskView, folder: string) {
  const { file = "", endsAt = "" } = deposit ?? {};
  const of = { name, does, ...(fingerprint === undefined ? {} : { fingerprint }), endsAt };
  if (isAbsolute(file)) return { ...of, file };
  const found = (await readdir(folder).catch(() => [])).find((each) => each.endsWith(`-${file}.age`));
  return { ...of, file: found === undefined ? file : join(folder, found) };
}
