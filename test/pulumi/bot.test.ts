// One bot, its keys at several places: children of the ordinary classes with the least permissions, or an error that says why there are none.

import { runProgram } from "./program";

const bot = (args: string): string => `new keys.Bot("maker", { from: { "203.0.113.10": "gateway" }, ...${args} });`;
const failure = (args: string): Promise<string> =>
  runProgram(`try { ${bot(args)} console.error("it did not fail") } catch (error) { console.error(error.message) }`).then(({ stderr }) =>
    stderr.trim(),
  );
const MAIN = `keys.bitfinex.account("main", { purpose: "making" })`;

test("its children are the ordinary classes, with what the handles and the bot say", async () => {
  const { registered } = await runProgram(
    bot(`{ on: [${MAIN}, keys.bitfinex.account("second")], can: ["read", "trade"], holder: "fra1",
      rotation: { every: "30d", overlap: "24h" } }`),
  );
  const named = new Map(registered.map((each) => [each.name, each]));
  expect([...named].map(([name, { type }]) => [name, type]).sort()).toEqual([
    ["maker", "exchange-keys:index:Bot"],
    ["maker-bitfinex-main", "pulumi-nodejs:dynamic/exchange-keys/bitfinex:ApiKey"],
    ["maker-bitfinex-second", "pulumi-nodejs:dynamic/exchange-keys/bitfinex:ApiKey"],
  ]);
  const common = {
    ...{ allowedIps: { "203.0.113.10": "gateway" }, holder: "fra1", rotation: { every: "30d", overlap: "24h" } },
    permissions: { wallets: "read", orders: "read-write" },
  };
  expect(named.get("maker-bitfinex-main")!.inputs).toMatchObject({ ...common, account: "main", purpose: "making" });
  expect(named.get("maker-bitfinex-second")!.inputs).toMatchObject({ ...common, account: "second" });
  for (const { inputs } of registered) for (const name of ["can", "from", "on", "accept"]) expect(inputs).not.toHaveProperty(name);
});

test.each([
  ['{ on: [], can: ["read"] }', 'Bot "maker": it is on no account; name at least one handle in "on", which is a list'],
  [`{ on: ${MAIN}, can: ["read"] }`, 'Bot "maker": it is on no account; name at least one handle in "on", which is a list'],
  [
    `{ on: [${MAIN}], can: ["raed"] }`,
    'Bot "maker": there is no power "raed"; there are read, trade, lend, transfer, withdraw, administer',
  ],
  [`{ on: [${MAIN}, ${MAIN}], can: ["read"] }`, 'Bot "maker": two handles of "on" are the same place (maker-bitfinex-main); name it once'],
  [`{ on: [${MAIN}], can: [] }`, 'Bot "maker": it can do nothing; name its powers, such as can: ["read", "trade"]'],
  [
    `{ on: [${MAIN}], can: ["read", "withdraw"] }`,
    'Bot "maker": bitfinex: withdraw is only given by naming the permission; declare a key of its own',
  ],
])("%s is refused", async (args, said) => {
  expect(await failure(args)).toBe(said);
});
