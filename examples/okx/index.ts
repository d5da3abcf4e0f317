// The API keys of two sub-accounts: market making in one, hedging in the other, and a key that only reads for the books.

import { okx } from "pulumi-exchange-keys";

const master = okx.account("okx-master");
// A key that trades is renewed each month; the bots have a day to take the new one over.
const monthly = { rotation: { every: "30d", overlap: "24h" } };
const making = master.subAccount("deskalpha", { ...monthly, holder: "market maker at fra1" });
const hedging = master.subAccount("deskbravo", { ...monthly, holder: "hedger at fra1" });

// Where the machines are: the purpose of each address shows in previews. A list keeps a trading key from ending after 14 idle days.
const trading = { "198.51.100.7": "fra1 gateway", "198.51.100.8": "fra1 gateway, standby" };
const office = { "198.51.100.40": "office" };

// Trade at OKX is orders, settings and funding transfers, always all of them.
const maker = new okx.SubAccountApiKey("maker", {
  account: making,
  permissions: ["read_only", "trade"],
  allowedIps: trading,
  label: "maker",
});

const hedger = new okx.SubAccountApiKey("hedger", {
  account: hedging,
  permissions: ["read_only", "trade"],
  allowedIps: trading,
  label: "hedger",
});

const books = new okx.SubAccountApiKey("books", {
  account: making,
  permissions: ["read_only"],
  allowedIps: office,
  label: "books",
  holder: "bookkeeping",
  rotation: { every: "90d", overlap: "3d" },
});

export const credentials = { maker: maker.credential, hedger: hedger.credential, books: books.credential }; // secret
export const powers = { maker: maker.powers, hedger: hedger.powers, books: books.powers };
export const fingerprints = { maker: maker.fingerprint, hedger: hedger.fingerprint, books: books.fingerprint };
