// Replacements that keep a public key: the old key is deleted first, since the venue may refuse a second one with it. Told to the engine by diff.

import { vectors } from "../fixtures/binance/vectors";
import type { ProviderProcess } from "./process";
import { runProgram, type Properties, type Registered } from "./program";
import { Stage } from "./stage";

const PAIR = vectors.ed25519.publicKey;
const OTHER = PAIR.replace("MCowBQYDK2VwAyEA1", "MCowBQYDK2VwAyEA2");

let stage: Stage;
let provider: ProviderProcess;
let all: readonly Registered[];
beforeAll(async () => {
  const ran = await runProgram(`
    const common = { allowedIps: ["203.0.113.10"], label: "bot" };
    new keys.binance.SubAccountApiKey("maker", {
      ...common, account: keys.binance.account("binance").subAccount("trading-1@example.com"), permissions: { canTrade: true },
    });
    new keys.deribit.ApiKey("quoter", { allowedIps: ["203.0.113.10"], account: keys.deribit.account("deribit"), permissions: { account: "read" } });
  `);
  all = ran.registered;
  stage = await Stage.open(Promise.resolve(all[0]!.inputs));
  const of = (venue: string) => ({ venue, environment: "sandbox", address: "127.0.0.1:1", apiKey: "sandbox-k", apiSecret: "sandbox-s" });
  const accounts = ["binance", "deribit", "deribit-2"].map((name) => [name, of(name.replace("-2", ""))]);
  provider = await stage.start(stage.config(Object.fromEntries(accounts)));
});
afterAll(async () => {
  await stage.settle();
  await stage.close();
});

/** What diff says of a program's change. */
async function told(resource: string, before: Properties, changes: Properties): Promise<readonly [readonly string[], true | undefined]> {
  const given = { ...all.find(({ name }) => name === resource)!.inputs, ...before };
  const olds = await provider.check(given);
  const news = await provider.check({ ...given, ...changes }, olds.inputs);
  expect([...olds.failures, ...news.failures]).toEqual([]);
  const { replaces, deletesFirst } = await provider.diff("id", olds.inputs, news.inputs);
  return [replaces, deletesFirst];
}

test.each<[string, string, Properties, Properties, string[], true | undefined]>([
  ["another label", "maker", { publicKey: PAIR }, { label: "abc" }, ["label"], true],
  ["no label any more", "maker", { publicKey: PAIR }, { label: undefined }, ["label"], true],
  ["FIX", "maker", { publicKey: PAIR }, { fixApi: ["canFixApiReading"] }, ["fixApi"], true],
  ["another sub-account", "maker", { publicKey: PAIR }, { subAccount: "b@example.com" }, ["subAccount"], true],
  ["another public key", "maker", { publicKey: PAIR }, { publicKey: OTHER }, ["publicKey"], undefined],
  ["another public key and label", "maker", { publicKey: PAIR }, { publicKey: OTHER, label: "abc" }, ["publicKey", "label"], undefined],
  ["a public key for a secret", "maker", {}, { publicKey: PAIR }, ["publicKey"], undefined],
  ["another label of a key with a secret", "maker", {}, { label: "abc" }, ["label"], undefined],
  ["no replacement", "maker", { publicKey: PAIR }, { permissions: {} }, [], undefined],
  ["another account of Deribit", "quoter", { publicKey: PAIR }, { account: "deribit-2" }, ["account"], true],
])("%s", async (_, resource, before, changes, replaces, deletesFirst) => {
  expect(await told(resource, before, changes)).toEqual([replaces, deletesFirst]);
});
