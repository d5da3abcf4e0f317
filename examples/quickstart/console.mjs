// A person at the exchange's web console, by script: signs in with password and 2FA code, makes a key with every toggle as told, opens the
// mail in the same session, and revokes. A browser without a screen; no part of the provider is in here.

import { createHmac } from "node:crypto";
import { NotAsTold } from "./stage.mjs";

/** `now` answers the exchange's time in milliseconds, `wait` lets half a minute of it pass: a code is taken once. */
export function sitDown({ url, login, now, wait }) {
  const cookies = new Map();
  let page = "";

  async function go(path, form) {
    const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "), origin: new URL(url).origin };
    const body = form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) };
    const answer = await fetch(new URL(path, url), { headers, redirect: "manual", ...body });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const next = answer.headers.get("location");
    if (answer.status === 303 && next) return go(next);
    page = await answer.text();
    if (answer.status >= 400) throw new NotAsTold(`the console refuses ${path.split("?")[0]} (HTTP ${answer.status})`);
    return page;
  }

  /** Sends the page's form: what a person leaves untouched goes as it stands, toggles only as told. */
  async function send(action, typed) {
    const form = [...page.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].find(([, tag]) => tag.includes(`action="${action}"`))?.[2];
    if (form === undefined) throw new NotAsTold(`the console's page has no form to ${action}`);
    const hidden = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]);
    return go(action, [...hidden, ...typed]);
  }

  async function code() {
    await wait();
    return oneTimeCode(login.totpSecret, await now());
  }

  async function proved() {
    if (/action="\/console\/api\/code"/.test(page)) await send("/console/api/code", [["code", await code()]]);
  }

  const shown = (id) => new RegExp(`id="${id}"[^>]*>([^<]*)<`).exec(page)?.[1].trim();

  return {
    async signIn() {
      await go("/console");
      await send("/console/sign-in", [
        ["email", login.email],
        ["password", login.password],
      ]);
      await send("/console/sign-in/code", [["code", await code()]]);
    },

    /** `rows`: the ceremony's grid. Answers key and secret, which the page shows this once. */
    async make({ rows, allowedIps, label }) {
      await go("/console/api");
      const toggles = rows.flatMap(({ scope, want }) =>
        ["read", "write"].filter((each) => want.split("-").includes(each)).map((each) => [each, scope]),
      );
      await send("/console/api", [...toggles, ["ips", allowedIps.map(({ address }) => address).join("\n")], ["label", label]]);
      await proved();
      const link = /href="(\/console\/api\/confirm\?[^"]*)"/.exec(await go("/console/outbox"))?.[1];
      if (link === undefined) throw new NotAsTold("no mail came");
      await go(link.replaceAll("&amp;", "&"));
      await send("/console/api/confirm", []);
      return { apiKey: shown("api-key"), apiSecret: shown("api-secret") };
    },

    async revoke(label) {
      const card = (await go("/console/api/keys")).split("<article").find((part) => part.includes(label));
      const id = /id="key-(\d+)"/.exec(card ?? "")?.[1];
      if (id === undefined) throw new NotAsTold(`My API Keys has no key labelled "${label}"`);
      await go(`/console/api/keys/${id}/revoke`);
      await send(`/console/api/keys/${id}/revoke`, []);
      await proved();
    },
  };
}

/** RFC 6238: SHA-1, six digits, steps of 30 s. */
function oneTimeCode(base32, at) {
  const bits = [...base32].map((sign) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(sign).toString(2).padStart(5, "0")).join("");
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const hash = createHmac("sha1", secret).update(counter).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
