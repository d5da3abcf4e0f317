// Elements, as text and attributes only: nothing is ever taken for markup.

type Child = Node | string | undefined | false;
type Props = Readonly<Record<string, string | boolean | undefined | ((event: Event) => void)>>;

/** An element: `h("button", { class: "main", onclick: go }, "Go")`. An attribute that is false or undefined isn't set. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children) if (child !== undefined && child !== false) element.append(child);
  return element;
}

const status = (): HTMLElement | null => document.getElementById("status");

/** Said by a screen reader when it has finished what it says now; also when it is the same sentence again. */
export function announce(text: string): void {
  const region = status();
  if (!region) return;
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 50);
}

/** What the page shows, whole. */
export function show(...nodes: readonly Node[]): void {
  document.getElementById("page")?.replaceChildren(...nodes);
}

/** One part of the page: `key` says which, `data` what it shows. It is built anew only when that has changed. */
export interface Block {
  readonly key: string;
  readonly data: unknown;
  build(): HTMLElement;
}

const shown = new WeakMap<Element, { readonly key: string; readonly data: string }>();

/** Brings the parts of `parent` up to date and leaves alone what is the same: no field loses its text, no button moves under the mouse. */
export function reconcile(parent: HTMLElement, blocks: readonly Block[]): void {
  const before = new Map([...parent.children].map((child) => [shown.get(child)?.key, child]));
  let place: Element | null = parent.firstElementChild;
  const stay = new Set<Element>();
  for (const { key, data, build } of blocks) {
    const json = JSON.stringify(data) ?? "";
    const was = before.get(key);
    const same = was !== undefined && shown.get(was)?.data === json;
    const element = same ? was : build();
    if (!same) shown.set(element, { key, data: json });
    stay.add(element);
    while (place && place !== element && !blocks.some((block) => block.key === (place && shown.get(place)?.key))) place = remove(place);
    if (place === element) place = place.nextElementSibling;
    else if (was && !same && was === place) {
      place = was.nextElementSibling;
      was.replaceWith(element);
    } else parent.insertBefore(element, place);
  }
  for (const child of [...parent.children]) if (!stay.has(child)) child.remove();
}

function remove(element: Element): Element | null {
  const next = element.nextElementSibling;
  element.remove();
  return next;
}

let ids = 0;
/** An id for labels and descriptions. */
export const newId = (): string => `n${++ids}`;

/** A button that copies, and says so where it stands without changing its size. */
export function copyButton(what: string, text: string, label = "Copy"): HTMLElement {
  const face = h("span", {}, label);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      announce(`Copied: ${what}.`);
      face.textContent = "Copied";
    } catch {
      announce("The browser didn't allow to copy. Select the text and copy it yourself.");
      face.textContent = "Select it";
    }
    setTimeout(() => (face.textContent = label), 2_000);
  };
  return h("button", { type: "button", class: "copy", "aria-label": `${label} ${what}`, onclick: () => void copy() }, face);
}

/** A time as this browser's owner writes it, with UTC when pointed at. */
export function time(iso: string): HTMLElement {
  const date = new Date(iso);
  const utc = `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const local = date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  return h("time", { datetime: iso, title: utc }, local);
}
