// A ceremony's tasks as plain text for 80 columns: no colour, and no character that would steer the terminal.

import type { Finding, Row, TaskView } from "pulumi-exchange-keys/ceremony";

const WIDTH = 78;

/** Names, purposes and labels come from a program: what would move a cursor or hide text is shown as `?`. */
export function harmless(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, "?");
}

/** Lines of at most 78 characters; those after the first are indented by `hang`. Words that are longer stay whole, to be copied. */
export function wrapped(text: string, indent = "", hang = indent): string {
  const lines: string[] = [];
  let line = indent;
  let empty = true;
  for (const word of harmless(text).split(/\s+/)) {
    if (!empty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = hang;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join("\n");
}

const PHASE: Readonly<Record<TaskView["phase"], string>> = {
  blocked: "not here",
  todo: "to do",
  checking: "looking",
  differs: "not right yet",
  barred: "needs a probe",
  discarding: "to be revoked",
  done: "done",
};
const DOES: Readonly<Record<TaskView["does"], string>> = { create: "make", edit: "edit", revoke: "revoke" };

/** All tasks, numbered, with what is to be done and how far each is. */
export function listText(tasks: readonly TaskView[]): string {
  const state = ({ phase, why, findings: [first] }: TaskView): string =>
    phase === "todo" ? why : phase === "blocked" && first !== undefined ? `${PHASE.blocked}: ${first.text}` : PHASE[phase];
  const lines = tasks.map((task, at) =>
    wrapped(`${DOES[task.does]} ${task.title}: ${state(task)}`, `${String(at + 1).padStart(4)}  `, "      "),
  );
  const done = tasks.filter(({ phase }) => phase === "done").length;
  return [`${done} of ${tasks.length} done`, ...lines].join("\n");
}

/** All that a person needs for one task. */
export function taskText(task: TaskView, number: number, of: number): string {
  const { does, title, why, venue, account, accountId, link, steps, rows } = task;
  return [
    "-".repeat(WIDTH),
    wrapped(`${number} of ${of}: ${DOES[does]} ${title} (${why})`),
    wrapped(`${venue}, account ${account}${accountId === "" ? "" : ` (${accountId})`}`),
    ...(link === undefined ? [] : [`Page:  ${harmless(link)}`]),
    "",
    ...steps.map((step, at) => wrapped(step, `${String(at + 1).padStart(2)}. `, "    ")),
    ...(rows.length === 0 ? [] : ["", ...grid(rows, does)]),
    ...(does === "revoke" ? [] : ["", ...addresses(task)]),
    "",
    ...(task.phase === "discarding" ? [wrapped(`To be revoked: ${meant(task)}`)] : labelLines(task)),
    ...(task.fingerprint === undefined ? [] : [`Fingerprint: ${task.fingerprint}`]),
    ...findingsText(task.findings),
  ].join("\n");
}

/** A pasted key by how it begins: the label may be another key's. */
export function meant({ pasted }: TaskView): string {
  return pasted === undefined ? "the key that was pasted" : `the key that begins with ${pasted}`;
}

/** What was found, a sentence each with what helps. */
export function findingsText(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ text, wayOut }) => ["", wrapped(text, "! ", "  "), ...(wayOut === undefined ? [] : [wrapped(wayOut, "  ")])]);
}

/** For a key that is refused here, as it should be: what to run, and where. */
export function probeText({ probe }: TaskView): readonly string[] {
  if (probe === undefined) return [];
  return ["", "On one of these hosts:", ...probe.hosts.map((host) => `  ${harmless(host)}`), "run:", `  ${harmless(probe.command)}`];
}

function grid(rows: readonly Row[], does: TaskView["does"]): readonly string[] {
  const width = Math.max(16, ...rows.map(({ title }) => title.length));
  const scopes = Math.max(12, ...rows.map(({ scope }) => scope.length));
  const head = `  ${"Row on the page".padEnd(width)}  ${"(scope)".padEnd(scopes)}  Read  Write`;
  return [head, ...rows.map((row) => rowText(row, width, scopes, does))];
}

function rowText(row: Row, width: number, scopes: number, does: TaskView["does"]): string {
  const cell = (toggle: "read" | "write"): string => (row.toggles.includes(toggle) ? (has(row.want, toggle) ? "ON" : "off") : "-");
  const turns = row.is === undefined ? [] : row.toggles.filter((toggle) => has(row.want, toggle) !== has(row.is ?? "none", toggle));
  const change = turns.map((toggle) => `turn ${toggle === "read" ? "Read" : "Write"} ${has(row.want, toggle) ? "ON" : "off"}`).join(", ");
  const mark = change === "" ? " " : does === "edit" ? "*" : "!";
  const line = `${mark} ${harmless(row.title).padEnd(width)}  ${harmless(row.scope).padEnd(scopes)}  ${cell("read").padEnd(4)}  ${cell("write")}`;
  return change === "" ? line : `${line.padEnd(width + scopes + 18)} <- ${change}`;
}

function has(access: Row["want"], toggle: "read" | "write"): boolean {
  return access === toggle || access === "read-write";
}

function addresses({ allowedIps }: TaskView): readonly string[] {
  if (allowedIps === "anywhere") return ["IP addresses: anywhere. Leave the restriction empty."];
  const lines = allowedIps.map(({ address, purpose, change }) => {
    const sign = change === "add" ? "+ " : change === "remove" ? "- " : "  ";
    const what = change === "add" ? "  <- add" : change === "remove" ? "  <- remove" : "";
    return harmless(`${sign}${address}${purpose === "" ? "" : `  (${purpose})`}${what}`);
  });
  return ["IP addresses, exactly these:", ...lines];
}

function labelLines({ label, labelFrom, does, mayExist }: TaskView): readonly string[] {
  if (label === "") return [];
  const exists = mayExist ? ["        A key labelled so may exist already: look for it first."] : [];
  if (labelFrom !== undefined)
    return [`Label, to be changed from:  ${harmless(labelFrom)}`, `                       to:  ${harmless(label)}`];
  return [`Label${does === "create" ? "" : " to find it by"}:  ${harmless(label)}`, ...exists];
}
