// One key for one bot, renewed each month. The former one lives for a day after that: so long the bot has to take the new one (deliver.mjs).

import { bybit } from "pulumi-exchange-keys";

const desk = bybit.account("bybit-master").subAccount("53888000");

const maker = new bybit.SubAccountApiKey("maker", {
  account: desk,
  access: "read-write",
  permissions: { ContractTrade: ["Order", "Position"] },
  allowedIps: { "203.0.113.10": "the bot's host" },
  rotation: { every: "30d", overlap: "24h" },
  holder: "market maker at fra1",
});

export const credential = maker.credential; // secret: one object, and the only output that a bot needs
export const fingerprint = maker.fingerprint; // names the key in logs without showing it
