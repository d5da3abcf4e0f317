// The frame that every page of a console has: the word that it is a sandbox, the navigation, one main heading; and the
// headers that keep a page to itself. Apart, so that no page can forget them.

import type { Answer } from "../dialect";
import { html, type Html } from "./html";

export interface Frame {
  /** The venue's name, for words alone: no logo, no colours of theirs. */
  readonly venue: string;
  /** Links in the header: path → text. */
  readonly links: Readonly<Record<string, string>>;
  /** The path of the page that is shown, for the links. */
  readonly here: string;
  /** Who is signed in, with the form to sign out. */
  readonly who?: Html | undefined;
}

/** One page's own part. */
export interface Content {
  readonly title: string;
  readonly body: Html;
  /** 200 when missing. */
  readonly status?: number;
  /** What is wrong with what was sent; said before everything else. */
  readonly problems?: readonly string[];
}

const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  // A link in a mail must not leak by the page that it leads to; "no-referrer" would make the origin of forms "null".
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

export function page(frame: Frame, { title, body, status = 200, problems = [] }: Content): Answer {
  const { venue, links, here } = frame;
  const text = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${problems.length > 0 && "Error: "}${title} · Sandbox, not ${venue}</title>
        <link rel="stylesheet" href="/console/style.css" />
        <link rel="icon" type="image/svg+xml" href="/console/icon.svg" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <aside class="banner" aria-label="Sandbox">
          <p><strong>Sandbox – not ${venue}.</strong> A local imitation for tests. Nothing here is real; never type a real password.</p>
        </aside>
        <header>
          <div class="bar">
            <nav aria-label="Console">
              <ul>
                ${Object.entries(links).map(([path, text]) => html`<li><a href="${path}" ${current(here === path || here.startsWith(`${path}/`))}>${text}</a></li>`)}
              </ul>
            </nav>
            ${frame.who}
          </div>
        </header>
        <main id="main" tabindex="-1">
          <h1>${title}</h1>
          ${
            problems.length > 0 &&
            html`<div class="problem" id="problem" role="alert">
              <ul>
                ${problems.map((problem) => html`<li>${problem}</li>`)}
              </ul>
            </div>`
          }
          ${body}
        </main>
        <footer><p>A page of exchange-keys-sandbox, on this machine alone. It is no page of ${venue} and has no tie to it.</p></footer>
      </body>
    </html> `;
  return { status, contentType: "text/html; charset=utf-8", body: text.text, headers: HEADERS };
}

/** Marks the link to the page that is shown. */
export function current(is: boolean): Html | false {
  return is && html` aria-current="page"`;
}

export function redirect(to: string): Answer {
  return { status: 303, contentType: "text/plain; charset=utf-8", body: "", headers: { ...HEADERS, location: to } };
}

/** Something beside the pages: style and icon. */
export function asset(contentType: string, text: string): Answer {
  return { status: 200, contentType, body: text, headers: HEADERS };
}
