// What a rule can't read is reported, once, and never passed: venues, kinds, inputs and powers of a newer package.

import { resource, told, type Inputs } from "./keys";

const WAY_OUT = "mend what the check of its inputs refuses, or update pulumi-exchange-keys where the policy pack is installed";

test.each<[string, Inputs, string]>([
  ["venue", { venue: "moonbase" }, "knows no moonbase SubAccountApiKey"],
  ["venue that objects have", { venue: "constructor" }, "knows no constructor SubAccountApiKey"],
  ["kind", { kind: "MasterApiKey" }, "knows no bybit MasterApiKey"],
  ["kind that objects have", { kind: "toString" }, "knows no bybit toString"],
  ["input", { leverage: "10x" }, "knows no input leverage"],
  ["power", { powers: { vote: "Dao:Vote" } }, "can't read its input powers"],
  ["no powers", { powers: undefined }, "can't read its input powers"],
  ["word for addresses", { allowedIps: "office" }, "can't read its input allowedIps"],
  ["list of addresses", { allowedIps: ["203.0.113.10"] }, "can't read its input allowedIps"],
  ["part of rotation", { rotation: { every: "1d", jitter: "1h" } }, "can't read its input rotation"],
  ["reason", { reason: "whim" }, "can't read its input reason"],
])("%s", async (_, changes, problem) => {
  const bad = { powers: { withdraw: "w", trade: "t" }, allowedIps: "anywhere", ...changes };
  expect((await told([resource("last", bad)])).filter((line) => !line.includes("age-at-most"))).toEqual([
    `[mandatory] readable: "last": this version ${problem}; ${WAY_OUT}`,
  ]);
});

test("inputs of another venue than the type's", async () => {
  const { access: _, ...props } = resource("last").props;
  const mixed = { ...resource("last"), type: "pulumi-nodejs:dynamic/exchange-keys/okx:SubAccountApiKey", props };
  expect(await told([mixed])).toEqual([`[mandatory] readable: "last": its venue and kind aren't those of its type; ${WAY_OUT}`]);
});

test("a name can't break out of its line", async () => {
  expect(await told([resource('x"\n\u001b[2J', { allowedIps: "anywhere" })])).toEqual([
    '[mandatory] no-anywhere: "x\\"\\n\\u001b[2J": it can be used from anywhere; name its addresses in allowedIps',
  ]);
});
