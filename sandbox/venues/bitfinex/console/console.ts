// Bitfinex's web pages: which there are, who may see them, and what a browser is told when it asks for another. Written
// from support.bitfinex.com, article 115003363429, and docs.bitfinex.com/docs/api-access; what they leave open is in switches.ts.

import { html } from "../../../console/html";
import { asset, page, redirect } from "../../../console/page";
import { Sessions } from "../../../console/sessions";
import { ICON, STYLE } from "../../../console/style";
import { Rejected, Visit } from "../../../console/visit";
import type { Answer, Console, ConsoleRequest } from "../../../dialect";
import { confirm, confirmPage, create, createPage } from "./create";
import { edit, editPage, listPage, revoke, revokePage } from "./mykeys";
import { codePage, sendCode, sentPage } from "./pending";
import { authenticator, outbox } from "./side";
import { signIn, signInCode, signInCodePage, signInPage, signOut } from "./signin";
import { accountOf, AT, show, type Handler, type Site } from "./site";

/** What a person types to sign in: the TOTP secret, in base32, goes into an authenticator app. */
export interface Login extends Readonly<Record<string, string>> {
  readonly email: string;
  readonly password: string;
  readonly totpSecret: string;
}

interface Route {
  readonly get?: Handler;
  readonly post?: Handler;
  /** Shown without a sign-in. */
  readonly open?: true;
}

/** `:id` stands for one part of a path. */
const ROUTES: Readonly<Record<string, Route>> = {
  [AT.signIn]: { get: signInPage, post: signIn, open: true },
  [AT.signInCode]: { get: signInCodePage, post: signInCode, open: true },
  [AT.signOut]: { post: signOut, open: true },
  [AT.create]: { get: createPage, post: create },
  [AT.code]: { get: codePage, post: sendCode },
  [AT.sent]: { get: sentPage },
  [AT.confirm]: { get: confirmPage, post: confirm, open: true },
  [AT.keys]: { get: listPage },
  [`${AT.keys}/:id/edit`]: { get: editPage, post: edit },
  [`${AT.keys}/:id/revoke`]: { get: revokePage, post: revoke },
  [AT.outbox]: { get: outbox, open: true },
  [AT.authenticator]: { get: authenticator, post: authenticator, open: true },
};

const ASSETS: Readonly<Record<string, () => Answer>> = {
  "/console/style.css": () => asset("text/css; charset=utf-8", STYLE),
  "/console/icon.svg": () => asset("image/svg+xml", ICON),
};

export function openConsole(site: Site, inMaintenance: () => boolean): Console<Login> {
  const sessions = new Sessions(site.pages.sessions, site.clock);
  return {
    login() {
      const account = site.state.accounts[0];
      if (!account) throw new Error("bitfinex: the sandbox has no account");
      return { email: account.email, password: account.password, totpSecret: account.totpSecret };
    },
    answer(request, trace) {
      const { path } = request;
      const file = Object.hasOwn(ASSETS, path) && request.method === "GET" ? ASSETS[path] : undefined;
      if (file) return file();
      try {
        const visit = new Visit(request, sessions, "bitfinex");
        const answer = visit.dressed(inMaintenance() ? maintained(site, visit) : answerTo(site, visit));
        // Sent to the sign-in: nothing of what was asked was done.
        const turnedAway = answer.headers?.location === AT.signIn && path !== AT.signOut;
        trace.accepted = answer.status < 400 && !turnedAway;
        return answer;
      } catch (error) {
        if (error instanceof Rejected) return rejected(request, error);
        throw error;
      }
    },
  };
}

function answerTo(site: Site, visit: Visit): Answer {
  const { method, path } = visit.request;
  if (path === "/console" || path === "/console/") return redirect(AT.create);
  const { route, id } = routeOf(path);
  if (!route) return show(site, visit, { title: "Not found", body: html`<p>There is no such page.</p>`, status: 404 });
  const handler = method === "POST" ? route.post : method === "GET" || method === "HEAD" ? route.get : undefined;
  if (!handler) return show(site, visit, { title: "Not possible", body: html`<p>This page can't be asked that way.</p>`, status: 405 });
  if (!route.open && !accountOf(site, visit)) return redirect(AT.signIn);
  return handler(site, visit, id);
}

function routeOf(path: string): { route?: Route | undefined; id: string } {
  if (Object.hasOwn(ROUTES, path)) return { route: ROUTES[path], id: "" };
  const parts = path.split("/");
  const id = parts[4] ?? "";
  if (parts.length === 6) parts[4] = ":id";
  const pattern = parts.join("/");
  return { route: Object.hasOwn(ROUTES, pattern) ? ROUTES[pattern] : undefined, id };
}

/** What the pages show during maintenance is in no document. */
function maintained(site: Site, visit: Visit): Answer {
  return show(site, visit, { title: "Maintenance", body: html`<p>The platform is in maintenance. Come back later.</p>`, status: 503 });
}

/** Without a session, so that nothing is learnt from it. */
function rejected(request: ConsoleRequest, { status, message }: Rejected): Answer {
  const links = { [AT.signIn]: "Sign in", [AT.outbox]: "Outbox", [AT.authenticator]: "Authenticator" };
  return page({ venue: "Bitfinex", links, here: request.path }, { title: "Refused", body: html``, problems: [message], status });
}
