// The exchange as the story meets it: by its tokens' holders, who send a token as it is, and by a person who sits at it. No part of the
// provider is in here.

import { Control } from "exchange-keys-sandbox";
import { createHmac } from "node:crypto";
import { sitDown } from "./console.mjs";
import { NotAsTold } from "./stage.mjs";
import { seen } from "./screen.mjs";

export const WALLETS = "auth/r/wallets";
export const ORDER = "auth/w/order/submit";

/** What `exchange-keys sandbox --json` told, as things to ask of it. */
export async function meet({ venues, control: address }) {
  const { url, account, console: page, login } = venues.bitfinex;
  const control = new Control(address);
  // What Bitfinex leaves undocumented is a switch of the sandbox, the worst for us by default: there each token also reads the history,
  // unasked, and every run warns of it. This story is about something else, so here a token gets what it asks for and no more.
  await control.patch("/venues/bitfinex/switches", { capsExtraScopes: "none" });

  const tokens = () => control.get("/venues/bitfinex/tokens");
  /** The nonce is the exchange's time in milliseconds; Bitfinex takes each once, and only ever a greater one. */
  let nonce = 0;
  const now = async () => Date.parse((await control.get("/clock")).now);
  async function ask(credential, path) {
    nonce = Math.max(await now(), nonce + 1);
    const headers = { "content-type": "application/json", "bfx-nonce": String(nonce), ...speak(credential, path, nonce) };
    const answer = await (await fetch(`${url}/v2/${path}`, { method: "POST", headers, body: "{}" })).json();
    return answer[0] === "error" ? `refused (${answer[1]} ${answer[2]})` : "accepted";
  }
  const expect = (told) => async (credential, path, text) => {
    const answer = await ask(credential, path);
    check(answer.startsWith(told), `${text}: ${answer}`);
  };
  return {
    url,
    address,
    account,
    /** All that it ever issued, with `alive`. */
    tokens,
    alive: async () => (await tokens()).filter(({ alive }) => alive),
    accepts: expect("accepted"),
    refuses: expect("refused"),
    /** By a person at the exchange, who sees the token's fingerprint. */
    async revoke(fingerprint) {
      const found = (await tokens()).find((token) => token.fingerprint === fingerprint);
      check(found, "the exchange knows the report's token, and takes its revocation");
      await control.delete(`/venues/bitfinex/tokens/${found.id}`);
    },
    /** The account's person at its web console. */
    async person() {
      const desk = sitDown({ url: page, login, now, wait: () => control.post("/clock", { advance: "30s" }) });
      await desk.signIn();
      return desk;
    },
    /** Moves the clock of the exchange and, by `exchange-keys:testClock`, the provider's. */
    advance: (time) => control.post("/clock", { advance: time }),
  };
}

/** A token is sent as it is; a key signs. */
function speak(credential, path, nonce) {
  if (typeof credential === "string") return { "bfx-token": credential };
  const signature = createHmac("sha384", credential.apiSecret).update(`/api/v2/${path}${nonce}{}`).digest("hex");
  return { "bfx-apikey": credential.apiKey, "bfx-signature": signature };
}

/** Says what is so; a step that isn't as told ends the story. */
export function check(isSo, text) {
  if (!isSo) throw new NotAsTold(`this isn't so: ${text}`);
  seen(text);
}
