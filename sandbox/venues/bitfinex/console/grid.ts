// The form of a key: the grid of permissions, the IP addresses, the label; how it is shown, and what it says when it is
// sent. Apart, because making and editing a key use the same.

import { html, type Html } from "../../../console/html";
import { MOST_IPS, wrongIp, type IpFormats } from "../ips";
import { SCOPES, type Grants, type Scope } from "../scopes";
import type { Wanted } from "../state";
import type { Site } from "./site";

interface Row {
  readonly scope: Scope;
  readonly title: string;
  readonly text: string;
}

/** Titles: support.bitfinex.com, article 115003363429. Which scope is whose is inferred from the names. */
export const ROWS: readonly Row[] = [
  { scope: "account", title: "Account Info", text: "Receive account fee information, edit account information" },
  { scope: "history", title: "Account History", text: "View and download the account's trading activities" },
  { scope: "orders", title: "Orders", text: "View orders, create and cancel them" },
  { scope: "positions", title: "Margin Trading", text: "View margin positions, claim open ones" },
  { scope: "funding", title: "Margin Funding", text: "View funding, offer, cancel and close it" },
  { scope: "wallets", title: "Wallets", text: "View balances and addresses, transfer between wallets" },
  { scope: "withdraw", title: "Withdrawals", text: "Withdraw through the API" },
  { scope: "bfxpay", title: "Bitfinex Pay", text: "View invoices, create them" },
];

/** A form as it was typed. */
export interface Typed {
  readonly label: string;
  readonly grants: Grants;
  readonly ips: string;
}

export type Field = keyof Typed;

/** The scopes whose access a person can't choose. */
export const ROWLESS: readonly Scope[] = SCOPES.filter((scope) => !ROWS.some((row) => row.scope === scope));

function hasRead({ switches }: Site, { scope }: Row): boolean {
  return scope !== "withdraw" || switches.get("withdrawRow") === "both";
}

/** The fields of the form; those that `fixed` names can only be looked at. */
export function fields(site: Site, typed: Typed, problems: Problems, fixed: readonly Field[] = []): Html {
  const isFixed = (field: Field): Html | false => fixed.includes(field) && html`readonly`;
  const about = (field: Field): Html =>
    problems[field] === undefined
      ? html`aria-describedby="${field}-hint"`
      : html`aria-describedby="problem ${field}-hint" aria-invalid="true" autofocus`;
  return html`<table>
      <caption>
        Permissions
      </caption>
      <thead>
        <tr>
          <th scope="col">Permission</th>
          <th scope="col">Read</th>
          <th scope="col">Write</th>
        </tr>
      </thead>
      <tbody>
        ${ROWS.map((row) => gridRow(site, row, typed.grants, fixed.includes("grants")))}
      </tbody>
    </table>
    <div class="field">
      <label for="ips">IP access restrictions</label>
      <textarea id="ips" name="ips" rows="4" spellcheck="false" autocomplete="off" ${isFixed("ips")} ${about("ips")}>${typed.ips}</textarea>
      <p class="hint" id="ips-hint">
        ${formatsInWords(site.switches.get("keyIpFormats"))}, up to ${MOST_IPS}, one per line or with commas between them. With none, the
        key works from anywhere.
      </p>
    </div>
    <div class="field">
      <label for="label">Label (optional)</label>
      <input id="label" name="label" type="text" autocomplete="off" value="${typed.label}" ${isFixed("label")} ${about("label")} />
      <p class="hint" id="label-hint">A name to know the key by.</p>
    </div>`;
}

function gridRow(site: Site, row: Row, grants: Grants, fixed: boolean): Html {
  const toggle = (access: "read" | "write", on: boolean): Html =>
    html`<label for="${access}-${row.scope}"
      ><input
        type="checkbox"
        id="${access}-${row.scope}"
        name="${access}"
        value="${row.scope}"
        ${on && html`checked`}
        ${fixed && html`disabled`}
      /><span class="hidden">${row.title}: ${access === "read" ? "Read" : "Write"}</span></label
    >`;
  const [read, write] = grants[row.scope] ?? [false, false];
  return html`<tr>
    <th scope="row">${row.title} <small>${row.text}</small></th>
    <td>${hasRead(site, row) ? toggle("read", read) : html`<span class="quiet">–</span>`}</td>
    <td>${toggle("write", write)}</td>
  </tr>`;
}

function formatsInWords(formats: IpFormats): string {
  if (formats === "ipv4") return "IPv4 addresses";
  return formats === "addresses" ? "IPv4 or IPv6 addresses" : "IPv4 or IPv6 addresses, or ranges such as 198.51.100.0/24";
}

/** What the form for a new key has ticked already. */
export function defaults(site: Site): Grants {
  const chosen = site.switches.get("newKeyDefaults");
  if (chosen === "none") return {};
  const orders = chosen === "reads-and-orders";
  const readable = ROWS.filter((row) => hasRead(site, row));
  return Object.fromEntries(readable.map(({ scope }) => [scope, [true, orders && scope === "orders"]]));
}

/** Reads a form; what it doesn't show stays as in `base`. */
export function typedIn(site: Site, form: URLSearchParams, base: Grants): Typed {
  const [reads, writes] = [form.getAll("read"), form.getAll("write")];
  const grants: Grants = { ...base };
  for (const row of ROWS) {
    const { scope } = row;
    grants[scope] = [hasRead(site, row) ? reads.includes(scope) : (base[scope]?.[0] ?? false), writes.includes(scope)];
  }
  return { label: (form.get("label") ?? "").trim(), grants: tidy(grants), ips: form.get("ips") ?? "" };
}

/** A field → what is wrong with it. */
export type Problems = Partial<Record<Field, string>>;

/** What a form asks for, or what is wrong with it. `labels` are those of the account's other keys. */
export function wantedOf(site: Site, typed: Typed, labels: readonly string[]): { wanted: Wanted; problems: Problems } {
  const problems: Problems = {};
  const allowedIps = typed.ips.split(/[\s,]+/).filter((entry) => entry !== "");
  const wrong = allowedIps
    .map((entry) => ({ entry, why: wrongIp(entry, site.switches.get("keyIpFormats")) }))
    .find(({ why }) => why !== undefined);
  if (allowedIps.length > MOST_IPS) problems.ips = `There are ${allowedIps.length} IP addresses; a key takes up to ${MOST_IPS}.`;
  else if (wrong) problems.ips = `“${wrong.entry}” is ${wrong.why}.`;

  const most = site.switches.get("labelMax");
  const signs = [...typed.label];
  const tooLong = most !== 0 && signs.length > most;
  if (tooLong && site.switches.get("labelTooLong") === "refused") problems.label = `A label has up to ${most} characters.`;
  const label = tooLong ? signs.slice(0, most).join("") : typed.label;
  if (site.switches.get("labelsUnique") && label !== "" && labels.includes(label)) problems.label = "Another key has this label.";
  const { grants, problem } = settled(site, typed.grants);
  if (problem !== undefined) problems.grants = problem;
  return { wanted: { label, grants, allowedIps }, problems };
}

/** What becomes of combinations that no document calls legal or illegal. */
function settled({ switches }: Site, grants: Grants): { grants: Grants; problem?: string } {
  if (Object.keys(grants).length === 0 && switches.get("emptyGrid") === "refused") return { grants, problem: "Choose a permission." };
  // Withdrawals are the documents' own example of Write alone.
  const alone = ROWS.filter(({ scope }) => scope !== "withdraw" && grants[scope]?.[1] === true && !grants[scope][0]);
  const [first] = alone;
  const then = switches.get("writeAlone");
  if (!first || then === "as-ticked") return { grants };
  if (then === "refused") return { grants, problem: `${first.title}: Write needs Read.` };
  return { grants: { ...grants, ...Object.fromEntries(alone.map(({ scope }) => [scope, [true, true]])) } };
}

/** The rowless scopes of a new key, as the switch says. */
export function rowless({ switches }: Site): Grants {
  const access = switches.get("rowlessScopes");
  if (access === "off") return {};
  return Object.fromEntries(ROWLESS.map((scope) => [scope, [true, access === "write"]]));
}

function tidy(grants: Grants): Grants {
  return Object.fromEntries(Object.entries(grants).filter(([, [read, write]]) => read || write));
}

/** What a key may do, as far as the grid has a row for it. */
export function inWords(grants: Grants): Html {
  const rows = ROWS.flatMap(({ scope, title }) => {
    const [read, write] = grants[scope] ?? [false, false];
    const words = [read && "Read", write && "Write"].filter((word) => word !== false).join(" and ");
    return words === "" ? [] : [html`<li>${title}: ${words}</li>`];
  });
  return rows.length === 0
    ? html`None`
    : html`<ul>
        ${rows}
      </ul>`;
}

/** A key's particulars as a list of terms, where they are only shown. */
export function particulars(wanted: Wanted): Html {
  return html`<dt>Label</dt>
    <dd>${wanted.label === "" ? "None" : wanted.label}</dd>
    ${choices(wanted)}`;
}

/** The same without the label. */
export function choices({ grants, allowedIps }: Wanted): Html {
  return html`<dt>Permissions</dt>
    <dd>${inWords(grants)}</dd>
    <dt>IP access</dt>
    <dd>${allowedIps.length === 0 ? "From anywhere" : allowedIps.join(", ")}</dd>`;
}
