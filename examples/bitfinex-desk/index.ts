// The API keys of one desk: each job has its own, with what it needs and from where it works. None can withdraw.

import { bitfinex } from "pulumi-exchange-keys";

const desk = bitfinex.account("desk", { rotation: { every: "90d", overlap: "3d" } });

// Where the desk's machines are: the purpose of each address shows in previews and on the ceremony's page.
const trading = { "198.51.100.7": "fra1 gateway", "198.51.100.8": "fra1 gateway, standby" };
const office = { "198.51.100.40": "office" };

const accounting = new bitfinex.ApiKey("accounting", {
  account: desk,
  permissions: bitfinex.presets.accounting,
  allowedIps: office,
  label: "accounting",
  holder: "bookkeeping",
});

const maker = new bitfinex.ApiKey("maker", {
  account: desk,
  permissions: { ...bitfinex.presets.trading, positions: "none" },
  allowedIps: trading,
  label: "maker",
  nonceUnit: "us", // what the bot counts in: a look at the key must never be ahead of it
  holder: "market maker at fra1",
});

const lender = new bitfinex.ApiKey("lender", {
  account: desk,
  permissions: bitfinex.presets.lending,
  allowedIps: trading,
  label: "lender",
  holder: "funding bot at fra1",
});

export const credentials = { accounting: accounting.credential, maker: maker.credential, lender: lender.credential }; // secret
export const powers = { accounting: accounting.powers, maker: maker.powers, lender: lender.powers };
export const labels = { accounting: accounting.venueLabel, maker: maker.venueLabel, lender: lender.venueLabel };
