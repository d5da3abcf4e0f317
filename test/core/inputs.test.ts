// The recorded inputs' schema: old state is read with it for ever, so what it takes is frozen here.

import { DECIDING, decisionSchema, identitySchema, recordedInputsSchema } from "../../provider/core/inputs";

const identity = {
  organization: "o",
  project: "p",
  stack: "s",
  type: "pulumi-nodejs:dynamic/exchange-keys/bitfinex:AccessToken",
  name: "n",
};
/** As the first release writes it. */
const recorded = {
  venue: "bitfinex",
  kind: "AccessToken",
  identity,
  account: "main",
  permissions: { wallets: "read" },
  allowedIps: "anywhere",
  lifetime: "1d",
  rotation: { every: "16h", overlap: "1h" },
  alive: true,
  generation: 1,
  decidedAt: "2030-01-01T00:00:00.000Z",
  reason: "first",
  keepUntil: {},
};

test("what the first release writes is read, and members of later ones are passed over", () => {
  expect(recordedInputsSchema.parse({ ...recorded, addedLater: 1, powers: {} })).toEqual(recorded);
});

test.each([
  { ...recorded, allowedIps: { "203.0.113.10": "gateway" } },
  { ...recorded, rotation: {} },
  { ...recorded, lifetime: undefined, rotation: undefined },
  { ...recorded, reason: "narrowed", generation: 9, keepUntil: { "8": "2030-01-02T00:00:00.000Z" } },
  { ...recorded, holder: "h", purpose: "p", approval: "a", acknowledge: "k", reissue: "r" },
])("takes %j", (inputs) => expect(recordedInputsSchema.safeParse(inputs).success).toBe(true));

test.each([
  ["a list of addresses that isn't canonical", { allowedIps: ["203.0.113.10"] }],
  ["no addresses", { allowedIps: undefined }],
  ["another word", { allowedIps: "everywhere" }],
  ["no generation", { generation: 0 }],
  ["half a generation", { generation: 1.5 }],
  ["an unknown reason", { reason: "mood" }],
  ["an end of the zeroth generation", { keepUntil: { "0": "2030-01-01T00:00:00.000Z" } }],
  ["an end with another name", { keepUntil: { constructor: "2030-01-01T00:00:00.000Z" } }],
  ["an end that isn't a time", { keepUntil: { "1": "soon" } }],
  ["a stranger in the identity", { identity: { ...identity, urn: "u" } }],
  ["an identity without name", { identity: { ...identity, name: "" } }],
])("refuses %s", (_, more) => expect(recordedInputsSchema.safeParse({ ...recorded, ...more }).success).toBe(false));

test("an organization may be empty: the local backend has none", () => {
  expect(identitySchema.safeParse({ ...identity, organization: "" }).success).toBe(true);
});

test("a decision is part of the inputs, and what decides lives at the venue", () => {
  expect(Object.keys(decisionSchema.shape).filter((name) => !(name in recordedInputsSchema.shape))).toEqual([]);
  expect(DECIDING).toEqual(["permissions", "allowedIps", "lifetime", "label"]);
});
