// What all of Bitfinex's pages share: what they know, how one is framed, who is looking. Apart, so that a page is only
// its own words.

import { z } from "zod";
import type { Clock } from "../../../clock";
import { html, type Html } from "../../../console/html";
import { mailSchema } from "../../../console/outbox";
import { page, type Content } from "../../../console/page";
import { sessionSchema } from "../../../console/sessions";
import type { Visit } from "../../../console/visit";
import type { Answer } from "../../../dialect";
import type { Switches } from "../../../switches";
import type { Keys } from "../keys";
import type { Account, Hand, Key, State } from "../state";
import type { BitfinexSwitches } from "../switches";

export const wantedSchema = z.strictObject({
  label: z.string(),
  grants: z.record(z.string(), z.tuple([z.boolean(), z.boolean()])),
  allowedIps: z.array(z.string()),
});

/** A confirmation link that was mailed. */
const linkSchema = z.strictObject({
  link: z.string(),
  session: z.string(),
  accountId: z.int(),
  wanted: wantedSchema,
  at: z.number(),
  used: z.boolean(),
});

export const pagesSchema = z.strictObject({
  sessions: z.array(sessionSchema),
  mails: z.array(mailSchema),
  links: z.array(linkSchema),
});

export type Pages = z.infer<typeof pagesSchema>;

export const AT = {
  signIn: "/console/sign-in",
  signInCode: "/console/sign-in/code",
  signOut: "/console/sign-out",
  create: "/console/api",
  code: "/console/api/code",
  sent: "/console/api/sent",
  confirm: "/console/api/confirm",
  keys: "/console/api/keys",
  outbox: "/console/outbox",
  authenticator: "/console/authenticator",
} as const;

export interface Site {
  readonly state: State;
  readonly pages: Pages;
  readonly clock: Clock;
  readonly switches: Switches<BitfinexSwitches>;
  readonly keys: Keys;
}

export type Handler = (site: Site, visit: Visit, id: string) => Answer;

export function show(site: Site, visit: Visit, content: Content): Answer {
  const account = accountOf(site, visit);
  const links = {
    ...(account ? { [AT.create]: "API keys" } : { [AT.signIn]: "Sign in" }),
    [AT.outbox]: "Outbox",
    [AT.authenticator]: "Authenticator",
  };
  const who =
    account &&
    html`<form class="who" method="post" action="${AT.signOut}">
      ${visit.hidden(AT.signOut)}<span>${account.email}</span><button class="plain">Sign out</button>
    </form>`;
  return page({ venue: "Bitfinex", links, here: visit.request.path, who }, content);
}

/** Whoever is signed in. */
export function accountOf({ state }: Site, visit: Visit): Account | undefined {
  return state.accounts.find((account) => String(account.id) === visit.account);
}

/** The same where a page is shown to signed-in people alone. */
export function signedIn(site: Site, visit: Visit): Account {
  const account = accountOf(site, visit);
  if (!account) throw new Error("bitfinex: nobody is signed in on a page that needs it");
  return account;
}

/** A live key of this account. */
export function keyOf({ state }: Site, account: Account, id: string): Key | undefined {
  return state.keys.find((key) => key.id === id && key.accountId === account.id && key.revokedAt === null);
}

export function handOf(visit: Visit): Hand {
  return { ip: visit.request.source, userAgent: visit.userAgent };
}

/** The two tabs of the page of API keys. */
export function tabs(here: "create" | "keys"): Html {
  const tab = (path: string, text: string, is: boolean): Html =>
    html`<li><a href="${path}" ${is && html` aria-current="page"`}>${text}</a></li>`;
  return html`<nav class="tabs" aria-label="API keys">
    <ul>
      ${tab(AT.create, "Create New Key", here === "create")} ${tab(AT.keys, "My API Keys", here === "keys")}
    </ul>
  </nav>`;
}
