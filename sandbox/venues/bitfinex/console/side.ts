// The two pages that stand for what a person has beside the browser: the mailbox, and the authenticator app. No sign-in:
// the mails' links need the right session, and the codes need the secret.

import { html } from "../../../console/html";
import { outboxPage, time } from "../../../console/outbox";
import { totpCode } from "../../../console/totp";
import { AT, show, type Handler } from "./site";

export const outbox: Handler = (site, visit) => show(site, visit, { title: "Outbox", body: outboxPage(site.pages.mails, visit.origin) });

export const authenticator: Handler = (site, visit) => {
  const secret = visit.form.get("secret");
  const shown = secret === null ? undefined : codeOf(secret, site.clock.now());
  const body = html`<p>
      It stands for the app on your phone, and goes by the sandbox's clock (${time(site.clock.now())}): when that clock is moved, an app's
      codes are wrong.
    </p>
    ${
      shown &&
      html`<div class="done" role="status">
        <p class="quiet">The code now:</p>
        <p><strong class="code" id="totp">${shown.code}</strong></p>
        <p class="quiet">until ${time(shown.until)}</p>
      </div>`
    }
    <form class="card" method="post" action="${AT.authenticator}" autocomplete="off">
      ${visit.hidden(AT.authenticator)}
      <div class="field">
        <label for="secret">TOTP secret</label>
        <input id="secret" name="secret" type="password" autocomplete="off" required aria-describedby="secret-hint" />
        <p class="hint" id="secret-hint">As the sandbox printed it when it started. It is kept nowhere.</p>
      </div>
      <p class="actions"><button>Show the code</button></p>
    </form>`;
  const wrong = secret !== null && !shown;
  return show(site, visit, {
    title: "Authenticator",
    body,
    ...(wrong ? { status: 422, problems: ["This is no TOTP secret: it has the letters A to Z and the digits 2 to 7."] } : {}),
  });
};

function codeOf(secret: string, now: number): ReturnType<typeof totpCode> | undefined {
  try {
    return secret.trim() === "" ? undefined : totpCode(secret, now);
  } catch {
    return undefined;
  }
}
