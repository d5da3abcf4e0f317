// A bot that looks at its balance every few seconds, by Bybit's ordinary client. It reads its credential before each request, so that a renewed key
// is in use within seconds, and asks once more with a fresh one where a key is refused.

import { setTimeout as sleep } from "node:timers/promises";
import { RestClientV5 } from "bybit-api";
import { fingerprint, readCredential } from "./credential.mjs";

const { env } = process;
const everyMs = Number(env.EVERY_MS ?? 5000);

/** What Bybit says of a key that has ended, never was, or isn't let in from here. */
const REFUSED = [10003, 10010, 33004];

let current = { key: "", client: undefined };
try {
  use(readCredential(env));
} catch (error) {
  console.error(error.message); // without a credential there is nothing to do
  process.exit(1);
}

/** Takes a credential, if it is another one. */
function use({ apiKey, apiSecret }) {
  if (current.key === apiKey) return;
  // Of a sandbox alone: its address, whose clock may stand elsewhere.
  const elsewhere = env.BYBIT_URL === undefined ? {} : { baseUrl: env.BYBIT_URL, syncTimeBeforePrivateRequests: true };
  current = { key: apiKey, client: new RestClientV5({ key: apiKey, secret: apiSecret, ...elsewhere }) };
  console.log(`key ${fingerprint({ apiKey })}`);
}

/** The client for the credential that counts now. While the file can't be read, the one that worked goes on. */
function clientNow() {
  try {
    use(readCredential(env));
  } catch (error) {
    console.error(error.message);
  }
  return current.client;
}

/** The code of an answer; the client throws where the status isn't 200. */
async function balance() {
  try {
    return await clientNow().getWalletBalance({ accountType: "UNIFIED" });
  } catch (error) {
    // Never the error itself: the client's has the request in it, and that the key.
    const body = error?.body ?? error;
    return {
      retCode: typeof body?.retCode === "number" ? body.retCode : -1,
      retMsg: String(body?.retMsg ?? error?.message ?? "no answer"),
    };
  }
}

for (;;) {
  let answer = await balance();
  const asked = current.key;
  // The file may have been replaced while the request was under way.
  if (REFUSED.includes(answer.retCode) && clientNow() && current.key !== asked) answer = await balance();
  if (answer.retCode === 0) {
    console.log(`balance ${answer.result.list[0].totalEquity ?? "0"}`);
  } else if (REFUSED.includes(answer.retCode)) {
    console.error(
      `refused (${answer.retCode}): the key ${fingerprint({ apiKey: current.key })} is over; start again with the stack's credential`,
    );
    process.exit(1); // whoever watches the bot hears of it, and no order is sent blindly
  } else {
    console.error(`failed (${answer.retCode}): ${answer.retMsg}`);
  }
  await sleep(everyMs);
}
