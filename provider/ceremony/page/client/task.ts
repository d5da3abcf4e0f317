// One task as its parts, by what is to be done and how far it is. The parts keep their order, so that what a person reads stays put.

import type { Finding, TaskView } from "../../session.js";
import { credentials } from "./credentials.js";
import { type Block, h } from "./dom.js";
import { addresses, grid, label } from "./grid.js";
import { type Act, barred, blocked, differs, discardButton, discarding, done, findings, statementForm, which } from "./outcome.js";
import type { Pair } from "./paste.js";
import { changes, does } from "./words.js";

export interface Doing {
  readonly act: Act;
  readonly verify: (id: string, pair: Pair) => void;
  readonly go: (id: string) => void;
}

/** The task's parts. */
export function blocksOf(task: TaskView, next: TaskView | undefined, doing: Doing): readonly Block[] {
  const { act } = doing;
  const { phase } = task;
  const head: Block = { key: `head-${task.id}`, data: [task.title, task.why, task.account], build: () => headOf(task) };
  const outcome = (build: () => HTMLElement, ...also: readonly unknown[]): Block => ({
    key: `outcome-${task.id}-${phase}`,
    data: [task.findings, task.rows, task.canLook, task.pasted, task.deposit, task.probe, ...also],
    build,
  });
  const reference = referenceOf(task, phase === "barred" ? "How every toggle is to stand" : "Set every toggle like this");
  const venue: Block = { key: `venue-${task.id}`, data: [task.link, task.steps], build: () => venueOf(task) };
  if (phase === "blocked") return [head, outcome(() => blocked(task))];
  if (phase === "done") return [head, outcome(() => done(task, next, doing.go), next?.id)];
  if (phase === "checking") return [head, waiting(task)];
  if (phase === "differs") {
    const asked = task.does === "edit" && task.findings.some(({ wayOut }) => /say that it is done/.test(wayOut ?? ""));
    const blind = task.does !== "create" && (asked || !task.canLook) ? [saidOf(task, act)] : [];
    return [head, outcome(() => differs(task, act)), ...otherWays(task, doing), venueLink(task), ...reference, ...blind];
  }
  if (phase === "barred") return [head, outcome(() => barred(task, act)), ...otherWays(task, doing), venueLink(task), ...reference];
  if (phase === "discarding") return [head, outcome(() => discarding(task, act)), venueLink(task)];
  const found = foundOf(task, act);
  if (task.does === "create") return [head, ...noticeOf(task), venue, ...reference, ...found, form(task, doing)];
  if (task.does === "edit") return [head, turnsOf(task), venue, ...reference, saidOf(task, act), ...found];
  return [head, keyOf(task), venue, saidOf(task, act), ...found];
}

function headOf(task: TaskView): HTMLElement {
  return h(
    "header",
    { class: "head" },
    h("h1", { tabindex: "-1", id: "task" }, `${does[task.does]} ${task.title}`),
    h("p", {}, `It waits because ${task.why}.`),
    h(
      "dl",
      { class: "facts inline" },
      h("div", {}, h("dt", {}, "Venue"), h("dd", {}, task.venue)),
      h("div", {}, h("dt", {}, "Account"), h("dd", {}, task.account, h("span", { class: "small" }, ` (${task.accountId})`))),
    ),
  );
}

function card(title: string, ...children: readonly (Node | false)[]): HTMLElement {
  return h("section", { class: "card" }, h("h2", {}, title), ...children);
}

/** The venue's page opens beside this one, and learns nothing of it. */
function linkOf({ link, venue }: TaskView): HTMLElement | false {
  if (link === undefined || !/^https?:\/\//.test(link)) return false;
  const props = { class: "venue", href: link, target: "_blank", rel: "noopener noreferrer", referrerpolicy: "no-referrer" };
  return h("a", props, `Open ${venue}`, h("span", { class: "small" }, " in a new tab ↗"));
}

function venueOf(task: TaskView): HTMLElement {
  return card("At the venue", linkOf(task), h("ol", { class: "steps" }, ...task.steps.map((step) => h("li", {}, step))));
}

const venueLink = (task: TaskView): Block => ({ key: `link-${task.id}`, data: task.link, build: () => h("p", {}, linkOf(task)) });

/** What the session found of a key that may have been made already: said at the top, before another is made. */
const ofFormer = ({ text }: Finding): boolean => /former ceremony|with (this|the) label/i.test(text);

function noticeOf(task: TaskView): readonly Block[] {
  if (!task.mayExist) return [];
  const said = task.findings.filter(ofFormer);
  const own = (): readonly HTMLElement[] => [
    h("p", {}, "Look in the venue's list of your keys first, for ", h("code", {}, task.label), "."),
    h(
      "p",
      {},
      "If it is there and you have its key and secret, paste them below. If you don't have them, revoke it there, and make it anew.",
    ),
  ];
  const build = (): HTMLElement =>
    h(
      "section",
      { class: "card warn" },
      h("h2", {}, "A key labelled so may be there already"),
      ...(said.length > 0 ? [findings(said)] : own()),
    );
  return [{ key: `notice-${task.id}`, data: [task.label, said], build }];
}

const waiting = (task: TaskView): Block => ({
  key: `waiting-${task.id}`,
  data: "",
  build: () => card("It is being looked at", h("p", {}, "There is nothing to do for you just now: what was found will stand here.")),
});

function referenceOf(task: TaskView, gridTitle: string): readonly Block[] {
  if (task.does === "revoke") return [];
  const ips = task.allowedIps;
  const changing = ips !== "anywhere" && ips.some(({ change }) => change !== undefined);
  const ipTitle = changing ? "IP list: add and remove" : "IP list";
  return [
    { key: `grid-${task.id}`, data: [task.rows, gridTitle], build: () => card(gridTitle, grid(task.rows)) },
    { key: `ips-${task.id}`, data: ips, build: () => card(ipTitle, addresses(ips)) },
    { key: `label-${task.id}`, data: [task.label, task.labelFrom], build: () => card("Label", label(task)) },
  ];
}

function form(task: TaskView, doing: Doing): Block {
  const build = (): HTMLElement =>
    card(
      "Bring key and secret here",
      credentials((pair) => doing.verify(task.id, pair)),
    );
  return { key: `form-${task.id}`, data: "", build };
}

/** Key and secret once more, for a key that was mistaken for another: behind a line of its own, since most keys are edited instead. */
function otherWays(task: TaskView, doing: Doing): readonly Block[] {
  if (task.does !== "create") return [];
  const paste: Block = {
    key: `otherwise-${task.id}-${task.phase}`,
    data: task.canLook,
    build: () =>
      h(
        "details",
        { class: "card", open: !task.canLook },
        h("summary", {}, "Paste another key or secret"),
        credentials((pair) => doing.verify(task.id, pair)),
      ),
  };
  const probe = task.findings.some(({ wayOut }) => /probe/.test(wayOut ?? ""));
  if (task.phase !== "differs" || !probe) return [paste];
  const statement: Block = {
    key: `statement-${task.id}`,
    data: "",
    build: () => h("details", { class: "card" }, h("summary", {}, "Bring a probe's statement"), ...statementForm(task, doing.act)),
  };
  return [paste, statement];
}

/** What came of the last try: above the fields for the next one. */
function foundOf(task: TaskView, act: Act): readonly Block[] {
  const create = task.does === "create";
  const said = task.mayExist ? task.findings.filter((each) => !ofFormer(each)) : task.findings;
  const ways = create ? [task.canLook && lookButton(task, act), discardButton(task, act)].filter((way) => way !== false) : [];
  if (said.length === 0 && ways.length === 0) return [];
  const title = said.length === 0 ? "A key was given here" : create ? "This didn't work" : "What was found";
  const build = (): HTMLElement =>
    h(
      "section",
      { class: said.length === 0 ? "card" : create ? "card bad" : "card warn" },
      h("h2", {}, title),
      said.length > 0 && findings(said),
      ways.length > 0 && h("div", { class: "buttons" }, ...ways),
    );
  return [{ key: `found-${task.id}`, data: [said, task.canLook, task.pasted], build }];
}

const lookButton = (task: TaskView, act: Act): HTMLElement =>
  h("button", { type: "button", onclick: () => act("again", task.id) }, "Look again");

function turnsOf(task: TaskView): Block {
  const turns = changes(task.rows);
  const ips = task.allowedIps === "anywhere" ? [] : task.allowedIps.filter(({ change }) => change !== undefined);
  const list = [
    ...turns,
    ...ips.map(({ address, change }) => `IP list: ${change === "add" ? "add" : "remove"} ${address}`),
    ...(task.labelFrom === undefined ? [] : [`Label: ${task.labelFrom} becomes ${task.label}`]),
  ];
  const build = (): HTMLElement =>
    card(
      "What changes",
      which({ ...task, label: task.labelFrom ?? task.label }),
      h("ul", { class: "turns" }, ...list.map((text) => h("li", {}, text))),
    );
  return { key: `turns-${task.id}`, data: [list, task.fingerprint], build };
}

const keyOf = (task: TaskView): Block => ({
  key: `which-${task.id}`,
  data: [task.label, task.fingerprint],
  build: () => card("The key to revoke", which(task)),
});

function saidOf(task: TaskView, act: Act): Block {
  const text = task.does === "edit" ? "I have saved it" : "I have revoked it";
  const build = (): HTMLElement =>
    card(
      "When it is done",
      h(
        "p",
        { class: "small" },
        task.canLook
          ? "Your word is recorded with its time, and the key is looked at where that can be."
          : "Your word is recorded with its time.",
      ),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", class: "main", onclick: () => act("attest", task.id) }, text),
        task.canLook && h("button", { type: "button", onclick: () => act("again", task.id) }, "Look at the key"),
      ),
    );
  return { key: `said-${task.id}`, data: [text, task.canLook], build };
}
