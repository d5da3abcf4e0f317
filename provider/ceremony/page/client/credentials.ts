// The two fields for key and secret: masked without being a password, filled by one paste, emptied at once when sent or left.

import { announce, h, newId } from "./dom.js";
import { namedPaste, type Pair, splitPaste } from "./paste.js";

const fields = new Set<HTMLInputElement>();

/** Whatever was typed is gone: before sending, and when the page is left, so that no cache of the browser keeps it. */
export function emptyFields(): void {
  for (const field of fields) {
    if (field.isConnected) field.value = "";
    else fields.delete(field);
  }
}

export const hasTyped = (): boolean => [...fields].some((field) => field.isConnected && field.value !== "");

export function credentials(verify: (pair: Pair) => void): HTMLElement {
  const key = field("API key");
  const secret = field("API secret");
  const problem = h("p", { id: newId(), class: "problem", role: "alert" });
  for (const { input } of [key, secret]) {
    input.setAttribute("aria-describedby", problem.id);
    input.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      const pair = splitPaste(text);
      const named = namedPaste(text);
      if (named !== undefined && named !== text.trim()) {
        event.preventDefault();
        input.value = named;
      }
      if (!pair) return;
      event.preventDefault();
      key.input.value = pair.apiKey;
      secret.input.value = pair.apiSecret;
      problem.textContent = "";
      announce("Key and secret were pasted, each into its field. Verify is next.");
      button.focus();
    });
  }
  const submit = (event: Event): void => {
    event.preventDefault();
    const pair = { apiKey: key.input.value.trim(), apiSecret: secret.input.value.trim() };
    const missing = pair.apiKey === "" ? key : pair.apiSecret === "" ? secret : undefined;
    problem.textContent = missing ? `The ${missing === key ? "API key" : "API secret"} is missing.` : "";
    if (missing) return missing.input.focus();
    emptyFields();
    for (const { hide } of [key, secret]) hide();
    verify(pair);
  };
  const button = h("button", { class: "main", type: "submit" }, "Verify");
  return h(
    "form",
    { class: "credentials", onsubmit: submit, autocomplete: "off" },
    h(
      "p",
      { class: "small" },
      "One paste of both, into either field, fills the two. They are held in memory and sealed for ",
      h("code", {}, "pulumi up"),
      ".",
    ),
    key.row,
    secret.row,
    problem,
    button,
  );
}

interface Field {
  readonly input: HTMLInputElement;
  readonly row: HTMLElement;
  hide(): void;
}

/** No name, no password and no sign-in: nothing for a password store or a form history to take. */
function field(name: string): Field {
  const id = newId();
  const quiet = {
    autocomplete: "off",
    autocorrect: "off",
    autocapitalize: "off",
    spellcheck: "false",
    writingsuggestions: "false",
    translate: "no",
  };
  const stores = {
    "data-1p-ignore": true,
    "data-op-ignore": true,
    "data-lpignore": "true",
    "data-bwignore": true,
    "data-form-type": "other",
  };
  const input = h("input", { id, type: "text", class: "masked", maxlength: "4096", ...quiet, ...stores });
  fields.add(input);
  const set = (masked: boolean): void => {
    input.classList.toggle("masked", masked);
    show.setAttribute("aria-pressed", String(!masked));
    face.textContent = masked ? "Show" : "Hide";
  };
  const face = h("span", {}, "Show");
  const toggle = (): void => set(!input.classList.contains("masked"));
  const show = h("button", { type: "button", class: "copy", "aria-label": `Show ${name}`, "aria-pressed": "false", onclick: toggle }, face);
  const row = h("div", { class: "field" }, h("label", { for: id }, name), h("div", { class: "line" }, input, show));
  return { input, row, hide: () => set(true) };
}
