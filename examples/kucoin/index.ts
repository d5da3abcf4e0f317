// The API keys of one trading firm at KuCoin: each job has its own, on the sub-account that it works on. None can withdraw: no key of a sub-account can.

import { kucoin } from "pulumi-exchange-keys";

// Renewed every two months, long before KuCoin ends them; the former key stays for a day, so that nobody has to be awake.
const firm = kucoin.account("kucoin-master", { rotation: { every: "60d", overlap: "1d" } });
const makers = firm.subAccount("deskalpha1");
const hedges = firm.subAccount("deskbravo2");

// The purpose of each address shows in previews.
const gateways = { "198.51.100.7": "fra1 gateway", "198.51.100.8": "fra1 gateway, standby" };

const maker = new kucoin.SubAccountApiKey("maker", {
  account: makers,
  permissions: ["General", "Spot"],
  allowedIps: gateways,
  lifetime: "90d",
  label: "maker",
  holder: "market maker at fra1",
});

const hedger = new kucoin.SubAccountApiKey("hedger", {
  account: hedges,
  permissions: ["General", "Futures", "InnerTransfer"], // it moves its own margin; KuCoin asks for the list of addresses then
  allowedIps: gateways,
  lifetime: "90d",
  label: "hedger",
  holder: "hedger at fra1",
});

const report = new kucoin.SubAccountApiKey("report", {
  account: makers,
  permissions: ["General"],
  allowedIps: { "198.51.100.40": "office" },
  lifetime: "360d",
  rotation: { every: "300d", overlap: "7d" },
  label: "report",
  holder: "bookkeeping",
});

export const credentials = { maker: maker.credential, hedger: hedger.credential, report: report.credential }; // secret, with their passphrases
export const powers = { maker: maker.powers, hedger: hedger.powers, report: report.powers };
export const ends = { maker: maker.expiresAt, hedger: hedger.expiresAt, report: report.expiresAt };
