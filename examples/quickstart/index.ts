// Two access tokens and an API key of one Bitfinex account. Nothing secret stands here: the key that issues tokens is named in the
// stack's configuration, and what is issued is a secret output. The API key is made by a person, guided and verified by a ceremony.

import * as pulumi from "@pulumi/pulumi";
import { bitfinex } from "pulumi-exchange-keys";

const main = bitfinex.account("bitfinex-main");

// `pulumi config set tradingHalted true`, and the next `up` leaves the desk a token that only reads.
const tradingHalted = new pulumi.Config().getBoolean("tradingHalted") ?? false;

const report = new bitfinex.AccessToken("nightly-report", {
  account: main,
  permissions: { account: "read", wallets: "read" },
  lifetime: "24h", // renewed after two thirds of it; the former token lives on for an hour
  allowedIps: "anywhere",
  holder: "reporting job",
});

const desk = new bitfinex.AccessToken("desk-trader", {
  account: main,
  permissions: tradingHalted ? { orders: "read" } : { orders: "read-write" },
  lifetime: "2d",
  allowedIps: { "203.0.113.10": "trading gateway" },
  holder: "market maker",
});

// Bitfinex makes API keys on its web page alone: `exchange-keys ceremony` says what to click, and proves what came of it.
const maker = new bitfinex.ApiKey("market-maker", {
  account: main,
  permissions: { account: "read", orders: "read-write" },
  allowedIps: { "203.0.113.10": "trading gateway" },
  label: "market maker",
  holder: "market maker",
});

export const reportCredential = report.credential; // secret: { venue, environment, token }
export const deskCredential = desk.credential;
export const makerCredential = maker.credential; // secret: { venue, environment, key and secret }
export const makerLabel = maker.venueLabel;
export const fingerprints = { report: report.fingerprint, desk: desk.fingerprint };
export const powers = { report: report.powers, desk: desk.powers };
