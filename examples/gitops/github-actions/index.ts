// The keys of one desk. They are changed by pull requests: see README.md and threat-model.md beside this file.

import { bybit } from "pulumi-exchange-keys";

const desk = bybit.account("bybit-master", { rotation: { every: "30d", overlap: "24h" } }).subAccount("53888000");

// Where the machines are: the purpose of each address shows in reviews.
const fra1 = { "198.51.100.7": "fra1 gateway" };

const hedge = new bybit.SubAccountApiKey("hedge", {
  account: desk,
  access: "read-write",
  permissions: { ContractTrade: ["Order", "Position"] },
  allowedIps: fra1,
  label: "hedge",
  holder: "hedger at fra1",
});

const risk = new bybit.SubAccountApiKey("risk", {
  account: desk,
  access: "read-only",
  permissions: { ContractTrade: ["Order", "Position"] },
  allowedIps: fra1,
  label: "risk",
  holder: "risk desk",
});

export const credentials = { hedge: hedge.credential, risk: risk.credential }; // secret
export const powers = { hedge: hedge.powers, risk: risk.powers };
