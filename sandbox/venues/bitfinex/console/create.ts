// Create New Key: the form, the link from the mail, and the one time that key and secret are shown.

import { html } from "../../../console/html";
import type { Visit } from "../../../console/visit";
import type { Answer } from "../../../dialect";
import type { Key } from "../state";
import { defaults, fields, particulars, rowless, typedIn, wantedOf, type Problems, type Typed } from "./grid";
import { ask } from "./pending";
import { AT, handOf, show, signedIn, tabs, type Handler, type Pages, type Site } from "./site";

type Link = Pages["links"][number];

export const createPage: Handler = (site, visit) => form(site, visit, { label: "", ips: "", grants: defaults(site) }, {});

function form(site: Site, visit: Visit, typed: Typed, problems: Problems): Answer {
  const said = Object.values(problems);
  const body = html`${tabs("create")}
    <form method="post" action="${AT.create}">
      ${visit.hidden(AT.create)} ${fields(site, typed, problems)}
      <p class="actions"><button>Generate API Key</button></p>
    </form>`;
  return show(site, visit, { title: "Create New Key", body, problems: said, ...(said.length > 0 ? { status: 422 } : {}) });
}

export const create: Handler = (site, visit) => {
  const account = signedIn(site, visit);
  const typed = typedIn(site, visit.form, {});
  const labels = site.state.keys.filter((key) => key.accountId === account.id && key.revokedAt === null).map((key) => key.label);
  const { wanted, problems } = wantedOf(site, typed, labels);
  if (Object.keys(problems).length > 0) return form(site, visit, typed, problems);
  if (!account.twoFactorModes.includes("otp") && site.switches.get("keysWithout2fa") === "refused") {
    const body = html`<p>Nothing was made.</p>`;
    return show(site, visit, {
      title: "2FA is needed",
      body,
      status: 403,
      problems: ["This account has no two-factor authentication. API keys need it."],
    });
  }
  return ask(site, visit, { kind: "create", wanted });
};

export const confirmPage: Handler = (site, visit) => {
  const found = linkOf(site, visit, visit.request.query.get("link"));
  if (typeof found === "string") return unusable(site, visit, found);
  const body = html`<div class="card">
    <dl>${particulars(found.wanted)}</dl>
    <p>The next page shows the key and its secret <strong>once</strong>. Have a safe place for them ready.</p>
    <form method="post" action="${AT.confirm}">
      ${visit.hidden(AT.confirm)}<input type="hidden" name="link" value="${found.link}" />
      <p class="actions"><button>Create API Key</button></p>
    </form>
  </div>`;
  return show(site, visit, { title: "Create your API key", body });
};

/** The answer itself shows the secret, so that no later request could. */
export const confirm: Handler = (site, visit) => {
  const found = linkOf(site, visit, visit.form.get("link"));
  if (typeof found === "string") return unusable(site, visit, found);
  found.used = true;
  const { label, grants, allowedIps } = found.wanted;
  const key = site.keys.make(found.accountId, { label, grants: { ...rowless(site), ...grants }, allowedIps }, handOf(visit));
  return made(site, visit, key);
};

/** The link that this session may use now, or why it may not. */
function linkOf(site: Site, visit: Visit, text: string | null): Link | string {
  const link = site.pages.links.find((candidate) => candidate.link === text);
  const minutes = site.switches.get("confirmMinutes");
  if (!link) return "This link isn't known. Open it whole, as it stands in the mail.";
  if (link.session !== visit.session?.id)
    return "This link must be opened in the same browser session in which the key was asked for. Nothing was made.";
  if (link.used) return "This link has been used. The key that it made is under My API Keys; its secret isn't shown again.";
  if (minutes !== 0 && site.clock.now() - link.at > minutes * 60_000) return "This link has ended. Ask for the key again.";
  return link;
}

function unusable(site: Site, visit: Visit, problem: string): Answer {
  const body = html`<p><a href="${AT.create}">Create New Key</a> or <a href="${AT.keys}">My API Keys</a></p>`;
  return show(site, visit, { title: "Link not usable", body, problems: [problem], status: 403 });
}

function made(site: Site, visit: Visit, key: Key): Answer {
  const body = html`<p class="note">
      Copy both now: the secret is <strong>not shown again</strong>. With them, anybody can do what the key may.
    </p>
    <div class="card">
      <h2>API key</h2>
      <p><code class="secret" id="api-key">${key.apiKey}</code></p>
      <h2>API key secret</h2>
      <p><code class="secret" id="api-secret">${key.apiSecret}</code></p>
      <dl>${particulars(key)}</dl>
      <p class="actions"><a class="button" href="${AT.keys}">I have copied both</a></p>
    </div>`;
  return show(site, visit, { title: "Your new API key", body });
}
