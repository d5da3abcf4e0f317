// What a program may declare of an API key: rows and values of the page's grid, addresses, a label with room for the mark.

import { presets } from "../../provider/venues/bitfinex/resource";
import { Desk, THERE } from "./desk";
import type { ProviderProcess } from "./process";
import type { Properties } from "./program";
import { UNKNOWN } from "../../provider/pulumi/unknown";

let desk: Desk;
let provider: ProviderProcess;
beforeAll(async () => {
  desk = await Desk.open();
  provider = await desk.start();
});
afterAll(async () => {
  await desk.settle();
  await desk.close();
});

const addresses = (count: number) => Array.from({ length: count }, (_, index) => `198.51.100.${index + 1}`);
const ROWS = "rows are account, history, orders, positions, funding, wallets, withdraw, bfxpay";
const VALUES = 'takes "none", "read", "write", "read-write"';

const refused: readonly (readonly [string, Properties, string, string])[] = [
  ["21 addresses", { allowedIps: addresses(21) }, "allowedIps", "20"],
  ["a range", { allowedIps: ["198.51.100.0/24"] }, "allowedIps[0]", "range"],
  ["no address", { allowedIps: [] }, "allowedIps", "anywhere"],
  ["a value that its row doesn't have", { permissions: { withdraw: "read" } }, "permissions.withdraw", 'Withdrawals takes "none", "write"'],
  ["both on a row with one toggle", { permissions: { withdraw: "read-write" } }, "permissions.withdraw", 'takes "none", "write"'],
  ["no value at all", { permissions: { orders: "yes" } }, "permissions.orders", `the row Orders ${VALUES}`],
  ["a list for a value", { permissions: { orders: ["read"] } }, "permissions.orders", VALUES],
  ["an unknown row", { permissions: { order: "read" } }, "permissions.order", `Bitfinex's page has no row for "order"; ${ROWS}`],
  ["a scope without a row", { permissions: { settings: "read" } }, "permissions.settings", `no row for "settings"`],
  ["every row off", { permissions: { orders: "none" } }, "permissions", "a key without permissions can do nothing"],
  ["no row", { permissions: {} }, "permissions", "a key without permissions can do nothing"],
  ["a text", { permissions: "read" }, "permissions", "a map is needed"],
  ["a row that is accepted", { accept: ["settings", "orders"] }, "accept", "orders has a row on the page; declare it in permissions"],
  ["a label too long", { label: "m".repeat(16) }, "label", "it has 16 characters, and beside our mark the venue allows 15; shorten it"],
  ["a label of other characters", { label: "Händler" }, "label", "the venue's labels don't take all of its characters"],
  ["a label of two lines", { label: "one\ntwo" }, "label", "the venue's labels don't take all of its characters"],
  ["an empty label", { label: "" }, "label", "label is a text; write one, or leave it out"],
  ["a lifetime", { lifetime: "24h" }, "lifetime", "this kind of key has no lifetime; leave it out"],
  ["an input of tokens", { strict: true }, "strict", "there is no input strict"],
  ["a nonce unit", { nonceUnit: "s" }, "nonceUnit", 'nonceUnit has the wrong form; say "ms" or "us", or leave it out'],
];

test.each(refused)("%s is refused", async (_, changes, property, said) => {
  const { failures } = await provider.check({ ...desk.inputs, ...changes });
  expect(failures.map((failure) => failure.property)).toEqual([property]);
  expect(failures[0]!.reason).toMatch(/^bitfinex: /);
  expect(failures[0]!.reason).toContain(said);
});

test("all is canonical: rows that are off go, order doesn't matter", async () => {
  const given = {
    permissions: { wallets: "read", orders: "read-write", withdraw: "none" },
    allowedIps: { [THERE]: "fra1" },
    label: "m".repeat(15),
  };
  const { inputs, failures } = await provider.check({ ...desk.inputs, ...given });
  expect(failures).toEqual([]);
  expect(Object.keys(inputs["permissions"] as object)).toEqual(["orders", "wallets"]);
  expect(inputs).toMatchObject({ allowedIps: { [THERE]: "fra1" }, generation: 1, reason: "first", alive: true });
  expect((await provider.check(inputs, inputs)).inputs).toEqual(inputs);
});

test("twenty addresses, and anywhere, are taken", async () => {
  for (const allowedIps of [addresses(20), "anywhere"]) {
    expect((await provider.check({ ...desk.inputs, allowedIps })).failures).toEqual([]);
  }
});

test("what isn't known in a preview is carried; an update keeps its generation, since each change is made in place", async () => {
  const { inputs } = await provider.check(desk.inputs);
  for (const name of ["permissions", "allowedIps", "label"]) {
    const { inputs: open, failures } = await provider.check({ ...desk.inputs, [name]: UNKNOWN }, inputs);
    expect(failures).toEqual([]);
    expect(open).toMatchObject({ [name]: UNKNOWN, generation: 1 });
  }
  const { inputs: withPowers } = await provider.check({ ...desk.inputs, permissions: UNKNOWN });
  expect(withPowers["powers"]).toBe(UNKNOWN);
});

test("each change keeps the generation; another account replaces", async () => {
  const { inputs } = await provider.check(desk.inputs);
  for (const changes of [{ permissions: presets.accounting }, { allowedIps: [THERE] }, { label: "taker" }]) {
    expect((await provider.check({ ...desk.inputs, ...changes }, inputs)).inputs["generation"]).toBe(1);
  }
  expect((await provider.diff("id", inputs, { ...inputs, account: "other" })).replaces).toEqual(["account"]);
});

test("presets can be declared as they are, and none has withdrawals or writes what it isn't for", async () => {
  const powers: Record<string, readonly string[]> = {};
  for (const [name, permissions] of Object.entries(presets)) {
    const { inputs, failures } = await provider.check({ ...desk.inputs, permissions });
    expect(failures).toEqual([]);
    expect(permissions).not.toHaveProperty("withdraw");
    powers[name] = Object.keys(inputs["powers"] as object).sort();
  }
  expect(powers).toEqual({ readOnly: ["read"], trading: ["read", "trade"], lending: ["lend", "read"], accounting: ["read"] });
});

test("nothing was asked of the venue", async () => {
  expect(await desk.stage.requests()).toEqual([]);
});
