// The mails that a console sends, and the page that stands for the person's mailbox. Apart, because no mail ever leaves
// the sandbox: this page is the only place where one arrives.

import { z } from "zod";
import { html, type Html } from "./html";

/** Ours: older mails are dropped beyond this number. */
const KEPT = 100;

export const mailSchema = z.strictObject({
  at: z.number(),
  to: z.string(),
  subject: z.string(),
  lines: z.array(z.string()),
  /** Path and query of the link in it. */
  link: z.string(),
  linkText: z.string(),
});

export type Mail = z.infer<typeof mailSchema>;

export function sendMail(outbox: Mail[], mail: Mail): void {
  outbox.push(mail);
  outbox.splice(0, outbox.length - KEPT);
}

/** All mails, the latest first; links lead to `origin`. */
export function outboxPage(outbox: readonly Mail[], origin: string): Html {
  const mails = outbox.toReversed().map(
    (mail, index) =>
      html`<article class="card mail" aria-labelledby="mail-${index}">
        <h2 id="mail-${index}">${mail.subject}</h2>
        <p class="quiet">To ${mail.to}, ${time(mail.at)}</p>
        ${mail.lines.map((line) => html`<p>${line}</p>`)}
        <p><a class="button" href="${mail.link}">${mail.linkText}</a></p>
        <p class="quiet">The link as text, to paste into the right browser:</p>
        <p><code class="long">${origin}${mail.link}</code></p>
      </article>`,
  );
  return html`<p>Mails to the sandbox's accounts arrive here and nowhere else. The page needs no sign-in: it stands for a mailbox.</p>
    ${mails.length === 0 ? html`<p class="empty">No mail yet.</p>` : mails}`;
}

/** A moment for people: `2026-11-22 18:04:05 UTC`. */
export function time(at: number): Html {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace("T", " ")} UTC</time>`;
}
