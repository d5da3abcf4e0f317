// What `check` returns: sets as maps, in one order, with the defaults explicit, so that the preview's picture is exact.

import type { ProviderProcess } from "./process";
import type { Properties } from "./program";
import { Stage } from "./stage";

let stage: Stage;
let provider: ProviderProcess;
beforeAll(async () => {
  stage = await Stage.open();
  provider = await stage.start();
});
afterAll(async () => {
  expect(await stage.requests()).toEqual([]);
  await stage.settle();
  await stage.close();
});

async function canonical(changes: Properties = {}, olds: Properties = {}): Promise<Properties> {
  const { inputs, failures } = await provider.check({ ...stage.inputs, ...changes }, olds);
  expect(failures).toEqual([]);
  return inputs;
}

test("the whole of it", async () => {
  const { __provider, identity, venue, kind, account } = stage.inputs;
  expect(
    await canonical({ permissions: { wallets: "read", account: "read" }, allowedIps: ["203.0.113.10"], strict: true, holder: "desk" }),
  ).toEqual({
    ...{ __provider, identity, venue, kind, account },
    permissions: { account: "read", wallets: "read" },
    powers: { read: "account:read wallets:read" },
    allowedIps: { "203.0.113.10": "" },
    lifetime: "1d",
    rotation: { every: "16h", overlap: "1h" },
    strict: true,
    holder: "desk",
    alive: true,
    generation: 1,
    reason: "first",
    decidedAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/),
    keepUntil: {},
  });
});

test("order and way of writing never matter", async () => {
  const ways = [
    { permissions: { orders: "read", account: "read" }, allowedIps: ["203.0.113.10"], lifetime: "1440m" },
    { permissions: { account: "read", orders: "read" }, allowedIps: { "203.0.113.10/32": "" }, lifetime: "24h", rotation: {} },
    {
      permissions: { account: "read", orders: "read" },
      allowedIps: ["::ffff:203.0.113.10", "203.0.113.10"],
      rotation: { overlap: "60m", every: "960m" },
    },
  ];
  const [first, ...others] = await Promise.all(ways.map((way) => canonical(way)));
  for (const other of others) expect(JSON.stringify({ ...other, decidedAt: "" })).toBe(JSON.stringify({ ...first, decidedAt: "" }));
});

test("what is canonical stays as it is", async () => {
  const once = await canonical({ allowedIps: { "2001:DB8::1": "gateway" }, rotation: { every: "20h" } });
  const given = ["account", "permissions", "allowedIps", "lifetime", "rotation"].map((name) => [name, once[name]]);
  expect(await canonical(Object.fromEntries(given) as Properties, once)).toEqual(once);
});

test.each([
  ["60s", { every: "40s", overlap: "20s" }],
  ["1h", { every: "40m", overlap: "20m" }],
  ["7d", { every: "112h", overlap: "1h" }],
])("rotation of a token that lives %s", async (lifetime, rotation) => {
  expect(await canonical({ lifetime })).toMatchObject({ rotation });
});

test.each([
  [{ every: "23h" }, { every: "23h", overlap: "1h" }],
  [{ every: "1h" }, { every: "1h", overlap: "30m" }],
  [{ every: "61m" }, { every: "61m", overlap: "1h" }],
  [
    { every: "2m", overlap: "1m" },
    { every: "2m", overlap: "1m" },
  ],
  [{ every: "86399s" }, { every: "86399s", overlap: "1s" }],
  [{ overlap: "2h" }, { every: "16h", overlap: "2h" }],
])("rotation %j", async (given, rotation) => {
  expect(await canonical({ rotation: given })).toMatchObject({ rotation });
});

test.each([
  [{ withdraw: "read-write" }, { withdraw: "withdraw:write", administer: "token:mint" }],
  [{ orders: "read-write" }, { read: "orders:read", trade: "orders:write", administer: "token:mint" }],
  [{ bfxpay: "read-write" }, { read: "bfxpay:read", administer: "token:mint", unknown: "bfxpay:write" }],
])("powers of %j", async (permissions, powers) => {
  expect((await canonical({ permissions }))["powers"]).toEqual(powers);
});

test("without a change, check and diff have nothing to do", async () => {
  const first = await canonical();
  const second = await canonical({}, first);
  expect(second).toEqual(first);
  expect(await provider.diff("id", first, second)).toEqual({ changes: false, replaces: [] });
});

test("a note is a change, and no new key", async () => {
  const first = await canonical();
  const second = await canonical({ holder: "someone else" }, first);
  expect(second).toEqual({ ...first, holder: "someone else" });
  expect(await provider.diff("id", first, second)).toEqual({ changes: true, replaces: [] });
});

test("another account replaces the resource", async () => {
  const first = await canonical();
  expect(await provider.diff("id", first, { ...first, account: "other" })).toEqual({ changes: true, replaces: ["account"] });
});

test("another text of the provider is a change alone", async () => {
  const first = await canonical();
  expect(await provider.diff("id", { ...first, __provider: `${stage.inputs.__provider}\n` }, first)).toEqual({
    changes: true,
    replaces: [],
  });
});

test.each([
  ["wider", { permissions: { account: "read", wallets: "read", orders: "read" } }, "changed", true],
  ["narrower", { permissions: { account: "read" } }, "narrowed", false],
  ["bound", { allowedIps: ["203.0.113.10"] }, "narrowed", false],
  ["longer", { lifetime: "2d" }, "changed", true],
  ["shorter", { lifetime: "2h" }, "narrowed", false],
  ["reissued", { reissue: "2026-11-22" }, "reissue", false],
])("%s: a new generation is decided, for the preview to show", async (_, changes, reason, kept) => {
  const first = await canonical();
  const second = await canonical(changes, first);
  expect(second).toMatchObject({ generation: 2, reason });
  expect(Object.keys(second["keepUntil"] as object)).toEqual(kept ? ["1"] : []);
  expect(await provider.diff("id", first, second)).toEqual({ changes: true, replaces: [] });
});

test("what is gone gets a successor", async () => {
  const first = await canonical();
  expect(await canonical({}, { ...first, alive: false })).toMatchObject({ generation: 2, reason: "gone", alive: true });
});
