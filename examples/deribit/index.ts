// The keys of an options desk: quotes and block trades on one account, hedges on another. Each job has its own key; none can withdraw.

import { deribit } from "pulumi-exchange-keys";

const options = deribit.account("options", { rotation: { every: "30d", overlap: "24h" } });
const hedging = deribit.account("hedging", { rotation: { every: "30d", overlap: "24h" } });

// Where the desk's machines are: the purpose of each address shows in previews.
const quoting = { "198.51.100.7": "ams1 gateway", "198.51.100.8": "ams1 gateway, standby" };
const office = { "198.51.100.40": "office" };

const quoter = new deribit.ApiKey("quoter", {
  account: options,
  permissions: { account: "read", trade: "read_write" },
  allowedIps: quoting,
  holder: "options quoter at ams1",
});

const blocks = new deribit.ApiKey("blocks", {
  account: options,
  permissions: { account: "read", trade: "read", block_trade: "read_write", block_rfq: "read_write" },
  allowedIps: office,
  holder: "block trading desk",
});

const hedger = new deribit.ApiKey("hedger", {
  account: hedging,
  permissions: { account: "read", trade: "read_write" },
  allowedIps: quoting,
  holder: "delta hedger at ams1",
});

export const credentials = { quoter: quoter.credential, blocks: blocks.credential, hedger: hedger.credential }; // secret
export const powers = { quoter: quoter.powers, blocks: blocks.powers, hedger: hedger.powers };
export const ids = { quoter: quoter.keyId, blocks: blocks.keyId, hedger: hedger.keyId };
