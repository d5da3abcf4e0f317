// A key for a pipeline: a person makes it at a desk, seals it for the pipeline, and the pipeline's `pulumi up` takes and verifies it. The
// pipeline waits for nobody, and the desk needs neither the stack's lock nor its passphrase.

import { bitfinex } from "pulumi-exchange-keys";

const bot = new bitfinex.ApiKey("bot", {
  account: bitfinex.account("desk"),
  permissions: { orders: "read-write", wallets: "read" },
  allowedIps: { "198.51.100.7": "fra1 gateway" },
  label: "bot",
  approval: "https://git.example.com/desk/keys/pull/42",
  holder: "hedger at fra1",
});

export const credential = bot.credential; // secret
export const label = bot.venueLabel;
