// The API keys of two sub-accounts at Bybit: each job has its own, with what it needs and from where it works. The master's key manages them.

import { bybit } from "pulumi-exchange-keys";

const master = bybit.account("bybit-master", { rotation: { every: "30d", overlap: "24h" } });
const derivatives = master.subAccount("53888000");
const spot = master.subAccount("53888001");

// Where the machines are: the purpose of each address shows in previews.
const fra1 = { "198.51.100.7": "fra1 gateway", "198.51.100.8": "fra1 gateway, standby" };
const office = { "198.51.100.40": "office" };

const hedge = new bybit.SubAccountApiKey("hedge", {
  account: derivatives,
  access: "read-write",
  permissions: { ContractTrade: ["Order", "Position"] },
  allowedIps: fra1,
  label: "hedge",
  holder: "hedger at fra1",
});

const maker = new bybit.SubAccountApiKey("maker", {
  account: spot,
  access: "read-write",
  permissions: { Spot: ["SpotTrade"] },
  accept: ["DerivativesTrade"], // unified accounts add it to every key
  allowedIps: fra1,
  label: "maker",
  holder: "market maker at fra1",
});

const risk = new bybit.SubAccountApiKey("risk", {
  account: derivatives,
  access: "read-only",
  permissions: { ContractTrade: ["Order", "Position"], Exchange: ["ExchangeHistory"] },
  allowedIps: { ...fra1, ...office },
  label: "risk",
  holder: "risk desk",
  purpose: "positions and history, nothing else",
});

export const credentials = { hedge: hedge.credential, maker: maker.credential, risk: risk.credential }; // secret
export const powers = { hedge: hedge.powers, maker: maker.powers, risk: risk.powers };
