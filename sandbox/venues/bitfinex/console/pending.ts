// What a person has asked for and proves with a 2FA code: a key to be made, edited or revoked; and what comes of it then.
// Apart, because the three share the page that asks for the code.

import { z } from "zod";
import { html, type Html } from "../../../console/html";
import { sendMail } from "../../../console/outbox";
import { redirect } from "../../../console/page";
import type { Visit } from "../../../console/visit";
import { newSecret, type Answer } from "../../../dialect";
import { nextId, type Account } from "../state";
import { particulars } from "./grid";
import { codeField, spendCode } from "./signin";
import { AT, handOf, keyOf, show, signedIn, wantedSchema, type Handler, type Site } from "./site";

const pendingSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("create"), id: z.string(), wanted: wantedSchema }),
  z.strictObject({ kind: z.literal("edit"), id: z.string(), key: z.string(), wanted: wantedSchema }),
  z.strictObject({ kind: z.literal("revoke"), id: z.string(), key: z.string() }),
]);

type Pending = z.infer<typeof pendingSchema>;
type Ask<P = Pending> = P extends Pending ? Omit<P, "id"> : never;

const BUTTONS = { create: "Generate API Key", edit: "Save changes", revoke: "Revoke" } as const;

/** Asks for the code where one is needed, and does it at once where not. */
export function ask(site: Site, visit: Visit, asked: Ask): Answer {
  const account = signedIn(site, visit);
  const pending = { ...asked, id: nextId(site.state) };
  const hasCodes = account.twoFactorModes.includes("otp");
  if (!hasCodes || !takesCode(site, pending)) return perform(site, visit, account, pending);
  visit.begun().pending = pending;
  return redirect(AT.code);
}

function takesCode({ switches }: Site, { kind }: Pending): boolean {
  return kind === "create" || switches.get(kind === "edit" ? "editTakes2fa" : "revokeTakes2fa");
}

function waiting(visit: Visit): Pending | undefined {
  return pendingSchema.safeParse(visit.session?.pending).data;
}

export const codePage: Handler = (site, visit) => {
  const pending = waiting(visit);
  return pending ? askCode(site, visit, pending, []) : redirect(AT.create);
};

function askCode(site: Site, visit: Visit, pending: Pending, problems: readonly string[]): Answer {
  const body = html`<div class="card">
    ${summary(site, visit, pending)}
    <form method="post" action="${AT.code}">
      ${visit.hidden(AT.code)}<input type="hidden" name="pending" value="${pending.id}" /> ${codeField(problems.length > 0)}
      <p class="actions">
        <button class="${pending.kind === "revoke" && "danger"}">${BUTTONS[pending.kind]}</button>
        <a href="${pending.kind === "create" ? AT.create : AT.keys}">Cancel</a>
      </p>
    </form>
  </div>`;
  return show(site, visit, { title: "Two-factor authentication", body, problems, ...(problems.length > 0 ? { status: 422 } : {}) });
}

function summary(site: Site, visit: Visit, pending: Pending): Html {
  if (pending.kind !== "revoke")
    return html`<p>${pending.kind === "create" ? "The new key:" : "The key as it will be:"}</p>
      <dl>${particulars(pending.wanted)}</dl>`;
  const key = keyOf(site, signedIn(site, visit), pending.key);
  return html`<p>The key that ends:</p>
    <dl>
      ${key && particulars(key)}
      <dt>API key</dt>
      <dd><code>${key?.apiKey}</code></dd>
    </dl>`;
}

export const sendCode: Handler = (site, visit) => {
  const pending = waiting(visit);
  // Another tab has asked for something else meanwhile: what is proved must be what was shown.
  if (!pending || visit.form.get("pending") !== pending.id) return beginAgain(site, visit);
  const account = signedIn(site, visit);
  const problem = spendCode(site, visit, account);
  if (problem !== undefined) return askCode(site, visit, pending, [problem]);
  visit.begun().pending = null;
  return perform(site, visit, account, pending);
};

function beginAgain(site: Site, visit: Visit): Answer {
  const body = html`<p><a href="${AT.create}">Create New Key</a> or <a href="${AT.keys}">My API Keys</a></p>`;
  const problems = ["What this code was for has been done already, or another page has taken its place. Begin again."];
  return show(site, visit, { title: "Not possible", body, problems, status: 409 });
}

function perform(site: Site, visit: Visit, account: Account, pending: Pending): Answer {
  if (pending.kind === "create") {
    mailLink(site, visit, account, pending);
    return redirect(AT.sent);
  }
  const key = keyOf(site, account, pending.key);
  if (!key) return beginAgain(site, visit);
  if (pending.kind === "edit") site.keys.edit(key, pending.wanted, handOf(visit));
  else site.keys.revoke(key, handOf(visit));
  return redirect(`${AT.keys}?done=${pending.kind}`);
}

function mailLink({ pages, clock }: Site, visit: Visit, account: Account, { wanted }: Pending & { kind: "create" }): void {
  const [link, at] = [newSecret(), clock.now()];
  pages.links.push({ link, session: visit.begun().id, accountId: account.id, wanted, at, used: false });
  // Ours: older links are dropped beyond this number.
  pages.links.splice(0, pages.links.length - 200);
  sendMail(pages.mails, {
    at,
    to: account.email,
    subject: "Confirm your new API key",
    lines: [
      "Somebody has asked for a new API key of your account. If it was you, open this link in the same browser in which you asked for it.",
      "If it wasn't you, don't open it, and change your password.",
    ],
    link: `${AT.confirm}?link=${link}`,
    linkText: "Confirm the new API key",
  });
}

export const sentPage: Handler = (site, visit) => {
  const { email } = signedIn(site, visit);
  const body = html`<div class="card">
    <p>
      A mail is on its way to <strong>${email}</strong>. Open the link in it <strong>in this browser</strong>: only then is the key made.
    </p>
    <p>In the sandbox it arrives in the outbox.</p>
    <p class="actions"><a class="button" href="${AT.outbox}">Open the outbox</a></p>
  </div>`;
  return show(site, visit, { title: "Confirm by e-mail", body });
};
