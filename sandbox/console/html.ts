// HTML as text that is safe by how it is made: what is put into a template is escaped, unless it is HTML already. Apart,
// because every page of every console is written with it.

/** Text that is HTML. */
export class Html {
  constructor(readonly text: string) {}
}

/** What can stand in a template; `null`, `undefined` and `false` stand for nothing, lists for their parts. */
export type Part = Html | string | number | null | undefined | false | readonly Part[];

/**
 * A piece of HTML. Attribute values need quotes around them in the template.
 *
 * @example
 * html`<a href="${link}">${label}</a>`
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((text, string, index) => text + textOf(parts[index - 1]) + string));
}

function textOf(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(textOf).join("");
  return String(part).replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
