// My API Keys: the list, and a key's edit and revocation. The secret is on none of these pages.

import { html, type Html } from "../../../console/html";
import { time } from "../../../console/outbox";
import type { Visit } from "../../../console/visit";
import type { Answer } from "../../../dialect";
import type { Key } from "../state";
import { choices, fields, particulars, typedIn, wantedOf, type Field, type Problems, type Typed } from "./grid";
import { ask } from "./pending";
import { AT, keyOf, show, signedIn, tabs, type Handler, type Site } from "./site";

const DONE: Readonly<Record<string, string>> = { edit: "The key has been changed.", revoke: "The key has been revoked." };

export const listPage: Handler = (site, visit) => {
  const account = signedIn(site, visit);
  const keys = site.state.keys.filter((key) => key.accountId === account.id && key.revokedAt === null);
  const asked = visit.request.query.get("done") ?? "";
  const done = Object.hasOwn(DONE, asked) ? DONE[asked] : undefined;
  const body = html`${tabs("keys")} ${done !== undefined && html`<p class="done" role="status">${done}</p>`}
  ${keys.length === 0 ? html`<p class="empty">This account has no API key.</p>` : keys.toReversed().map(card)}`;
  return show(site, visit, { title: "My API Keys", body });
};

function card(key: Key): Html {
  const name = key.label === "" ? `key ${key.id} without a label` : key.label;
  return html`<article class="card" id="key-${key.id}" aria-labelledby="name-${key.id}">
    <h2 id="name-${key.id}">${key.label === "" ? `Key ${key.id}` : key.label}</h2>
    <dl>
      <dt>API key</dt>
      <dd><code>${key.apiKey}</code></dd>
      <dt>Created</dt>
      <dd>${time(key.createdAt)}</dd>
      ${choices(key)}
    </dl>
    <p class="actions">
      <a href="${AT.keys}/${key.id}/edit">Edit<span class="hidden"> ${name}</span></a>
      <a href="${AT.keys}/${key.id}/revoke">Revoke<span class="hidden"> ${name}</span></a>
    </p>
  </article>`;
}

/** What can't be edited, as the switch says. */
function fixedFields({ switches }: Site): Field[] {
  const editable = switches.get("editable");
  if (editable === "all") return [];
  return editable === "permissions" ? ["ips", "label"] : ["label"];
}

function asTyped({ label, grants, allowedIps }: Key): Typed {
  return { label, grants, ips: allowedIps.join("\n") };
}

export const editPage: Handler = (site, visit, id) => {
  const key = keyOf(site, signedIn(site, visit), id);
  return key ? form(site, visit, key, asTyped(key), {}) : noKey(site, visit);
};

function form(site: Site, visit: Visit, key: Key, typed: Typed, problems: Problems): Answer {
  const action = `${AT.keys}/${key.id}/edit`;
  const said = Object.values(problems);
  const body = html`${tabs("keys")}
    <p class="quiet">API key <code>${key.apiKey}</code></p>
    <form method="post" action="${action}">
      ${visit.hidden(action)} ${fields(site, typed, problems, fixedFields(site))}
      <p class="actions"><button>Save changes</button> <a href="${AT.keys}">Cancel</a></p>
    </form>`;
  return show(site, visit, { title: "Edit API key", body, problems: said, ...(said.length > 0 ? { status: 422 } : {}) });
}

export const edit: Handler = (site, visit, id) => {
  const account = signedIn(site, visit);
  const key = keyOf(site, account, id);
  if (!key) return noKey(site, visit);
  const others = site.state.keys.filter((other) => other.accountId === account.id && other.revokedAt === null && other !== key);
  const typed = typedIn(site, visit.form, key.grants);
  const labels = others.map(({ label }) => label);
  const fixed = fixedFields(site);
  const { wanted, problems } = wantedOf(site, typed, labels);
  if (fixed.includes("ips")) delete problems.ips;
  if (fixed.includes("label")) delete problems.label;
  if (Object.keys(problems).length > 0) return form(site, visit, key, typed, problems);
  // What can't be edited stays, whatever was sent.
  const allowedIps = fixed.includes("ips") ? key.allowedIps : wanted.allowedIps;
  const label = fixed.includes("label") ? key.label : wanted.label;
  return ask(site, visit, { kind: "edit", key: key.id, wanted: { label, grants: wanted.grants, allowedIps } });
};

export const revokePage: Handler = (site, visit, id) => {
  const key = keyOf(site, signedIn(site, visit), id);
  if (!key) return noKey(site, visit);
  const action = `${AT.keys}/${key.id}/revoke`;
  const body = html`${tabs("keys")}
    <div class="card">
      <dl>
        <dt>API key</dt>
        <dd><code>${key.apiKey}</code></dd>
        ${particulars(key)}
      </dl>
      <p>Whatever signs with this key stops working at once. It can't be undone.</p>
      <form method="post" action="${action}">
        ${visit.hidden(action)}
        <p class="actions"><button class="danger">Revoke</button> <a href="${AT.keys}">Cancel</a></p>
      </form>
    </div>`;
  return show(site, visit, { title: "Revoke this API key?", body });
};

export const revoke: Handler = (site, visit, id) => {
  const key = keyOf(site, signedIn(site, visit), id);
  return key ? ask(site, visit, { kind: "revoke", key: key.id }) : noKey(site, visit);
};

function noKey(site: Site, visit: Visit): Answer {
  const body = html`${tabs("keys")}
    <p>There is no such key in this account. <a href="${AT.keys}">My API Keys</a></p>`;
  return show(site, visit, { title: "No such key", body, status: 404 });
}
