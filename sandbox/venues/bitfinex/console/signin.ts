// Signing in: e-mail and password, then the code of the second factor; and signing out. A sign-in that succeeds is a row
// of the account's login history.

import { html, type Html } from "../../../console/html";
import { redirect } from "../../../console/page";
import { sameText } from "../../../console/sessions";
import { stillTaken, totpStep } from "../../../console/totp";
import type { Visit } from "../../../console/visit";
import type { Answer } from "../../../dialect";
import { nextId, type Account } from "../state";
import { accountOf, AT, handOf, show, type Handler, type Site } from "./site";

export const signInPage: Handler = (site, visit) => (accountOf(site, visit) ? redirect(AT.create) : askPassword(site, visit, []));

function askPassword(site: Site, visit: Visit, problems: readonly string[]): Answer {
  const wrong = problems.length > 0 && html`aria-invalid="true" aria-describedby="problem"`;
  const body = html`<form class="card narrow" method="post" action="${AT.signIn}">
    ${visit.hidden(AT.signIn)}
    <div class="field">
      <label for="email">E-mail</label>
      <input id="email" name="email" type="email" autocomplete="username" required value="${visit.form.get("email")}" ${wrong} />
    </div>
    <div class="field">
      <label for="password">Password</label>
      <input id="password" name="password" type="password" autocomplete="current-password" required ${wrong} />
    </div>
    <p class="actions"><button>Sign in</button></p>
    <p class="hint">The sandbox printed both when it started. They are of this sandbox and open nothing else.</p>
  </form>`;
  return show(site, visit, { title: "Sign in", body, problems, ...(wrong ? { status: 422 } : {}) });
}

export const signIn: Handler = (site, visit) => {
  const email = (visit.form.get("email") ?? "").trim().toLowerCase();
  const account = site.state.accounts.find((candidate) => candidate.email.toLowerCase() === email);
  const right = sameText(visit.form.get("password") ?? "", account?.password ?? "");
  if (!account || !right) return askPassword(site, visit, ["E-mail or password is wrong."]);
  if (account.twoFactorModes.includes("otp")) {
    visit.signIn("code", String(account.id));
    return redirect(AT.signInCode);
  }
  if (account.twoFactorModes.length > 0)
    return askPassword(site, visit, [
      "This account's second factor is a security key, and the sandbox has none. Sign in to another account.",
    ]);
  return enter(site, visit, account);
};

/** The account whose password was right in this session. */
function halfway({ state }: Site, visit: Visit): Account | undefined {
  const { session } = visit;
  return session?.stage === "code" ? state.accounts.find((account) => String(account.id) === session.account) : undefined;
}

export const signInCodePage: Handler = (site, visit) => (halfway(site, visit) ? askCode(site, visit, []) : redirect(AT.signIn));

function askCode(site: Site, visit: Visit, problems: readonly string[]): Answer {
  const body = html`<form class="card narrow" method="post" action="${AT.signInCode}">
    ${visit.hidden(AT.signInCode)} ${codeField(problems.length > 0)}
    <p class="actions"><button>Continue</button></p>
  </form>`;
  return show(site, visit, { title: "Two-factor authentication", body, problems, ...(problems.length > 0 ? { status: 422 } : {}) });
}

export const signInCode: Handler = (site, visit) => {
  const account = halfway(site, visit);
  if (!account) return redirect(AT.signIn);
  const problem = spendCode(site, visit, account);
  return problem === undefined ? enter(site, visit, account) : askCode(site, visit, [problem]);
};

function enter({ state, clock }: Site, visit: Visit, account: Account): Answer {
  visit.signIn("in", String(account.id));
  account.logins.push({ id: Number(nextId(state)), at: clock.now(), ...handOf(visit) });
  return redirect(AT.create);
}

export const signOut: Handler = (_site, visit) => {
  visit.signOut();
  return redirect(AT.signIn);
};

/** The field for a one-time code, as every page that asks for one has it. */
export function codeField(wrong: boolean): Html {
  return html`<div class="field">
    <label for="code">2FA code</label>
    <input
      class="code"
      id="code"
      name="code"
      type="text"
      inputmode="numeric"
      autocomplete="one-time-code"
      maxlength="7"
      required
      autofocus
      aria-describedby="${wrong && "problem "}code-hint"
      ${wrong && html`aria-invalid="true"`}
    />
    <p class="hint" id="code-hint">
      Six digits of your authenticator app, by the sandbox's clock. Without an app, the
      <a href="${AT.authenticator}">authenticator page</a> shows them.
    </p>
  </div>`;
}

/** Takes the code that was sent; what is wrong with it, or `undefined`. */
export function spendCode({ clock, switches }: Site, visit: Visit, account: Account): string | undefined {
  const now = clock.now();
  const step = totpStep(account.totpSecret, visit.form.get("code") ?? "", now);
  if (step === undefined) return "The code is wrong, or it has ended.";
  if (!switches.get("totpTwice") && account.totpTaken.includes(step)) return "This code has been used. Wait for the next one.";
  account.totpTaken = [...account.totpTaken.filter((taken) => stillTaken(taken, now)), step];
  return undefined;
}
