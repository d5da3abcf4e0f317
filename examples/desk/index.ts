// One market maker with a key at each of four venues, and a reader for the risk desk: powers are said once, in the same words everywhere, and
// each key has the least of its venue's permissions that gives them.

import * as keys from "pulumi-exchange-keys";

const fra1 = { "198.51.100.7": "fra1 gateway", "198.51.100.8": "fra1 gateway, standby" };
const rotation = { every: "30d", overlap: "24h" };

const venues = [
  keys.bybit.account("bybit-master").subAccount("53888000"),
  keys.okx.account("okx-master").subAccount("deskalpha"),
  keys.gate.account("gate-master").subAccount("2124002"),
  keys.deribit.account("deribit-main"),
];

const maker = new keys.Bot("maker", {
  on: venues,
  can: ["read", "trade"],
  from: fra1,
  rotation,
  accept: ["transfer"], // OKX gives no trading without transfers between the account's own wallets
  holder: "market maker at fra1",
});

const risk = new keys.Bot("risk", { on: venues, can: ["read"], from: { "198.51.100.40": "office" }, rotation, holder: "risk desk" });

const all = { ...maker.keys, ...risk.keys };
export const credentials = Object.fromEntries(Object.entries(all).map(([name, key]) => [name, key.credential])); // secret
export const powers = Object.fromEntries(Object.entries(all).map(([name, key]) => [name, key.powers]));
