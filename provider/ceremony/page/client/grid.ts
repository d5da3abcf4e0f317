// What is to stand at the venue: the grid of toggles, the IP list, the label. To be read and copied, not to be set here.

import type { AddressLine, Row, TaskView } from "../../session.js";
import { copyButton, h } from "./dom.js";
import { cells } from "./words.js";

/** Every row, also those that are to be off. Where it was looked at, the rows that differ stand out and the others are quiet. */
export function grid(rows: readonly Row[]): HTMLElement {
  const looked = rows.some(({ is }) => is !== undefined);
  const body = rows.map((row) => {
    const found = cells(row);
    const differs = found.some((cell) => cell.changes);
    const cell = (toggle: "read" | "write"): HTMLElement => {
      const at = found.find((one) => one.toggle === toggle);
      if (!at)
        return h("td", { class: "none" }, h("span", { "aria-hidden": "true" }, "–"), h("span", { class: "unseen" }, "has no such toggle"));
      return h("td", {}, switchPicture(at.on), at.changes && h("strong", { class: "turn" }, at.on ? "turn on" : "turn off"));
    };
    return h(
      "tr",
      { class: differs ? "differs" : looked ? "quiet" : undefined },
      h("th", { scope: "row" }, row.title),
      h("td", {}, h("code", {}, row.scope)),
      cell("read"),
      cell("write"),
    );
  });
  const heads = ["Row on the page", "API scope", "Read", "Write"].map((text) => h("th", { scope: "col" }, text));
  return h(
    "div",
    {},
    h(
      "table",
      { class: "grid" },
      h("caption", { class: "unseen" }, "How each toggle is to be set"),
      h("thead", {}, h("tr", {}, ...heads)),
      h("tbody", {}, ...body),
    ),
    h("p", { class: "small" }, "That a row is the API's scope beside it is inferred from their names; nobody documents it."),
  );
}

function switchPicture(on: boolean): HTMLElement {
  return h("span", { class: on ? "switch on" : "switch" }, h("span", { class: "track", "aria-hidden": "true" }), on ? "On" : "Off");
}

/** The IP list: one button for all that are to stand there, one for each. */
export function addresses(list: TaskView["allowedIps"]): HTMLElement {
  if (list === "anywhere") {
    return h("p", {}, h("strong", {}, "No restriction."), " The program says so: this key is to work from anywhere. Leave the list empty.");
  }
  const stay = list.filter(({ change }) => change !== "remove");
  const all = stay.map(({ address }) => address);
  return h(
    "div",
    {},
    h("ul", { class: "lines" }, ...list.map(line)),
    all.length > 1 && h("div", {}, copyButton("addresses, one a line", all.join("\n"), `Copy all ${all.length}`)),
  );
}

function line({ address, purpose, change }: AddressLine): HTMLElement {
  return h(
    "li",
    { class: change === undefined ? undefined : "differs" },
    change && h("strong", { class: `tag ${change}` }, change === "add" ? "Add" : "Remove"),
    h("code", {}, address),
    h("span", { class: "purpose" }, purpose),
    change !== "remove" && copyButton(address, address),
  );
}

export function label({ label: text, labelFrom }: TaskView): HTMLElement {
  const line = h("div", { class: "copied" }, h("code", { class: "large" }, text), copyButton("the label", text));
  if (labelFrom === undefined) return line;
  return h("div", {}, h("p", {}, "It is ", h("code", {}, labelFrom), " now, and is to be:"), line);
}
