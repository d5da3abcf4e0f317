// OKX in a program: what its class registers, what a bot's key is there, and what a handle says in place of one.

import { runProgram } from "../pulumi/program";

const TYPE = "pulumi-nodejs:dynamic/exchange-keys/okx:SubAccountApiKey";

test("the class registers its type token, the sub-account and the handle's defaults", async () => {
  const { registered, loaded } = await runProgram(`
    const master = keys.okx.account("okx-master", { holder: "desk" });
    new keys.okx.SubAccountApiKey("maker", {
      account: master.subAccount("deskalpha", { rotation: { every: "30d" } }), permissions: ["read_only", "trade"],
      allowedIps: ["198.51.100.7"], label: "maker",
    });
  `);
  expect(registered).toHaveLength(1);
  const [{ type, inputs, secretOutputs }] = registered as [(typeof registered)[0]];
  expect(type).toBe(TYPE);
  expect(inputs).toMatchObject({
    ...{ venue: "okx", kind: "SubAccountApiKey", account: "okx-master", subAccount: "deskalpha", holder: "desk" },
    ...{ permissions: ["read_only", "trade"], allowedIps: ["198.51.100.7"], label: "maker", rotation: { every: "30d" } },
  });
  expect(secretOutputs).toEqual(expect.arrayContaining(["credential", "apiKey", "apiSecret", "passphrase"]));
  expect(loaded.filter((path) => /okx[\\/](api|wire|capabilities|convert)\.js$/.test(path))).toEqual([]);
});

test("a bot's key is the ordinary class, where transfers are accepted", async () => {
  const { registered } = await runProgram(`
    new keys.Bot("maker", {
      on: [keys.okx.account("okx-master").subAccount("deskalpha")], can: ["read", "trade"], accept: ["transfer"], from: ["198.51.100.7"],
    });
  `);
  const child = registered.find(({ type }) => type === TYPE);
  expect(child).toMatchObject({
    name: "maker-okx-deskalpha",
    inputs: { subAccount: "deskalpha", permissions: ["read_only", "trade"], allowedIps: ["198.51.100.7"] },
  });
});

test("without that the program ends with the words to say", async () => {
  const bot = `new keys.Bot("maker", {
    on: [keys.okx.account("okx-master").subAccount("deskalpha")], can: ["read", "trade"], from: ["198.51.100.7"],
  });`;
  await expect(runProgram(bot)).rejects.toThrow('okx: trade always includes funding transfers; say accept: ["transfer"]');
});
