// Who holds a token: a bot that sends it to the exchange as it is. No part of the provider is in here.

/** Bitfinex takes each nonce of a credential once, and only ever a greater one. */
let nonce = 0;

/** One request with a token: what the exchange answers, as "accepted" or as its own refusal. `now` is the exchange's time in milliseconds. */
export async function ask(exchange, token, path, now, body = {}) {
  nonce = Math.max(now, nonce + 1);
  const response = await fetch(`${exchange}/v2/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "bfx-token": token, "bfx-nonce": String(nonce) },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  return answer[0] === "error" ? `refused (${answer[1]} ${answer[2]})` : "accepted";
}

export const wallets = "auth/r/wallets";
export const order = "auth/w/order/submit";
