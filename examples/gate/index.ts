// The keys of two Gate sub-accounts, one a job: each does what its job needs, from where that runs. None can transfer or withdraw.

import { gate } from "pulumi-exchange-keys";

const main = gate.account("gate-main", { rotation: { every: "30d", overlap: "24h" } });
const alpha = main.subAccount("2124002");
const bravo = main.subAccount("2124003");

// Where the firm's machines are: the purpose of each address shows in previews. Gate takes IPv4 addresses, no ranges.
const trading = { "198.51.100.7": "fra1 gateway", "198.51.100.8": "fra1 gateway, standby" };
const office = { "198.51.100.40": "office" };

const maker = new gate.SubAccountApiKey("maker", {
  account: alpha,
  permissions: { spot: "read-write" },
  allowedIps: trading,
  label: "maker",
  holder: "market maker at fra1",
});

const hedger = new gate.SubAccountApiKey("hedger", {
  account: bravo,
  permissions: { futures: "read-write", wallet: "read-only" },
  allowedIps: trading,
  label: "hedger",
  holder: "hedger at fra1",
});

const reports = new gate.SubAccountApiKey("reports", {
  account: bravo,
  permissions: { futures: "read-only", spot: "read-only", wallet: "read-only" },
  allowedIps: office,
  label: "reports",
  rotation: { every: "90d", overlap: "3d" },
  holder: "bookkeeping",
});

export const credentials = { maker: maker.credential, hedger: hedger.credential, reports: reports.credential }; // secret
export const powers = { maker: maker.powers, hedger: hedger.powers, reports: reports.powers };
