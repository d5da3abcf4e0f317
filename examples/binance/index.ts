// The API keys of two Binance sub-accounts: each job has its own, with what it needs and from where it works. None can transfer.

import { binance } from "pulumi-exchange-keys";

const master = binance.account("binance-master", { rotation: { every: "30d", overlap: "24h" } });
const spot = master.subAccount("trading-1@example.com");
const derivatives = master.subAccount("trading-2@example.com");

// Where the machines are: the purpose of each address shows in previews. A key without addresses may stop trading after 30 days.
const trading = { "198.51.100.7": "fra1 gateway", "198.51.100.8": "fra1 gateway, standby" };
const office = { "198.51.100.40": "office" };

const maker = new binance.SubAccountApiKey("maker", {
  account: spot,
  permissions: { canTrade: true },
  allowedIps: trading,
  label: "mm",
  holder: "market maker at fra1",
});

const hedger = new binance.SubAccountApiKey("hedger", {
  account: derivatives,
  permissions: { canFuturesTrade: true },
  allowedIps: trading,
  label: "hdg",
  holder: "hedger at fra1",
});

// Reading is always on.
const reporting = new binance.SubAccountApiKey("reporting", {
  account: spot,
  permissions: {},
  allowedIps: office,
  holder: "bookkeeping",
});

export const credentials = { maker: maker.credential, hedger: hedger.credential, reporting: reporting.credential }; // secret
export const powers = { maker: maker.powers, hedger: hedger.powers, reporting: reporting.powers };
